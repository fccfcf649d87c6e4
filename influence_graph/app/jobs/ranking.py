"""Rankings: a score of each node by one of the measures of the table of results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from influence_graph.analyses.diffusion.reach_of_all import reach_of_all
from influence_graph.analyses.learning.log import actions_of
from influence_graph.analyses.ranking.activity import Activity, activity
from influence_graph.analyses.ranking.links import Links, links
from influence_graph.analyses.result import Displayed, Result
from influence_graph.app.jobs.channels import channels
from influence_graph.app.jobs.estimate import ResourceEstimate, graph_bytes, predicted_seconds
from influence_graph.app.jobs.job import Inputs, Job, Progress, Record
from influence_graph.app.lookups import default_graph, require, require_ties
from influence_graph.errors import InputError, NotFound
from influence_graph.model.csr import row_of_each
from influence_graph.model.graph import Graph, GraphKind
from influence_graph.model.parameters import RankParameters, recorded
from influence_graph.model.records import BRANDS
from influence_graph.model.results import RANK, Measure, ResultKind, measures
from influence_graph.stores.base import InteractionFilter, Reader, Snapshot, Store
from influence_graph.text import did_you_mean

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Within a factor of 3.5 of PageRank and HITS on random graphs of 2·10^5 to 5·10^6 edges, with two cores.
_NS_PER_EDGE, _PASSES, _BUILD_NS_PER_EDGE = 5.0, 40, 60.0
_NS_PER_ACTION = 1000.0  # for measures of activity: to find what followed what
_PILOT_SETS = 1000
_PREPARED = {"graph": (), "activity": ("window",), "channels": ("probabilities",)}
"""The options that are used to prepare what a measure is given, and are not passed on to it."""
_FACTS = ("iterations", "residual", "error_bound", "rr_sets")


@dataclass(frozen=True, eq=False)
class RankInputs(Inputs):
    """What a measure is calculated from.

    Attributes:
        graph: The graph that is ranked: ties or interactions as stored, or probabilities of influence.
        used: The kind of graph of the store.
        personalization: Teleport weights of PageRank, None: all nodes alike.
        actions: Who did what and when (columns user, item, time), for measures of activity.
        kept: What the function of the measure takes of an earlier calculation, by name.
    """

    graph: Graph
    used: GraphKind
    personalization: Mapping[str, float] | NDArray[np.float64] | None = None
    actions: pd.DataFrame | None = None
    kept: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Ranking:
    """The scores of nodes by one measure.

    Attributes:
        kind: The row of the table of results.
        result: What the measure returned.
        graph: The graph that was ranked.
        used: The kind of graph of the store.
    """

    kind: ResultKind
    result: Result
    graph: Graph
    used: GraphKind

    @property
    def by(self) -> str:
        """The measure, as users call it."""
        return _measure(self.kind).name

    @cached_property
    def frame(self) -> pd.DataFrame:
        """Columns id, label, score, rank (and std_error, for ``reach``), best first."""
        return self.result.to_frame()

    @cached_property
    def links(self) -> Links | None:
        """How many link to each person, and how many of them mutually; None where it is not ties that are ranked."""
        of_ties = self.used is GraphKind.TIES and _measure(self.kind).given == "graph"
        return links(self.graph) if of_ties else None

    def shown(self) -> pd.DataFrame:
        """Return ``frame`` with the columns linked_by and mutual where there are ``links``."""
        found = self.links
        return self.frame if found is None else self.frame.assign(**found.of(self.frame["id"].to_numpy()))

    @cached_property
    def facts(self) -> Mapping[str, Any]:
        """How the scores came about: iterations, residual and error_bound, or rr_sets and seed."""
        facts = {name: getattr(self.result, name) for name in _FACTS if hasattr(self.result, name)}
        drawn = self.result.parameters.get("seed")
        return facts if drawn is None else {**facts, "seed": drawn}

    def statistics(self) -> pd.DataFrame:
        """Return one row: size, how the scores came about, and the distribution of the scores."""
        scores = self.frame["score"].to_numpy()
        points = {f"p{q}": float(np.percentile(scores, q)) for q in (50, 90, 99)}
        ends = {"min": scores.min(), "mean": scores.mean(), **points, "max": scores.max()}
        return pd.DataFrame(
            [{"by": self.by, "nodes": scores.size, "edges": self.graph.number_of_edges, **self.facts, **ends}]
        )


class RankJob(Job[RankParameters, RankInputs, Ranking]):
    """Rank the nodes of a store's graph by one measure."""

    def kind(self, parameters: RankParameters) -> ResultKind:
        """Return the row of the measure.

        Raises:
            NotFound: there is no such measure.
        """
        known = measures()
        if parameters.by not in known:
            remedy = did_you_mean(parameters.by, known, f"use {', '.join(known)}")
            raise NotFound(f"no measure {parameters.by!r}", remedy=remedy)
        return known[parameters.by]

    def read(self, view: Snapshot, parameters: RankParameters) -> RankInputs:
        """Read the graph, and what else the measure is given."""
        measure = _measure(self.kind(parameters))
        _check(parameters, measure)
        if measure.given == "channels":
            passing = channels(view, parameters)
            return RankInputs(passing.graph, GraphKind.TIES, notes=(f"probabilities: {passing.source}",))
        if measure.given == "activity":
            return _read_activity(view, parameters)
        if parameters.brand is not None:
            return _read_brand(view, parameters.brand, parameters.as_of)
        used = parameters.graph or default_graph(view)
        return RankInputs(view.graph(used, parameters.as_of), used, parameters.personalization)

    def estimate(self, inputs: RankInputs, parameters: RankParameters) -> ResourceEstimate:
        """Return the estimate: by the size of the graph, for ``reach`` from a thousand sets."""
        if _measure(self.kind(parameters)).given == "channels":
            return _estimate_reach(inputs.graph, parameters)
        return estimate(inputs.graph, 0 if inputs.actions is None else len(inputs.actions))

    def calculate(self, inputs: RankInputs, parameters: RankParameters, progress: Progress | None = None) -> Ranking:
        """Calculate the measure by the function that the table names.

        Raises:
            NotConverged: the iteration ended above its tolerance.
        """
        del progress
        kind = self.kind(parameters)
        measure = _measure(kind)
        given = _given(inputs, parameters, measure)
        options = {name: getattr(parameters, name) for name in measure.options if name not in _PREPARED[measure.given]}
        if "personalization" in options:
            options["personalization"] = inputs.personalization
        result = measure.resolve()(given, **options, **inputs.kept)
        ranked = given if isinstance(given, Graph) else _ranked(given, result)
        return Ranking(kind, result, ranked, inputs.used)

    def record(self, inputs: RankInputs, parameters: RankParameters, outcome: Ranking) -> Record:
        """Return one score per node, and the parameters that the measure used."""
        own = {
            name: value for name, value in recorded(parameters).items() if name in ("brand", "as_of", "probabilities")
        }
        facts = {name: value for name, value in outcome.facts.items() if name in ("iterations", "residual")}
        kept = {"algorithm": outcome.by, "graph": inputs.used.value, **outcome.result.parameters, **own, **facts}
        kept["personalization"] = dict(parameters.personalization or {})
        frame = outcome.frame
        return Record(
            outcome.result.digest, kept, pa.table({name: pa.array(frame[name]) for name in RANK.schema.names})
        )


@dataclass(frozen=True, eq=False, repr=False)
class ServerResult(Displayed):
    """What a server calculated: the rows of ``label, id, score``, best first; it states no residual."""

    table: pa.Table
    parameters: Mapping[str, Any]
    digest: str

    def to_frame(self) -> pd.DataFrame:
        """Return the columns id, label, score and rank, best first."""
        frame = self.table.to_pandas()
        ranked: pd.DataFrame = frame.assign(rank=np.arange(1, len(frame) + 1))[["id", "label", "score", "rank"]]
        return ranked

    def _figures(self) -> Mapping[str, object]:
        return {"nodes": self.table.num_rows}


def rank_in_server(store: Store, parameters: RankParameters) -> Ranking:
    """Rank by PageRank as the Graph Data Science plugin of the store's server calculates it, to compare.

    Raises:
        InputError: the store is no Neo4j, or a parameter is one that the plugin does not take.
        MissingExtra: the server has no such plugin.
    """
    from influence_graph.engines.gds import pagerank
    from influence_graph.stores.neo4j.store import Neo4jStore

    if not isinstance(store, Neo4jStore):
        raise InputError(f"{store.url} is no Neo4j, which --engine gds needs", remedy="leave out --engine gds")
    special = parameters.brand or parameters.personalization or parameters.as_of
    if parameters.by != RankParameters.by or special:
        raise InputError(
            "--engine gds gives the PageRank of all nodes and edges only",
            remedy="leave out --by, --brand, --personalize and --as-of, or --engine gds",
        )
    with store.snapshot() as view:
        kind = parameters.graph or default_graph(view)
        graph = view.graph(kind)
    options = parameters.damping_factor, parameters.tolerance, parameters.max_iterations
    table = pagerank(store, kind, *options)
    return Ranking(RANK, ServerResult(table, recorded(parameters), graph.digest), graph, kind)


def estimate(graph: Graph, actions: int = 0) -> ResourceEstimate:
    """Return what an iterative measure of *graph*, and of so many *actions*, will take."""
    edges = graph.indices.size
    seconds = (edges * (_BUILD_NS_PER_EDGE + _PASSES * _NS_PER_EDGE) + actions * _NS_PER_ACTION) * 1e-9
    return ResourceEstimate(graph.number_of_nodes, graph.number_of_edges, seconds, 3 * graph_bytes(graph))


def _measure(kind: ResultKind) -> Measure:
    if kind.measure is None:
        raise NotFound(f"{kind.kind!r} is no measure of nodes", remedy=f"use {', '.join(measures())}")
    return kind.measure


def _given(inputs: RankInputs, parameters: RankParameters, measure: Measure) -> Graph | Activity:
    """Return what the function of *measure* is given."""
    if measure.given != "activity":
        return inputs.graph
    return activity(inputs.graph, inputs.actions, parameters.window)


def _ranked(given: Activity, result: Result) -> Graph:
    """Return the graph that a measure of activity ranked: the ties, or who adopted from whom."""
    return given.influence if result.digest == given.influence.digest else given.ties


def _estimate_reach(graph: Graph, parameters: RankParameters) -> ResourceEstimate:
    model = parameters.model, parameters.quality
    seconds = predicted_seconds(
        lambda sets: reach_of_all(graph, *model, rr_sets=sets, seed=0), parameters.rr_sets, _PILOT_SETS
    )
    return ResourceEstimate(graph.number_of_nodes, graph.number_of_edges, seconds, 4 * graph_bytes(graph))


def _check(parameters: RankParameters, measure: Measure) -> None:
    """Refuse what the measure would ignore."""
    for name in ("brand", "personalization"):
        value = getattr(parameters, name)
        if value is not None and "personalization" not in measure.options:
            message = f"the {name} {value!r} is for pagerank, not for {measure.name}"
            raise InputError(message, remedy="rank by pagerank, or leave it out")
    if parameters.brand is not None and parameters.personalization is not None:
        message = f"the rank for the brand {parameters.brand!r} is personalized by its interactions already"
        raise InputError(message, remedy="leave out --personalize, or --brand")
    people_only = measure.given != "graph" or parameters.brand is not None
    if people_only and parameters.graph not in (None, GraphKind.TIES):
        what = "the rank for a brand" if parameters.brand else measure.name
        message = f"{what} is measured on ties between people, not on {parameters.graph}"
        raise InputError(message, remedy="leave out --graph")


def _read_activity(view: Reader, parameters: RankParameters) -> RankInputs:
    """Read the ties, and what people did."""
    require_ties(view)
    interactions = view.interactions(InteractionFilter(as_of=parameters.as_of))
    if not interactions.num_rows:
        message = f"the store {view.url} holds no interactions: {parameters.by} is measured on what people did"
        raise InputError(message, remedy="ingest some first: `influence-graph ingest interactions.csv`")
    ties = view.graph(GraphKind.TIES, parameters.as_of)
    return RankInputs(ties, GraphKind.TIES, actions=actions_of(interactions, table=view.touchpoints()))


def _read_brand(view: Reader, brand: str, as_of: datetime | None) -> RankInputs:
    """Read the ties among the people who interacted with *brand*, and how much each did."""
    require(view, BRANDS, [brand])
    interactions = view.interactions(InteractionFilter(brands=[brand], as_of=as_of)).select(["consumer", "weight"])
    if not interactions.num_rows:
        raise InputError(f"nobody has interacted with {brand!r}", remedy="name a brand with interactions")
    frame = interactions.to_pandas().fillna({"weight": 1.0})
    strength = frame.groupby(frame["consumer"].astype(str))["weight"].sum()
    ties = view.graph(GraphKind.TIES, as_of)
    graph = _induced(ties, pd.Index(ties.ids).isin(strength.index))
    return RankInputs(graph, GraphKind.TIES, strength.reindex(graph.ids).to_numpy(np.float64))


def _induced(graph: Graph, kept: NDArray[np.bool_]) -> Graph:
    """Return the graph of the nodes *kept* and the edges among them."""
    source, target = row_of_each(graph.indptr), graph.indices
    inside = kept[source] & kept[target]
    place = np.cumsum(kept) - 1
    labels = None if graph.labels is None else graph.labels[kept]
    ends = place[source[inside]], place[target[inside]], graph.edge_weights()[inside]
    return Graph.from_arrays(graph.ids[kept], *ends, labels=labels, as_of=graph.as_of)
