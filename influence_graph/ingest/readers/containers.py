"""What a file is packed in: gzip, bzip2, xz, zstd, or a zip archive of one file of data."""

from __future__ import annotations

import bz2
import gzip
import lzma
import struct
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, cast

import pyarrow as pa

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.detect import listed

ZIP_MAGIC = b"PK\x03\x04"
_MAGICS = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    ZIP_MAGIC: "zip",
    b"PK\x05\x06": "zip",  # of an archive without a file
}
_HIDDEN = ("__MACOSX/", ".")
_DATA = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".js", ".parquet", ".xlsx", ".xls", ".ods")
_WORKBOOKS = frozenset({"xl/workbook.xml", "xl/workbook.bin", "content.xml"})  # Excel, Excel binary, OpenDocument
_TOO_NEW = "unpack it, or pack it with gzip instead"

ZIP_DAMAGES = (zipfile.BadZipFile, EOFError, OSError, ValueError, struct.error)
"""What opening an archive raises where it is broken: a wrong place or length in it may be of any kind."""
DAMAGES = (struct.error, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, gzip.BadGzipFile, pa.ArrowException)
"""What reading packed data raises where it is broken or ends early."""


def packing(head: bytes) -> str:
    """Return what a file that begins with *head* is packed with, "" if it is not.

    Example:
        >>> packing(b"PK\\x03\\x04..."), packing(b"source,target")
        ('zip', '')
    """
    return next((name for magic, name in _MAGICS.items() if head.startswith(magic)), "")


def unpacked(file: BinaryIO, kind: str, path: Path) -> BinaryIO | None:
    """Return the data within *file*, which is packed as *kind*; None for the archive that is a workbook.

    Raises:
        UnreadableFile: an archive is damaged or encrypted, or does not hold one file of data.
    """
    if kind == "gzip":
        return cast(BinaryIO, gzip.GzipFile(fileobj=file))
    if kind == "bzip2":
        return cast(BinaryIO, bz2.BZ2File(file))
    if kind == "xz":
        return cast(BinaryIO, lzma.LZMAFile(file))
    if kind == "zstd":
        return cast(BinaryIO, pa.CompressedInputStream(pa.PythonFile(file, "r"), "zstd"))
    return _member(file, path)


def _member(file: BinaryIO, path: Path) -> BinaryIO | None:
    """Return the one file of data in the zip archive *file*."""
    try:
        archive = zipfile.ZipFile(file)
        names = [entry.filename for entry in archive.infolist() if not _is_beside(entry)]
        if not _WORKBOOKS.isdisjoint(names):
            return None
        return cast(BinaryIO, archive.open(_the_one(names, path)))
    except ZIP_DAMAGES as error:
        raise UnreadableFile(
            f"{path} is damaged: the zip data is broken or ends early ({error})", remedy="copy or pack the file again"
        ) from error
    except RuntimeError as error:  # how the module says that a password is needed, or the method is not known
        known = "password" not in str(error)
        what = "is packed by a method that is not known here" if known else "is an encrypted zip archive"
        raise UnreadableFile(f"{path} {what}", remedy=_TOO_NEW if known else "unpack it with its password") from error


def _is_beside(entry: zipfile.ZipInfo) -> bool:
    """Return whether *entry* is a folder, or one of the files that systems put beside those of the user."""
    return entry.is_dir() or entry.filename.startswith(_HIDDEN[0]) or Path(entry.filename).name.startswith(_HIDDEN[1])


def _the_one(names: Sequence[str], path: Path) -> str:
    data = [name for name in names if name.lower().endswith(_DATA)]
    chosen = names if len(names) == 1 else data
    if len(chosen) == 1:
        return chosen[0]
    if names:
        what = f"holds {len(names):,} files, {listed(chosen or names)}"
        raise UnreadableFile(f"{path} {what}", remedy="unpack it, and name the one that holds the records")
    raise UnreadableFile(f"{path} holds no file", remedy="pack the file of records into it")
