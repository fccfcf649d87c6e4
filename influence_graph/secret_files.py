"""Secrets that come from files, which only their owner can read: passwords, and keys that sign.

What was read here is remembered for as long as this process lives, so that logs can leave it out wherever it stands.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from influence_graph.errors import InputError

_OTHERS = 0o077
_LONGEST = 4096  # bytes: passwords and keys are shorter
_known: set[str] = set()


def read_secret(path: Path, what: str) -> str:
    """Return the secret that the file *path* holds, without the end of its line.

    Args:
        path: A regular file, or a link to one, of mode 0600 or 0400.
        what: What the secret is, such as ``"password"``.

    Raises:
        InputError: the file cannot be read, others can read it, or it holds no text of one line.
    """
    name = f"the {what} file {path}"
    content, mode = _content(path, name)
    if mode & _OTHERS:
        raise InputError(f"others can read {name} (mode {stat.S_IMODE(mode):04o})", remedy=f"run: chmod 600 {path}")
    if len(content) > _LONGEST:
        raise InputError(f"{name} has more than {_LONGEST:,} bytes", remedy=f"write the {what} alone into it")
    try:
        secret = content.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not UTF-8 text", remedy="save it as UTF-8") from error
    if not secret or not secret.isprintable():
        fault = "is empty" if not secret else "holds more than one printable line"
        raise InputError(f"{name} {fault}", remedy=f"write the {what} alone into it")
    _known.add(secret)
    return secret


def known_secrets() -> frozenset[str]:
    """Return the secrets that this process has read from files."""
    return frozenset(_known)


def _content(path: Path, name: str) -> tuple[bytes, int]:
    """Return the first bytes of the file *path* and its mode, from the one file that was opened."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if not stat.S_ISREG(mode):  # a pipe gives its content once, and is needed again after a lost connection
                raise InputError(f"{name} is no regular file", remedy="write it into one, of mode 0600")
            return file.read(_LONGEST + 1), mode
    except OSError as error:
        remedy = "name a file that is there and that you can read"
        raise InputError(f"{name} cannot be read: {error.strerror}", remedy=remedy) from error
