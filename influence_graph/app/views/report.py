"""Gathering what a report shows from a store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version

import pandas as pd

from influence_graph.app.jobs.ranking import RankParameters, default_graph, rank
from influence_graph.app.jobs.scores import past, score
from influence_graph.app.lookups import names_of
from influence_graph.app.views.bond_story import bond_story
from influence_graph.model.graph import GraphKind
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.reports.pages.data import Convergence, ReportData
from influence_graph.stores.base import InteractionFilter, Store


@dataclass(frozen=True)
class ReportRequest:
    """What a report is to show.

    Attributes:
        title: Heading of the page.
        lead: Paragraph under it; empty: the main findings.
        bonds: (consumer, brand) pairs to tell event by event; None: the strongest one.
        policy: Parameters of the scores.
        as_of: The time as of which all is calculated.
        write: Keep the ranks and scores in the store as its current runs.
    """

    title: str = "Who moves whom"
    lead: str = ""
    bonds: Sequence[tuple[str, str]] | None = None
    policy: FusionPolicy = field(default_factory=FusionPolicy)
    as_of: datetime | None = None
    write: bool = False


def gather(store: Store, request: ReportRequest) -> ReportData:
    """Return the data of a report on all of *store*; sections without records stay empty."""
    counts = store.counts()
    names = names_of(store)
    parameters = RankParameters(as_of=request.as_of)
    ranked = rank(store, parameters, write=request.write) if counts["ties"] or counts["interactions"] else None
    bonds = None
    if counts["interactions"]:
        bonds = score(store, request.policy, InteractionFilter(as_of=request.as_of), write=request.write)
    told = request.bonds if request.bonds is not None else _strongest(bonds)
    influencers = None
    if ranked is not None:
        influencers = ranked.to_frame()
        influencers["name"] = influencers["id"].map(names).fillna(influencers["id"])
    return ReportData(
        version=version("influence-graph"),
        generated_at=datetime.now(UTC),
        title=request.title,
        lead=request.lead,
        store=store.url,
        digest=store.digest(),
        as_of=None if bonds is None else bonds.attrs["as_of"],
        counts=counts,
        influencers=influencers,
        convergence=None
        if ranked is None
        else Convergence(
            f"PageRank on {_graph_name(default_graph(store))}",
            ranked.iterations,
            ranked.residual,
            parameters.tolerance,
            parameters.damping_factor,
        ),
        bonds=bonds,
        stories=tuple(bond_story(past(store, bond, request.policy), request.as_of or store.latest()) for bond in told),
        touchpoints=_touchpoints(store, request.as_of) if counts["interactions"] else None,
        runs=_runs(store),
        parameters=request.policy.to_dict(),
        names=names,
    )


def _graph_name(kind: GraphKind) -> str:
    return {GraphKind.TIES: "who follows whom", GraphKind.INTERACTIONS: "interactions"}.get(kind, kind.value)


def _strongest(bonds: pd.DataFrame | None) -> list[tuple[str, str]]:
    if bonds is None or bonds.empty:
        return []
    best = bonds.iloc[int(bonds["fusion_score"].abs().argmax())]
    return [(str(best["consumer"]), str(best["brand"]))]


def _touchpoints(store: Store, as_of: datetime | None) -> pd.DataFrame:
    table = store.interactions(InteractionFilter(as_of=as_of)).select(["touchpoint", "direction"])
    counted = table.group_by(["touchpoint", "direction"]).aggregate([([], "count_all")])
    frame: pd.DataFrame = counted.rename_columns(["touchpoint", "direction", "count"]).to_pandas()
    return frame


def _runs(store: Store) -> pd.DataFrame | None:
    rows = [
        (r.id, r.kind, r.status, r.started_at, r.finished_at, r.input_digest, r.version, dict(r.parameters))
        for r in store.runs()
    ]
    columns = ["id", "kind", "status", "started_at", "finished_at", "input_digest", "version", "parameters"]
    return pd.DataFrame(rows, columns=columns) if rows else None
