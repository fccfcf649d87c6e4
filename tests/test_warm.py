"""A warm command is a process like one that is started anew: what it is given, what it prints, how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.warm import ROOT, program

ANEW = [sys.executable, "-m", "influence_graph"]
STARTED = "started; the next tick is"


def both(folder: Path, *arguments: str, text: str = "", **environment: str) -> list[tuple[int, bytes, bytes]]:
    """Return exit code, output and errors of a command that is warm, and of one that is not."""
    variables = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    done = [
        subprocess.run(
            [*words, *arguments], cwd=folder, env=variables, input=text.encode(), capture_output=True, check=False
        )
        for words in (program(), ANEW)
    ]
    return [(each.returncode, each.stdout, each.stderr) for each in done]


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (("queries",), {}),
        (("query",), {}),
        (("runs", "--store", "caf\u00e9"), {}),
        (("runs", "--store", os.fsdecode(b"caf\xe9")), {}),
        (("inspect", "people.csv"), {}),
        (("inspect", "-"), {}),
        (("inspect", "people.csv"), {"PYTHONIOENCODING": "ascii", "COLUMNS": "60"}),
        (("config", "show"), {"INFLUENCE_GRAPH_STORE": "elsewhere"}),
    ],
)
def test_a_warm_command_does_and_says_the_same(
    arguments: tuple[str, ...], environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "people.csv").write_text("id,name\nann,Zo\u00e9\n")
    warm, anew = both(tmp_path, *arguments, text="id,name\nbob,Bob\n", **environment)
    assert warm == anew
    assert any(anew[1:])


def test_it_writes_with_the_modes_of_who_asks(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("id,name\nann,Ann\n")
    ingest = ["ingest", "people.csv", "--store", "store"]
    subprocess.run([*program(), *ingest], cwd=tmp_path, umask=0o077, check=True, capture_output=True)
    assert (tmp_path / "store").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_signal_reaches_it_and_its_end_is_told(number: signal.Signals, tmp_path: Path) -> None:
    with subprocess.Popen(
        [*program(), "schedule", "run", "--every", "1d"], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stderr is not None
        assert STARTED in running.stderr.readline()
        running.send_signal(number)
        assert running.wait(60) == (130 if number == signal.SIGINT else -number)
        end = time.monotonic() + 30
        while running.stderr.read(1):  # nobody holds it open: the command is gone, too
            assert time.monotonic() < end
