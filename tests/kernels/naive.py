"""What the naive twins of several kernels share: random streams in plain integers, and tiny graphs."""

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

WORD = 2**64
GOLDEN_GAMMA = 0x9E3779B97F4A7C15

quick = settings(max_examples=500 if settings.default.max_examples >= 500 else 40, deadline=None)
seeds = st.integers(0, WORD - 1)


def mix64(z):
    """Return SplitMix64's hash, from the C code of https://prng.di.unimi.it/splitmix64.c."""
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % WORD
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB % WORD
    return z ^ (z >> 31)


def unit(state):
    """Return the number in [0, 1) of a state."""
    return (mix64(state) >> 11) / 2**53


class Stream:
    """The stream *index* of *seed*: its first state, and one uniform number after the other."""

    def __init__(self, seed, index):
        self.state = mix64((mix64((seed + GOLDEN_GAMMA) % WORD) + index * GOLDEN_GAMMA) % WORD)
        self.step = mix64(self.state ^ GOLDEN_GAMMA) | 1

    def word(self):
        """Advance and return the next 64 bits."""
        self.state = (self.state + self.step) % WORD
        return mix64(self.state)

    def uniform(self):
        """Advance and return the next number in [0, 1)."""
        return (self.word() >> 11) / 2**53


def rows_of(graph):
    """Return row pointers and targets of a graph of :func:`edge_lists`."""
    nodes, edges = graph
    indptr = np.searchsorted([u for u, _ in edges], np.arange(nodes + 1))
    return indptr.astype(np.int64), np.array([v for _, v in edges], np.int32)


def edge_lists(most_nodes=8, most_edges=20):
    """Return a strategy of graphs: the number of nodes, and a sorted list of distinct (source, target)."""

    def edges(nodes):
        node = st.integers(0, nodes - 1)
        pairs = st.sets(st.tuples(node, node), max_size=most_edges).map(sorted)
        return st.tuples(st.just(nodes), pairs)

    return st.integers(1, most_nodes).flatmap(edges)
