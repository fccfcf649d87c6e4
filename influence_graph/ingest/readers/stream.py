"""The bytes of a record file, unpacked and in UTF-8."""

from __future__ import annotations

import codecs
import io
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache, partial
from pathlib import Path
from types import TracebackType
from typing import IO, BinaryIO

from influence_graph.ending import left_over
from influence_graph.errors import UnreadableFile
from influence_graph.ingest.readers.containers import DAMAGES, packing, unpacked
from influence_graph.ingest.readers.encodings import (
    UTF8,
    check_encoding,
    check_unmixed,
    encoding_named,
    guess,
    mark_of,
)

STANDARD_INPUT = Path("-")
"""The path that stands for standard input."""
_SHOWN = Path("<stdin>")
_BLOCK = 1 << 20


class ByteStream:
    """Reads a file, packed or not; text in another encoding becomes UTF-8.

    ``position`` is the number of bytes of the file on disk that were consumed; ``packed`` is whether it is packed, by
    gzip, bzip2, xz, zstd or as the one file of a zip archive; ``encoding`` is that of its text. Standard input is read
    once, into a temporary file.

    Args:
        path: The file, or ``STANDARD_INPUT``.
        encoding: Its encoding; "" is the one that its byte order mark says, else UTF-8.

    Raises:
        UnreadableFile: the path is not a regular file, cannot be read, or is packed so that it cannot be unpacked.
        InputError: no encoding has that name.
    """

    def __init__(self, path: Path, encoding: str = "") -> None:
        stated = encoding_named(encoding) if encoding else ""
        self.path = shown_path(path)
        self.size = check_regular(path)
        self._file = open_file(path)
        self._source: BinaryIO = self._file
        self._decoder: codecs.IncrementalDecoder | None = None
        try:
            self.packed = self._unpack()
            self._pending = self._begin(stated)
        except UnreadableFile:
            self.close()
            raise

    @property
    def position(self) -> int:
        """Bytes of the file consumed so far."""
        return 0 if self._file.closed else self._file.tell()

    def read(self, size: int) -> bytes:
        """Return about *size* bytes, 1 or more; empty only at the end.

        Raises:
            UnreadableFile: the packed data is damaged or ends early, or the text is not in its encoding.
        """
        data = self.read_raw(size)
        if self._decoder is None:
            return data
        try:
            while not (text := self._decoder.decode(data, final=not data)) and data:
                data = self.read_raw(size)  # what was read so far is less than one character
        except UnicodeError as error:
            name = self.encoding.upper()
            raise UnreadableFile(f"{self.path} is not {name} text: {error}", remedy="save it as UTF-8") from error
        return text.encode("utf-8", "surrogatepass")

    def read_raw(self, size: int) -> bytes:
        """Return the same in the encoding of the file."""
        head, self._pending = self._pending[:size], self._pending[size:]
        return head + self._read(size - len(head)) if len(head) < size else head

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> ByteStream:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _unpack(self) -> bool:
        kind = packing(self._file.read(6))
        self._file.seek(0)
        inner = unpacked(self._file, kind, self.path) if kind else None
        if inner is None:
            self._file.seek(0)
            return False
        self._kind, self._source = kind, inner
        return True

    def _begin(self, stated: str) -> bytes:
        """Return the first bytes after a mark of UTF-8, and choose the decoder."""
        head = self._read(6)
        mark = mark_of(head)
        if stated and mark and stated.removesuffix("-le").removesuffix("-be") != mark:
            raise UnreadableFile(
                f"{self.path} begins with the byte order mark of {mark.upper()}, and {stated} is stated",
                remedy="leave out the encoding",
            )
        self.encoding = mark or stated or UTF8
        if self.encoding != UTF8:
            self._decoder = codecs.getincrementaldecoder(self.encoding)()
        return head.removeprefix(codecs.BOM_UTF8)

    def _read(self, size: int) -> bytes:
        try:
            return self._source.read(size)
        except DAMAGES as error:
            raise self._damaged(error) from error
        except OSError as error:
            raise (unreadable(self.path, error) if error.errno else self._damaged(error)) from error

    def _damaged(self, error: Exception) -> UnreadableFile:
        return UnreadableFile(
            f"{self.path} is damaged: the {self._kind} data is broken or ends early ({error})",
            remedy="copy or pack the file again; records stored already are not stored twice",
        )


def check_stated(path: Path, encoding: str) -> None:
    """Read the whole file and refuse it if it is not in the stated *encoding*; UTF-8 is checked value by value.

    Raises:
        UnreadableFile: it is not.
        InputError: no encoding has that name.
    """
    name = encoding_named(encoding)
    if name == UTF8:
        return
    with ByteStream(path, name) as stream:
        check_encoding(stream.path, _raw_blocks(stream), stream.encoding)


def check_one_encoding(path: Path) -> None:
    """Read the whole text file and refuse it if some of its lines are UTF-8 and others in another encoding.

    Of a damaged file the part before the damage is looked at.

    Raises:
        UnreadableFile: it is such a file.
    """
    with ByteStream(path) as stream:
        check_unmixed(stream.path, _undamaged(stream))


def _undamaged(stream: ByteStream) -> Iterator[bytes]:
    with suppress(UnreadableFile):  # the reading that follows says so
        yield from _raw_blocks(stream)


def guess_encoding(path: Path) -> str | None:
    """Return the likely encoding of a text file, ``MIXED`` if it has two, None if its bytes do not tell.

    Raises:
        UnreadableFile: the file cannot be read.
    """
    with ByteStream(path) as stream:
        return guess(_raw_blocks(stream))


def _raw_blocks(stream: ByteStream) -> Iterator[bytes]:
    while block := stream.read_raw(_BLOCK):
        yield block


def check_regular(path: Path) -> int:
    """Return the size of *path* in bytes.

    Raises:
        UnreadableFile: *path* does not exist or is not a regular file: opening a pipe could block.
    """
    path = _on_disk(path)
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    if not stat.S_ISREG(status.st_mode):
        kind = "a folder" if stat.S_ISDIR(status.st_mode) else "not a regular file"
        raise UnreadableFile(f"{path} is {kind}", remedy="name a file of records, or - for standard input")
    return status.st_size


def open_file(path: Path) -> io.BufferedReader:
    """Return the bytes of *path* as they are on disk.

    Raises:
        UnreadableFile: it cannot be read.
    """
    try:
        return _on_disk(path).open("rb")
    except OSError as error:
        raise unreadable(path, error) from error


def shown_path(path: Path) -> Path:
    """Return what messages call *path*."""
    return _SHOWN if path == STANDARD_INPUT else path


def unreadable(path: Path, error: Exception) -> UnreadableFile:
    """Return the error that says why *path* cannot be read."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return UnreadableFile(f"cannot read {path}: {reason}", remedy="check the path and its permissions")


def _on_disk(path: Path) -> Path:
    """Return where the bytes of *path* are."""
    if path != STANDARD_INPUT:
        return path
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None or stream.isatty():
        raise UnreadableFile(f"{_SHOWN} is not redirected", remedy="pipe a file into the command, or name one")
    return Path(_spooled(stream).name)


@lru_cache(maxsize=1)
def _spooled(stream: BinaryIO) -> IO[bytes]:
    """Return the temporary file to which *stream* was copied; it is deleted when the process ends."""
    spool = tempfile.NamedTemporaryFile(prefix="influence-graph-")  # noqa: SIM115 - it lives as long as the cache
    left_over(partial(Path(spool.name).unlink, missing_ok=True))
    try:
        while block := stream.read(_BLOCK):
            spool.write(block)
        spool.flush()
    except (OSError, ValueError) as error:
        raise unreadable(_SHOWN, error) from error
    return spool
