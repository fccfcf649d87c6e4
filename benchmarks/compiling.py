"""Seconds that compiling takes, once per machine, and what a later process needs to load the kept code.

``python -m benchmarks.compiling``: the same small calls in two processes that share an empty cache of numba's.
"""

from __future__ import annotations

import sys
import tempfile

from benchmarks import harness
from benchmarks.measure import measure

CALLS = """
import influence_graph as ig
from influence_graph.analyses.diffusion.spread import spread
from influence_graph.analyses.maximize.maximize import maximize
graph = ig.Graph.from_edges(["a", "b", "c"], ["b", "c", "a"], [0.5, 0.5, 0.5])
ig.pagerank(graph), spread(graph, ["a"], simulations=100, seed=1), maximize(graph, 1, seed=1)
"""


def jobs(size):  # noqa: ARG001 - as all parts
    """Yield the one process of this part."""
    yield ("compiling",)


def main():
    with tempfile.TemporaryDirectory() as cache:
        runs = [measure([sys.executable, "-c", CALLS], NUMBA_CACHE_DIR=cache) for _ in range(2)]
    first, later = (run.seconds for run in runs)
    harness.emit(part="compiling", case="compiling", engine="ours", seconds=first, later=later)


if __name__ == "__main__":
    main()
