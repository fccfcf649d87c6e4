"""The first rows of a table, as texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.types as pt

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.readers.open import Reader
from influence_graph.model.records import Field, FieldType


@dataclass(frozen=True)
class Sample:
    """The first rows of a table.

    Attributes:
        names: Names of its columns as written.
        columns: The texts of each column in order of the rows; "" where there is none.
        whole: Whether these are all rows.
    """

    names: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    whole: bool = True

    @property
    def rows(self) -> int:
        """Number of rows."""
        return max((len(texts) for texts in self.columns.values()), default=0)

    def texts(self, column: str) -> list[str]:
        """Return the texts of *column* without the empty ones and without blanks around them."""
        return [text.strip() for text in self.columns[column] if text.strip()]

    def filled(self, column: str) -> float:
        """Return the share of rows that have a text in *column*."""
        return len(self.texts(column)) / self.rows if self.rows else 0.0


def read_sample(reader: Reader, rows: int) -> Sample:
    """Return the first *rows* rows that *reader* can read; rows that are damaged are left out.

    Raises:
        UnreadableFile: the file is damaged before the first row.
    """
    wanted = {name: field for name in dict.fromkeys(reader.names) if name and (field := _readable(reader, name))}
    texts: dict[str, list[str]] = {name: [] for name in wanted}
    read, whole = 0, True
    for chunk in reader.chunks(wanted):
        read += len(chunk.lines)
        for name, column in chunk.columns.items():
            texts[name] += _texts(column.slice(0, rows))
        if read >= rows:
            whole = read == rows and reader.position >= reader.size
            break
    return Sample(tuple(wanted), {name: tuple(column[:rows]) for name, column in texts.items()}, whole)


def _readable(reader: Reader, name: str) -> Field | None:
    """Return a field that can hold the column *name*; None where it is nested."""
    for field in (Field(name, FieldType.TEXT), Field(name, FieldType.TIME), Field(name, FieldType.NUMBER)):
        try:
            reader.check({name: field})
        except UnreadableFile:
            continue
        return field
    return None


def _texts(column: pa.Array) -> list[str]:
    if pt.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pt.is_binary(column.type):
        return [(value or b"").decode("utf-8", "backslashreplace") for value in column.to_pylist()]
    return [value or "" for value in column.cast(pa.string()).to_pylist()]
