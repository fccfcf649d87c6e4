"""``neighbors``: who and what a node is linked to."""

from __future__ import annotations

from typing import Any

import click

from influence_graph.analyses import traversal
from influence_graph.cli.options import graph_of, label_option, node_options
from influence_graph.cli.output import emit
from influence_graph.cli.texts import TextType


@click.command(epilog="Example: influence-graph neighbors annie --top 5")
@click.argument("id_", type=TextType(), metavar="ID")
@label_option("--label", "ID")
@node_options
def neighbors(
    id_: str,
    label: str | None,
    **options: Any,
) -> None:
    """List who and what ID is linked to, in which direction, and how strongly."""
    emit(
        traversal.neighbors(graph_of(**options), id_, label),
        options["format_"],
        top=options["top"],
        names=options["store"],
    )
