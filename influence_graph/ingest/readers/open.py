"""The reader of a file, chosen by its content."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.chunks import Chunk
from influence_graph.ingest.options import ReadOptions
from influence_graph.ingest.readers.csv_file import CsvFile
from influence_graph.ingest.readers.json_lines import JsonLinesFile
from influence_graph.ingest.readers.parquet import PARQUET_MAGIC, ParquetFile
from influence_graph.ingest.readers.stream import ByteStream, check_regular
from influence_graph.model.records import Field, record_kind

_HEAD_BYTES = 4096


class Reader(Protocol):
    """A file of one format.

    Attributes:
        names: Column names as written.
        size: Bytes of the file on disk.
        position: Bytes of it consumed by the current reading.
    """

    names: list[str]
    size: int
    position: int

    def check(self, wanted: Mapping[str, Field]) -> None:
        """Refuse columns whose type cannot hold their field; *wanted* is by column name."""

    def chunks(self, wanted: Mapping[str, Field]) -> Iterator[Chunk]:
        """Yield the columns *wanted*, by name as written; the field says what a value may be."""


def open_reader(path: Path, options: ReadOptions) -> Reader:
    """Return the reader of *path*: CSV with a header line, JSON Lines or Parquet, gzipped or not.

    Raises:
        UnreadableFile: the file cannot be read or is empty.
        NotFound: no kind of record has the name in *options*.
    """
    if check_regular(path) == 0:
        raise UnreadableFile(f"{path} is empty", remedy="write a header line and records below it")
    with ByteStream(path) as stream:
        head = stream.read(_HEAD_BYTES).lstrip()
    return _of_format(path, head, options)


def _of_format(path: Path, head: bytes, options: ReadOptions) -> Reader:
    if head.startswith(PARQUET_MAGIC):
        return ParquetFile(path, options.batch_rows)
    if head.startswith(b"{"):
        return JsonLinesFile(path)
    if head.startswith(b"["):
        remedy = "write one object per line, for example with: jq -c '.[]' FILE"
        raise UnreadableFile(f"{path} is one JSON array", remedy=remedy)
    return CsvFile(path) if options.kind is None else CsvFile(path, record_kind(options.kind).names)
