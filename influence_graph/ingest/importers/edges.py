"""Plain edge lists: `source target [weight]` per line, as SNAP, KONECT and many papers publish them.

Columns are separated by a tab, a comma, a semicolon or spaces (detected from the first data line).
Lines that start with ``#`` or ``%`` are comments. A first line of column names is skipped, and so
is a first line of two whole numbers one of which is the number of edges that follow (`n m` or
`m n`). Each edge becomes a tie of ``tie_kind`` (default follows: the first follows the second).
Repeated edges and self-loops give no tie and are counted in a note; the two directions of a
``friend`` are one tie. A weight must be finite and not negative.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.chunks import Chunk
from influence_graph.ingest.importers import columns as c
from influence_graph.ingest.importers.base import ImportOptions
from influence_graph.ingest.rejects import described
from influence_graph.ingest.validate import Validator
from influence_graph.model.records import BATCH_ROWS, PEOPLE, TIES, Batch, RecordKind

_SHAPE = "each line must be `source target` or `source target weight`"
_HEADERS = frozenset(
    ("source", "target", "from", "to", "src", "dst", "u", "v", "fromnodeid", "tonodeid", "truster", "trustee")
)
_COMMENTS = ("#", "%")


@dataclass(frozen=True)
class _Layout:
    """Layout of a file: the separator as pandas takes it, the number of columns, the lines to skip."""

    separator: str
    columns: int
    skip: list[int]


def read(files: Sequence[Path], options: ImportOptions) -> Iterator[Batch]:
    """Yield people and ties of the one edge list in *files*.

    Raises:
        UnreadableFile: a line has another shape, or an id or weight is out of its limits.
    """
    (path,) = files
    edges = _edges(path, options)
    lines = edges["line"].to_numpy(np.int64)
    ends = {name: c.prefixed(pa.array(edges[name], pa.string()), options.prefix) for name in ("source", "target")}
    people, people_lines = c.distinct((ends["source"], lines), (ends["target"], lines))
    yield _validated(PEOPLE, {"id": people, "kind": c.constant("consumer", len(people))}, people_lines, path)

    weight = {"weight": pa.array(edges["weight"], pa.string())} if "weight" in edges else {}
    loop = (edges["source"] == edges["target"]).to_numpy()
    columns = {**ends, **weight, "kind": c.constant(options.tie_kind, len(edges))}
    without_loops = {name: column.filter(pa.array(~loop)) for name, column in columns.items()}
    ties = _validated(TIES, without_loops, lines[~loop], path)
    first = c.repeats(ties.table["source"], ties.table["target"]) == 0
    for left_out, what in ((loop, "connect a node with itself"), (~first, "repeat an edge")):
        if left_out.any():
            options.note(f"{path.name}: {np.count_nonzero(left_out):,} lines {what} and were left out")
    kept, kept_lines = ties.table.filter(pa.array(first)), ties.lines.filter(pa.array(first))
    for start in range(0, kept.num_rows, BATCH_ROWS):
        yield Batch(TIES, kept.slice(start, BATCH_ROWS), kept_lines.slice(start, BATCH_ROWS), str(path))


def _validated(kind: RecordKind, columns: dict[str, pa.Array], lines: c.Array, path: Path) -> Batch:
    """Return *columns* as records of *kind* by the rules of record files; a bad record is an error."""
    batch, rejects = Validator(kind, str(path)).validate(Chunk(columns, lines))
    for bad in rejects[:1]:
        raise UnreadableFile(described(bad), remedy=bad.remedy or "correct the line")
    return batch


def _edges(path: Path, options: ImportOptions) -> pd.DataFrame:
    """Return ``source, target, weight, line`` of all edges."""
    layout = _layout(path)
    names = ["source", "target", "weight"][: layout.columns]
    try:
        edges = pd.read_csv(
            path,
            sep=layout.separator,
            header=None,
            names=names,
            dtype=str,
            keep_default_na=False,
            na_values={"weight": [""]},
            skiprows=layout.skip,
            skipinitialspace=True,
            index_col=False,
            encoding="utf-8-sig",
        )
    except (ValueError, OSError) as error:
        raise UnreadableFile(f"{path}: {error}", remedy=_SHAPE) from error
    edges["line"] = np.arange(len(edges)) + len(layout.skip) + 1
    edges = edges[~edges["source"].str.startswith(_COMMENTS)].reset_index(drop=True)
    if _is_size(edges, layout):
        options.note(f"{path.name}: line {edges['line'][0]} gives the size of the graph and was skipped")
        edges = edges.iloc[1:].reset_index(drop=True)
    return edges


def _layout(path: Path) -> _Layout:
    """Return the layout, detected from the first lines that are not comments."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            head = [line.rstrip("\r\n") for line in islice(file, 1000)]
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(f"{path}: {error}", remedy="give a text file in UTF-8") from error
    skip = []
    for number, line in enumerate(head):
        if line.strip() and not line.startswith(_COMMENTS):
            break
        skip.append(number)
    data = head[len(skip) :]
    if not data:
        raise UnreadableFile(f"{path} contains no edge", remedy=_SHAPE)
    separator = next((mark for mark in ("\t", ",", ";") if mark in data[0]), r"\s+")
    widths = [len(line.split(None if separator == r"\s+" else separator)) for line in data[:50] if line.strip()]
    if {field.strip().lower() for field in data[0].split(None if separator == r"\s+" else separator)[:2]} <= _HEADERS:
        skip.append(len(skip))
        widths = widths[1:]
    columns = max(widths, default=0)
    if columns not in (2, 3):
        raise UnreadableFile(f"{path}: line {len(skip) + 1} has {columns} columns, not 2 or 3", remedy=_SHAPE)
    return _Layout(separator, columns, skip)


def _is_size(edges: pd.DataFrame, layout: _Layout) -> bool:
    """Return whether the first row is the size of the graph: two whole numbers, one of them the number of edges."""
    first = edges.iloc[0]
    numbers = [str(first["source"]), str(first["target"])]
    unweighted = layout.columns == 2 or pd.isna(first["weight"])
    return unweighted and all(n.isdigit() for n in numbers) and str(len(edges) - 1) in numbers
