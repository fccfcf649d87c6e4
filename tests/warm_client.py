"""``python -IS warm_client.py SOCKET ROOT SETTINGS [ARGUMENTS]``: a command of the process of ``tests/warm.py``.

It imports next to nothing. Where its environment has other settings of the interpreter or of libraries than that
process, or a standard file is closed, the command is a process that is started anew.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys

SIZE = 8
"""Bytes of a number."""
READ_AT_THE_START = ("PYTHON", "NUMBA_", "LC_", "LANG", "OMP_", "OPENBLAS_", "MKL_", "LD_")


def settings(environment: dict[str, str], root: str) -> dict[str, str]:
    """Return what of *environment* is read when a process starts or imports; *root* may be first on the path."""
    found = {name: value for name, value in environment.items() if name.startswith(READ_AT_THE_START)}
    if found.get("PYTHONPATH", "").split(os.pathsep)[0] == root:
        del found["PYTHONPATH"]
    return found


def received(connection: socket.socket, size: int) -> bytes:
    """Return so many bytes of *connection*."""
    found = b""
    while len(found) < size:
        part = connection.recv(size - len(found))
        if not part:
            raise ConnectionError("the other side is gone")
        found += part
    return found


def main() -> int:
    """Run the command and return its exit code, negative for a signal."""
    address, root, known, *arguments = sys.argv[1:]
    environment = dict(os.environ)
    if settings(environment, root) != json.loads(known) or any(map(_is_closed, range(3))):
        os.environ.setdefault("PYTHONPATH", root)
        os.execv(sys.executable, [sys.executable, "-m", "influence_graph", *arguments])
    umask = os.umask(0)
    os.umask(umask)
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    ignored = [number for number in numbers if signal.getsignal(number) is signal.SIG_IGN]
    asked = {"arguments": arguments, "environment": environment, "folder": os.getcwd(), "umask": umask}  # noqa: PTH109
    text = json.dumps(asked | {"ignored": ignored}).encode()
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(address)
        socket.send_fds(connection, [len(text).to_bytes(SIZE, "big")], [0, 1, 2])
        connection.sendall(text)
        for number in set(numbers) - set(ignored):
            signal.signal(number, lambda number, _: connection.sendall(bytes([number])))
        for standard in range(3):
            os.close(standard)
        return int.from_bytes(received(connection, SIZE), "big", signed=True)


def _is_closed(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return True
    return False


if __name__ == "__main__":
    code = main()
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)
