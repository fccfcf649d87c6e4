"""How time and memory grow with the graph, from 10⁴ to 10⁷ edges: pagerank, spread, seeds, learn.

``python -m benchmarks.growth WHAT EDGES``: one size in one process, R-MAT with 8 edges per node, one thread.
Time is of one call as a user makes it, memory what it adds to a process that holds the arrays of the edges.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from benchmarks import graphs, harness
from influence_graph.model.graph import Graph

WHATS = ("pagerank", "spread", "seeds", "learn")
SIZES = {"quick": (10_000, 100_000), "full": (10_000, 100_000, 1_000_000, 10_000_000)}
ACTIONS_PER_ITEM = 20


def jobs(size):
    """Yield the arguments of each process of this part."""
    sizes = SIZES["quick" if size == "quick" else "full"]
    yield from (("growth", what, edges) for what in WHATS for edges in sizes)


def graph_of(edges, weight):
    """Return our graph."""
    return Graph.from_arrays(graphs.names_of(edges.nodes), edges.source, edges.target, weight)


def task(what, edges):
    """Return a function of a graph, and the graph's weights."""
    probability = graphs.weighted_cascade(edges)
    if what == "pagerank":
        from influence_graph.analyses.ranking.pagerank import pagerank

        return pagerank, None
    if what == "spread":
        from influence_graph.analyses.diffusion.spread import spread

        # seeds in proportion, so that the share reached is the same at every size
        count = max(edges.nodes // 1_000, 1)
        ids = [str(node) for node in np.argsort(-np.bincount(edges.source, minlength=edges.nodes))[:count]]
        return lambda graph: spread(graph, ids, simulations=100, seed=1, threads=1), probability
    if what == "seeds":
        from influence_graph.analyses.maximize.maximize import maximize

        return lambda graph: maximize(graph, 50, seed=1, threads=1), probability
    from influence_graph.analyses.learning.learn import learn_probabilities

    actions = log_of(edges)
    return lambda graph: learn_probabilities(graph, actions, prior=None), None


def log_of(edges):
    """Return a log with half as many actions as edges, by users drawn like the ends of edges."""
    import pandas as pd

    rng = np.random.default_rng(3)
    count = edges.source.size // 2
    users = edges.target[rng.integers(0, edges.target.size, count)].astype(str)
    items = rng.integers(0, max(count // ACTIONS_PER_ITEM, 1), count)
    return pd.DataFrame({"user": users, "item": items, "time": rng.random(count) * 1e6})


def one(what, size):
    """Emit seconds and megabytes of one size."""
    small, edges = graphs.rmat(8, 1_000), graphs.load(f"growth{size}")
    call, weight = task(what, small)
    call(graph_of(small, weight))  # compiled code is loaded
    call, weight = task(what, edges)
    started = time.process_time()
    graph, built = harness.rise(lambda: graph_of(edges, weight))
    building = time.process_time() - started
    seconds = []
    while len(seconds) < harness.ROUNDS and sum(seconds) < harness.SLOW:
        started = time.process_time()
        _, megabytes = harness.rise(lambda: call(graph))
        seconds.append(time.process_time() - started)
        if len(seconds) == 1:
            first = built + megabytes
    harness.emit(
        part="growth",
        case=what,
        graph=f"growth{size}",
        edges=edges.source.size,
        engine="ours",
        seconds=float(np.median(seconds)),
        rounds=len(seconds),
        megabytes=first,
        building=building,
    )


if __name__ == "__main__":
    one(sys.argv[1], int(sys.argv[2]))
