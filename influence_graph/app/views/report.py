"""Gathering what a report shows, all from one snapshot of a store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.analyses.interactions.meaning import meaning_of
from influence_graph.app.jobs.job import read_in, write_run
from influence_graph.app.jobs.ranking import Ranking, RankInputs, RankJob
from influence_graph.app.jobs.scores import ScoreInputs, ScoreJob
from influence_graph.app.lookups import names_of
from influence_graph.app.views.again import at, commands
from influence_graph.app.views.changes import recent_changes
from influence_graph.app.views.explain import read_bond
from influence_graph.app.views.influencer import quick_search
from influence_graph.app.views.network import read_network
from influence_graph.app.views.runs import runs_frame
from influence_graph.model.graph import GraphKind
from influence_graph.model.parameters import ExplainParameters, RankParameters, ReportParameters, ScoreParameters
from influence_graph.model.records import CAMPAIGNS, DIRECTIONS, SALES, TOUCHPOINTS, RecordKind
from influence_graph.model.results import RESULTS, Shape
from influence_graph.model.touchpoints import TouchpointTable
from influence_graph.reports.pages.data import BondStory, Convergence, KeptRanking, ReportData
from influence_graph.reports.pages.rows import shown_rows
from influence_graph.stores.base import InteractionFilter, Reader, Snapshot, Store
from influence_graph.version import __version__

_RANKING, _SCORES = RankJob(), ScoreJob()
_GRAPH_NAMES = {GraphKind.TIES: "who follows whom", GraphKind.INTERACTIONS: "interactions"}


@dataclass(frozen=True, eq=False)
class _Calculated:
    """Ranking and scores of a store, each with what it was calculated from; None where there are no records for it."""

    rank: RankParameters
    score: ScoreParameters
    ranking: tuple[RankInputs, Ranking] | None
    scores: tuple[ScoreInputs, pd.DataFrame] | None

    @property
    def bonds(self) -> pd.DataFrame | None:
        """The Fusion Scores."""
        return None if self.scores is None else self.scores[1]


def gather(store: Store, parameters: ReportParameters, *, write: bool = False) -> ReportData:
    """Return the data of a report on all of *store*; sections without records stay empty.

    Args:
        store: What the report is about.
        parameters: What it shows.
        write: Keep the ranks and scores in the store as its current runs.
    """
    started = datetime.now(UTC)
    with store.snapshot() as view:
        counts = view.counts()
        calculated = _calculate(view, counts, parameters, keep=write)
        data = _data(view, counts, parameters, calculated)
    if write and calculated.ranking is not None:
        write_run(_RANKING, store, calculated.rank, calculated.ranking, started)
    if write and calculated.scores is not None:
        write_run(_SCORES, store, calculated.score, calculated.scores, started)
    if not write:
        return data
    with store.snapshot() as view:  # the page also shows the runs just written
        changes = None if parameters.as_of else recent_changes(view)
        rankings = tuple(_kept_rankings(view))
        return _named(view, replace(data, runs=runs_frame(view.runs()), rankings=rankings, changes=changes))


def _calculate(view: Snapshot, counts: dict[str, int], parameters: ReportParameters, *, keep: bool) -> _Calculated:
    rank = RankParameters(as_of=parameters.as_of)
    score = ScoreParameters(policy=parameters.policy, as_of=parameters.as_of, keep=keep, written=keep)
    ranking = scores = None
    if counts["ties"] or counts["interactions"]:
        to_rank = read_in(_RANKING, view, rank)
        ranking = to_rank, _RANKING.calculate(to_rank, rank)
    if counts["interactions"]:
        to_score = read_in(_SCORES, view, score)
        scores = to_score, _SCORES.calculate(to_score, score)
    return _Calculated(rank, score, ranking, scores)


def _data(view: Snapshot, counts: dict[str, int], parameters: ReportParameters, calculated: _Calculated) -> ReportData:
    bonds = calculated.bonds
    explained = parameters.bonds if parameters.bonds is not None else _strongest(bonds)
    data = ReportData(
        version=__version__,
        generated_at=datetime.now(UTC),
        title=parameters.title or "",
        lead=parameters.lead,
        store=view.url,
        digest=view.digest(),
        as_of=None if bonds is None else bonds.attrs["as_of"],
        counts=counts,
        influencers=None if calculated.ranking is None else calculated.ranking[1].shown(),
        found=quick_search(view, parameters.as_of),
        convergence=_convergence(calculated),
        rankings=tuple(_kept_rankings(view)),
        bonds=bonds,
        stories=tuple(_story(view, bond, parameters) for bond in explained),
        sales=_dated(view, SALES, "date", parameters.as_of) if counts["sales"] else None,
        campaigns=_dated(view, CAMPAIGNS, "at", parameters.as_of) if counts["campaigns"] else None,
        touchpoints=_touchpoints(view, parameters.policy.table, parameters.as_of) if counts["interactions"] else None,
        runs=runs_frame(view.runs()),
        changes=None if parameters.as_of else recent_changes(view),
        commands=commands(view, parameters.policy, *_words(parameters, calculated, explained)),
        unknown_kinds={} if bonds is None else bonds.attrs["unknown_kinds"],
        network=read_network(
            view,
            bonds=bonds,
            as_of=parameters.as_of,
            most_nodes=parameters.most_nodes,
            most_edges=parameters.most_edges,
        ),
    )
    return _named(view, data)


def _words(
    parameters: ReportParameters, calculated: _Calculated, explained: Sequence[tuple[str, str]]
) -> list[list[str]]:
    """Return the commands that give the report and its parts again; one that begins with ``-`` takes no policy."""
    bonds, now = calculated.bonds, at(parameters.as_of)
    titled = ["--title", parameters.title] if parameters.title else []
    chosen = [word for bond in parameters.bonds or () for word in ("--bond", *bond)]
    sizes = (("--most-nodes", "most_nodes"), ("--most-edges", "most_edges"))
    drawn = [
        word
        for flag, name in sizes
        if getattr(parameters, name) != getattr(ReportParameters, name)
        for word in (flag, str(getattr(parameters, name)))
    ]
    lines = [["report", *titled, *chosen, *drawn, *now, "-o", "report.html"]]
    if calculated.ranking is not None:
        lines.append(["-", "rank", *now, "--format", "jsonl"])
    if bonds is not None and len(bonds):
        then = at(bonds.attrs["as_of"])
        lines.append(["score", *then, "--format", "jsonl"])
        lines += [["explain", *bond, *then, "--format", "jsonl"] for bond in explained]
    return lines


def _named(view: Reader, data: ReportData) -> ReportData:
    return replace(data, names=names_of(view, *shown_rows(data)))


def _dated(view: Reader, kind: RecordKind, column: str, as_of: datetime | None) -> pd.DataFrame:
    """Return the records of *kind* up to *as_of* by their time in *column*; days are those of UTC."""
    frame: pd.DataFrame = pa.concat_tables(list(view.records(kind))).to_pandas()
    time = pd.to_datetime(frame[column], utc=True)
    return frame if as_of is None else frame[time <= as_of]


def _story(view: Reader, bond: tuple[str, str], parameters: ReportParameters) -> BondStory:
    return read_bond(view, ExplainParameters(*bond, parameters.policy, parameters.as_of)).story()


def _convergence(calculated: _Calculated) -> Convergence | None:
    if calculated.ranking is None:
        return None
    inputs, ranking = calculated.ranking
    links = ranking.links
    friends_only = links is not None and bool((links.linked_by == links.mutual).all())
    graph = "who knows whom" if friends_only else _GRAPH_NAMES.get(inputs.used, inputs.used.value)
    method = f"{ranking.kind.title} on {graph}"
    facts: dict[str, Any] = dict(ranking.facts)
    limits = calculated.rank.tolerance, calculated.rank.damping_factor
    return Convergence(method, facts["iterations"], facts["residual"], *limits)


def _kept_rankings(view: Reader) -> Iterator[KeptRanking]:
    """Yield the current run of each kind of ranking in the table of results that has ever been written."""
    written = {run.kind for run in view.runs()}
    for kind in RESULTS.values():
        if kind.shape is not Shape.NODES or kind.kind not in written:
            continue
        current = view.results(kind)
        if current is not None:
            run, table = current
            yield KeptRanking(kind.kind, run.id, run.started_at, table.to_pandas())


def _strongest(bonds: pd.DataFrame | None) -> tuple[tuple[str, str], ...]:
    if bonds is None or bonds.empty:
        return ()
    best = bonds.iloc[int(bonds["fusion_score"].abs().argmax())]
    return ((str(best["consumer"]), str(best["brand"])),)


def _touchpoints(view: Reader, table: TouchpointTable, as_of: datetime | None) -> pd.DataFrame:
    """Return the number of interactions per touchpoint and direction."""
    meaning = meaning_of(read_ledger(view.interactions(InteractionFilter(as_of=as_of))), table)
    pairs, counts = np.unique(meaning.touchpoint * len(DIRECTIONS) + meaning.side, return_counts=True)
    touchpoint, side = np.divmod(pairs, len(DIRECTIONS))
    names = {"touchpoint": np.array(TOUCHPOINTS)[touchpoint], "direction": np.array(DIRECTIONS)[side]}
    return pd.DataFrame({**names, "count": counts})
