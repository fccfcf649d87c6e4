"""Spread by simulation against the peers: simulations per second at the same seeds, means equal within 3 s.e.

``python -m benchmarks.spread GRAPH ic|lt [two|memory ENGINE]``: 50 seeds of the largest out-degree, weighted cascade.
"""

from __future__ import annotations

import math
import sys
import time

import numpy as np

from benchmarks import graphs, harness
from benchmarks.peers import diffusion
from influence_graph.analyses.diffusion.spread import spread
from influence_graph.model.graph import Graph

SEEDS = 50
AIM = 0.5  # seconds: what a sample of a peer takes
GRAPHS = {"quick": ("nethept",), "full": ("nethept", "wikivote", "facebook", "social")}
TWO = {"quick": ("nethept",), "full": ("nethept", "social")}
SIMULATIONS = {"nethept": 10_000, "social": 2_000}
NDLIB_LARGEST = 100_000  # edges: beyond, one simulation takes a second


def jobs(size):
    """Yield the arguments of each process of this part."""
    size = "quick" if size == "quick" else "full"
    yield from (("spread", name, model) for name in GRAPHS[size] for model in ("ic", "lt"))
    yield from (("spread", name, "ic", "two") for name in TWO[size])
    peers = [peer.name for peer in diffusion.installed("ic")[0]]
    yield from (("spread", TWO[size][-1], "ic", "memory", engine) for engine in ("ours", *peers))


def setting(name):
    """Return edges, weighted-cascade probabilities, our graph and the seeds."""
    edges = graphs.load(name)
    probability = graphs.weighted_cascade(edges)
    graph = Graph.from_arrays(graphs.names_of(edges.nodes), edges.source, edges.target, probability)
    return edges, probability, graph, np.argsort(-np.bincount(edges.source), kind="stable")[:SEEDS].tolist()


class Rival:
    """A peer, with how many simulations make a sample, and the results of all."""

    def __init__(self, peer, *arguments):
        self.peer, self.reached = peer(*arguments), []
        clock = time.process_time
        started, done = clock(), 0
        while clock() - started < AIM / 4:
            self.peer.runs(1)
            done += 1
        self.count = max(int(done * 4), 2)

    def __call__(self):
        self.reached.append(self.peer.runs(self.count))

    def estimate(self):
        """Return mean and standard error over all samples."""
        every = np.concatenate(self.reached)
        return every.mean(), every.std(ddof=1) / math.sqrt(every.size)


def against_peers(name, model, threads=1):
    """Emit a record for us and for each peer; with two threads ours is held against their one, by the wall."""
    edges, probability, graph, seeds = setting(name)
    ids, count = [str(seed) for seed in seeds], SIMULATIONS.get(name, 4_000)
    here, missing = diffusion.installed(model)
    here = [peer for peer in here if peer is not diffusion.NDlib or edges.source.size <= NDLIB_LARGEST]
    if threads > 1:
        here = [peer for peer in here if peer is diffusion.Cynetdiff]
    rivals = {peer.name: Rival(peer, edges, probability, seeds, model) for peer in here}
    call = lambda: spread(graph, ids, model, simulations=count, seed=1, threads=threads)  # noqa: E731
    timings = harness.interleaved(call, rivals, clock=time.perf_counter if threads > 1 else None)
    own = call()
    case = f"{model}, two threads" if threads > 1 else model
    head = {"part": "spread", "case": case, "graph": name, "nodes": edges.nodes, "edges": edges.source.size}
    rate = count / timings.pop("ours").seconds
    harness.emit(**head, engine="ours", rate=rate, spread=own.mean, std_error=own.std_error)
    for key, timing in timings.items():
        harness.emit(**head, engine=key, **compared(own, rivals[key], timing, count))
    for peer in missing:
        harness.emit(**head, engine=peer, note="not installed")


def compared(own, rival, timing, count):
    """Return the ratio of the rates, and whether the means agree within three standard errors."""
    mean, error = rival.estimate()
    apart = abs(mean - own.mean) / math.hypot(error, own.std_error)
    scale = count / rival.count  # the ratio of times is of samples of different sizes
    ratios = {"ratio": timing.ratio * scale, "low": timing.low * scale, "high": timing.high * scale}
    return {
        **ratios,
        "rounds": timing.rounds,
        "rate": rival.count / timing.seconds,
        "spread": mean,
        "std_error": error,
        "apart": apart,
        "agrees": bool(apart <= 3),
    }


def memory(name, model, engine):
    """Emit the megabytes that building and simulating add to a process that holds the arrays."""
    edges, probability, graph, seeds = setting(name)
    if engine == "ours":
        ids = [str(seed) for seed in seeds]
        spread(graph, ids, model, simulations=2, seed=1, threads=1)
        _, megabytes = harness.rise(lambda: spread(graph, ids, model, simulations=1_000, seed=1, threads=1))
    else:
        peer = next(each for each in diffusion.ALL if each.name == engine)
        if peer is diffusion.NDlib and edges.source.size > NDLIB_LARGEST:
            return
        _, megabytes = harness.rise(lambda: peer(edges, probability, seeds, model).runs(10))
    harness.emit(part="spread", case="memory", graph=name, edges=edges.source.size, engine=engine, megabytes=megabytes)


if __name__ == "__main__":
    graph_name, model, *rest = sys.argv[1:]
    if rest[:1] == ["memory"]:
        memory(graph_name, model, rest[1])
    else:
        against_peers(graph_name, model, 2 if rest == ["two"] else 1)
