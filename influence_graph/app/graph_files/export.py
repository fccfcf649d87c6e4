"""Writing the whole graph of a store in one of the formats."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from pathlib import Path

import pandas as pd

from influence_graph.app.graph_files import gexf, graphml, neo4j_admin, parquet
from influence_graph.app.graph_files.contents import Contents, Edges, read_contents, without_empty
from influence_graph.ending import unfinished
from influence_graph.errors import InputError
from influence_graph.files import put_in_place, replacing, unwritable
from influence_graph.model.display import html_table
from influence_graph.stores.base import Reader


class GraphFormat(StrEnum):
    """A format of whole graphs: one file, or a folder of several."""

    GEXF = "gexf"
    GRAPHML = "graphml"
    NEO4J_ADMIN = "neo4j-admin"
    PARQUET = "parquet"


_FILES: dict[GraphFormat, Callable[[Contents], Iterator[str]]] = {
    GraphFormat.GEXF: gexf.lines,
    GraphFormat.GRAPHML: graphml.lines,
}
_FOLDERS: dict[GraphFormat, Callable[[Contents, Path], list[str]]] = {
    GraphFormat.NEO4J_ADMIN: neo4j_admin.write,
    GraphFormat.PARQUET: parquet.write,
}


@dataclass(frozen=True)
class GraphExport:
    """What was written.

    Attributes:
        files: The files.
        nodes: Number of nodes by label.
        edges: Number of edges by type; one that goes both ways counts once.
        runs: Which runs the scores and bonds are from, by property.
        command: What imports the files of ``neo4j-admin``; "" for other formats.
    """

    files: list[Path]
    nodes: dict[str, int]
    edges: dict[str, int]
    runs: dict[str, str] = field(default_factory=dict)
    command: str = ""

    def _repr_html_(self) -> str:
        counts = {**self.nodes, **self.edges}
        frame = pd.DataFrame({"label or type": list(counts), "number": list(counts.values())})
        return html_table("GraphExport", {"files": [str(file) for file in self.files]}, frame, parameters=self.runs)


def export_graph(
    view: Reader,
    path: str | Path,
    format_: GraphFormat | str | None = None,
    edges: Sequence[Edges | str] | None = None,
) -> GraphExport:
    """Write people, brands, their kept scores, and what goes between them to *path*.

    Args:
        view: Store or snapshot to read.
        path: The file of ``gexf`` and ``graphml``, the folder of ``neo4j-admin`` and ``parquet``, made where it is
            not there. Each file appears whole or not at all.
        format_: Default: what the ending of *path* says, .gexf or .graphml.
        edges: Of ``"ties"``, ``"bonds"`` and ``"interactions"``; default ties, and bonds, or interactions where no
            scores were written. With ties alone there are no brands.

    Raises:
        InputError: the format is unknown or not told, the store holds nobody, bonds are asked for and none were
            written, or *path* cannot be written.

    Example:
        >>> import influence_graph as ig
        >>> ig.export_graph(ig.open_store("my-data"), "town.gexf")  # doctest: +SKIP
    """
    path = Path(path)
    chosen = _format(path, format_)
    contents = read_contents(view, None if edges is None else [_edges(each) for each in edges])
    if chosen in _FILES:
        written = _write_file(path, _FILES[chosen](_tidy(contents)))
    else:
        written = _write_folder(
            path, contents if chosen is GraphFormat.NEO4J_ADMIN else _tidy(contents), _FOLDERS[chosen]
        )
    return GraphExport(
        written,
        {each.label: each.table.num_rows for each in contents.nodes},
        {each.type: each.table.num_rows for each in contents.edges},
        contents.runs,
        neo4j_admin.command(contents, path) if chosen is GraphFormat.NEO4J_ADMIN else "",
    )


def _tidy(contents: Contents) -> Contents:
    return Contents([without_empty(each) for each in contents.nodes], contents.edges, contents.runs)


def _format(path: Path, given: GraphFormat | str | None) -> GraphFormat:
    text = path.suffix.lower().lstrip(".") if given is None else str(given)
    if text in set(GraphFormat) and (given is not None or GraphFormat(text) in _FILES):
        return GraphFormat(text)
    what = f"{path} does not tell the format of the graph" if given is None else f"no format of graphs {text!r}"
    raise InputError(what, remedy=f"use --format {', '.join(GraphFormat)}")


def _edges(given: Edges | str) -> Edges:
    if given not in set(Edges):
        raise InputError(f"no kind of edges {str(given)!r}", remedy=f"use {', '.join(Edges)}")
    return Edges(given)


def _write_file(path: Path, pieces: Iterator[str]) -> list[Path]:
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(pieces)
    return [path]


def _write_folder(path: Path, contents: Contents, write: Callable[[Contents, Path], list[str]]) -> list[Path]:
    """Write all files to a folder of their own first, then put them in place."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        with (
            tempfile.TemporaryDirectory(prefix=".export.", dir=path) as folder,
            unfinished(partial(shutil.rmtree, folder, ignore_errors=True)),
        ):
            names = write(contents, Path(folder))
            return [put_in_place(Path(folder) / name, path / name) for name in names]
    except OSError as error:
        raise unwritable(path, error) from error
