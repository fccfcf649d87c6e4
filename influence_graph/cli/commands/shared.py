"""``shared``: what two nodes have in common."""

from __future__ import annotations

from datetime import datetime

import click

from influence_graph.analyses import traversal
from influence_graph.cli.options import label_option, node_options
from influence_graph.cli.output import emit
from influence_graph.stores.base import Store


@click.command(epilog="Example: influence-graph shared annie singer")
@click.argument("first")
@click.argument("second")
@label_option("--first-label", "FIRST")
@label_option("--second-label", "SECOND")
@node_options
def shared(
    first: str,
    second: str,
    first_label: str | None,
    second_label: str | None,
    graph: str,
    as_of: datetime | None,
    store: Store,
    top: int | None,
    format_: str | None,
) -> None:
    """List what two nodes have in common: brands, friends, followers."""
    frame = traversal.shared(store.graph(graph, as_of), first, second, first_label, second_label)
    emit(frame, format_, top=top)
