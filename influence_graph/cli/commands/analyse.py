"""``rank``, ``score`` and ``explain``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from influence_graph.cli.options import (
    as_of_option,
    format_option,
    policy_of,
    policy_options,
    store_option,
    top_option,
)
from influence_graph.cli.output import chosen_format, emit, note
from influence_graph.stores.base import Store


@click.command(epilog="Example: influence-graph rank --top 10 --personalize annie --personalize june=2")
@click.option("--by", type=click.Choice(["pagerank"]), default="pagerank", show_default=True, help="Measure.")
@click.option(
    "--graph",
    type=click.Choice(["ties", "interactions", "all"]),
    help="Edges to follow.  [default: ties, or interactions where there are no ties]",
)
@click.option("--damping-factor", type=float, default=0.85, show_default=True)
@click.option("--tolerance", type=float, default=1e-10, show_default=True, help="L1 residual at which to stop.")
@click.option("--max-iterations", type=int, default=1000, show_default=True)
@click.option("--personalize", multiple=True, metavar="ID[=WEIGHT]", help="Start from these nodes. Repeatable.")
@click.option("--write", is_flag=True, help="Keep the result in the store as the current rank run.")
@top_option
@as_of_option
@store_option
@format_option
def rank(store: Store, format_: str | None, top: int | None, **options: Any) -> None:
    """Rank people (or people and brands) by PageRank: who is followed by those who are followed?"""
    from influence_graph.app.recalculate import RankParameters
    from influence_graph.app.recalculate import rank as run
    from influence_graph.stores.base import GraphKind

    del options["by"]
    write, graph = options.pop("write"), options.pop("graph")
    personal = dict(_weighted(text) for text in options.pop("personalize"))
    parameters = RankParameters(graph=GraphKind(graph) if graph else None, personalization=personal or None, **options)
    result = run(store, parameters, write=write)
    emit(result.to_frame(), format_, top=top)
    note(
        f"PageRank of {len(result.ids):,} nodes: {result.iterations} iterations, residual {result.residual:.1e},"
        f" L1 error at most {result.error_bound:.1e}"
    )


@click.command(epilog="Example: influence-graph score --consumer singer --half-life 180 --as-of 2026-06-01")
@click.option("--consumer", multiple=True, help="Only bonds of this consumer. Repeatable.")
@click.option("--brand", multiple=True, help="Only bonds with this brand. Repeatable.")
@policy_options
@click.option("--write", is_flag=True, help="Keep the result in the store as the current score run.")
@top_option
@as_of_option
@store_option
@format_option
def score(
    consumer: tuple[str, ...],
    brand: tuple[str, ...],
    write: bool,
    top: int | None,
    as_of: datetime | None,
    store: Store,
    format_: str | None,
    **policy: Any,
) -> None:
    """Give the Fusion Score of consumer-brand bonds, strongest first."""
    from influence_graph.app.recalculate import score as run
    from influence_graph.stores.base import InteractionFilter

    where = InteractionFilter(consumers=consumer or None, brands=brand or None, as_of=as_of)
    frame = run(store, policy_of(**policy), where, write=write)
    ordered = frame.sort_values(["fusion_score", "consumer", "brand"], ascending=[False, True, True])
    emit(ordered, format_, top=top)
    if frame.empty:
        note("no bonds: nothing was known" + (f" by {as_of:%Y-%m-%d %H:%M %Z}" if as_of else f" in {store.url}"))
    else:
        note(f"{len(frame):,} bonds as of {frame.attrs['as_of']:%Y-%m-%d %H:%M %Z}")


@click.command(epilog="Example: influence-graph explain singer sweater --half-life 180")
@click.argument("consumer")
@click.argument("brand")
@click.option(
    "--without", multiple=True, metavar="EVENT", help="Leave this event out, as if it had never been. Repeatable."
)
@policy_options
@as_of_option
@store_option
@format_option
def explain(
    consumer: str,
    brand: str,
    without: tuple[str, ...],
    as_of: datetime | None,
    store: Store,
    format_: str | None,
    **policy: Any,
) -> None:
    """Explain one Fusion Score: its direct and spillover terms, event by event; they sum to the score."""
    from influence_graph.app.recalculate import explain as run

    result = run(store, (consumer, brand), policy_of(**policy), as_of, without)
    table = chosen_format(format_) == "table"
    shown = result.contributions.drop(columns=["direction", "via"]) if table else result.contributions
    emit(shown, format_, top=0, title=f"{consumer} – {brand}: {result.score:+.6g}")
    if table:
        for sentence in result.sentences():
            click.echo(sentence)
    total = result.contributions["contribution"].sum()
    note(f"{len(result.contributions)} terms sum to {total:+.9g}; Fusion Score {result.score:+.9g}")


def _weighted(text: str) -> tuple[str, float]:
    """Split ``ID=WEIGHT``; an id may itself contain ``=``, then the weight must follow."""
    name, separator, weight = text.rpartition("=")
    if not separator:
        return text, 1.0
    try:
        return name, float(weight)
    except ValueError:
        return text, 1.0
