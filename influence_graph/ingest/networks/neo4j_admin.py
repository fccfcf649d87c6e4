"""Files of ``neo4j-admin database import``: the header tells what each column is.

Relationships have ``:START_ID`` and ``:END_ID``, nodes ``:ID``; other columns are ``name:type``. See
https://neo4j.com/docs/operations-manual/current/import/, "CSV header format".
"""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.networks.delimiter import delimiter_of
from influence_graph.ingest.networks.names import TIMES, plain_name
from influence_graph.ingest.networks.network import Network, NetworkOptions, node_table, not_read, weight_column
from influence_graph.ingest.networks.text import Rows, require_utf8, split_line, split_rows
from influence_graph.ingest.networks.times import instants

_HEADER = re.compile(rb'[^\n]*:(?:START_ID|END_ID|ID)(?:\([^)\n]*\))?(?:\{[^}\n]*\})?"?\s*(?:[,;\t|]|\n|$)')
_COLUMN = re.compile(r"(?P<name>[^:]*):(?P<type>\w+)(?:\((?P<space>[^)]*)\))?.*")


def is_neo4j(head: bytes) -> bool:
    """Return whether the first line of *head* is a header of neo4j-admin."""
    return _HEADER.match(head.lstrip(b"\n")) is not None


def read_neo4j(path: Path, data: bytes, options: NetworkOptions) -> Network:
    """Return the relationships of a file, or its nodes.

    Raises:
        UnreadableFile: an end is missing or of another kind than the other, or the relationships are of several types.
    """
    require_utf8(path, data)
    header = data.lstrip(b"\n").partition(b"\n")[0].decode()
    delimiter = delimiter_of([header])
    names = split_line(header, delimiter)
    rows = split_rows(path, data, 1, delimiter).from_row(1)
    fields = [_COLUMN.fullmatch(name) for name in names]
    types = [match["type"] if match else "" for match in fields]
    plain = [match["name"] if match else name for match, name in zip(fields, names, strict=True)]
    columns = dict(zip(plain, rows.columns, strict=False))
    if "ID" in types:
        return _nodes(types, columns, rows)
    if "START_ID" not in types or "END_ID" not in types:
        raise UnreadableFile(f"{path} lacks :START_ID or :END_ID", remedy="give a file of relationships")
    start, end = types.index("START_ID"), types.index("END_ID")
    _require_one_kind(path, [match["space"] if match else None for match in (fields[start], fields[end])])
    _require_one_type(path, types, rows)
    special = ("START_ID", "END_ID", "TYPE", "IGNORE")
    named = [name for name, type_ in zip(plain, types, strict=True) if type_ not in special]
    weight = weight_column(path, named, options.weight, "property")
    since = next((name for name in named if plain_name(name) in TIMES and name != weight), None)
    times = None if since is None else instants(columns[since])
    notes = [] if times is None else [f"property {since!r} was read as times (since)"]
    left = [name for name in named if name != weight and (name != since or times is None)]
    return Network(
        source=rows.columns[start],
        target=rows.columns[end],
        weight=None if weight is None else columns[weight],
        since=times,
        lines=rows.lines,
        notes=[*notes, *not_read(left, "property")],
    )


def _nodes(types: list[str], columns: dict[str, pa.Array], rows: Rows) -> Network:
    """Return a file of nodes: people without ties."""
    ids = rows.columns[types.index("ID")].to_pylist()
    named = next((columns[name] for name in ("name", "label") if name in columns), None)
    empty = pa.array([], pa.string())
    return Network(
        source=empty,
        target=empty,
        nodes=node_table(ids, [None] * len(ids) if named is None else named.to_pylist()),
        notes=["a file of nodes: it gives people and no ties"],
    )


def _require_one_kind(path: Path, spaces: list[str | None]) -> None:
    if spaces[0] != spaces[1]:
        raise UnreadableFile(
            f"{path} connects nodes of two kinds, {spaces[0] or 'unnamed'} and {spaces[1] or 'unnamed'}",
            remedy="give relationships between people; what connects a person and a brand is an interaction",
        )


def _require_one_type(path: Path, types: list[str], rows: Rows) -> None:
    """Refuse relationships of several types: FOLLOWS and BLOCKS are not one kind of tie."""
    if "TYPE" not in types:
        return
    found = pc.unique(rows.columns[types.index("TYPE")]).to_pylist()
    if len(found) > 1:
        raise UnreadableFile(
            f"{path} has relationships of {len(found)} types: {', '.join(map(str, found[:10]))}",
            remedy="give one type a file, with --tie-kind",
        )
