"""Random reverse-reachable sets: the nodes that would have activated a random node.

For a root drawn in proportion to its weight, W·P(S hits the set) is the weighted spread of S, W being the sum of
the weights (Borgs, Brautbar, Chayes, Lucier 2014, https://doi.org/10.1137/1.9781611973402.70). Set *i* is a function
of the seed, of *i* and of the in-edges of its members alone: on a changed graph, only sets that hold the target of
a changed edge differ, and of these only those whose margin is not above the change; drawing those again gives the same
as drawing all again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from influence_graph.kernels.maximize import rr_ic, rr_lt
from influence_graph.kernels.maximize.rr_in_edges import PreparedEdges, Reverse, prepare, reverse_of
from influence_graph.kernels.maximize.rr_roots import Roots, draw_roots, roots_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["RRSets", "Reverse", "Sampler", "concatenated", "draw", "reverse_of", "sampler_of"]

_BUFFER = 1 << 20  # members drawn between two calls of the check
_PART = 1024  # sets per thread below which one thread is faster


class RRSets(NamedTuple):
    """Sets of nodes: set ``i`` is ``members[offsets[i]:offsets[i + 1]]``, its root first.

    ``first`` is the index of the first set in its stream. A set that hits a node to stop at ends with it.
    An IC-N set can be empty. ``margins``: by how much the in-edges of its members may change with the set as it is (in
    ``rr_ic`` and ``rr_lt``), None: not known.
    """

    offsets: NDArray[np.int64]
    members: NDArray[np.int32]
    first: int = 0
    margins: NDArray[np.float32] | None = None

    @property
    def count(self) -> int:  # type: ignore[override]  # of sets, instead of tuple.count
        """Number of sets."""
        return self.offsets.size - 1

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return int(self.offsets.nbytes + self.members.nbytes + (0 if self.margins is None else self.margins.nbytes))


class Sampler(NamedTuple):
    """All that the sets depend on except the seed.

    ``stop``: bool per node, a set ends at such a node; None: at none.
    """

    edges: PreparedEdges
    model: str
    quality: float
    roots: Roots
    stop: NDArray[np.bool_] | None


def sampler_of(
    reverse: Reverse,
    model: str,
    quality: float,
    roots: NDArray[np.float64] | None,
    stop: NDArray[np.bool_] | None = None,
) -> Sampler:
    """Return the sampler of a graph with at least one node.

    Args:
        reverse: In-edges; for ``"lt"`` the probabilities into a node sum to at most 1.
        model: ``"ic"``, ``"lt"`` or ``"ic-n"``.
        quality: Probability in [0, 1] that an opinion stays positive at a step, read for ``"ic-n"`` only.
        roots: Weight ≥ 0 of each node to be the root, not all 0; None: all equal.
        stop: Nodes at which a set ends.
    """
    return Sampler(prepare(reverse, model), model, quality if model == "ic-n" else 1.0, roots_of(roots), stop)


def draw(
    sampler: Sampler,
    seed: int,
    which: NDArray[np.int64],
    threads: int = 1,
    check: Callable[[], None] | None = None,
) -> RRSets:
    """Return the sets *which*, the same for any number of threads.

    Args:
        sampler: Graph, model, roots.
        seed: From 0 to 2^64 - 1.
        which: Index of each set in the stream.
        threads: Threads to draw with.
        check: Called after each piece of work; an exception that it raises ends the drawing.
    """
    parts = [which] if threads < 2 or which.size < 2 * _PART else np.array_split(which, threads)
    stopped = False

    def pieces(part: NDArray[np.int64]) -> list[RRSets]:
        drawn_pieces: list[RRSets] = []
        for piece in _pieces(sampler, seed, part):
            drawn_pieces.append(piece)
            if stopped:
                break
            if check is not None:
                check()
        return drawn_pieces

    if len(parts) == 1:
        return _joined(pieces(which), int(which[0]) if which.size else 0)
    with ThreadPoolExecutor(threads) as pool:
        try:
            drawn = [piece for drawn_pieces in pool.map(pieces, parts) for piece in drawn_pieces]
        finally:
            stopped = True  # after an interrupt the other threads end with their current piece
    return _joined(drawn, int(which[0]))


def _pieces(sampler: Sampler, seed: int, which: NDArray[np.int64]) -> Iterator[RRSets]:
    """Yield the sets *which* in pieces of limited size."""
    n = sampler.edges.head.shape[0]
    marks = np.zeros(n, np.uint8)
    if sampler.stop is not None:
        marks[sampler.stop] = rr_ic.STOP
    roots = draw_roots(*sampler.roots, n, np.uint64(seed), which)
    capacity = min(_BUFFER, 1024 + 64 * which.size)
    done = 0
    while done < which.size:
        members, offsets = np.empty(capacity, np.int32), np.zeros(which.size - done + 1, np.int64)
        margins = np.empty(which.size - done, np.float32)
        stream = np.uint64(seed), which[done:], roots[done:], marks, members, offsets, margins
        if sampler.model == "lt":
            count = rr_lt.draw(*sampler.edges, *stream)
        else:
            count = rr_ic.draw(*sampler.edges, sampler.quality, *stream)
        if count == 0:
            capacity *= 2  # not one set fits
            continue
        yield RRSets(offsets[: count + 1].copy(), members[: offsets[count]].copy(), 0, margins[:count].copy())
        done += count


def _joined(pieces: list[RRSets], first: int) -> RRSets:
    """Return all sets of *pieces* in one."""
    if not pieces:
        return RRSets(np.zeros(1, np.int64), np.empty(0, np.int32), first, np.empty(0, np.float32))
    ends = np.cumsum([piece.members.size for piece in pieces])
    shifted = [piece.offsets[1:] + (end - piece.members.size) for piece, end in zip(pieces, ends, strict=True)]
    offsets = np.concatenate([np.zeros(1, np.int64), *shifted])
    margins = [piece.margins for piece in pieces if piece.margins is not None]
    known = np.concatenate(margins) if len(margins) == len(pieces) else None
    return RRSets(offsets, np.concatenate([piece.members for piece in pieces]), first, known)


def concatenated(*parts: RRSets) -> RRSets:
    """Return the sets of all *parts*, one or more, which follow each other in one stream."""
    return _joined(list(parts), parts[0].first)
