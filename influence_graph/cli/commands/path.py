"""``path``: how two nodes are linked."""

from __future__ import annotations

from datetime import datetime

import click

from influence_graph.analyses import traversal
from influence_graph.cli.options import label_option, node_options
from influence_graph.cli.output import emit
from influence_graph.stores.base import Store


@click.command(epilog="Example: influence-graph path june singer")
@click.argument("start")
@click.argument("end")
@label_option("--start-label", "START")
@label_option("--end-label", "END")
@node_options
def path(
    start: str,
    end: str,
    start_label: str | None,
    end_label: str | None,
    graph: str,
    as_of: datetime | None,
    store: Store,
    top: int | None,
    format_: str | None,
) -> None:
    """Show a shortest path between two nodes, whichever way its edges point."""
    frame = traversal.shortest_path(store.graph(graph, as_of), start, end, start_label, end_label)
    emit(frame, format_, top=top or 0)
