"""What GEXF and GraphML have in common: keys of nodes, declared attributes, and values that any parser takes.

Files are written piece by piece: a million edges take 25 seconds and 0.4 GB. networkx, which first builds its graph and
the tree of the whole file, took 6 to 7 seconds and 0.2 GB beside its graph for a tenth of that on the same machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.app.graph_files.contents import Contents, EdgeSet, NodeSet
from influence_graph.app.graph_files.values import as_text
from influence_graph.model.names import BRAND, CONSUMER

ROWS = 20_000
"""Nodes or edges that are written at once."""
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # by XML 1.0
_ENTITIES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
)
_SPECIAL = re.compile('[&<>"\n\r\t]|' + _FORBIDDEN.pattern)


@dataclass(frozen=True)
class Attribute:
    """A declared attribute: how values refer to it, what it is called, and its type (string, double, long, boolean)."""

    key: str
    name: str
    type: str


def escaped(text: str) -> str:
    """Return *text* for the content or an attribute of an element; what XML forbids becomes U+FFFD.

    Example:
        >>> escaped('<a href="x">&\\x00')
        '&lt;a href=&quot;x&quot;&gt;&amp;\\ufffd'
    """
    return _FORBIDDEN.sub("\ufffd", text).translate(_ENTITIES) if _SPECIAL.search(text) else text


def attributes_of(sets: list[NodeSet] | list[EdgeSet], first: str, left_out: tuple[str, ...]) -> dict[str, Attribute]:
    """Return the attributes of nodes or edges by name: *first*, a text, and every property of a set but *left_out*.

    A property that has a type in one set and another one in the next is a text.
    """
    types: dict[str, set[str]] = {first: {"string"}}
    for each in sets:
        for field in each.table.schema:
            if field.name not in left_out:
                types.setdefault(field.name, set()).add(_type(field.type))
    letter = "n" if first == "labels" else "e"
    return {
        name: Attribute(f"{letter}{number}", name, each.pop() if len(each) == 1 else "string")
        for number, (name, each) in enumerate(types.items())
    }


def _type(type_: pa.DataType) -> str:
    if pa.types.is_floating(type_):
        return "double"
    if pa.types.is_integer(type_):
        return "long"
    return "boolean" if pa.types.is_boolean(type_) else "string"


def values(table: pa.Table, attributes: dict[str, Attribute], form: str) -> Iterator[str]:
    """Yield, for each row of *table*, what it has of *attributes*: each by *form*, with its key and value."""
    columns = []
    for name, attribute in attributes.items():
        if name in table.column_names:
            before, after = form.replace("KEY", attribute.key).split("VALUE")
            texts = texts_of(table[name])
            columns.append(["" if text is None else f"{before}{text}{after}" for text in texts])
    return map("".join, zip(*columns, strict=True)) if columns else iter([""] * table.num_rows)


def texts_of(column: pa.ChunkedArray) -> list[str | None]:
    """Return the values of *column* as texts for XML, None where there are none."""
    if pa.types.is_floating(column.type):
        return [None if value is None else repr(value) for value in column.to_pylist()]
    texts = as_text(column).to_pylist()
    return [None if text is None else escaped(text) for text in texts]


@dataclass(frozen=True, eq=False)
class Keys:
    """The keys of nodes in files where ids are unique: the id; ``Brand:id`` of a brand with the id of a person."""

    of_brands: dict[str, str]

    @classmethod
    def of(cls, contents: Contents) -> Keys:
        """Return the keys of the nodes of *contents*."""
        ids = {each.label: each.table["id"] for each in contents.nodes}
        if BRAND not in ids or CONSUMER not in ids:
            return cls({})
        people = ids[CONSUMER].combine_chunks()
        shared = ids[BRAND].filter(pc.is_in(ids[BRAND], people)).to_pylist()
        taken = set(chain(people.to_pylist(), ids[BRAND].to_pylist())) if shared else set()
        return cls({id_: _free(f"{BRAND}:{id_}", taken) for id_ in shared})

    def texts(self, ids: pa.ChunkedArray, label: str) -> list[str]:
        """Return the keys of the nodes *ids* of *label* for XML."""
        if label == BRAND and self.of_brands:
            return [escaped(self.of_brands.get(id_, id_)) for id_ in ids.to_pylist()]
        return [escaped(id_) for id_ in ids.to_pylist()]


def _free(key: str, taken: set[str]) -> str:
    while key in taken:
        key = f"{BRAND}:{key}"
    taken.add(key)
    return key


def batches(table: pa.Table) -> Iterator[pa.Table]:
    """Yield the rows of *table*, some at a time."""
    for start in range(0, table.num_rows, ROWS):
        yield table.slice(start, ROWS)


def both_ways(edges: EdgeSet) -> pa.Table:
    """Return the rows of *edges*, with the way back after them where they go both ways."""
    if not edges.both:
        return edges.table
    names = edges.table.column_names
    back = edges.table.rename_columns(["target", "source", *names[2:]]).select(names)
    return pa.concat_tables([edges.table, back])
