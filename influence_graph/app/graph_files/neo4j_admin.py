"""CSV files for ``neo4j-admin database import``, one per label and type, with typed headers.

See https://neo4j.com/docs/operations-manual/current/import/, "CSV header format".
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from influence_graph.app.graph_files.contents import Contents, NodeSet
from influence_graph.app.graph_files.values import as_text
from influence_graph.model.names import CONSUMER
from influence_graph.model.records import LIST_SEPARATOR

_LISTS = ("withBrands",)


def write(contents: Contents, folder: Path) -> list[str]:
    """Write the files of *contents* to *folder*; return their names."""
    names = []
    for nodes in contents.nodes:
        name, table = f"{nodes.label.lower()}s.csv", nodes.table
        header = [f"id:ID({nodes.label})", *_typed(table.schema, ("id",)), ":LABEL"]
        _write(folder / name, header, [*_columns(table, table.column_names), _labels(nodes)])
        names.append(name)
    for edges in contents.edges:
        name, table = f"{edges.type.lower()}.csv", edges.table
        ends = ("source", "target")
        header = [f":START_ID({edges.start})", f":END_ID({edges.end})", *_typed(table.schema, ends), ":TYPE"]
        types = pa.chunked_array([pa.repeat(pa.scalar(edges.type), table.num_rows)])
        _write(folder / name, header, [*_columns(table, table.column_names), types])
        names.append(name)
    return names


def command(contents: Contents, folder: Path, database: str = "neo4j") -> str:
    """Return the command that imports the files in *folder* into *database*, which replaces what is in it."""
    nodes = [f"--nodes={_quoted(folder / f'{each.label.lower()}s.csv')}" for each in contents.nodes]
    edges = [f"--relationships={_quoted(folder / f'{each.type.lower()}.csv')}" for each in contents.edges]
    options = f"--array-delimiter='{LIST_SEPARATOR}' --overwrite-destination"
    return " ".join(["neo4j-admin database import full", *nodes, *edges, options, database])


def _quoted(path: Path) -> str:
    text = str(path)
    return text if text.replace("/", "").replace(".", "").replace("_", "").replace("-", "").isalnum() else f"'{text}'"


def _typed(schema: pa.Schema, left_out: tuple[str, ...]) -> list[str]:
    return [f"{field.name}:{_type(field)}" for field in schema if field.name not in left_out]


def _type(field: pa.Field) -> str:
    if field.name in _LISTS:
        return "string[]"
    tests = ((pa.types.is_floating, "double"), (pa.types.is_integer, "long"), (pa.types.is_boolean, "boolean"))
    named = next((name for test, name in tests if test(field.type)), "string")
    return "datetime" if pa.types.is_timestamp(field.type) else named


def _columns(table: pa.Table, names: list[str]) -> list[pa.ChunkedArray]:
    return [as_text(table[name]) if pa.types.is_timestamp(table[name].type) else table[name] for name in names]


def _labels(nodes: NodeSet) -> pa.ChunkedArray:
    """Return the labels of each node: a declared influencer has that of the style, too."""
    labels: object = pa.chunked_array([pa.repeat(pa.scalar(nodes.label), nodes.table.num_rows)])
    if nodes.label != CONSUMER:
        return labels
    influencer = pc.fill_null(pc.equal(nodes.table["kind"], "influencer"), False)
    for style, more in ((None, "Influencer"), ("active", "ActiveInfluencer"), ("passive", "PassiveInfluencer")):
        here = (
            influencer
            if style is None
            else pc.and_(influencer, pc.fill_null(pc.equal(nodes.table["style"], style), False))
        )
        labels = pc.if_else(here, pc.binary_join_element_wise(labels, more, LIST_SEPARATOR), labels)
    return labels


def _write(path: Path, header: list[str], columns: list[pa.ChunkedArray]) -> None:
    names = [str(place) for place in range(len(columns))]
    table = pa.table(columns, names=names).combine_chunks()  # of an empty chunk pyarrow writes the buffer of the next
    with path.open("wb") as stream:
        stream.write((",".join(header) + "\n").encode())
        pa_csv.write_csv(table, stream, pa_csv.WriteOptions(include_header=False, quoting_style="needed"))
