"""The bytes of a record file, uncompressed and in UTF-8."""

from __future__ import annotations

import codecs
import gzip
import io
import stat
import zlib
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from influence_graph.errors import UnreadableFile

GZIP_MAGIC = b"\x1f\x8b"
_UTF8_MARK = codecs.BOM_UTF8
# UTF-32 first: its little-endian mark begins with that of UTF-16.
_WIDE_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PACKED = {
    b"PK\x03\x04": "a zip or Excel file",
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ": "an xz file",
    b"\x28\xb5\x2f\xfd": "a zstd file",
}


class ByteStream:
    """Reads a regular file, gzipped or not; UTF-16 and UTF-32 with a byte order mark become UTF-8.

    ``position`` is the number of bytes of the file on disk that were consumed; ``packed`` is whether it is
    gzipped.

    Raises:
        UnreadableFile: the path is not a regular file, cannot be read, or is compressed in another way.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = check_regular(path)
        self._file = _open(path)
        self.packed = self._file.read(2) == GZIP_MAGIC
        self._file.seek(0)
        self._source: BinaryIO | gzip.GzipFile = gzip.GzipFile(fileobj=self._file) if self.packed else self._file
        self._decoder: codecs.IncrementalDecoder | None = None
        try:
            self._pending = self._begin()
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
            UnreadableFile: the compressed data is damaged or ends early, or the text is not UTF-16.
        """
        head, self._pending = self._pending, b""
        data = head + self._read(size - len(head)) if len(head) < size else head
        if self._decoder is None:
            return data
        try:
            while not (text := self._decoder.decode(data, final=not data)) and data:
                data = self._read(size)  # what was read so far is less than one character
        except UnicodeError as error:
            raise UnreadableFile(f"{self.path} is not UTF-16 text: {error}", remedy="save it as UTF-8") from error
        return text.encode()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> ByteStream:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _begin(self) -> bytes:
        head = self._read(6)
        for magic, name in _PACKED.items():
            if head.startswith(magic):
                raise UnreadableFile(f"{self.path} is {name}", remedy="uncompress it, or compress it with gzip instead")
        for mark, encoding in _WIDE_MARKS:
            if head.startswith(mark):
                self._decoder = codecs.getincrementaldecoder(encoding)()
                return head
        return head.removeprefix(_UTF8_MARK)

    def _read(self, size: int) -> bytes:
        try:
            return self._source.read(size)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise UnreadableFile(
                f"{self.path} is damaged: the gzip data is broken or ends early ({error})",
                remedy="copy or compress the file again; records stored already are not stored twice",
            ) from error
        except OSError as error:
            raise unreadable(self.path, error) from error


def check_regular(path: Path) -> int:
    """Return the size of *path* in bytes.

    Raises:
        UnreadableFile: *path* does not exist or is not a regular file: opening a pipe could block.
    """
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    if not stat.S_ISREG(status.st_mode):
        kind = "a folder" if stat.S_ISDIR(status.st_mode) else "not a regular file"
        raise UnreadableFile(f"{path} is {kind}", remedy="name a CSV, JSON Lines or Parquet file")
    return status.st_size


def unreadable(path: Path, error: Exception) -> UnreadableFile:
    """Return the error that says why *path* cannot be read."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return UnreadableFile(f"cannot read {path}: {reason}", remedy="check the path and its permissions")


def _open(path: Path) -> io.BufferedReader:
    try:
        return path.open("rb")
    except OSError as error:
        raise unreadable(path, error) from error
