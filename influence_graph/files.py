"""Files that are written completely or not at all, and what a path to write to may be.

A regular file is replaced in one step and keeps its mode, and its owner where that is allowed; a link to it stays a
link. A device, a pipe or a stream of this process (``/dev/stdout``, ``/dev/fd/3``) is written into. A link that
somebody else has put into a folder that others may write to is a trap, and refused, as Linux does in ``/tmp``
(https://docs.kernel.org/admin-guide/sysctl/fs.html#protected-symlinks).
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO, TextIO

from influence_graph.ending import unfinished
from influence_graph.errors import InputError, UnwritableFile

_STREAMS = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}
_STREAM = re.compile(r"(?:/dev|/proc/(?:self|thread-self|\d+))/fd/(\d+)")
_FAILED = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG)  # no fault of the name
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_DATABASE = b"DUCK"  # at byte 8 of a DuckDB database
_LINKS = 40
TAIL = 1 << 20
"""How far back :func:`append_line` looks, in bytes."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path to write to; what it holds becomes *path* when the block ends without an error.

    Readers see the old file or the complete new one. After an error the old file is unchanged and the
    temporary one is removed. What is no regular file gets the bytes at the end of the block.

    Raises:
        InputError: the folder does not exist or cannot be written, or *path* is a folder, read-only, a database,
            or another user's link.
        UnwritableFile: the disk is full or fails.
        BrokenPipeError: nobody reads the pipe any more.
    """
    temporary = None
    try:
        stream = _is_stream(path)
        target = path if stream else _checked(path)
        folder = None if stream else target.parent
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=folder)
        os.close(handle)
        temporary = Path(name)
        with unfinished(partial(temporary.unlink, missing_ok=True)):
            yield temporary
            put_in_place(temporary, path)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def write_whole(path: Path, content: str | bytes) -> None:
    """Write *content* (text as UTF-8) to *path*; after an error the former file is untouched.

    Raises:
        InputError, UnwritableFile, BrokenPipeError: as :func:`replacing`.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


def put_in_place(temporary: Path, path: Path) -> Path:
    """Let *path* be what *temporary*, in the same file system, holds: see :func:`replacing`; return *path*.

    Raises:
        OSError: it cannot be written.
        InputError: it must not be.
    """
    if _is_stream(path):
        with temporary.open("rb") as source, _into(path) as sink:
            shutil.copyfileobj(source, sink)
        return path
    target = _checked(path)
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    try:
        former = target.stat()
    except FileNotFoundError:
        temporary.chmod(0o666 & ~_umask())
    else:
        with suppress(PermissionError):
            os.chown(temporary, former.st_uid, former.st_gid)
        temporary.chmod(former.st_mode & 0o777)
    temporary.replace(target)
    return path


def open_side_file(path: Path) -> TextIO:
    """Open *path*, which grows line by line, as an empty UTF-8 file of its own: no other process may write to it.

    Raises:
        OSError: it cannot be written; nobody reads the pipe that it is.
        InputError: it is another user's link, or another process is writing to it.
    """
    if _is_stream(path):
        handle = _handle(path, os.O_NONBLOCK)
        os.set_blocking(handle, True)
        return os.fdopen(handle, "w", encoding="utf-8", newline="\n")
    flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    handle = os.open(_checked(path), flags, 0o666)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise InputError(f"{path} is being written to by another process", remedy="name another file") from None
    os.ftruncate(handle, 0)
    return os.fdopen(handle, "w", encoding="utf-8", newline="\n")


def append_line(path: Path, line: str, once: str) -> None:
    """Append *line*, in UTF-8, to the regular file *path*, unless its last :data:`TAIL` bytes hold *once* already.

    The line is on the disk when this returns. A part of a line that a process left there as it died is ended first.

    Args:
        path: The file; it is made where there is none.
        line: A line without its end.
        once: What in it is unique, such as an id.

    Raises:
        InputError, UnwritableFile: as :func:`replacing`; or it is no regular file.
    """
    try:
        target = _checked(path)
        handle = os.open(target, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o666)
        with os.fdopen(handle, "r+b", buffering=0) as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise InputError(f"{path} is no regular file", remedy="name a file that lines can be appended to")
            fcntl.flock(handle, fcntl.LOCK_EX)
            end = file.seek(0, os.SEEK_END)
            file.seek(max(end - TAIL, 0))
            tail = file.read()
            whole = not tail or tail.endswith(b"\n")
            if once.encode() in (tail if whole else tail[: tail.rfind(b"\n") + 1]):
                return
            _write_all(file, (b"" if whole else b"\n") + line.encode() + b"\n")
            os.fsync(handle)
    except OSError as error:
        raise unwritable(path, error) from error


def _write_all(file: IO[bytes], content: bytes) -> None:
    while content:
        content = content[file.write(content) :]


def unwritable(path: Path, error: OSError, what: str = "") -> InputError:
    """Return the error for *path*, to which *what* cannot be written because of *error*."""
    kind = UnwritableFile if error.errno in _FAILED else InputError
    reason = "nobody reads this pipe" if error.errno == errno.ENXIO else error.strerror or error
    return kind(
        f"{path} cannot be written: {reason}" if not what else f"cannot write {what} to {path}: {reason}",
        remedy="choose a folder that exists, is writable and has free space",
    )


def _checked(path: Path) -> Path:
    """Return the file behind *path*, which may be a link.

    Raises:
        InputError: it must not be replaced.
    """
    target = _followed(path)
    if target.is_dir():
        raise InputError(f"{path} is a folder", remedy="name a file in it")
    if target.exists() and not os.access(target, os.W_OK):
        raise InputError(f"{path} is read-only", remedy="name another file, or change its permissions")
    if target.is_file() and _is_database(target):
        raise InputError(f"{path} is a database, and would be lost", remedy="name another file")
    return target


def _followed(path: Path) -> Path:
    """Return what the links that *path* may be lead to.

    Raises:
        InputError: one of them is a trap.
    """
    target = path
    for _ in range(_LINKS):
        if not target.is_symlink():
            break
        link, folder = target.lstat(), target.parent.stat()
        if folder.st_mode & _OTHERS_WRITE and link.st_uid not in (os.geteuid(), folder.st_uid):
            what = "is a link of another user in a folder that others may write to"
            raise InputError(f"{path} {what}", remedy="name another file")
        target = target.parent / target.readlink()
    return target


def _is_database(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(12)[8:] == _DATABASE
    except PermissionError:
        return False


def _is_stream(path: Path) -> bool:
    """Return whether *path* is written into: a device, a pipe, a socket, or a stream of this process."""
    if _number(path) is not None:
        return True
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _number(path: Path) -> int | None:
    """Return the number of the open stream of this process that *path* stands for."""
    text = os.path.normpath(path.absolute())
    found = _STREAM.fullmatch(text)
    if found and text.startswith("/proc/") and text.split("/")[2] not in ("self", "thread-self", str(os.getpid())):
        return None
    return int(found[1]) if found else _STREAMS.get(text)


@contextmanager
def _into(path: Path) -> Iterator[IO[bytes]]:
    with os.fdopen(_handle(path), "wb") as sink:
        yield sink


def _handle(path: Path, flags: int = 0) -> int:
    """Return a handle that writes into *path*: where the stream of this process stands, not from its start."""
    number = _number(path)
    if number is not None:
        return os.dup(number)
    return os.open(_followed(path), os.O_WRONLY | os.O_CLOEXEC | os.O_NOCTTY | flags)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
