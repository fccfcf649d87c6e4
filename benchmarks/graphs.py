"""The graphs of the benchmarks: arrays of edges, real where they are at hand, generated otherwise.

Generated ones come from fixed seeds. A run keeps each in a folder, so that no measured process generates one.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

DATA = "INFLUENCE_GRAPH_TEST_DATA"
"""Variable of the folder with the public data sets; without it, ../shared/data beside the project."""
FOLDER = "INFLUENCE_GRAPH_BENCH_FOLDER"
REAL = {
    "nethept": ("NetHEPT_snowgy_wc.txt", "NetHEPT co-authors, both ways"),
    "facebook": ("facebook_combined.rkg.txt", "ego-Facebook friends, both ways"),
    "grqc": ("CA-GrQc.rkg.txt", "CA-GrQc co-authors, both ways"),
    "wikivote": ("wiki-Vote.txt", "wiki-Vote"),
}
DIRECTED = {"wikivote"}


def public_data(name):
    """Return the path of the public data set *name*, or of a file in it, which may be missing."""
    return Path(os.environ.get(DATA) or Path(__file__).resolve().parents[2] / "shared" / "data") / name


class Edges(NamedTuple):
    """A simple directed graph: arcs ``source[k] -> target[k]`` in random order, weights in (0, 1)."""

    nodes: int
    source: np.ndarray
    target: np.ndarray
    weight: np.ndarray


def load(name):
    """Return the graph *name*, from the folder of this run where it is kept already.

    Names: those of ``REAL``, ``rmat14`` to ``rmat22`` (R-MAT with 2^k nodes and 16 edges per node before
    repeated ones are dropped), ``growth10000`` and so on (R-MAT with that many edges), ``retweets``, ``social``.
    """
    folder = Path(os.environ.get(FOLDER, tempfile.gettempdir()))
    kept = folder / f"{name}.npy"
    if not kept.exists():
        edges = _made(name)
        np.save(kept, np.concatenate([[edges.nodes, edges.source.size], edges.source, edges.target]))
    numbers = np.load(kept)
    nodes, arcs = numbers[:2].tolist()
    source, target = numbers[2 : 2 + arcs], numbers[2 + arcs :]
    return _weighted(nodes, source, target)


def at_hand(name):
    """Return whether *name* can be loaded: generated ones always, real ones where their file is."""
    return name not in REAL or public_data(f"im_graphs/{REAL[name][0]}").exists()


def described(name):
    """Return what *name* is, in words."""
    if name in REAL:
        return REAL[name][1]
    words = {"retweets": "retweets, generated: small core, acyclic fringe", "social": "friends, generated, both ways"}
    if name.startswith("rmat"):
        return f"R-MAT, 2^{name[4:]} nodes"
    return words.get(name, f"R-MAT, {name.removeprefix('growth')} edges")


def _made(name):
    if name in REAL:
        return _real(name)
    if name.startswith("rmat"):
        scale = int(name[4:])
        return rmat(scale, 16 << scale)
    if name.startswith("growth"):
        edges = int(name[6:])
        return rmat(max(int(np.log2(edges / 8)), 4), edges)
    return {"retweets": retweets, "social": social}[name]()


def _real(name):
    rows = np.loadtxt(public_data(f"im_graphs/{REAL[name][0]}"), usecols=(0, 1), dtype=np.int64, comments="#")
    if name not in DIRECTED:
        rows = rows[1:]  # the first line counts nodes and edges
        rows = np.concatenate([rows, rows[:, ::-1]])
    names, places = np.unique(rows, return_inverse=True)
    return _simple(names.size, *places.reshape(rows.shape).T, np.random.default_rng(1))


def rmat(scale, edges, seed=0):
    """Return an R-MAT graph (.57, .19, .19, .05) with shuffled names, as Graph500 generates them."""
    rng = np.random.default_rng(seed)
    source, target = np.zeros((2, edges), dtype=np.int32)
    for _ in range(scale):
        draw = rng.random(edges, dtype=np.float32)
        source += source + (draw > np.float32(0.76))
        target += target + (((draw > np.float32(0.57)) & (draw <= np.float32(0.76))) | (draw > np.float32(0.95)))
    names = rng.permutation(1 << scale).astype(np.int32)
    return _simple(1 << scale, names[source], names[target], rng)


def retweets(nodes=256_000, giant=984, pairs=600, seed=0):
    """Return who retweets whom: a small core in which all reach all, closed pairs, an acyclic fringe on both sides.

    Sizes are those of the Higgs retweets (De Domenico et al. 2013): .33 M edges, a largest strong component of 984
    nodes, 2,184 nodes that lie on cycles. Of the pairs that retweet each other, half retweet nobody else: on these,
    power iteration is slow.
    """
    rng = np.random.default_rng(seed)
    core = giant + 2 * pairs
    ring, one = np.arange(giant), giant + np.arange(pairs)
    inner = (giant * rng.random((2, 14 * giant)) ** 2).astype(np.int64)
    open_ones = one[: pairs // 2]
    joined = np.arange(core, nodes)
    each = np.minimum(rng.geometric(0.8, joined.size), 5)
    late = np.repeat(joined, each)
    early = (late * rng.random(late.size) ** 4).astype(np.int64)  # the early ones are retweeted most
    sinks = np.repeat(rng.random(joined.size) < 0.12, each)
    early = np.where(sinks & (early >= giant) & (early < core), early % giant, early)  # or a pair would close a cycle
    source = (ring, inner[0], one, one + pairs, open_ones, np.where(sinks, early, late))
    target = (np.roll(ring, 1), inner[1], one + pairs, one, open_ones % giant, np.where(sinks, late, early))
    names = rng.permutation(nodes)
    return _simple(nodes, names[np.concatenate(source)], names[np.concatenate(target)], rng)


def social(nodes=76_000, pairs=420_000, seed=0):
    """Return friendships both ways with power-law degrees (Chung & Lu 2002), of the size of Epinions."""
    rng = np.random.default_rng(seed)
    popularity = (np.arange(nodes) + 10.0) ** -0.6
    ends = np.searchsorted(np.cumsum(popularity) / popularity.sum(), rng.random((2, pairs)))
    names = rng.permutation(nodes)
    ends = names[np.minimum(ends, nodes - 1)]
    return _simple(nodes, np.concatenate([ends[0], ends[1]]), np.concatenate([ends[1], ends[0]]), rng)


def _simple(nodes, source, target, rng):
    """Return the edges without loops and repetitions, in random order."""
    codes = np.sort(source.astype(np.int64) * nodes + target)  # np.unique hashes, which takes twenty times as long
    codes = codes[np.diff(codes, prepend=-1) > 0]
    codes = codes[codes // nodes != codes % nodes]
    rng.shuffle(codes)
    return _weighted(nodes, codes // nodes, codes % nodes)


def _weighted(nodes, source, target):
    # int32, as every peer accepts; weights by a generator of their own, so that they need not be kept
    weight = np.random.default_rng(9).random(source.size) * 0.99 + 0.01
    return Edges(nodes, source.astype(np.int32), target.astype(np.int32), weight)


def changed(edges, share, seed=5):
    """Return the graph with *share* of its edges gone and as many others there instead."""
    rng = np.random.default_rng(seed)
    count = max(int(edges.source.size * share), 1)
    gone = rng.choice(edges.source.size, count, replace=False)
    source = np.concatenate([np.delete(edges.source, gone), rng.choice(edges.source, count)])
    target = np.concatenate([np.delete(edges.target, gone), rng.choice(edges.target, count)])
    return _simple(edges.nodes, source, target, rng)


def weighted_cascade(edges):
    """Return 1/in-degree of the target of each edge."""
    return 1.0 / np.bincount(edges.target, minlength=edges.nodes)[edges.target]


def names_of(nodes):
    """Return the ids of our graphs."""
    return np.arange(nodes).astype(str).astype(object)
