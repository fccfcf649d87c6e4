"""Small files that unpack to much more: memory stays bounded for every outcome."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

LIMIT_MB = 700  # of which some 150 are the interpreter and its libraries
READ = """
import sys
from pathlib import Path
from influence_graph.errors import UnreadableFile
from influence_graph.ingest.source import open_source
rejected = 0
def count(reject):
    global rejected
    rejected += 1
try:
    source = open_source(Path(sys.argv[1]))
    print("accepted", sum(batch.table.num_rows for batch in source.batches(count)), "rejected", rejected)
except UnreadableFile as error:
    print("refused", error)
print(Path("/proc/self/status").read_text())
"""

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")


def read(path: Path) -> tuple[str, int]:
    """Return the outcome of reading *path* in a new process, and its peak memory in MB."""
    done = subprocess.run([sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=True)
    peak = re.search(r"VmHWM:\s+(\d+) kB", done.stdout)
    assert peak
    return done.stdout.splitlines()[0], int(peak.group(1)) // 1024


def packed(path: Path, block: bytes, times: int) -> Path:
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(b"source,target\n")
        for _ in range(times):
            file.write(block)
    return path


def test_a_gigabyte_of_zeros_is_refused(tmp_path):
    outcome, peak = read(packed(tmp_path / "zeros.csv.gz", bytes(1 << 20), 1024))
    assert "line 2: no line break" in outcome
    assert peak < LIMIT_MB


@pytest.mark.parametrize("open_packed", [bz2.open, lzma.open])
def test_zeros_in_another_packing_are_refused(tmp_path, open_packed):
    with open_packed(tmp_path / "zeros", "wb") as file:
        file.write(b"source,target\n" + bytes(1 << 27))
    outcome, peak = read(tmp_path / "zeros")
    assert "line 2: no line break" in outcome
    assert peak < LIMIT_MB


def test_brackets_without_end(tmp_path):
    with gzip.open(tmp_path / "deep.json.gz", "wb", compresslevel=1) as file:
        for _ in range(1024):
            file.write(b"[" * (1 << 17))
    outcome, peak = read(tmp_path / "deep.json.gz")
    assert "nested too deeply" in outcome
    assert peak < LIMIT_MB


def test_very_many_short_records(tmp_path):
    outcome, peak = read(packed(tmp_path / "rows.csv.gz", b"a,b\n" * (1 << 20), 16))
    assert outcome == f"accepted {16 << 20} rejected 0"
    assert peak < LIMIT_MB


def test_very_many_blank_lines(tmp_path):
    outcome, peak = read(packed(tmp_path / "blank.csv.gz", b"\n" * (1 << 20), 64))
    assert outcome == "accepted 0 rejected 0"
    assert peak < LIMIT_MB


def test_very_many_bad_records(tmp_path):
    outcome, peak = read(packed(tmp_path / "bad.csv.gz", b"a\n" * 100_000, 3))
    assert outcome == "accepted 0 rejected 300000"
    assert peak < LIMIT_MB


def test_parquet_that_repeats_a_huge_value(tmp_path):
    rows = np.zeros(300_000, np.int32)
    huge = pa.DictionaryArray.from_arrays(pa.array(rows), pa.array(["x" * 1_000_000]))
    tiny = pa.DictionaryArray.from_arrays(pa.array(rows), pa.array(["a"]))
    pq.write_table(pa.table({"source": tiny, "target": huge}), tmp_path / "bomb.parquet")
    outcome, peak = read(tmp_path / "bomb.parquet")
    assert outcome == "accepted 0 rejected 300000"
    assert peak < LIMIT_MB
