"""Two Parquet files, of nodes and of edges, which pandas, polars, DuckDB and Spark read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from influence_graph.app.graph_files.contents import Contents


def write(contents: Contents, folder: Path) -> list[str]:
    """Write ``nodes.parquet`` (label, id, properties) and ``edges.parquet`` (type, both ends, properties) to *folder*.

    A property that a label or type lacks is null. An edge of the type KNOWS goes both ways and has one row.
    """
    nodes = [_constant(each.table, {"label": each.label}) for each in contents.nodes]
    edges = [
        _constant(each.table, {"type": each.type, "source_label": each.start, "target_label": each.end})
        for each in contents.edges
    ]
    first = {
        "type": pa.string(),
        "source_label": pa.string(),
        "target_label": pa.string(),
        "source": pa.string(),
        "target": pa.string(),
        "weight": pa.float64(),
    }
    _write(folder / "nodes.parquet", nodes)
    _write(folder / "edges.parquet", [pa.schema(first).empty_table(), *edges])
    return ["nodes.parquet", "edges.parquet"]


def _constant(table: pa.Table, values: dict[str, str]) -> pa.Table:
    for name, value in reversed(values.items()):
        table = table.add_column(0, name, pa.chunked_array([pa.repeat(pa.scalar(value), table.num_rows)]))
    return table


def _write(path: Path, tables: list[pa.Table]) -> None:
    schema = pa.unify_schemas([table.schema for table in tables])
    with pq.ParquetWriter(path, schema) as writer:
        for table in _in_schema(tables, schema):
            writer.write_table(table)


def _in_schema(tables: list[pa.Table], schema: pa.Schema) -> Iterator[pa.Table]:
    for table in tables:
        yield pa.concat_tables([schema.empty_table(), table], promote_options="default")
