"""Rankings of a store: read a graph, measure its nodes, write the result under a run of the measure's kind."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from influence_graph.analyses.diffusion.reach_of_all import ReachOfAll, reach_of_all
from influence_graph.analyses.learning.log import actions_of
from influence_graph.analyses.ranking.activity import activity
from influence_graph.analyses.ranking.degree import degree
from influence_graph.analyses.ranking.hits import hits
from influence_graph.analyses.ranking.influence_passivity import influence_passivity
from influence_graph.analyses.ranking.pagerank import pagerank
from influence_graph.analyses.ranking.psi import psi_score
from influence_graph.app.jobs.channels import Diffusion, channels, require_ties
from influence_graph.app.jobs.estimate import Estimate, graph_bytes
from influence_graph.app.jobs.job import iso, new_run
from influence_graph.app.jobs.scores import require
from influence_graph.errors import InputError
from influence_graph.model.csr import row_of_each
from influence_graph.model.graph import Graph, GraphKind
from influence_graph.model.records import BRANDS
from influence_graph.model.results import kind_of
from influence_graph.stores.base import InteractionFilter, Store

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.ranking.result import RankResult

# Within a factor of 3.5 of PageRank and HITS on random graphs of 2·10^5 to 5·10^6 edges, with two cores.
_NS_PER_EDGE, _PASSES, _BUILD_NS_PER_EDGE = 5.0, 40, 60.0


class Measure(StrEnum):
    """What nodes are ranked by."""

    PAGERANK = "pagerank"
    AUTHORITY = "hits-authority"
    HUB = "hits-hub"
    PSI = "psi"
    INFLUENCE = "influence"
    PASSIVITY = "passivity"
    DEGREE = "degree"
    IN_DEGREE = "in-degree"
    OUT_DEGREE = "out-degree"
    REACH = "reach"


KIND_OF: Mapping[Measure, str] = {
    Measure.PAGERANK: "rank",
    Measure.AUTHORITY: "authority",
    Measure.HUB: "hub",
    Measure.PSI: "psi",
    Measure.INFLUENCE: "influence",
    Measure.PASSIVITY: "passivity",
    Measure.DEGREE: "degree",
    Measure.IN_DEGREE: "in-degree",
    Measure.OUT_DEGREE: "out-degree",
    Measure.REACH: "reach",
}
_OF_PEOPLE = frozenset({Measure.PSI, Measure.INFLUENCE, Measure.PASSIVITY, Measure.REACH})


@dataclass(frozen=True)
class RankParameters:
    """Parameters of :func:`rank_by`; what a measure does not use must keep its default.

    Attributes:
        graph: Edges to follow; None: ties where there are any, else interactions.
        damping_factor: α of PageRank, in [0, 1).
        tolerance: Residual at which iterations stop, > 0.
        max_iterations: Passes over the edges, ≥ 1.
        personalization: Teleport weights of PageRank, id -> value.
        as_of: The time as of which the graph holds.
        by: The measure.
        brand: PageRank of the people who interacted with this brand, among themselves, personalised by how much.
        window: Longest wait for which taking something up counts, for ``psi``, ``influence`` and ``passivity``.
        diffusion: How influence passes on, for ``reach``.
        rr_sets: Reverse-reachable sets for ``reach``.
        seed: Random seed for ``reach``.
    """

    graph: GraphKind | None = None
    damping_factor: float = 0.85
    tolerance: float = 1e-10
    max_iterations: int = 1000
    personalization: Mapping[str, float] | None = None
    as_of: datetime | None = None
    by: Measure = Measure.PAGERANK
    brand: str | None = None
    window: timedelta = timedelta(days=30)
    diffusion: Diffusion = field(default_factory=Diffusion)
    rr_sets: int = 100_000
    seed: int | None = None


@dataclass(frozen=True, eq=False)
class Ranking:
    """The scores of nodes by one measure.

    Attributes:
        by: The measure.
        frame: Columns id, label, score, rank (and std_error, for ``reach``), best first.
        facts: How the scores came about: iterations, residual and error_bound, or rr_sets.
        edges: Edges of the graph.
    """

    by: Measure
    frame: pd.DataFrame
    facts: Mapping[str, Any]
    edges: int

    def statistics(self) -> pd.DataFrame:
        """Return one row: size, how the scores came about, and the distribution of the scores."""
        scores = self.frame["score"].to_numpy()
        points = {f"p{q}": float(np.percentile(scores, q)) for q in (50, 90, 99)}
        ends = {"min": scores.min(), "mean": scores.mean(), **points, "max": scores.max()}
        return pd.DataFrame([{"by": self.by.value, "nodes": scores.size, "edges": self.edges, **self.facts, **ends}])


def rank(store: Store, parameters: RankParameters, *, write: bool = False) -> RankResult:
    """Rank all nodes of the store's graph by PageRank; with *write* make it the current rank run."""
    started = datetime.now(UTC)
    graph, personalization = _graph_for(store, parameters)
    result = _pagerank(graph, personalization, parameters)
    if write:
        _write(store, parameters, started, graph, result)
    return result


def rank_by(
    store: Store, parameters: RankParameters, *, write: bool = False, say: Callable[[str], None] | None = None
) -> Ranking:
    """Rank the nodes of a store's graph by a measure; with *write* make it the current run of its kind.

    Args:
        store: Where the graph is.
        parameters: The measure and its parameters.
        write: Keep the result.
        say: Told where probabilities come from, and of a run that will be large, before it starts.

    Raises:
        InputError: a parameter is out of its limits or not used by the measure, or the store has no such edges.
        NotFound: an id or the brand is not in the store.
        NotConverged: the iteration ended above its tolerance.
    """
    started = datetime.now(UTC)
    _check(parameters)
    if parameters.by in _OF_PEOPLE:
        graph, result = _of_people(store, parameters, say or _silent)
    else:
        graph, personalization = _graph_for(store, parameters)
        expected = estimate(graph)
        if say and expected.large:
            say(str(expected))
        result = _of_graph(graph, personalization, parameters)
    if write:
        _write(store, parameters, started, graph, result)
    return Ranking(parameters.by, result.to_frame(), _facts(result), graph.number_of_edges)


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
    if parameters.by is not Measure.PAGERANK or parameters.brand or parameters.personalization or parameters.as_of:
        raise InputError(
            "--engine gds gives the PageRank of all nodes and edges only",
            remedy="leave out --by, --brand, --personalize and --as-of, or --engine gds",
        )
    kind = parameters.graph or default_graph(store)
    options = parameters.damping_factor, parameters.tolerance, parameters.max_iterations
    frame = pagerank(store.database, kind, *options).to_pandas()
    frame["rank"] = np.arange(1, len(frame) + 1)
    return Ranking(Measure.PAGERANK, frame[["id", "label", "score", "rank"]], {}, store.graph(kind).number_of_edges)


def default_graph(store: Store) -> GraphKind:
    """Return the graph that ``rank`` uses where none is named: ties, or interactions without ties.

    Raises:
        InputError: the store holds neither.
    """
    counts = store.counts()
    if counts["ties"]:
        return GraphKind.TIES
    if counts["interactions"]:
        return GraphKind.INTERACTIONS
    raise InputError(
        f"the store {store.url} holds no ties and no interactions",
        remedy="ingest some first: `influence-graph ingest FILE…`, or try `influence-graph import story`",
    )


def estimate(graph: Graph) -> Estimate:
    """Return what an iterative measure of *graph* will take."""
    edges = graph.indices.size
    seconds = edges * (_BUILD_NS_PER_EDGE + _PASSES * _NS_PER_EDGE) * 1e-9
    return Estimate(graph.number_of_nodes, graph.number_of_edges, seconds, 3 * graph_bytes(graph))


def estimate_rank(store: Store, parameters: RankParameters) -> Estimate:
    """Return what :func:`rank_by` will take, from the size of its graph; for ``reach`` from a thousand sets."""
    _check(parameters)
    if parameters.by is not Measure.REACH:
        graph, _ = _graph_for(store, parameters)
        return estimate(graph)
    return _estimate_reach(channels(store, _dated(parameters)).graph, parameters)


def _estimate_reach(graph: Graph, parameters: RankParameters) -> Estimate:
    pilot = min(1000, parameters.rr_sets)
    model = parameters.diffusion.model, parameters.diffusion.quality
    reach_of_all(graph, *model, rr_sets=2, seed=0)  # compiled before the clock starts
    start = time.perf_counter()
    reach_of_all(graph, *model, rr_sets=pilot, seed=0)
    seconds = (time.perf_counter() - start) * parameters.rr_sets / pilot
    return Estimate(graph.number_of_nodes, graph.number_of_edges, seconds, 4 * graph_bytes(graph))


def _check(parameters: RankParameters) -> None:
    by = parameters.by
    only_pagerank = {"brand": parameters.brand, "personalization": parameters.personalization}
    for name, value in only_pagerank.items():
        if value is not None and by is not Measure.PAGERANK:
            message = f"the {name} {value!r} is for pagerank, not for {by.value}"
            raise InputError(message, remedy="rank by pagerank, or leave it out")
    if parameters.brand is not None and parameters.personalization is not None:
        message = f"the rank for the brand {parameters.brand!r} is personalised by its interactions already"
        raise InputError(message, remedy="leave out --personalize, or --brand")
    people_only = by in _OF_PEOPLE or parameters.brand is not None
    if people_only and parameters.graph not in (None, GraphKind.TIES):
        what = "the rank for a brand" if parameters.brand else by.value
        message = f"{what} is measured on ties between people, not on {parameters.graph.value}"
        raise InputError(message, remedy="leave out --graph")


def _graph_for(store: Store, parameters: RankParameters) -> tuple[Graph, Any]:
    """Return the graph to rank and its personalization."""
    if parameters.brand is not None:
        return _brand_graph(store, parameters.brand, parameters.as_of)
    kind = parameters.graph or default_graph(store)
    return store.graph(kind, parameters.as_of), parameters.personalization


def _brand_graph(store: Store, brand: str, as_of: datetime | None) -> tuple[Graph, NDArray[np.float64]]:
    """Return the ties among the people who interacted with *brand*, and how much each did."""
    require(store, BRANDS, [brand])
    found = store.interactions(InteractionFilter(brands=[brand], as_of=as_of)).select(["consumer", "weight"])
    if not found.num_rows:
        raise InputError(f"nobody has interacted with {brand!r}", remedy="name a brand with interactions")
    frame = found.to_pandas().fillna({"weight": 1.0})
    strength = frame.groupby(frame["consumer"].astype(str))["weight"].sum()
    ties = store.graph(GraphKind.TIES, as_of)
    kept = pd.Index(ties.ids).isin(strength.index)
    graph = _induced(ties, kept)
    return graph, strength.reindex(graph.ids).to_numpy(np.float64)


def _induced(graph: Graph, kept: NDArray[np.bool_]) -> Graph:
    """Return the graph of the nodes *kept* and the edges among them."""
    source, target = row_of_each(graph.indptr), graph.indices
    inside = kept[source] & kept[target]
    place = np.cumsum(kept) - 1
    labels = None if graph.labels is None else graph.labels[kept]
    ends = place[source[inside]], place[target[inside]], graph.edge_weights()[inside]
    return Graph.from_arrays(graph.ids[kept], *ends, labels=labels, as_of=graph.as_of)


def _pagerank(graph: Graph, personalization: Any, parameters: RankParameters) -> RankResult:  # noqa: ANN401
    options = parameters.damping_factor, personalization, parameters.tolerance, parameters.max_iterations
    return pagerank(graph, *options)


def _of_graph(graph: Graph, personalization: Any, parameters: RankParameters) -> RankResult:  # noqa: ANN401
    """Return the measures that need nothing but a graph."""
    by = parameters.by
    if by is Measure.PAGERANK:
        return _pagerank(graph, personalization, parameters)
    if by in (Measure.AUTHORITY, Measure.HUB):
        both = hits(graph, parameters.tolerance, parameters.max_iterations)
        return both.authorities if by is Measure.AUTHORITY else both.hubs
    directions = {Measure.DEGREE: "both", Measure.IN_DEGREE: "in", Measure.OUT_DEGREE: "out"}
    return degree(graph, directions[by])


def _of_people(
    store: Store, parameters: RankParameters, say: Callable[[str], None]
) -> tuple[Graph, RankResult | ReachOfAll]:
    """Return the measures that need what people did, or how influence passes on."""
    if parameters.by is not Measure.REACH:
        return _from_activity(store, parameters)
    diffusion = _dated(parameters)
    passing = channels(store, diffusion)
    say(f"probabilities: {passing.source}")
    expected = _estimate_reach(passing.graph, parameters)
    if expected.large:
        say(str(expected))
    model = diffusion.model, diffusion.quality
    return passing.graph, reach_of_all(passing.graph, *model, parameters.rr_sets, parameters.seed)


def _from_activity(store: Store, parameters: RankParameters) -> tuple[Graph, RankResult]:
    """Return the measures of what people did, and did again after those they follow."""
    require_ties(store)
    found = store.interactions(InteractionFilter(as_of=parameters.as_of))
    if not found.num_rows:
        message = f"the store {store.url} holds no interactions: {parameters.by.value} is measured on what people did"
        raise InputError(message, remedy="ingest some first: `influence-graph ingest interactions.csv`")
    ties = store.graph(GraphKind.TIES, parameters.as_of)
    did = activity(ties, actions_of(found), parameters.window)
    limits = parameters.tolerance, parameters.max_iterations
    if parameters.by is Measure.PSI:
        return ties, psi_score(ties, did.posting, did.reposting, *limits)
    both = influence_passivity(did.influence, did.influence.edge_weights(), did.exposed, *limits)
    return did.influence, both.influence if parameters.by is Measure.INFLUENCE else both.passivity


def _dated(parameters: RankParameters) -> Diffusion:
    return replace(parameters.diffusion, as_of=parameters.as_of)


def _silent(text: str) -> None:
    del text


def _facts(result: RankResult | ReachOfAll) -> dict[str, Any]:
    if isinstance(result, ReachOfAll):
        return {"rr_sets": result.rr_sets, "seed": result.parameters["seed"]}
    return {"iterations": result.iterations, "residual": result.residual, "error_bound": result.error_bound}


def _write(
    store: Store, parameters: RankParameters, started: datetime, graph: Graph, result: RankResult | ReachOfAll
) -> None:
    kind = KIND_OF[parameters.by]
    frame = result.to_frame()
    table = pa.table({name: pa.array(frame[name]) for name in ("label", "id", "score")}).cast(kind_of(kind).schema)
    used = parameters.graph or (GraphKind.TIES if parameters.by in _OF_PEOPLE else default_graph(store))
    recorded = {
        "algorithm": parameters.by.value,
        "graph": used.value,
        **result.parameters,
        "brand": parameters.brand,
        "personalization": dict(parameters.personalization or {}),
        "as_of": iso(parameters.as_of),
    }
    if isinstance(result, ReachOfAll):
        recorded |= parameters.diffusion.recorded()
    else:
        recorded |= {"iterations": result.iterations, "residual": result.residual}
    store.write(new_run(kind, started, graph.digest, recorded), table)
