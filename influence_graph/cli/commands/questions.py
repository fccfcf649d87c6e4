"""``neighbors``, ``path`` and ``shared``: graph questions that need no Cypher, on both stores."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from influence_graph.cli.options import as_of_option, format_option, store_option, top_option
from influence_graph.cli.output import emit, note
from influence_graph.stores.base import Store

if TYPE_CHECKING:
    from influence_graph.model.graph import Graph

Command = TypeVar("Command", bound=Callable[..., Any])


def _common(command: Command) -> Command:
    graph = click.option(
        "--graph",
        type=click.Choice(["ties", "interactions", "all"]),
        default="all",
        show_default=True,
        help="Edges to follow.",
    )
    for option in (format_option, store_option, as_of_option, top_option, graph):
        command = option(command)
    return command


def _graph(store: Store, graph: str, as_of: datetime | None) -> Graph:
    from influence_graph.stores.base import GraphKind

    return store.graph(GraphKind(graph), as_of)


@click.command(epilog="Example: influence-graph neighbors annie --top 5")
@click.argument("id_", metavar="ID")
@_common
def neighbors(id_: str, store: Store, graph: str, as_of: datetime | None, top: int | None, format_: str | None) -> None:
    """List who and what ID is linked to, in which direction, and how strongly."""
    from influence_graph.analyses import questions

    emit(questions.neighbors(_graph(store, graph, as_of), id_), format_, top=top)


@click.command("path", epilog="Example: influence-graph path june sam")
@click.argument("start")
@click.argument("end")
@_common
def path(
    start: str, end: str, store: Store, graph: str, as_of: datetime | None, top: int | None, format_: str | None
) -> None:
    """Show a shortest path between two nodes, whichever way its edges point."""
    from influence_graph.analyses import questions

    frame = questions.shortest_path(_graph(store, graph, as_of), start, end)
    if frame.empty:
        note(f"no path between {start!r} and {end!r}")
    emit(frame, format_, top=top or 0)


@click.command(epilog="Example: influence-graph shared annie june")
@click.argument("first")
@click.argument("second")
@_common
def shared(
    first: str, second: str, store: Store, graph: str, as_of: datetime | None, top: int | None, format_: str | None
) -> None:
    """List what two nodes have in common: brands, friends, followers."""
    from influence_graph.analyses import questions

    emit(questions.shared(_graph(store, graph, as_of), first, second), format_, top=top)
