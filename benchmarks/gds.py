"""Neo4j's Graph Data Science plugin in a real server: PageRank with and without projection, and its CELF.

``python -m benchmarks.gds pagerank GRAPH`` or ``… celf GRAPH``: a server of its own, stopped and deleted at the end.
The plugin and the server come from Maven Central (extra ``server``); concurrency is 1, as for all others. The plugin
runs in the server's process, so the clock is the wall.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import socket
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks import graphs, harness
from benchmarks.peers import ranking

K, P, WORLDS = 50, 0.1, 100
BATCH = 50_000
TOLERANCE = 1e-10  # change of a score whose mean is about 1: an L1 error below 6e-10
JOBS = {"quick": (), "full": (("pagerank", "social"), ("celf", "nethept"))}

LOAD = "UNWIND $rows AS row MATCH (s:P {i: row[0]}) MATCH (t:P {i: row[1]}) CREATE (s)-[:TO]->(t)"
SOLVE = (
    "CALL gds.pageRank.stats('g', {dampingFactor: .85, tolerance: $tolerance, maxIterations: 1000, concurrency: 1})"
    " YIELD ranIterations, didConverge"
)
SCORES = (
    "CALL gds.pageRank.stream('g', {dampingFactor: .85, tolerance: $tolerance, maxIterations: 1000, concurrency: 1})"
    " YIELD nodeId, score RETURN gds.util.asNode(nodeId).i AS i, score"
)
CELF = (
    "CALL gds.influenceMaximization.celf.stream('g', {seedSetSize: $k, monteCarloSimulations: $worlds,"
    " propagationProbability: $p, concurrency: 1}) YIELD nodeId RETURN gds.util.asNode(nodeId).i AS i"
)


def jobs(size):
    """Yield the arguments of each process of this part; none where the server's extra is not installed."""
    if importlib.util.find_spec("jgo"):
        yield from (("gds", *job) for job in JOBS["quick" if size == "quick" else "full"])


@contextlib.contextmanager
def session_of(edges):
    """Yield a session on a new server with the plugin that holds *edges*."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = folder
        from influence_graph.stores.neo4j.driver import connection_to, opened
        from influence_graph.stores.neo4j.server import launcher as server

        home = Path(folder) / "neo4j"
        try:
            bolt, http = _free_ports()
            info = server.up(home, server.ServerOptions(bolt, http, "3g", "256m", plugins=("gds",)))
            with opened(connection_to(info.uri)) as driver, driver.session() as session:
                _filled(session, edges)
                yield session
        finally:
            server.down(home)


def _free_ports():
    """Return two free ports: another server may be running here."""
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0)), other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def _filled(session, edges):
    session.run("CREATE CONSTRAINT FOR (p:P) REQUIRE p.i IS UNIQUE").consume()
    session.run("UNWIND range(0, $n - 1) AS i CREATE (:P {i: i})", n=edges.nodes).consume()
    pairs = np.stack([edges.source, edges.target], axis=1)
    for first in range(0, len(pairs), BATCH):
        session.run(LOAD, rows=pairs[first : first + BATCH].tolist()).consume()


def _project(session):
    session.run("CALL gds.graph.drop('g', false)").consume()
    session.run("CALL gds.graph.project('g', 'P', 'TO')").consume()


def against_pagerank(name):
    """Emit the plugin's PageRank with and without the projection, beside ours cold and prepared."""
    from benchmarks.pagerank import about, compiled, ours_of, solve

    edges = graphs.load(name)
    truth = ranking.Scipy(edges, False).solve(1e-13)
    compiled()
    graph, _ = ours_of(edges)
    with session_of(edges) as session:
        _project(session)
        scores = np.empty(edges.nodes)
        for record in session.run(SCORES, tolerance=TOLERANCE):
            scores[record["i"]] = record["score"]
        error = float(np.abs(scores / scores.sum() - truth).sum())
        run = lambda: session.run(SOLVE, tolerance=TOLERANCE).consume()  # noqa: E731
        both = lambda: (_project(session), run())  # noqa: E731
        warm = harness.interleaved(lambda: solve(graph), {"gds": run}, clock=time.perf_counter)["gds"]
        cold = harness.interleaved(lambda: solve(ours_of(edges)[0]), {"gds": both}, clock=time.perf_counter)["gds"]
    ranked = {"error": error, "ranked": error <= 1e-9}
    for case, timing in (("gds", warm), ("gds with projection", cold)):
        harness.emit(**about(name, case, edges), engine="gds", **timing.facts(), **ranked)


def against_celf(name):
    """Emit the plugin's CELF at p = .1, once, beside ours with its default stop."""
    from benchmarks import seeds

    edges, graph = seeds.setting(name, "high")
    seeds.ours(graph, "ic")
    own = harness.interleaved(lambda: seeds.ours(graph, "ic"), {}, clock=time.perf_counter)["ours"].seconds
    with session_of(edges) as session:
        _project(session)
        started = time.perf_counter()
        chosen = [record["i"] for record in session.run(CELF, k=K, worlds=WORLDS, p=P)]
        seconds = time.perf_counter() - started
    figures = {"seconds": seconds, "ratio": seconds / own, "rounds": 1}
    simulated = seeds.simulated(graph, name, "ic", chosen)
    harness.emit(**seeds.about(name, "high", edges), engine="GDS CELF, 100 worlds", **figures, **simulated)


if __name__ == "__main__":
    {"pagerank": against_pagerank, "celf": against_celf}[sys.argv[1]](sys.argv[2])
