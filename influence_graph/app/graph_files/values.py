"""Values of columns as texts."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return *column* as texts: times in ISO 8601 in UTC, booleans true and false."""
    if pa.types.is_timestamp(column.type):
        stamps = pc.strftime(column.cast(pa.timestamp("us", "UTC")), "%Y-%m-%dT%H:%M:%SZ")
        return pc.replace_substring_regex(stamps, r"\.0+Z$", "Z")
    return column.cast(pa.string())


def label_of(table: pa.Table) -> pa.ChunkedArray:
    """Return how each node of *table* is called: its name, else its id."""
    if "name" not in table.column_names:
        return table["id"]
    named = pc.fill_null(pc.not_equal(table["name"], ""), False)
    return pc.if_else(named, table["name"], table["id"])
