"""``neighbors``: who and what a node is linked to."""

from __future__ import annotations

from datetime import datetime

import click

from influence_graph.analyses import traversal
from influence_graph.cli.options import label_option, node_options
from influence_graph.cli.output import emit
from influence_graph.stores.base import Store


@click.command(epilog="Example: influence-graph neighbors annie --top 5")
@click.argument("id_", metavar="ID")
@label_option("--label", "ID")
@node_options
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
