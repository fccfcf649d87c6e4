"""A process that is told to end does so: in Python, in code in C, and where the interrupt was lost."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.test_stopping import SECONDS

COMMAND = """
import sys, time
from pathlib import Path
from influence_graph import ending
from influence_graph.cli import main as module
from influence_graph.files import replacing

def main(standalone_mode, obj):
    obj.set("the truth")
    print("begun", flush=True)
    {body}

module.main = main
module.run()
"""
LOSING = """
    while True:
        try:
            time.sleep(60)
        except BaseException:
            pass
"""
WRITING = """
    with replacing(Path("out.csv")) as temporary:
        temporary.write_text("half")
        while True:
            try:
                time.sleep(60)
            except BaseException:
                pass
"""
ONCE_LOST = """
    try:
        time.sleep(60)
    except BaseException:
        pass
"""
IN_A_FINALIZER = """
    class Finalized:
        def __del__(self):
            time.sleep(60)
    Finalized()
    time.sleep(60)
"""
CONNECTED = """
    import socket
    one, two = socket.socketpair()
    held = ending.register(lambda: one.shutdown(socket.SHUT_RDWR))
    while not ending.is_ending() or one.recv(1):
        try:
            one.recv(1)
        except BaseException:
            pass
"""
TOLD = """
    while True:
        sys.stderr.write("x" * 1000)
"""
NO_PYTHON = "sum(range(10 ** 11))"


@dataclass(frozen=True)
class Ended:
    seconds: float
    code: int
    said: str


def ended(folder: Path, body: str, number: int, *later: float) -> Ended:
    """Start a command that does *body*, send it signal *number* at once and *later*, and return how it ended."""
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND.format(body=body.strip())],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        assert process.stdout.readline() == "begun\n"
        time.sleep(0.3)
        since = time.monotonic()
        for seconds in (0.0, *later):
            time.sleep(seconds)
            process.send_signal(number)
        process.wait(60)
        seconds = time.monotonic() - since
        said = "" if body == TOLD else process.stderr.read()
    finally:
        process.kill()
        process.communicate()
    return Ended(seconds, process.returncode, said)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    "body",
    ["time.sleep(60)", LOSING, ONCE_LOST, IN_A_FINALIZER, CONNECTED, WRITING],
    ids=["tidy", "lost", "once", "in a finalizer", "cut", "writing"],
)
def test_one_signal_ends_it_with_one_true_line(body: str, number: int, tmp_path: Path) -> None:
    end = ended(tmp_path, body, number)
    assert end.code == 130
    assert end.said.strip() == "error: stopped; the truth"
    assert end.seconds <= (1 if body == IN_A_FINALIZER else SECONDS)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_where_no_python_can_run_it_dies_of_the_signal_and_shells_show_130(number: int, tmp_path: Path) -> None:
    end = ended(tmp_path, NO_PYTHON, number)
    assert end.code == -signal.SIGINT
    assert end.said.strip() == "error: stopped; the truth"
    assert end.seconds <= SECONDS


@pytest.mark.parametrize("body", [LOSING, NO_PYTHON], ids=["lost", "no Python"])
def test_a_second_signal_ends_it_at_once(body: str, tmp_path: Path) -> None:
    end = ended(tmp_path, body, signal.SIGINT, 0.7)
    assert end.code in (130, -signal.SIGINT)
    assert end.said.strip() == "error: stopped; the truth"
    assert end.seconds < 2.5


def test_one_signal_that_comes_twice_is_one(tmp_path: Path) -> None:
    end = ended(tmp_path, LOSING, signal.SIGINT, 0.1)
    assert end.code == 130
    assert 2.5 < end.seconds <= SECONDS


def test_it_ends_also_where_nobody_reads_what_it_says(tmp_path: Path) -> None:
    end = ended(tmp_path, TOLD, signal.SIGINT)
    assert end.code == 130
    assert end.seconds <= SECONDS


def test_what_watches_ends_with_what_is_watched(tmp_path: Path) -> None:
    for last in ("return", "sys.exit(0)", "import os; os.kill(os.getpid(), 9)"):
        body = (
            f"print(Path('/proc/self/task').joinpath(str(__import__('os').getpid()), 'children').read_text()); {last}"
        )
        done = subprocess.run(
            [sys.executable, "-c", COMMAND.format(body=body)], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        (watcher,) = done.stdout.split()[1:]
        until = time.monotonic() + 5
        while (stat := Path(f"/proc/{watcher}/stat")).exists() and " Z " not in stat.read_text():
            assert time.monotonic() < until
            time.sleep(0.01)
