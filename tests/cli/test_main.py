"""Errors and signals become exit codes and one line."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable, Iterator

import pytest

from influence_graph.cli import main as module
from influence_graph.errors import InputError


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    former = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in former.items():
        signal.signal(number, handler)


def exit_code(monkeypatch: pytest.MonkeyPatch, command: Callable[[], None]) -> object:
    monkeypatch.setattr(module, "main", lambda standalone_mode: command())
    with pytest.raises(SystemExit) as ended:
        module.run()
    return ended.value.code


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
