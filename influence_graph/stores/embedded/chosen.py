"""Which records of the open embedded file a selection means, and whom nothing names once they are gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from influence_graph.model.erasure import Chosen, Selection
from influence_graph.model.records import KINDS, RecordKind
from influence_graph.model.sources import NAMED_ONLY
from influence_graph.stores.embedded.connection import first_row

if TYPE_CHECKING:
    import duckdb

NAMED_IN = {
    "people": (("ties", "source"), ("ties", "target"), ("interactions", "consumer")),
    "brands": (("interactions", "brand"), ("campaigns", "brand"), ("sales", "brand")),
}
"""Where records name people and brands by their keys."""


def chosen(connection: duckdb.DuckDBPyConnection, selection: Selection) -> Chosen:
    """Return the records of the open file that *selection* means; only temporary tables are made."""
    records = Records(connection, selection)
    gone = {name: records.keys(f"gone_{name}", kind) for name, kind in KINDS.items()}
    bare = {name: records.keys(f"bare_{name}", KINDS[name]) for name in NAMED_IN}
    return Chosen(gone, bare, records.names)


class Records:
    """The records of an open file that go.

    The temporary table ``gone_KIND`` has their rows, ``bare_people`` and ``bare_brands`` those of people and brands
    that were selected as records while others still name them: they stay without what was said of them.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, selection: Selection) -> None:
        self.connection, self.selection = connection, selection
        connection.register("forgotten", pa.table({"id": pa.array(selection.people, pa.string())}))
        self._select()
        names = connection.execute("SELECT name FROM people WHERE id IN (FROM forgotten) AND name <> ''").fetchall()
        self.names = tuple(name for (name,) in names)

    def keys(self, rows: str, kind: RecordKind) -> pa.Table:
        """Return the keys of the records of *kind* that the table *rows* lists."""
        columns, joins = _with_ids(kind)
        shown = ", ".join(f"{columns[name]} AS {name}" for name in kind.key)
        return self.connection.sql(
            f"SELECT {shown} FROM {kind.name} record {joins} WHERE record.rowid IN (FROM {rows})"
        ).to_arrow_table()

    def _select(self) -> None:
        """Make the tables of what goes: people first, then all that names them, then whom nothing names any more."""
        self._make("gone_people", "SELECT rowid AS row FROM people WHERE id IN (FROM forgotten)")
        self._make("gone_keys", "SELECT key FROM people WHERE rowid IN (FROM gone_people)")
        for kind in KINDS.values():
            if kind.name not in NAMED_IN:
                self._make(f"gone_{kind.name}", f"{self._selected(kind)} UNION {self._of_people(kind)}")
        for name in NAMED_IN:
            selected = self._selected(KINDS[name])
            self._make(f"chosen_{name}", f"{selected} UNION {self._left_alone(KINDS[name])}")
            named = f"SELECT rowid FROM {name} WHERE key IN ({self._still_named(name)})"
            gone = f"SELECT row FROM chosen_{name} WHERE row NOT IN ({named})"
            if name == "people":
                gone += " UNION SELECT row FROM gone_people"
            self._make(f"all_{name}", gone)
            self._make(f"bare_{name}", f"{selected} EXCEPT SELECT row FROM all_{name}")
        self._make("gone_people", "FROM all_people")
        self._make("gone_brands", "FROM all_brands")

    def _selected(self, kind: RecordKind) -> str:
        """Return the statement of the rows of *kind* that were selected as records."""
        keys = self.selection.records.get(kind.name)
        if keys is None:
            return "SELECT NULL::BIGINT AS row WHERE false"
        self.connection.register(f"keys_{kind.name}", keys)
        columns, joins = _with_ids(kind)
        on = " AND ".join(f"{columns[name]} = chosen.{name}" for name in kind.key)
        return f"SELECT record.rowid AS row FROM {kind.name} record {joins} JOIN keys_{kind.name} chosen ON {on}"

    def _of_people(self, kind: RecordKind) -> str:
        """Return the statement of the rows of *kind* that name somebody who goes."""
        columns = [name for name, of in kind.endpoints.items() if of == "people"]
        named = " OR ".join(f"{name} IN (FROM gone_keys)" for name in columns)
        return f"SELECT rowid FROM {kind.name} WHERE {named or 'false'}"

    def _left_alone(self, kind: RecordKind) -> str:
        """Return the statement of the rows of *kind* without a record of their own that records which go name."""
        bare = " AND ".join(f'"{each.name}" IS NULL' for each in kind.fields if each.name not in kind.key)
        named = " UNION ".join(
            f"SELECT {column} FROM {table} WHERE rowid IN (FROM gone_{table})" for table, column in NAMED_IN[kind.name]
        )
        undeclared = f"coalesce(origin, {NAMED_ONLY}) = {NAMED_ONLY}"
        return f"SELECT rowid FROM {kind.name} WHERE {bare} AND {undeclared} AND key IN ({named})"

    def _still_named(self, name: str) -> str:
        return " UNION ".join(
            f"SELECT {column} FROM {table} WHERE rowid NOT IN (FROM gone_{table})" for table, column in NAMED_IN[name]
        )

    def _make(self, name: str, statement: str) -> None:
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {statement}")

    def number(self, statement: str) -> int:
        """Return the number that *statement* gives."""
        row = first_row(self.connection, statement)
        return int(row[0]) if row else 0


def _with_ids(kind: RecordKind) -> tuple[dict[str, str], str]:
    """Return how the columns of the key of *kind* are told, with the ids of nodes, and the joins that this takes."""
    ends = {name: table for name, table in kind.endpoints.items() if name in kind.key}
    joins = " ".join(f"JOIN {table} {name}_node ON {name}_node.key = record.{name}" for name, table in ends.items())
    return {name: f"{name}_node.id" if name in ends else f"record.{name}" for name in kind.key}, joins
