"""The reader of a file, chosen by its content."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.chunks import Chunk
from influence_graph.ingest.header import field_name
from influence_graph.ingest.layout import Layout
from influence_graph.ingest.options import ReadOptions
from influence_graph.ingest.readers.containers import ZIP_MAGIC
from influence_graph.ingest.readers.csv_file import CsvFile
from influence_graph.ingest.readers.json_document import JsonDocument, is_document
from influence_graph.ingest.readers.json_lines import JsonLinesFile
from influence_graph.ingest.readers.parquet import PARQUET_MAGIC, ParquetFile
from influence_graph.ingest.readers.stream import (
    ByteStream,
    check_one_encoding,
    check_regular,
    check_stated,
    shown_path,
)
from influence_graph.ingest.readers.workbook import OLE_MAGIC, Workbook
from influence_graph.model.records import KINDS, Field

__all__ = ["Reader", "field_name", "open_reader"]

_HEAD_BYTES = 1 << 20
_FIELD_NAMES = frozenset(name for kind in KINDS.values() for name in kind.names)


class Reader(Protocol):
    """A file of one format.

    Attributes:
        path: What messages call it: standard input is ``<stdin>``.
        names: Column names as written.
        notes: What was found out and should be said, a line each.
        size: Bytes of the file on disk.
        position: Bytes of it consumed by the current reading.
    """

    path: Path
    names: list[str]
    notes: list[str]
    size: int
    position: int

    def check(self, wanted: Mapping[str, Field]) -> None:
        """Refuse columns that are there twice or whose type cannot hold their field; *wanted* is by column name."""

    def holds(self, name: str, field: Field) -> bool:
        """Return whether the type of the column *name*, as written, can hold *field*."""

    def chunks(self, wanted: Mapping[str, Field]) -> Iterator[Chunk]:
        """Yield the columns *wanted*, by name as written; the field says what a value may be."""


def open_reader(path: Path, options: ReadOptions) -> Reader:
    """Return the reader of *path*, a table of a format that its content shows.

    Args:
        path: CSV, JSON Lines, a JSON document, Parquet or a workbook, packed or not; ``-`` is standard input.
        options: Of these the layout and the mapping count here, and the number of records of a batch.

    Raises:
        UnreadableFile: the file cannot be read or is empty, or is not in the encoding that is stated.
        InputError: what is stated of its layout is not possible, or is not there.
        MissingExtra: it is a workbook, and the library that reads them is not installed.
    """
    layout = options.layout if options.mapping is None else options.layout.completed(options.mapping.layout)
    if check_regular(path) == 0:
        raise UnreadableFile(f"{shown_path(path)} is empty", remedy="write a header line and records below it")
    head, _ = _head(path, "", len(OLE_MAGIC))
    if head.startswith(PARQUET_MAGIC):
        return ParquetFile(path, options.batch_rows)
    if head.startswith((ZIP_MAGIC, OLE_MAGIC)):
        return Workbook(path, layout)
    if layout.encoding:
        check_stated(path, layout.encoding)
    reader = _of_text(path, layout, _known(options))
    if isinstance(reader, JsonLinesFile) and options.mapping:  # what its first lines lack may be in others
        given = set(map(field_name, reader.names))
        reader.names += [name for name in options.mapping.optional if field_name(name) not in given]
    return reader


def _of_text(path: Path, layout: Layout, known: frozenset[str]) -> Reader:
    head, whole = _head(path, layout.encoding, _HEAD_BYTES)
    head = head.lstrip()
    if is_document(head, whole, known) or (layout.records and head.startswith(b"{")):
        return JsonDocument(path, layout.encoding, layout.records)
    if head.startswith(b"{"):
        return JsonLinesFile(path, layout.encoding)
    if not layout.encoding:
        check_one_encoding(path)
    return CsvFile(path, layout)


def _head(path: Path, encoding: str, size: int) -> tuple[bytes, bool]:
    """Return about *size* first bytes of *path*, and whether they are all."""
    head = b""
    with ByteStream(path, encoding) as stream:
        while len(head) < size and (block := stream.read(size)):
            head += block
        return head, not stream.read(1)


def _known(options: ReadOptions) -> frozenset[str]:
    """Return the names of all fields, and those of the columns that the mapping reads."""
    rules = options.mapping.fields.values() if options.mapping else ()
    columns = [*options.changes.columns, *(column for rule in rules for column in rule.columns)]
    return _FIELD_NAMES.union(field_name(part) for column in columns for part in (column, column.split(".")[0]))
