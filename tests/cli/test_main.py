"""Errors and signals become exit codes and one line."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from influence_graph import ending
from influence_graph.cli import main as module
from influence_graph.cli.signals import Watch
from influence_graph.errors import InputError
from influence_graph.stores.embedded.store import EmbeddedStore


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    former = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in former.items():
        signal.signal(number, handler)
    ending.go_on()


def exit_code(monkeypatch: pytest.MonkeyPatch, command: Callable[[], None]) -> int:
    monkeypatch.setattr(module, "main", lambda standalone_mode, obj: command())
    return module.outcome(Watch())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_a_library_turned_into_its_own_error_is_still_a_stop(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def command() -> None:
        try:
            os.kill(os.getpid(), number)
        except KeyboardInterrupt:
            raise ValueError("reading the schema failed: KeyboardInterrupt") from None

    assert exit_code(monkeypatch, command) == 130
    assert "internal" not in capsys.readouterr().err


def test_a_full_disk_under_the_output_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def command() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    assert exit_code(monkeypatch, command) == 1
    assert "the output cannot be written: No space left on device" in capsys.readouterr().err


def test_no_color_is_heeded(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def command() -> None:
        raise InputError("x")

    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert exit_code(monkeypatch, command) == 2
    assert capsys.readouterr().err == "error: x\n"


_FORMER = "the former run of this kind, if any, stays the current one"
_NOTHING = "nothing was written to a store"
STOPPED = {
    ("score",): _NOTHING,
    ("score", "--write"): _FORMER,
    ("rank", "--write"): _FORMER,
    ("learn", "--write"): _FORMER,
    ("reach", "annie", "--write"): _FORMER,
    ("seeds", "-k", "2", "--write"): _FORMER,
    ("export", "people"): _NOTHING,
    ("ingest", "people.csv", "--dry-run"): _NOTHING,
    (
        "ingest",
        "people.csv",
    ): "stored in data so far remain, in whole batches; to go on, ingest the",
    (
        "import",
        "story",
    ): "stored in data so far remain, in whole batches; to go on, run the",
    ("push", "other"): "stored in other so far remain",
    ("pull", "other"): "stored in data so far remain",
    ("migrate",): "each migration is applied whole or not at all",
}


@pytest.mark.parametrize("arguments", STOPPED, ids=" ".join)
def test_what_is_said_of_a_stopped_command_is_true_of_it(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def stop(*_: object, **__: object) -> NoReturn:
        os.kill(os.getpid(), signal.SIGINT)
        raise AssertionError("the signal came too late")

    monkeypatch.chdir(tmp_path)
    Path("people.csv").write_text("id,name\nann,Ann\n")
    for verb in ("snapshot", "append", "migrate", "rehearsal"):
        monkeypatch.setattr(EmbeddedStore, verb, stop)
    monkeypatch.setattr("sys.argv", ["influence-graph", *arguments, "--store", "data"])
    code = module.outcome(Watch())
    said = capsys.readouterr().err.strip()  # click ends the line of a terminal's ^C first
    assert code == 130
    assert said.startswith("error: stopped; ")
    assert "\n" not in said
    assert STOPPED[arguments] in said


def test_after_the_result_was_written_a_stop_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)

    def outcome(*arguments: str) -> str:
        monkeypatch.setattr("sys.argv", ["influence-graph", *arguments, "--store", "data"])
        module.outcome(Watch())
        ending.go_on()
        return capsys.readouterr().err

    outcome("import", "story")
    monkeypatch.setattr("influence_graph.cli.output.write_frames", lambda *_: os.kill(os.getpid(), signal.SIGINT))
    assert "the result was written before that, and is the current run" in outcome("score", "--write")
    assert [run.kind for run in EmbeddedStore(tmp_path / "data").runs()] == ["score"]
