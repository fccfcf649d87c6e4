"""Processes that use one embedded store at the same time: everybody gets a turn, and nothing is lost.

TOGETHER sets how many read without a pause and how many write (default 3 of each; the full size is 8).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from influence_graph.model.records import INTERACTIONS
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.stores.given import batch, event

EACH = int(os.environ.get("TOGETHER", "3"))
READ = """
import json, sys, threading, time
from pathlib import Path
from influence_graph.stores.embedded.store import EmbeddedStore
store, over, found = EmbeddedStore(Path(sys.argv[1])), threading.Event(), {"reads": 0, "longest": 0.0, "torn": 0}
threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
store.counts()
print("reading", flush=True)
while not over.is_set():
    began = time.monotonic()
    with store.snapshot() as view:
        found["torn"] += view.counts()["interactions"] % 10
    found["longest"] = max(found["longest"], time.monotonic() - began)
    found["reads"] += 1
print(json.dumps(found))
"""
WRITE = """
import json, sys, time
from pathlib import Path
from influence_graph.model.records import INTERACTIONS
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.stores.given import batch, event
began = time.monotonic()
rows = [batch(INTERACTIONS, *(event(f"{sys.argv[2]}-{part}-{i}", f"c{i}") for i in range(10))) for part in range(3)]
report = EmbeddedStore(Path(sys.argv[1])).append(INTERACTIONS, rows)
print(json.dumps({"inserted": report.inserted, "seconds": time.monotonic() - began}))
"""


def start(code: str, *words: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *map(str, words)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def said(process: subprocess.Popen[str]) -> dict[str, Any]:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    found: dict[str, Any] = json.loads(out)
    return found


def test_readers_without_a_pause_keep_no_writer_out_and_writers_no_reader(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "store")
    store.append(INTERACTIONS, [batch(INTERACTIONS, *(event(f"e{i}") for i in range(10)))])
    reading = [start(READ, store.folder) for _ in range(EACH)]
    for process in reading:
        assert process.stdout is not None
        assert process.stdout.readline() == "reading\n"
    written = [said(process) for process in [start(WRITE, store.folder, name) for name in range(EACH)]]
    read = [said(process) for process in reading]
    assert [each["inserted"] for each in written] == [30] * EACH
    assert [each["torn"] for each in read] == [0] * EACH
    assert store.counts()["interactions"] == 10 + 30 * EACH
    assert store.counts()["people"] == 11  # each once
    slowest, reads = max(each["seconds"] for each in written), sum(each["reads"] for each in read)
    longest = max(each["longest"] for each in read)
    print(f"{EACH} writers done, slowest {slowest:.1f} s; {reads} reads, longest {longest:.1f} s")  # noqa: T201
