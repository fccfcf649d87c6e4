"""``neighbors``, ``path`` and ``shared``: graph questions that need no Cypher, on both stores."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from influence_graph.analyses import traversal as questions
from influence_graph.cli.options import as_of_option, format_option, store_option, top_option
from influence_graph.cli.output import emit
from influence_graph.model.graph import GraphKind
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


def _label(name: str, of: str) -> Callable[[Command], Command]:
    help_ = f"Which one is meant, where a consumer and a brand share the id {of}."
    return click.option(name, type=click.Choice(["Consumer", "Brand"], case_sensitive=False), help=help_)


def _graph(store: Store, graph: str, as_of: datetime | None) -> Graph:
    return store.graph(GraphKind(graph), as_of)


@click.command(epilog="Example: influence-graph neighbors annie --top 5")
@click.argument("id_", metavar="ID")
@_label("--label", "ID")
@_common
def neighbors(id_: str, label: str | None, top: int | None, format_: str | None, **graph: Any) -> None:
    """List who and what ID is linked to, in which direction, and how strongly."""
    emit(questions.neighbors(_graph(**graph), id_, label), format_, top=top)


@click.command("path", epilog="Example: influence-graph path june sam")
@click.argument("start")
@click.argument("end")
@_label("--start-label", "START")
@_label("--end-label", "END")
@_common
def path(
    start: str,
    end: str,
    start_label: str | None,
    end_label: str | None,
    top: int | None,
    format_: str | None,
    **graph: Any,
) -> None:
    """Show a shortest path between two nodes, whichever way its edges point."""
    frame = questions.shortest_path(_graph(**graph), start, end, start_label, end_label)
    emit(frame, format_, top=top or 0)


@click.command(epilog="Example: influence-graph shared annie june")
@click.argument("first")
@click.argument("second")
@_label("--first-label", "FIRST")
@_label("--second-label", "SECOND")
@_common
def shared(
    first: str,
    second: str,
    first_label: str | None,
    second_label: str | None,
    top: int | None,
    format_: str | None,
    **graph: Any,
) -> None:
    """List what two nodes have in common: brands, friends, followers."""
    emit(questions.shared(_graph(**graph), first, second, first_label, second_label), format_, top=top)
