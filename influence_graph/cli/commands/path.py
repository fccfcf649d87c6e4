"""``path``: how two nodes are linked."""

from __future__ import annotations

from typing import Any

import click

from influence_graph.analyses import traversal
from influence_graph.cli.options import graph_of, label_option, node_options
from influence_graph.cli.output import emit
from influence_graph.cli.texts import TextType


@click.command(epilog="Example: influence-graph path june singer")
@click.argument("start", type=TextType())
@click.argument("end", type=TextType())
@label_option("--start-label", "START")
@label_option("--end-label", "END")
@node_options
def path(
    start: str,
    end: str,
    start_label: str | None,
    end_label: str | None,
    **options: Any,
) -> None:
    """Show a shortest path between two nodes, whichever way its edges point."""
    frame = traversal.shortest_path(graph_of(**options), start, end, start_label, end_label)
    emit(frame, options["format_"], top=options["top"] or 0, names=options["store"])
