"""Fifty seeds: seconds, spread by fresh simulation, certificate and memory, against rivals in one run.

``python -m benchmarks.seeds GRAPH wc|lt|low|high|sentinel|repair``: one case in one process, one thread.
"""

from __future__ import annotations

import math
import sys
import time

import numpy as np

from benchmarks import graphs, harness
from benchmarks.peers import seeding
from influence_graph.analyses.diffusion.spread import spread
from influence_graph.analyses.maximize.maximize import maximize
from influence_graph.model.graph import Graph

K = 50
EPSILON = 0.1
BARE = 1 - 1 / math.e - EPSILON  # where OPIM-C and SUBSIM stop
P = {"low": 0.01, "high": 0.1, "sentinel": 0.1}
RUNS = {"nethept": 20_000, "retweets": 20_000, "social": 2_000, "rmat18": 300, "rmat20": 100}
WORLDS = {"low": 1_000, "high": 100}  # simulations of CELF; GDS takes 100
CASES = {
    "quick": (("nethept", "wc"), ("nethept", "low"), ("nethept", "repair")),
    "full": (
        *((name, "wc") for name in ("nethept", "social", "retweets", "rmat18", "rmat20")),
        *((name, "lt") for name in ("nethept", "social", "retweets")),
        ("nethept", "low"),
        ("nethept", "high"),
        ("social", "sentinel"),
        ("nethept", "repair"),
        ("social", "repair"),
    ),
}
IMM_LARGEST = 1_000_000  # edges: beyond, its sets take minutes and gigabytes


def jobs(size):
    """Yield the arguments of each process of this part."""
    yield from (("seeds", name, case) for name, case in CASES["quick" if size == "quick" else "full"])


def setting(name, case):
    """Return edges and our graph with its probabilities."""
    edges = graphs.load(name)
    return edges, probable(edges, case)


def probable(edges, case):
    """Return our graph with the probabilities of *case*."""
    p = np.full(edges.source.size, P[case]) if case in P else graphs.weighted_cascade(edges)
    return Graph.from_arrays(graphs.names_of(edges.nodes), edges.source, edges.target, p)


def ours(graph, model, **more):
    """Return our seeds with one thread."""
    return maximize(graph, K, model, EPSILON, seed=1, threads=1, **more)


def about(name, case, edges):
    """Return the fields that every record of this part has."""
    return {"part": "seeds", "case": case, "graph": name, "nodes": edges.nodes, "edges": edges.source.size}


def simulated(graph, name, model, seeds):
    """Return spread and standard error of *seeds* on random numbers that chose none of them."""
    ids = [str(seed) for seed in seeds]
    result = spread(graph, ids, model, simulations=RUNS.get(name, 2_000), seed=999, threads=1)
    return {"spread": result.mean, "std_error": result.std_error}


def against_rivals(name, case):
    """Emit ours with its default stop, ours with OPIM-C's stop, and the rival of the case."""
    edges, graph = setting(name, case)
    model = "lt" if case == "lt" else "ic"
    head = about(name, case, edges)
    first, rivals = ours(graph, model), {"ours, at 1-1/e-ε": lambda: ours(graph, model, ratio=BARE)}
    kept = {}
    if case in ("wc", "lt") and edges.source.size <= IMM_LARGEST:
        rivals["IMM(.1) on our sampler"] = lambda: kept.update(imm=seeding.imm(graph, K, EPSILON, model=model))
    if case == "sentinel":
        rivals["plain sets"] = lambda: kept.update(plain=seeding.plain_opimc(graph, K, EPSILON))
    timings = harness.interleaved(lambda: ours(graph, model), rivals)
    bare = ours(graph, model, ratio=BARE)
    own = {"ours": first, "ours, at 1-1/e-ε": bare}
    for engine, chosen in own.items():
        harness.emit(**head, engine=engine, **timings.pop(engine).facts(), **certified(chosen, graph, name, model))
    for engine, timing in timings.items():
        chosen = kept["imm" if engine.startswith("IMM") else "plain"]
        figures = {"sets": chosen.sets, "megabytes": chosen.bytes / 1e6}
        harness.emit(**head, engine=engine, **timing.facts(), **figures, **simulated(graph, name, model, chosen.seeds))
    if case in WORLDS:
        against_celf(graph, name, head)


def certified(chosen, graph, name, model):
    """Return certificate, sets, memory and simulated spread of our seeds."""
    figures = {"certificate": chosen.ratio, "sets": chosen.rr_sets, "megabytes": chosen.memory / 1e6}
    return {**figures, "stopped": chosen.stopped, **simulated(graph, name, model, chosen.seeds)}


def against_celf(graph, name, head):
    """Emit our CELF: once, as it is the slow reference."""
    from influence_graph.analyses.maximize.celf import celf

    started = time.process_time()
    chosen = celf(graph, K, simulations=WORLDS[head["case"]], seed=1, time_limit=120)
    seconds = time.process_time() - started
    engine = f"CELF, {WORLDS[head['case']]:,} worlds"
    harness.emit(**head, engine=engine, seconds=seconds, rounds=1, **simulated(graph, name, "ic", chosen.seeds))


def repaired(name):
    """Emit what repairing the sets takes after 100 edges have changed, beside drawing all again."""
    from influence_graph.analyses.maximize.repair import repair

    edges = graphs.load(name)
    before = ours(probable(edges, "wc"), "ic").kept
    later = graphs.changed(edges, 100 / edges.source.size)
    graph = probable(later, "wc")
    rebuild = lambda: [  # noqa: E731
        seeding.drawn(seeding.sampler(graph), 1 + part, 0, sets.count)
        for part, sets in enumerate((before.sets.choose, before.sets.judge))
    ]
    timings = harness.interleaved(lambda: repair(before, graph, 1), {"rebuild": rebuild})
    redrawn = repair(before, graph, 1).redrawn
    facts = {"redrawn": redrawn, "sets": before.count, "share": redrawn / before.count}
    harness.emit(**about(name, "repair", edges), engine="ours", **timings["rebuild"].facts(), **facts)


if __name__ == "__main__":
    graph_name, case = sys.argv[1:]
    if case == "repair":
        repaired(graph_name)
    else:
        against_rivals(graph_name, case)
