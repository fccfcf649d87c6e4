"""Parquet: typed columns, batch by batch."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyarrow.types as pt

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.chunks import Chunk
from influence_graph.ingest.readers.names import refuse_repeats
from influence_graph.ingest.readers.stream import ByteStream, check_regular, open_file, shown_path
from influence_graph.model.records import Field, FieldType

_TEXTS = (FieldType.ID, FieldType.IDS, FieldType.TEXT, FieldType.CHOICE)
PARQUET_MAGIC = b"PAR1"
_READ_BUFFER = 1 << 20
_DAMAGES = (pa.ArrowException, OSError, UnicodeDecodeError)  # the last one of a name in the footer


class ParquetFile:
    """A Parquet file; one that is packed as a whole is unpacked to a temporary file first.

    Attributes:
        path: What messages call the file.
        names: Names of the top-level columns.
        notes: What else was found out.

    Raises:
        UnreadableFile: the file is damaged or ends early.
    """

    def __init__(self, path: Path, batch_rows: int) -> None:
        self._file, self.path = path, shown_path(path)
        self.position = 0
        self.notes: list[str] = []
        self.size = check_regular(path)
        self._batch_rows = batch_rows
        with closing(self._open()) as file, self._reader(file, []) as reader:
            self._schema = reader.schema_arrow
            self.names = self._names()

    def check(self, wanted: Mapping[str, Field]) -> None:
        """Refuse columns that are there twice or whose type cannot hold their field; *wanted* is by column name.

        Raises:
            UnreadableFile: a column is there twice or has such a type.
        """
        refuse_repeats(self.path, self.names, wanted)
        for name, field in wanted.items():
            if not self.holds(name, field):
                kind = self._schema.field(name).type
                raise UnreadableFile(
                    f"{self.path}: column {name!r} has the type {kind}, which cannot be read as {field.type.value}",
                    remedy="write ids and texts as strings or integers, times with their zone",
                )

    def holds(self, name: str, field: Field) -> bool:
        """Return whether the type of the column *name* can hold *field*."""
        return _fits(self._schema.field(name).type, field.type)

    def chunks(self, wanted: Mapping[str, Field]) -> Iterator[Chunk]:
        """Yield the columns *wanted*, by name.

        Raises:
            UnreadableFile: the file is damaged, or a column has a type that cannot hold its field.
        """
        row = 1
        with closing(self._open()) as file, self._reader(file, list(wanted)) as reader:
            total = max(1, reader.metadata.num_rows)
            batches = reader.iter_batches(self._batch_rows, columns=list(wanted), use_threads=True)
            while (batch := self._next(batches)) is not None:
                columns = {name: batch.column(name) for name in wanted}
                yield Chunk(columns, np.arange(row, row + batch.num_rows, dtype=np.int64))
                row += batch.num_rows
                self.position = self.size * (row - 1) // total

    def _names(self) -> list[str]:
        try:
            return list(self._schema.names)
        except UnicodeDecodeError as error:
            raise UnreadableFile(
                f"{self.path} has a column whose name is not UTF-8: {error.object!r}", remedy="rename it"
            ) from error

    def _open(self) -> BinaryIO:
        """Return the bytes of the file, unpacked where it is packed."""
        with ByteStream(self._file) as stream:
            if not stream.packed:
                return open_file(self._file)
            spool = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
            while block := stream.read(_READ_BUFFER):
                spool.write(block)
        spool.seek(0)
        return spool

    def _reader(self, file: BinaryIO, columns: list[str]) -> pq.ParquetFile:
        texts = [name for name in columns if _is_text(self._schema.field(name).type)]
        try:
            # Text stays dictionary-encoded: a page of a few bytes can stand for gigabytes of repeats.
            return pq.ParquetFile(file, read_dictionary=texts, buffer_size=_READ_BUFFER, pre_buffer=False)
        except _DAMAGES as error:
            raise self._damaged(error) from error

    def _next(self, batches: Iterator[pa.RecordBatch]) -> pa.RecordBatch | None:
        try:
            batch = next(batches, None)
        except _DAMAGES as error:
            raise self._damaged(error) from error
        if batch is not None and not all(map(_has_its_values, batch.columns)):
            raise self._damaged(ValueError("a value is not in its dictionary"))
        return batch

    def _damaged(self, error: Exception) -> UnreadableFile:
        return UnreadableFile(
            f"{self.path} is not a complete Parquet file: {error}",
            remedy="copy or write the file again; records stored already are not stored twice",
        )


def _has_its_values(column: pa.Array) -> bool:
    """Return whether each place in the dictionary of *column* is one: Arrow looks only where it decodes them."""
    if not pt.is_dictionary(column.type):
        return True
    ends = pc.min_max(column.indices).as_py()
    return ends["min"] is None or (ends["min"] >= 0 and ends["max"] < len(column.dictionary))


def _is_text(kind: pa.DataType) -> bool:
    return bool(pt.is_string(kind) or pt.is_large_string(kind) or pt.is_binary(kind) or pt.is_large_binary(kind))


def _fits(kind: pa.DataType, field: FieldType) -> bool:
    if pt.is_dictionary(kind):
        kind = kind.value_type
    if pt.is_null(kind) or _is_text(kind) or pt.is_string_view(kind) or pt.is_binary_view(kind):
        return True
    if field is FieldType.IDS and (pt.is_list(kind) or pt.is_large_list(kind) or pt.is_fixed_size_list(kind)):
        return _fits(kind.value_type, FieldType.ID)
    if field in _TEXTS:
        return bool(pt.is_integer(kind) or (pt.is_decimal(kind) and kind.scale == 0))
    if field in (FieldType.NUMBER, FieldType.INTEGER):
        return bool(pt.is_integer(kind) or pt.is_floating(kind) or pt.is_decimal(kind))
    if field is FieldType.TRUTH:
        return bool(pt.is_boolean(kind))
    return bool(pt.is_timestamp(kind) or pt.is_date(kind))
