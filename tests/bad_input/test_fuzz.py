"""Mutated files and hostile option values, a few of a fixed seed; ``FUZZ_SECONDS=300`` for more (`tools/fuzz.py`)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

CASES, SECONDS = 240, os.environ.get("FUZZ_SECONDS")
ROOT = Path(__file__).resolve().parents[2]


def test_nothing_that_is_read_or_given_ends_in_an_internal_error(tmp_path: Path) -> None:
    often = ["--seconds", SECONDS] if SECONDS else ["--cases", str(CASES)]
    command = [sys.executable, str(ROOT / "tools" / "fuzz.py"), "--seed", "13", *often, "--findings", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    sys.stdout.write(done.stdout)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "0 slow, 0 uncaught" in done.stdout


DEEP = '{"a":' * 700 + "1" + "}" * 700
FILES = {
    "a column of Parquet that is not UTF-8": ("a.parquet", None),
    "half a character as a key": ("a.jsonl", '{"source":"a","target":"b","\\ud800":"x"}\n'),
    "deep objects": ("b.jsonl", DEEP),
    "a deep document": ("c.json", f'{{"x":{DEEP}}}'),
    "a name that is not UTF-8": (os.fsdecode(b"caf\xe9.csv"), "source,target\na,b\nc,c\n"),
    "an escape in a name": ("\x1b]0;t\x07.csv", "source,target\na,b\nc,c\n"),
}


@pytest.mark.parametrize("command", [["inspect"], ["inspect", "--format", "json"], ["ingest", "--dry-run"]])
def test_names_that_are_no_text_are_read_or_refused_in_one_line(command: list[str], tmp_path: Path) -> None:
    pq.write_table(pa.table({"source": ["a"], "target": ["b"], "zzzz": ["x"]}), tmp_path / "a.parquet")
    whole = (tmp_path / "a.parquet").read_bytes()
    for name, content in FILES.values():
        changed = whole.replace(b"zzzz", b"zz\xff\xfe") if content is None else content.encode()
        (tmp_path / name).write_bytes(changed)
    script = (
        "import json, sys; from tools import fuzz_options as of; command, files = json.loads(sys.argv[1]);"
        "found = [of.run([*command, file]) for file in files]; print(json.dumps([[o.code, o.fault] for o in found]))"
    )
    asked = json.dumps([command, [name for name, _ in FILES.values()]])
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "INFLUENCE_GRAPH_STORE": str(tmp_path / "store")}
    done = subprocess.run(
        [sys.executable, "-c", script, asked], capture_output=True, text=True, check=True, cwd=tmp_path, env=environment
    )
    found = dict(zip(FILES, json.loads(done.stdout), strict=True))
    assert [name for name, (_, fault) in found.items() if fault] == []
    assert found["a column of Parquet that is not UTF-8"][0] == 1
    assert found["a name that is not UTF-8"][0] == 0
