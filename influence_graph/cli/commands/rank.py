"""``rank``: people and brands in the order of a measure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pandas as pd

from influence_graph.analyses.ranking.links import lifted_sentence
from influence_graph.app.jobs.job import read, run
from influence_graph.app.jobs.ranking import Ranking, RankJob, rank_in_server
from influence_graph.cli.options import (
    check_plot,
    diffusion_options,
    given,
    parameter,
    run_options,
    seed_option,
    top_option,
)
from influence_graph.cli.output import TABLE_ROWS, emit, names_beside, note, save_plot, show_estimate
from influence_graph.cli.stopping import keeping
from influence_graph.cli.texts import TextType
from influence_graph.model.graph import GraphKind
from influence_graph.model.names import NodeNames
from influence_graph.model.parameters import RankParameters
from influence_graph.model.results import RANK, measures
from influence_graph.stores.base import Store
from influence_graph.text import count_text, one_line

_JOB = RankJob()


class MeasureType(click.Choice[str]):
    """The names of the measures in the table of results."""

    def __init__(self) -> None:
        super().__init__(list(measures()))

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return *value* if it is a measure of the table as it now stands."""
        self.choices = tuple(measures())
        return super().convert(value, param, ctx)


def _users(option: str) -> list[str]:
    """Return the measures that use *option*."""
    return [by for by, kind in measures().items() if kind.measure and option in kind.measure.options]


@click.command(
    epilog="Examples: influence-graph rank --top 10 --personalize annie --personalize june=2;"
    " influence-graph rank --by reach --write; influence-graph rank --brand sweater --plot sweater.svg"
)
@parameter(RankParameters, "by", type=MeasureType(), help="Measure.")
@click.option(
    "--graph",
    type=click.Choice([kind.value for kind in GraphKind]),
    help="Edges to follow.  [default: ties, or interactions where there are no ties]",
)
@parameter(
    RankParameters, "brand", help="PageRank among those who interacted with this brand, weighed by how much they did."
)
@click.option(
    "--personalize",
    type=TextType(),
    multiple=True,
    metavar="ID[=WEIGHT]",
    help="Start from these nodes. Repeatable.",
)
@parameter(RankParameters, "damping_factor", help="Of PageRank.")
@parameter(RankParameters, "tolerance", help="Residual at which to stop.")
@parameter(RankParameters, "max_iterations")
@parameter(
    RankParameters, "window", help=f"Longest wait for which an adoption counts, for {', '.join(_users('window'))}."
)
@diffusion_options
@parameter(RankParameters, "rr_sets", help="Random sets behind reach.")
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
@top_option
@run_options
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
    if engine == "gds":
        if write or only_estimate:
            raise click.UsageError("--engine gds is there to compare: leave out --write and --estimate")
        ranking = rank_in_server(store, parameters)
    elif only_estimate:
        show_estimate(_JOB.estimate(read(_JOB, store, parameters), parameters), format_)
        return
    else:
        with keeping(write):
            ranking = run(_JOB, store, parameters, write=write, notify=note)
    shown = emit(ranking.statistics() if stats else ranking.shown(), format_, top=top, names=None if stats else store)
    note(_summary(ranking))
    if not stats and ranking.kind is RANK and ranking.links is not None:
        _note_mutual(shown.head(TABLE_ROWS))
    if plot:
        from influence_graph.reports.charts.ranking import ranking_plot

        save_plot(plot, ranking_plot(names_beside(store, ranking.frame.head(TABLE_ROWS)), ranking.kind))


def _note_mutual(first: pd.DataFrame) -> None:
    """Say who of the *first* stands there by mutual links alone."""
    names = NodeNames(consumers=dict(first[["id", "name"]].dropna().itertuples(index=False)))
    sentence = lifted_sentence(first, names)
    if sentence:
        note(one_line(sentence, 1000))


def _parameters(*, personalize: tuple[str, ...], graph: str | None, **options: Any) -> RankParameters:
    """Return the parameters of the options; one that the measure would ignore is refused."""
    for name in options:
        users = _users(name)
        if users and options["by"] not in users and given(name):
            option = name.replace("_", "-")
            raise click.UsageError(f"--{option} is for --by {', '.join(users)}: leave it out")
    weights = dict(_weighted(text) for text in personalize) or None
    return RankParameters(graph=GraphKind(graph) if graph else None, personalization=weights, **options)


def _summary(ranking: Ranking) -> str:
    of, facts = f"{ranking.kind.title} of {count_text(len(ranking.frame), 'node')}", ranking.facts
    if "rr_sets" in facts:
        drawn = f"{count_text(facts['rr_sets'], 'reverse-reachable set')} (seed {facts['seed']})"
        return f"{of}: {drawn}; standard errors beside the scores"
    if not facts:
        return f"{of}, as the server calculated it; it states no residual"
    if ranking.kind.measure is not None and ranking.kind.measure.scale:
        return f"{of}: {ranking.kind.measure.scale}"
    known = f"L1 error at most {facts['error_bound']:.1e}"
    bound = known if facts["error_bound"] < float("inf") else "no bound of the error is proven"
    return f"{of}: {count_text(facts['iterations'], 'iteration')}, residual {facts['residual']:.1e}, {bound}"


def _weighted(text: str) -> tuple[str, float]:
    """Split ``ID=WEIGHT``; an id may itself contain ``=``, then the weight must follow."""
    name, separator, weight = text.rpartition("=")
    if not separator:
        return text, 1.0
    try:
        return name, float(weight)
    except ValueError:
        return text, 1.0
