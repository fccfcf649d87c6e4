"""What a mapping is: for each field of a kind of record, the column or the constant that it is made of."""

from __future__ import annotations

from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from influence_graph.ingest.header import field_name
from influence_graph.ingest.layout import Layout
from influence_graph.ingest.values.notation import PLAIN, Notation


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What one field is made of: a column, several columns joined, a constant, or a digest of the whole row.

    Attributes:
        columns: Names of columns, in any case; several are joined, those of an id by ``-``, those of a text by spaces.
        constant: The value of every record, instead of a column.
        digest: Whether the value, an event id, is a digest of the row: equal rows get a number behind it.
        notation: How the values of the columns are written.
    """

    columns: tuple[str, ...] = ()
    constant: str | None = None
    digest: bool = False
    notation: Notation = PLAIN


@dataclass(frozen=True, kw_only=True)
class Mapping:
    """How the rows of a table become records of one kind.

    Attributes:
        kind: Name of the kind of record.
        fields: Rule by name of field.
        skip: Rows to leave out: those that have one of the values ("" is an empty one) in the column.
        ask: Fields that the user must state, each with a question, such as ``{"brand": "the brand of this shop"}``.
        layout: How the file is laid out.
        timezone: IANA zone of times that state none; "" rejects them.
        name: What it is called: that of a preset, or "".
        about: What the files are, in one line.
        source: Where their shape is documented.
        header: Columns by which a file of this shape is recognized. A field of another column is left out where a file
            lacks that one; without a header all columns must be there.
    """

    kind: str
    fields: Map[str, Rule]
    skip: Map[str, tuple[str, ...]] = field(default_factory=dict)
    ask: Map[str, str] = field(default_factory=dict)
    layout: Layout = field(default_factory=Layout)
    timezone: str = ""
    name: str = ""
    about: str = ""
    source: str = ""
    header: tuple[str, ...] = ()

    @property
    def optional(self) -> tuple[str, ...]:
        """Columns of the fields that a file may lack."""
        needed = {field_name(column) for column in self.header}
        columns = dict.fromkeys(column for rule in self.fields.values() for column in rule.columns)
        return tuple(column for column in columns if field_name(column) not in needed) if needed else ()

    def among(self, names: Sequence[str]) -> Mapping:
        """Return the mapping without the fields of optional columns that are not among *names*."""
        given = {field_name(name) for name in names}
        absent = {column for column in self.optional if field_name(column) not in given}
        return replace(self, fields={name: r for name, r in self.fields.items() if absent.isdisjoint(r.columns)})
