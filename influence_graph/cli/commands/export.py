"""``export``: records, or the whole graph, to files."""

from __future__ import annotations

from pathlib import Path

import click
import pandas as pd

from influence_graph.app.graph_files.contents import Edges
from influence_graph.app.graph_files.export import GraphFormat, export_graph
from influence_graph.app.transfer import export as export_records
from influence_graph.app.transfer import frames
from influence_graph.cli.options import FORMATS, output_option, store_option
from influence_graph.cli.output import emit, note
from influence_graph.model.records import KINDS
from influence_graph.stores.base import Store

_GRAPH = "graph"
_ALL_FORMATS = list(dict.fromkeys([*FORMATS, *(each.value for each in GraphFormat)]))


@click.command(
    epilog="Examples: influence-graph export interactions -o interactions.parquet; influence-graph export -o town.gexf;"
    " influence-graph export --format neo4j-admin -o import/"
)
@click.argument("what", type=click.Choice([*KINDS, _GRAPH]), default=_GRAPH)
@output_option("File, whose suffix is the format; for neo4j-admin and Parquet of the graph a folder.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(_ALL_FORMATS),
    help=f"Of the graph: {', '.join(GraphFormat)}; of records the others.  [default: by the suffix]",
)
@click.option(
    "--edges",
    type=click.Choice([each.value for each in Edges]),
    multiple=True,
    help="What goes between the nodes of the graph; may be repeated.  "
    "[default: ties, and bonds, or interactions where no scores were written]",
)
@store_option
def export(what: str, output: Path | None, format_: str | None, edges: tuple[str, ...], store: Store) -> None:
    """Write all records of a kind, or the whole graph, to files.

    The graph has people, brands, their kept scores, and what goes between them: GEXF for Gephi, GraphML for networkx,
    igraph and yEd, Parquet for pandas, and CSV files for neo4j-admin with the command that imports them.
    """
    if what == _GRAPH:
        _export_graph(store, output, format_, edges)
        return
    if format_ not in (None, *FORMATS) or edges:
        refused = "--edges" if edges else f"--format {format_}"
        raise click.UsageError(f"{refused} is for the whole graph: leave out {what}")
    if output is not None:
        rows = export_records(store, KINDS[what], output)
        note(f"{rows:,} {what} written to {output}")
        return
    emit(pd.concat(list(frames(store, KINDS[what]))), format_)


def _export_graph(store: Store, output: Path | None, format_: str | None, edges: tuple[str, ...]) -> None:
    if output is None:
        raise click.UsageError("the graph goes to files: name one with -o, such as -o graph.gexf")
    if format_ in FORMATS and format_ not in set(GraphFormat):
        raise click.UsageError(f"--format {format_} is for records: use {', '.join(GraphFormat)}")
    with store.snapshot() as view:
        written = export_graph(view, output, format_, edges or None)
    counts = {**written.nodes, **written.edges}
    note(f"{', '.join(f'{count:,} {name}' for name, count in counts.items())} written to {output}")
    if written.runs:
        note("scores: " + ", ".join(f"{name} of {run}" for name, run in written.runs.items()))
    if written.command:
        click.echo(written.command)
