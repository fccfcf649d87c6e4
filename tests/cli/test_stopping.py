"""Ctrl-C and SIGTERM are obeyed within 5 seconds in every state, and what is said then is true.

STOP_STATES=all tries all states, by default a few; STOP_SEED chooses the moments, and which signal is which state's.
"""

from __future__ import annotations

import os
import random
import re
import shlex
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pexpect
import pytest
from click.testing import CliRunner

from influence_graph.app.open import open_store
from influence_graph.cli.main import main
from influence_graph.stores.base import Store
from tests.cli.states import (
    APPENDING,
    EMBEDDED,
    FORMER,
    NOTHING,
    Running,
    State,
    descendants,
    write_events,
    write_flood,
)

ALL = os.environ.get("STOP_STATES") == "all"
SEED = int(os.environ.get("STOP_SEED", "1"))
SIGNALS = (signal.SIGINT, signal.SIGTERM)
SECONDS = 5.0
ROWS = 300_000 if ALL else 100_000


def tried(states: tuple[State, ...]) -> list[object]:
    """Return the states to try, each with one of the signals: these alternate, and change places with the seed."""
    chosen = [state for state in states if ALL or state.short]
    return [
        pytest.param(state, number, id=f"{state.name}, {number.name}")
        for place, state in enumerate(chosen)
        for number in SIGNALS[(place + SEED) % 2 :][:1]
    ]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the stores and files that the states start from."""
    folder = tmp_path_factory.mktemp("prepared")
    write_events(folder / "events.csv", ROWS)
    write_flood(folder / "flood.csv", 10 * ROWS)
    (folder / "people.csv").write_text("id,name\nann,Ann\n")
    for arguments in (
        ["ingest", str(folder / "events.csv"), "--store", str(folder / "events")],
        ["import", "town", "--people", "2000", "--store", str(folder / "town")],
        ["ingest", str(folder / "people.csv"), "--store", str(folder / "held")],
    ):
        done = CliRunner().invoke(main, arguments)
        assert done.exit_code == 0, done.output
    return folder


@pytest.fixture
def folder(prepared: Path, tmp_path: Path) -> Iterator[Path]:
    """Return an empty folder with copies of them; the store `held` is in use."""
    for each in prepared.iterdir():
        if each.is_dir():
            shutil.copytree(each, tmp_path / each.name)
        else:
            (tmp_path / each.name).symlink_to(each)
    with duckdb.connect(str(tmp_path / "held" / "ledger.duckdb")):
        yield tmp_path


@pytest.mark.parametrize(("state", "number"), tried(EMBEDDED))
def test_a_signal_is_obeyed_in_every_state(state: State, number: signal.Signals, folder: Path) -> None:
    seconds, line = stopped(state, number, folder)
    print(f"{seconds:5.2f} s  {number.name}  {state.name}")  # noqa: T201 - shown with -s
    names = {path.name for path in folder.rglob("*")}
    assert not [name for name in names if name.endswith(".part") or name.startswith(".export.")]
    assert not (folder / "page.html").exists()
    if "events.csv" in state.arguments:
        ingested_again(folder)
    for store in {"town", "events", "other"} & names:
        true_of(line, open_store(folder / store))


def true_of(line: str, store: Store) -> None:
    """Check that what was said of the result of a command is true of *store*, which held none before."""
    runs = store.runs()
    if FORMER in line or NOTHING in line:
        assert runs == []


def stopped(state: State, number: signal.Signals, folder: Path) -> tuple[float, str]:
    """Bring the command into *state*, stop it, and return how long that took, and the line that it said."""
    running = Running(folder, shlex.split(state.arguments), reads=state.reads, **state.environment)
    try:
        state.moment(running, random.Random(f"{SEED} {state.name} {number}"))
        seconds = running.stop(number)
        lines = [line for line in running.said.splitlines() if "stopped; " in line or "stopped: " in line]
        assert running.process.returncode == state.code, running.said
        assert "Traceback" not in running.said
        assert len(lines) == 1, running.said
        assert any(each in lines[0] for each in state.true), running.said
        assert seconds <= SECONDS
        assert not running.orphans()
    finally:
        running.close()
    return seconds, lines[0]


def ingested_again(folder: Path) -> None:
    """Ingest the events again: each is in the store once then."""
    new = folder / "new"
    before = open_store(new).counts()["interactions"] if (new / "ledger.duckdb").exists() else 0
    assert before % 5000 == 0  # whole batches
    done = CliRunner().invoke(main, ["ingest", str(folder / "events.csv"), "--store", str(new)])
    assert done.exit_code == 0, done.output
    assert open_store(new).counts()["interactions"] == ROWS


PROMPT = r"town[^>\n]*>"
TERMINAL = (
    (("ingest", "unknown.csv", "--store", "new"), "Use it?", (NOTHING, APPENDING)),
    (("shell", "--store", "town"), "", (NOTHING,)),
    (("shell", "--store", "town"), "SELECT count(*) FROM range(1000000) a, range(1000000) b;", (NOTHING,)),
)  # fmt: skip


@pytest.mark.parametrize("number", SIGNALS if ALL else SIGNALS[1:])
@pytest.mark.parametrize(("arguments", "at", "true"), TERMINAL, ids=["asked", "at the prompt", "in a query"])
def test_a_signal_is_obeyed_on_a_terminal(
    arguments: tuple[str, ...], at: str, true: tuple[str, ...], number: signal.Signals, folder: Path
) -> None:
    (folder / "unknown.csv").write_text("Email,Full name\na@example.com,Ann\nb@example.com,Ben\n")
    state = {name: str(folder / name) for name in ("HOME", "XDG_STATE_HOME")}
    root = {"PYTHONPATH": str(Path(__file__).resolve().parents[2]), "PROMPT_TOOLKIT_NO_CPR": "1", "CI": ""}  # it asks
    child = pexpect.spawn(
        sys.executable, ["-m", "influence_graph", *arguments], cwd=str(folder), encoding="utf-8", timeout=60,
        dimensions=(40, 200), env={**os.environ, **state, **root, "TERM": "xterm"},
    )  # fmt: skip
    try:
        child.expect(PROMPT if arguments[0] == "shell" else re.escape(at))
        if at.startswith("SELECT"):
            child.send(f"{at}\r")
            until = time.monotonic() + 60
            while len(descendants(child.pid)) < 2:  # what watches, and what answers
                assert time.monotonic() < until
                time.sleep(0.05)
            child.read_nonblocking(100_000)
        time.sleep(0.5)
        began = time.monotonic()
        if number == signal.SIGINT and arguments[0] == "shell":
            child.send("\x03")  # the shell goes on
            if at:
                child.expect_exact("stopped")
            child.expect(PROMPT)
            child.send("\x04")
            child.expect(pexpect.EOF)
            return
        child.kill(number)
        child.expect(pexpect.EOF)
        seconds = time.monotonic() - began
        child.close()
        assert child.exitstatus == 130
        assert any(each in " ".join(child.before.split()) for each in true)
        assert seconds <= SECONDS
    finally:
        child.close(force=True)
    print(f"{seconds:5.2f} s  {number.name}  terminal: {' '.join(arguments)[:20]}, {at[:10]}")  # noqa: T201
