"""PageRank to the same L1 error: this package, a scipy power iteration, networkx; growth with the graph.

Run ``python -m benchmarks.pagerank [--large]``; each size runs in its own process.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

import numpy as np

from influence_graph.analyses.ranking.pagerank import pagerank
from influence_graph.model.graph import Graph

TOLERANCE = 1e-10
RUNS = 5
SIZES = (10_000, 100_000, 1_000_000)


def skewed(edges):
    """Return an R-MAT graph with a node per 8 edges."""
    rng = np.random.default_rng(0)
    scale = int(np.log2(edges / 8))
    source, target = np.zeros((2, edges), dtype=np.int64)
    for _ in range(scale):
        quarter = np.searchsorted([0.57, 0.76, 0.95], rng.random(edges))
        source, target = 2 * source + quarter // 2, 2 * target + quarter % 2
    names = np.array([f"n{i}" for i in range(1 << scale)], dtype=object)
    return Graph.from_arrays(names, source, target, rng.random(edges))


def power(graph):
    """Return scores and passes of power iteration with scipy, as commonly written."""
    from scipy.sparse import csr_array, diags_array

    n = graph.number_of_nodes
    matrix = csr_array((graph.edge_weights(), graph.indices, graph.indptr), shape=(n, n))
    out = matrix.sum(axis=1)
    rate = np.divide(1.0, out, out=np.zeros(n), where=out > 0)
    step = (diags_array(rate) @ matrix).T.tocsr()
    scores = np.full(n, 1 / n)
    for passes in range(1, 10_000):
        new = 0.85 * (step @ scores)
        new += (1 - new.sum()) / n
        change, scores = np.abs(new - scores).sum(), new
        if change <= TOLERANCE:
            return scores, passes
    raise RuntimeError("power iteration did not converge")


def median_seconds(call, runs=RUNS):
    seconds = []
    for _ in range(runs):
        started = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


def one(edges):
    """Print the figures of one size."""
    import resource

    graph = skewed(edges)
    ranks = pagerank(graph, tolerance=TOLERANCE)
    ours = median_seconds(lambda: pagerank(graph, tolerance=TOLERANCE))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    scores, passes = power(graph)
    theirs = median_seconds(lambda: power(graph))
    line = (
        f"{graph.indices.size:>10,} edges  {ours:8.4f} s {ranks.iterations:3} passes  peak {memory:5.0f} MB"
        f"  scipy {theirs / ours:5.1f} x the time, {passes} passes"
        f"  L1 distance {np.abs(scores - ranks.scores).sum():.1e}"
    )
    if edges <= 100_000:
        import networkx as nx

        g = graph.to_networkx()
        slow = median_seconds(lambda: nx.pagerank(g, tol=TOLERANCE / len(g), max_iter=10_000), 3)
        line += f"  networkx {slow / ours:.0f} x"
    print(line, flush=True)


def main():
    print("PageRank, weighted R-MAT with sinks, from a Graph to scores (transposition included), L1 residual 1e-10")
    for edges in (*SIZES, *((10_000_000,) if "--large" in sys.argv else ())):
        subprocess.run([sys.executable, "-m", "benchmarks.pagerank", str(edges)], check=True)


if __name__ == "__main__":
    sizes = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    one(sizes[0]) if sizes else main()
