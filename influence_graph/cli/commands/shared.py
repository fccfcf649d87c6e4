"""``shared``: what two nodes have in common."""

from __future__ import annotations

from typing import Any

import click

from influence_graph.analyses import traversal
from influence_graph.cli.options import graph_of, label_option, node_options
from influence_graph.cli.output import emit
from influence_graph.cli.texts import TextType


@click.command(epilog="Example: influence-graph shared annie singer")
@click.argument("first", type=TextType())
@click.argument("second", type=TextType())
@label_option("--first-label", "FIRST")
@label_option("--second-label", "SECOND")
@node_options
def shared(
    first: str,
    second: str,
    first_label: str | None,
    second_label: str | None,
    **options: Any,
) -> None:
    """List what two nodes have in common: brands, friends, followers."""
    frame = traversal.shared(graph_of(**options), first, second, first_label, second_label)
    emit(frame, options["format_"], top=options["top"], names=options["store"])
