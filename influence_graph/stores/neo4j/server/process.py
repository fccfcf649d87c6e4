"""Processes and ports of this machine: is it alive, is it ours, is it free."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

LOOPBACK = "127.0.0.1"
_POLL_SECONDS = 0.1
_HANDSHAKE = bytes.fromhex(
    "6060b017 00000405 00000000 00000000 00000000"
)  # https://neo4j.com/docs/bolt/current/bolt/handshake


def command_line(pid: int) -> str:
    """Return the command line of process *pid*, "" if there is no such process (or only its corpse)."""
    proc = Path("/proc")
    if (proc / "self").exists():
        try:
            return (proc / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    answer = subprocess.run(  # noqa: S603 - a fixed program and a number
        ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip()


def stop(pid: int, marker: str, timeout: float) -> bool:
    """End process *pid* if its command line holds *marker*: politely, after *timeout* seconds by force.

    Returns:
        True if it ended by itself, False if it had to be killed.
    """
    for number, wait in ((signal.SIGTERM, timeout), (signal.SIGKILL, 10.0)):
        if marker not in command_line(pid):
            return True
        os.kill(pid, number)
        if _gone(pid, marker, wait):
            return number == signal.SIGTERM
    return False


def _gone(pid: int, marker: str, wait: float) -> bool:
    deadline = time.monotonic() + wait
    while time.monotonic() < deadline:
        if marker not in command_line(pid):
            return True
        time.sleep(_POLL_SECONDS)
    return False


@contextmanager
def alone() -> Iterator[None]:
    """Wait until no other process of this user is starting a server, and let none start during the ``with`` block.

    A port is free until the server listens on it, seconds after it was chosen; a download is done once.
    """
    with _lock("start") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def reserved(*ports: int) -> Iterator[tuple[int, ...]]:
    """Keep *ports* for a server that may be down for a moment, and return what keeps them: file descriptors.

    They are kept until the ``with`` block is left and every process that was given the descriptors has ended. What
    another process keeps stays its own.
    """
    with ExitStack() as stack:
        locks = tuple(stack.enter_context(_lock(f"port-{port}")) for port in ports)
        yield tuple(lock for lock in locks if _taken(lock))


def _taken(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _lock(name: str) -> Iterator[int]:
    """Open the lock file *name* of this user."""
    path = Path(tempfile.gettempdir()) / f"influence-graph-{os.getuid()}-{name}.lock"
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        yield lock
    finally:
        os.close(lock)


def is_free(port: int) -> bool:
    """Return whether a server can listen on *port* of the loopback interface."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def can_be_given(port: int) -> bool:
    """Return whether *port* is free and not reserved for another server that will be back."""
    with reserved(port) as held:
        return bool(held) and is_free(port)


def speaks_bolt(port: int, timeout: float = 3.0) -> bool:
    """Return whether a server at *port* of the loopback interface answers a Bolt handshake in *timeout* seconds."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout) as connection:
            connection.sendall(_HANDSHAKE)
            return len(connection.recv(4)) == 4
    except OSError:
        return False


def first_free(preferred: int, tried: int = 100) -> int | None:
    """Return the first port from *preferred* on that can be given, or None if none of *tried* ports can."""
    return next((port for port in range(preferred, preferred + tried) if can_be_given(port)), None)
