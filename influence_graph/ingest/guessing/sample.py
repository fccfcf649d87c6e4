"""The first rows of a table, as texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
import pyarrow.types as pt

from influence_graph.ingest.header import field_name
from influence_graph.ingest.readers.names import repeated_names
from influence_graph.ingest.readers.open import Reader
from influence_graph.model.records import Field, FieldType

WIDE, MAX_VALUES = 200, 1_000_000
"""Columns from which on a table is very wide, and how many values of such a one are looked at."""


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

    @cached_property
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

    Of a very wide table fewer are returned, so that there are not many more than ``MAX_VALUES`` values.

    Raises:
        UnreadableFile: the file is damaged before the first row.
    """
    wanted = _readable(reader)
    if len(wanted) > WIDE:
        rows = min(rows, max(1, MAX_VALUES // len(wanted)))
    texts: dict[str, list[str]] = {name: [] for name in wanted}
    read, whole = 0, True
    for chunk in reader.chunks(wanted):
        for name, column in chunk.columns.items():
            texts[name] += _texts(column.slice(0, max(0, rows - read)))
        read += len(chunk.lines)
        if read >= rows:
            whole = read == rows and reader.position >= reader.size
            break
    return Sample(tuple(wanted), {name: tuple(column) for name, column in texts.items()}, whole)


def _readable(reader: Reader) -> dict[str, Field]:
    """Return a field that can hold each column of *reader*; those that are nested or there twice are left out."""
    repeated = repeated_names(reader.names)
    found: dict[str, Field] = {}
    for name in dict.fromkeys(reader.names):
        if name and field_name(name) not in repeated:
            fields = (Field(name, type_) for type_ in (FieldType.TEXT, FieldType.TIME, FieldType.NUMBER))
            field = next((each for each in fields if reader.holds(name, each)), None)
            found |= {} if field is None else {name: field}
    return found


def _texts(column: pa.Array) -> list[str]:
    if pt.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pt.is_binary(column.type):
        return [(value or b"").decode("utf-8", "backslashreplace") for value in column.to_pylist()]
    return [value or "" for value in column.cast(pa.string()).to_pylist()]
