"""The program, warm: one process has imported the libraries that are slow to import, and forks for each command.

Starting Python and importing pandas, numba and others is most of what a short command takes, and the tests start some
hundreds. What is forked is a process with a folder, an environment, files and an exit code of its own; it imports what
is in ``cli`` anew, and finds the rooms below it. What tests the start, limits of the system, kills or signals starts
``python -m influence_graph``.

``python -m tests.warm SOCKET`` is that process, until its standard input ends; ``tests/warm_client.py`` asks it.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any, NoReturn

from tests import warm_client

ROOT = Path(__file__).resolve().parents[1]
SLOW = (
    "altair", "click", "duckdb", "neo4j", "numba", "pandas", "platformdirs", "pyarrow.compute", "pyarrow.parquet",
    "rich.console", "rich.table", "scipy.optimize", "scipy.sparse", "scipy.special", "scipy.stats", "tenacity", "yaml",
)  # fmt: skip
"""Libraries of others; none starts a thread of Python when it is imported."""
ROOMS = ("app", "explore", "stores")
"""Rooms of the program whose modules, and those below them, are imported, too: they read no setting meanwhile."""


@cache
def program() -> list[str]:
    """Return the words that run ``influence-graph`` with the arguments after them, as a process of its own."""
    if sys.platform != "linux":  # elsewhere the libraries are not made to be forked
        return [sys.executable, "-m", "influence_graph"]
    folder = Path(tempfile.mkdtemp(prefix="warm-"))
    address = folder / "socket"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(address))
        listener.listen(64)  # who comes before it is warm waits
        server = subprocess.Popen(
            [sys.executable, "-m", "tests.warm", str(listener.fileno())],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
            pass_fds=[listener.fileno()], start_new_session=True,
        )  # fmt: skip
    atexit.register(_end, server, folder)
    settings = json.dumps(warm_client.settings(dict(os.environ), str(ROOT)))
    return [sys.executable, "-IS", str(Path(warm_client.__file__)), str(address), str(ROOT), settings]


def write_program(path: Path) -> None:
    """Write a script that runs :func:`program` to *path*."""
    path.write_text(f'#!/bin/sh\nexec {shlex.join(program())} "$@"\n')
    path.chmod(0o755)


def _end(server: subprocess.Popen[bytes], folder: Path) -> None:
    server.communicate()
    (folder / "socket").unlink()
    folder.rmdir()


def load() -> None:
    """Import what is slow, and let numba load its types."""
    for name in SLOW:
        import_module(name)
    for room in ROOMS:
        name = f"influence_graph.{room}"
        for found in walk_packages(import_module(name).__path__, f"{name}."):
            import_module(found.name)
    import_module("numba").njit(lambda number: number)(1)


def run(arguments: Sequence[str]) -> NoReturn:
    """Run the command line in this process, which is a fork, and end it."""
    code = 70
    try:
        sys.modules["__main__"].__package__ = "influence_graph"  # as `python -m influence_graph` names itself
        sys.argv = [str(ROOT / "influence_graph" / "__main__.py"), *arguments]
        import_module("influence_graph.cli.main").run()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0
    except BaseException:  # noqa: BLE001 - told, and only this process ends
        import_module("traceback").print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)


def _serve(connection: socket.socket) -> NoReturn:
    """Fork for the command of *connection*, pass signals on to it, and tell its exit code."""
    size, given, _, _ = socket.recv_fds(connection, warm_client.SIZE, 3)
    asked = json.loads(warm_client.received(connection, int.from_bytes(size, "big")))
    process = os.fork()
    if not process:
        connection.close()
        _become(asked, given)
    for descriptor in given:
        os.close(descriptor)
    ended = os.pidfd_open(process)
    while ended not in select.select([connection, ended], [], [])[0]:
        for number in connection.recv(64) or [signal.SIGKILL]:  # whoever asked was killed
            os.kill(process, number)
    _, status = os.waitpid(process, 0)
    with suppress(OSError):
        connection.sendall(os.waitstatus_to_exitcode(status).to_bytes(warm_client.SIZE, "big", signed=True))
    os._exit(0)


def _become(asked: dict[str, Any], given: list[int]) -> NoReturn:
    """Be the process that was *asked* for."""
    for number, descriptor in enumerate(given):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(asked["environment"])
    time.tzset()
    os.umask(asked["umask"])
    os.chdir(asked["folder"])
    for number in asked["ignored"]:
        signal.signal(number, signal.SIG_IGN)
    text: dict[str, Any] = {"encoding": sys.stdout.encoding, "errors": sys.stdout.errors, "closefd": False}
    buffering = 1 if os.isatty(1) else -1
    sys.stdin = sys.__stdin__ = open(0, **text)  # type: ignore[misc]  # noqa: SIM115 - open to the end
    sys.stdout = sys.__stdout__ = open(1, "w", buffering, **text)  # type: ignore[misc]  # noqa: SIM115
    text["errors"] = "backslashreplace"
    sys.stderr = sys.__stderr__ = open(2, "w", 1, **text)  # type: ignore[misc]  # noqa: SIM115
    run(asked["arguments"])


def main() -> None:
    """Serve until standard input ends."""
    with socket.socket(fileno=int(sys.argv[1])) as listener:
        load()
        while listener in select.select([listener, 0], [], [])[0]:
            connection, _ = listener.accept()
            if not os.fork():
                listener.close()
                _serve(connection)
            connection.close()
            with suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass


if __name__ == "__main__":
    main()
