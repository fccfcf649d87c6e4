"""PageRank by Neo4j's Graph Data Science plugin, for comparison with ours; never required.

The plugin leaves out the mass that sinks would pass on, and stops by the change of single scores, which
add up to about the number of nodes. Divided by their sum the fixed point is that of
:func:`~influence_graph.analyses.ranking.pagerank.pagerank` without personalization.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import neo4j
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.analyses.checks import require
from influence_graph.analyses.ranking.limits import require_iteration
from influence_graph.errors import InputError, MissingExtra, NotConverged
from influence_graph.model.graph import GraphKind
from influence_graph.model.parameters import RankParameters
from influence_graph.model.records import DIRECTIONS
from influence_graph.stores.base import InteractionFilter, Store
from influence_graph.stores.neo4j.queries import folder, parse

if TYPE_CHECKING:
    from influence_graph.stores.neo4j.store import Neo4jStore

_PROJECTIONS = {
    GraphKind.TIES: "project-ties",
    GraphKind.INTERACTIONS: "project-interactions",
    GraphKind.ALL: "project-all",
}
SCHEMA = pa.schema([("label", pa.string()), ("id", pa.string()), ("score", pa.float64())])


def pagerank(
    store: Neo4jStore,
    kind: GraphKind,
    damping_factor: float = RankParameters.damping_factor,
    tolerance: float = RankParameters.tolerance,
    max_iterations: int = RankParameters.max_iterations,
) -> pa.Table:
    """Return label, id and score of each node of the graph of *kind*, calculated in the server; Σ score = 1.

    The server projects the graph that ``store.graph(kind)`` gives (same nodes, directions and summed weights; it is
    told which interactions do not count, and which kinds give to the brand) into its memory and forgets it afterwards.
    https://neo4j.com/docs/graph-data-science/2.13/algorithms/page-rank/.

    Args:
        store: A store on a server with the plugin.
        kind: Which edges to rank by; weights ≥ 0.
        damping_factor: α in [0, 1).
        tolerance: L1 residual aimed at, > 0. The plugin takes a limit for the change of single scores, here
            tolerance · (1-α); it does not report a residual.
        max_iterations: Supersteps, ≥ 1.

    Returns:
        Rows ordered by score, best first, then label and id.

    Raises:
        MissingExtra: The server has no such plugin.
        InputError: The graph is empty or has a negative weight, or a parameter is out of its limits.
        NotConverged: The scores still change after *max_iterations*.
        StoreError: The server refused it, in its own words.
        StoreUnreachable: Nothing answers.
    """
    require(0 <= damping_factor < 1, "damping_factor", damping_factor, "at least 0 and below 1", "use 0.85")
    require_iteration(tolerance, max_iterations)
    graph = f"influence-graph-{uuid.uuid4()}"
    database = store.database
    database.patience.begin()
    with database.session(neo4j.READ_ACCESS) as session:
        if not _row(session, "has-plugin")["present"]:
            raise _absent(store.url)
    parameters = {} if kind is GraphKind.TIES else counting(store)
    with database.session(neo4j.READ_ACCESS) as session:
        try:
            _project(session, graph, kind, parameters)
            _solve(session, graph, damping_factor, tolerance, max_iterations)
            return _normalized(_rows(session, "scores", graph=graph))
        finally:
            if database.patience.left > 0:  # else nobody would answer
                _rows(session, "drop", graph=graph)


def counting(store: Store) -> dict[str, Any]:
    """Return by which parameters a projection has the interactions that count, in their directions.

    Returns:
        ``dropped``: ids of those that do not count; of those that state no direction, ``giving``: the kinds that give
        to the brand, ``others``: whether those without a kind do.
    """
    with store.snapshot() as view:
        ids = view.interactions()["event_id"]
        history = view.interactions(InteractionFilter(history=True)).select(["event_id", "kind", "direction"])
        table = view.touchpoints()
    dropped = history["event_id"].filter(pc.invert(pc.is_in(history["event_id"], value_set=ids)))
    kinds = history["kind"].filter(pc.is_null(history["direction"])).unique().drop_null().to_pylist()
    to_brand = DIRECTIONS[0]
    return {
        "dropped": dropped.to_pylist(),
        "giving": [kind for kind in kinds if table.rule(kind).direction == to_brand],
        "others": table.rule(None).direction == to_brand,
    }


def _project(session: neo4j.Session, graph: str, kind: GraphKind, parameters: dict[str, Any]) -> None:
    projection = _row(session, _PROJECTIONS[kind], graph=graph, **parameters)
    if projection["projected"] is None:
        raise InputError("the graph has 0 nodes: nothing to rank", remedy="ingest ties or interactions first")
    if projection["lowest"] is not None and projection["lowest"] < 0:
        message = f"an edge of the graph {kind.value} has weight {projection['lowest']:g}, PageRank needs 0 or more"
        raise InputError(message, remedy="split the graph into a positive and a negative one and rank each")


def _solve(session: neo4j.Session, graph: str, damping_factor: float, tolerance: float, max_iterations: int) -> None:
    done = _row(
        session,
        "pagerank",
        graph=graph,
        dampingFactor=damping_factor,
        tolerance=tolerance * (1.0 - damping_factor),
        maxIterations=max_iterations,
    )
    if not done["didConverge"]:
        message = (
            f"the plugin's scores still change by more than {tolerance:g} after {done['ranIterations']} iterations"
        )
        raise NotConverged(message, remedy="raise max_iterations, or accept a larger tolerance")


def _row(session: neo4j.Session, name: str, **parameters: Any) -> neo4j.Record:
    return _rows(session, name, **parameters)[0]


def _rows(session: neo4j.Session, name: str, **parameters: Any) -> list[neo4j.Record]:
    return list(session.run(parse(folder() / "gds" / f"{name}.cypher").text, parameters))


def _normalized(records: list[neo4j.Record]) -> pa.Table:
    rows = [(record["label"], *pair) for record in records for pair in record["rows"]]
    labels, ids, scores = zip(*rows, strict=True)
    values = pa.array(scores, pa.float64())
    table = pa.table([pa.array(labels), pa.array(ids), pa.compute.divide(values, pa.compute.sum(values))], SCHEMA)
    return table.sort_by([("score", "descending"), ("label", "ascending"), ("id", "ascending")])


def _absent(url: str) -> MissingExtra:
    return MissingExtra(
        f"the server at {url} has no Graph Data Science plugin",
        remedy="`influence-graph neo4j up --with-gds` starts one with it; without --engine gds it is not needed",
    )
