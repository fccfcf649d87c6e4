"""``neighbors``: who and what a node is linked to."""

from __future__ import annotations

from datetime import datetime

import click

from influence_graph.analyses import traversal
from influence_graph.cli.options import (
    as_of_option,
    format_option,
    graph_option,
    label_option,
    store_option,
    top_option,
)
from influence_graph.cli.output import emit
from influence_graph.stores.base import Store


@click.command(epilog="Example: influence-graph neighbors annie --top 5")
@click.argument("id_", metavar="ID")
@label_option("--label", "ID")
@graph_option
@top_option
@as_of_option
@store_option
@format_option
def neighbors(
    id_: str,
    label: str | None,
    graph: str,
    as_of: datetime | None,
    store: Store,
    top: int | None,
    format_: str | None,
) -> None:
    """List who and what ID is linked to, in which direction, and how strongly."""
    emit(traversal.neighbors(store.graph(graph, as_of), id_, label), format_, top=top)
