"""PageRank against the peers at the error that they reach: a true L1 distance of at most 1e-9.

``python -m benchmarks.pagerank GRAPH plain|weighted|personalized``: one graph in one process. Each peer gets the
loosest tolerance of its own with which it is that close to a reference at 1e-13. Building a peer's graph is left
out of "seconds" and given as "build"; ours is prepared in the same sense by the first two solves.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from numba import njit

from benchmarks import graphs, harness
from benchmarks.peers import ranking
from influence_graph.analyses.ranking.pagerank import pagerank
from influence_graph.model import csr
from influence_graph.model.graph import Graph

ERROR = 1e-9
RESIDUAL = ERROR * (1 - ranking.ALPHA)  # a residual of this proves the error

PLAIN = {
    "quick": ("nethept", "rmat14", "retweets"),
    "full": ("grqc", "nethept", "wikivote", "facebook", "retweets", "rmat14", "social", "rmat16", "rmat18", "rmat20"),
}
PLAIN["large"] = (*PLAIN["full"], "rmat22")
WEIGHTED = {"quick": ("rmat14",), "full": ("nethept", "social", "rmat18", "rmat20")}
PERSONALIZED = {"quick": ("rmat14",), "full": ("nethept", "social", "rmat18")}


def jobs(size):
    """Yield the arguments of each process of this part."""
    other = "quick" if size == "quick" else "full"
    for case, names in (("plain", PLAIN[size]), ("weighted", WEIGHTED[other]), ("personalized", PERSONALIZED[other])):
        yield from (("pagerank", name, case) for name in names)


def about(name, case, edges):
    """Return the fields that every record of this part has."""
    return {"part": "pagerank", "case": case, "graph": name, "nodes": edges.nodes, "edges": edges.source.size}


def ours_of(edges, weighted=False):
    """Return our graph, and the seconds that building took; names are made before, as the peers have none."""
    names = graphs.names_of(edges.nodes)
    started = time.process_time()
    rows = csr.build(edges.nodes, edges.source, edges.target, edges.weight if weighted else None)
    graph = Graph(*rows, names)
    return graph, time.process_time() - started


def solve(graph, v=None, tolerance=RESIDUAL, **more):
    """Return our PageRank at the damping factor of all."""
    return pagerank(graph, ranking.ALPHA, v, tolerance, **more)


def compiled():
    """Load our compiled code, so that nothing timed does."""
    for weighted in (False, True):
        solve(ours_of(graphs.rmat(4, 64), weighted)[0])


class Contender:
    """A peer on one graph, with the tolerance it needs there."""

    def __init__(self, peer, edges, weighted, v, truth):
        started = time.process_time()
        self.peer, self.v = peer(edges, weighted), v
        build = time.process_time() - started
        self.tolerance, error, note = ranking.loosest(self.peer, truth, ERROR, v)
        self.ranked = error <= ERROR
        reached = error if np.isfinite(error) else None
        self.facts = {"build": build, "tolerance": self.tolerance, "error": reached, "note": note}
        self.facts["ranked"] = self.ranked

    def __call__(self):
        return self.peer.solve(self.tolerance, self.v)


def contenders(edges, weighted, v, truth, head):
    """Return the peers that reach the error here; emit a record for each other one."""
    here, missing = ranking.installed()
    ranked = {}
    for peer in here:
        if edges.source.size > peer.LARGEST:
            continue
        contender = Contender(peer, edges, weighted, v, truth)
        if contender.ranked:
            ranked[peer.name] = contender
        else:
            harness.emit(**head, engine=peer.name, **contender.facts)
    for name in missing:
        harness.emit(**head, engine=name, ranked=False, note="not installed")
    return ranked


def against_peers(name, case):
    """Emit a record for us and for each peer on one graph."""
    edges, weighted, v = graphs.load(name), case == "weighted", None
    if case == "personalized":
        v = np.zeros(edges.nodes)
        v[np.argmax(np.bincount(edges.source))] = 1.0
    reference = ranking.Scipy(edges, weighted)
    truth = reference.solve(1e-13, v)
    reference.solve(RESIDUAL, v)
    compiled()
    graph, from_cold = cold(edges, weighted, v)
    for _ in range(2):
        result = solve(graph, v)
    error = float(np.abs(result.scores - truth).sum())
    if error > ERROR:
        raise ArithmeticError(f"our L1 error on {name} is {error:.2e}, above {ERROR:g}")
    head = about(name, case, edges)
    rivals = contenders(edges, weighted, v, truth, head)
    timings = harness.interleaved(lambda: solve(graph, v), rivals)
    facts = {"passes": result.iterations, "power_passes": reference.passes, "error": error, "bound": result.error_bound}
    traffic = gather_seconds(edges)
    harness.emit(**head, engine="ours", **timings.pop("ours").facts(), **facts, **from_cold, gather=traffic)
    for key, timing in timings.items():
        harness.emit(**head, engine=key, **rivals[key].facts, **timing.facts())


def cold(edges, weighted, v):
    """Return our last graph and the seconds from arrays to scores, ours and scipy's in turn."""
    rounds = []
    for _ in range(3):
        graph, build = ours_of(edges, weighted)
        started = time.process_time()
        solve(graph, v)
        mine = build + time.process_time() - started
        started = time.process_time()
        ranking.Scipy(edges, weighted).solve(RESIDUAL, v)
        rounds.append((mine, time.process_time() - started))
    mine, theirs = np.median(rounds, axis=0)
    ratio = np.median([their / my for my, their in rounds])
    return graph, {"cold": mine, "scipy_cold": theirs, "cold_ratio": ratio}


@njit(cache=True)
def _gather(indptr, indices, values):
    sums = np.zeros(indptr.size - 1)
    for i in range(sums.size):
        total = 0.0
        for k in range(indptr[i], indptr[i + 1]):
            total += values[indices[k]]
        sums[i] = total
    return sums


def gather_seconds(edges):
    """Return the seconds of one sum over the in-neighbors of each node: what no pass over the edges avoids."""
    rows = csr.build(edges.nodes, edges.target, edges.source, None)
    values, places = np.ones(edges.nodes), rows.indices.view(np.uint32)
    indptr = rows.indptr.view(np.uint64)
    return harness.interleaved(lambda: _gather(indptr, places, values), {})["ours"].seconds


if __name__ == "__main__":
    against_peers(*sys.argv[1:])
