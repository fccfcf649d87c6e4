"""The process of a launched server: its lock, how it is started, and how it is recognized."""

from __future__ import annotations

import fcntl
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from influence_graph.environment import without_secrets
from influence_graph.errors import LockHeld
from influence_graph.stores.neo4j.home import Home, ServerState
from influence_graph.stores.neo4j.server import process

_LOCK_SECONDS, _POLL_SECONDS = 1.0, 0.05
_CHILDREN: list[subprocess.Popen[bytes]] = []  # kept, so that Python does not take a server that outlives it for a leak


@contextmanager
def locked(place: Home) -> Iterator[None]:
    """Hold the lock of *place* in the ``with`` block: who starts or stops its server does.

    Raises:
        LockHeld: another process has held it for a second.
    """
    with place.lock_file.open("w") as lock:
        deadline = time.monotonic() + _LOCK_SECONDS
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    message = f"another process is starting or stopping the server in {place.root}"
                    raise LockHeld(message, remedy="wait until it is done") from None
                time.sleep(_POLL_SECONDS)
        yield


def marker(place: Home) -> str:
    """Return the argument by which the process of *place* is recognized; process ids are used again."""
    return f"--home-dir={place.root} "


def running(place: Home) -> ServerState | None:
    """Return the state of the server of *place*, or None if it does not run."""
    state = place.read_state()
    if state is None or state.pid <= 0 or marker(place) not in process.command_line(state.pid):
        return None
    return state


def is_alive(pid: int, mark: str) -> bool:
    """Return whether *pid* is a process with *mark* in its command line."""
    return mark in process.command_line(pid)


def start(command: Sequence[str], folder: Path, log: Path, given: Sequence[int] = ()) -> int:
    """Start *command* in *folder* as a process that outlives this one, and return its id.

    What it prints is added to the file *log*. It inherits the file descriptors *given*, not ``NEO4J_PASSWORD``.
    """
    with log.open("ab") as output:
        child = subprocess.Popen(  # noqa: S603 - our own arguments, no shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=without_secrets(),
            start_new_session=True,
            pass_fds=given,
        )
    _CHILDREN.append(child)
    while not process.command_line(child.pid) and child.poll() is None:
        time.sleep(_POLL_SECONDS)  # a new process has no command line yet, and would not be recognized
    return child.pid


def reap(pid: int) -> None:
    """Collect the ended process *pid* if this process has started it."""
    for child in [child for child in _CHILDREN if child.pid == pid]:
        child.wait()
        _CHILDREN.remove(child)
