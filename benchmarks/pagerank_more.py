"""PageRank: sixteen sources together, after a change, with two threads, and memory.

``python -m benchmarks.pagerank_more GRAPH sixteen|warm|two|memory [PEER]``: one case in one process.
"""

from __future__ import annotations

import inspect
import sys
import time

import numpy as np

from benchmarks import graphs, harness
from benchmarks.pagerank import RESIDUAL, Contender, about, compiled, ours_of, solve
from benchmarks.peers import ranking

SOURCES = 16
SIXTEEN = {"quick": ("rmat14",), "full": ("nethept", "social", "rmat18")}
WARM = {"quick": ("rmat14",), "full": ("nethept", "social", "rmat18")}
TWO = {"quick": ("rmat14",), "full": ("nethept", "rmat18", "rmat20")}
MEMORY = {"quick": ("rmat14",), "full": ("social", "rmat18")}


def jobs(size):
    """Yield the arguments of each process of this part."""
    size = "quick" if size == "quick" else "full"
    for case, names in (("sixteen", SIXTEEN), ("warm", WARM), ("two", TWO)):
        yield from (("pagerank_more", name, case) for name in names[size])
    peers = [peer.name for peer in ranking.installed()[0]]
    yield from (("pagerank_more", name, "memory", peer) for name in MEMORY[size] for peer in ("ours", *peers))


def sixteen(name):
    """Sixteen personalized vectors at once, against each peer sixteen times."""
    from influence_graph.analyses.ranking.pagerank import pagerank_many

    edges = graphs.load(name)
    graph, _ = ours_of(edges)
    vectors = np.zeros((SOURCES, edges.nodes))
    vectors[np.arange(SOURCES), np.argsort(np.bincount(edges.source))[-SOURCES:]] = 1.0
    truth = ranking.Scipy(edges, False).solve(1e-13, vectors[0])
    rivals = {}
    for peer in (ranking.Scipy, ranking.GraphBLAS, ranking.Igraph):
        if peer in ranking.installed()[0]:
            built = Contender(peer, edges, False, vectors[0], truth)
            if built.ranked:
                rivals[peer.name] = lambda built=built: [built.peer.solve(built.tolerance, v) for v in vectors]
    timings = harness.interleaved(lambda: pagerank_many(graph, list(vectors), tolerance=RESIDUAL), rivals)
    for key, timing in timings.items():
        harness.emit(**about(name, "sixteen", edges), engine=key, **timing.facts())


def warm(name):
    """Passes after one edge in ten thousand has changed, from the scores of before and from nothing."""
    edges = graphs.load(name)
    before = solve(ours_of(edges)[0])
    later, _ = ours_of(graphs.changed(edges, 1e-4))
    full, resumed = solve(later), solve(later, start=before)
    exact = solve(later, tolerance=1e-13).scores
    timing = harness.interleaved(lambda: solve(later, start=before), {"cold": lambda: solve(later)})["cold"]
    passes = {"passes": resumed.iterations, "cold_passes": full.iterations}
    error = float(np.abs(exact - resumed.scores).sum())
    harness.emit(**about(name, "warm", edges), engine="ours", **passes, error=error, ratio=timing.ratio)


def two(name):
    """Wall seconds of two threads beside one, in a process that may use two."""
    from influence_graph.analyses.ranking.pagerank import pagerank

    if "threads" not in inspect.signature(pagerank).parameters:
        harness.emit(part="pagerank", case="two", graph=name, engine="ours", note="one thread only")
        return
    edges = graphs.load(name)
    graph, _ = ours_of(edges)
    calls = {threads: lambda threads=threads: solve(graph, threads=threads) for threads in (1, 2)}
    for _ in range(2):
        calls[1](), calls[2]()
    timing = harness.interleaved(calls[2], {"one": calls[1]}, clock=time.perf_counter)["one"]
    harness.emit(**about(name, "two", edges), engine="ours", **timing.facts())


def memory(name, engine):
    """Megabytes that building and solving add to a process that holds the arrays and the loaded library."""
    edges, small = graphs.load(name), graphs.rmat(4, 64)
    if engine == "ours":
        result, megabytes = harness.rise(lambda: _twice(ours_of(edges)[0]))
    else:
        peer = next(each for each in ranking.ALL if each.name == engine)
        if edges.source.size > peer.LARGEST:
            return
        tolerance = peer.TOLERANCES[min(3, len(peer.TOLERANCES) - 1)]
        peer(small, False).solve(tolerance)
        result, megabytes = harness.rise(lambda: peer(edges, False).solve(tolerance))
    harness.emit(**about(name, "memory", edges), engine=engine, megabytes=megabytes)
    del result


def _twice(graph):
    """Solve as a user does who ranks the same graph again: a reordered graph may be kept."""
    return [solve(graph) for _ in range(3)]


if __name__ == "__main__":
    graph_name, case, *rest = sys.argv[1:]
    compiled()
    {"sixteen": sixteen, "warm": warm, "two": two, "memory": memory}[case](graph_name, *rest)
