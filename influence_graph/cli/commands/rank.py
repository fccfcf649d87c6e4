"""``rank``: people and brands in the order of a measure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from influence_graph.app.jobs.ranking import KIND_OF, Measure, RankParameters, estimate_rank, rank_by, rank_in_server
from influence_graph.cli.options import (
    DurationType,
    as_of_option,
    check_plot,
    diffusion_of,
    diffusion_options,
    estimate_option,
    format_option,
    given,
    plot_option,
    seed_option,
    store_option,
    top_option,
)
from influence_graph.cli.output import emit, note, save_plot
from influence_graph.model.graph import GraphKind
from influence_graph.stores.base import Store

if TYPE_CHECKING:
    from influence_graph.app.jobs.ranking import Ranking

MEASURES = {
    "pagerank": "PageRank",
    "hits-authority": "Authority of HITS",
    "hits-hub": "Hub of HITS",
    "psi": "Ψ-score",
    "influence": "Influence (Romero et al.)",
    "passivity": "Passivity (resistance to influence; Romero et al.)",
    "degree": "Strength",
    "in-degree": "In-strength",
    "out-degree": "Out-strength",
    "reach": "People reached alone",
}
_FOR_REACH = ("model", "quality", "probabilities", "rr_sets", "seed")
_USED_BY = {
    "damping_factor": ("pagerank",),
    "window": ("psi", "influence", "passivity"),
    "tolerance": ("pagerank", "hits-authority", "hits-hub", "psi", "influence", "passivity"),
    "max_iterations": ("pagerank", "hits-authority", "hits-hub", "psi", "influence", "passivity"),
    **dict.fromkeys(_FOR_REACH, ("reach",)),
}
"""Options that only some measures use: given with another, they would be ignored in silence."""


@click.command(
    epilog="Examples: influence-graph rank --top 10 --personalize annie --personalize june=2;"
    " influence-graph rank --by reach --write; influence-graph rank --brand sweater --plot sweater.svg"
)
@click.option("--by", type=click.Choice(list(MEASURES)), default="pagerank", show_default=True, help="Measure.")
@click.option(
    "--graph",
    type=click.Choice(["ties", "interactions", "all"]),
    help="Edges to follow.  [default: ties, or interactions where there are no ties]",
)
@click.option("--brand", help="PageRank among those who interacted with this brand, weighed by how much they did.")
@click.option("--personalize", multiple=True, metavar="ID[=WEIGHT]", help="Start from these nodes. Repeatable.")
@click.option("--damping-factor", type=float, default=0.85, show_default=True, help="Of PageRank.")
@click.option("--tolerance", type=float, default=1e-10, show_default=True, help="Residual at which to stop.")
@click.option("--max-iterations", type=int, default=1000, show_default=True)
@click.option(
    "--window",
    type=DurationType(),
    default="30d",
    show_default=True,
    help="Longest wait in which taking something up counts, for psi, influence, passivity.",
)
@diffusion_options
@click.option("--rr-sets", type=int, help="Random sets behind reach.  [default: 100000]")
@seed_option
@click.option(
    "--engine",
    type=click.Choice(["local", "gds"]),
    default="local",
    show_default=True,
    help="Who calculates PageRank: this machine, or the plugin Graph Data Science of the Neo4j, to compare.",
)
@click.option("--stats", is_flag=True, help="Give one row about all scores instead of the scores.")
@click.option("--write", is_flag=True, help="Keep the scores in the store as the current run of this measure.")
@estimate_option
@plot_option
@top_option
@as_of_option
@store_option
@format_option
def rank(
    store: Store,
    format_: str | None,
    top: int | None,
    engine: str,
    stats: bool,
    write: bool,
    only_estimate: bool,
    plot: Path | None,
    **options: Any,
) -> None:
    """Rank people (or people and brands): who is followed by those who are followed, or reaches most?"""
    parameters = _parameters(**options)
    check_plot(plot)
    if engine == "gds" and write:
        raise click.UsageError("--engine gds is there to compare: leave out --write")
    if only_estimate:
        emit(estimate_rank(store, parameters).to_frame(), format_)
        return
    if engine == "gds":
        ranking = rank_in_server(store, parameters)
    else:
        ranking = rank_by(store, parameters, write=write, say=note)
    emit(ranking.statistics() if stats else ranking.frame, format_, top=top)
    note(_told(ranking))
    if plot:
        from influence_graph.reports.charts.ranking import ranking as draw

        save_plot(plot, draw(ranking.frame, KIND_OF[ranking.by].value))


def _parameters(**options: Any) -> RankParameters:
    by = Measure(options.pop("by"))
    reach = {name: options.pop(name) for name in _FOR_REACH}
    for name, measures in _USED_BY.items():
        if by.value not in measures and given(name):
            option = name.replace("_", "-")
            raise click.UsageError(f"--{option} is for --by {', '.join(measures)}: leave it out")
    graph, personalize = options.pop("graph"), options.pop("personalize")
    return RankParameters(
        by=by,
        graph=GraphKind(graph) if graph else None,
        personalization=dict(_weighted(text) for text in personalize) or None,
        diffusion=diffusion_of(reach["model"], reach["quality"], reach["probabilities"], options["as_of"]),
        rr_sets=100_000 if reach["rr_sets"] is None else reach["rr_sets"],
        seed=reach["seed"],
        **options,
    )


def _told(ranking: Ranking) -> str:
    of = f"{MEASURES[ranking.by.value]} of {len(ranking.frame):,} nodes"
    facts = ranking.facts
    if "rr_sets" in facts:
        drawn = f"{facts['rr_sets']:,} reverse-reachable sets (seed {facts['seed']})"
        return f"{of}: {drawn}; standard errors beside the scores"
    if not facts:
        return f"{of}, as the server calculated it; it states no residual"
    if ranking.by.value.endswith("degree"):
        return f"{of}: the sum of the weights of its edges, exact"
    known = f"L1 error at most {facts['error_bound']:.1e}"
    bound = known if facts["error_bound"] < float("inf") else "no bound of the error is proven"
    return f"{of}: {facts['iterations']:,} iterations, residual {facts['residual']:.1e}, {bound}"


def _weighted(text: str) -> tuple[str, float]:
    """Split ``ID=WEIGHT``; an id may itself contain ``=``, then the weight must follow."""
    name, separator, weight = text.rpartition("=")
    if not separator:
        return text, 1.0
    try:
        return name, float(weight)
    except ValueError:
        return text, 1.0
