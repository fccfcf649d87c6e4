"""Repair of reverse-reachable sets after a change of the graph: only the sets that can differ are drawn again.

A set is a function of the seed, of its index and of the in-edges of its members, and it is the same while these change
by less than its margin (see ``rr_ic`` and ``rr_lt``). A set of whose members no row changed by as much is therefore
the set that the new graph gives, and the others are drawn again from their own streams: the result is what drawing all
of them on the new graph gives, bit for bit. By the change the margin of a set that stays gets smaller.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from influence_graph.kernels.maximize import rr_sets
from influence_graph.kernels.maximize.rr_in_edges import prepare

if TYPE_CHECKING:
    from numpy.typing import NDArray

_RELATIVE, _ABSOLUTE = 1e-6, 1e-12  # added to a change for what was rounded in it and in a margin of float32


@njit(cache=True, nogil=True)
def _apart(one, other):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return at least how far the logarithms of two probabilities are apart."""
    least = min(one, other)
    return 0.0 if one == other else abs(one - other) / least if least > 0.0 else np.inf


@njit(cache=True, nogil=True)
def _changes(head, sources, values, new_head, new_sources, new_values, of_sums):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Return for each node how far its row moved: :func:`changes`."""
    moved = np.zeros(head.shape[0])
    for v in range(moved.size):
        first, new_first, edges = np.int64(head[v, 0]), np.int64(new_head[v, 0]), np.int64(head[v, 1])
        if np.int64(new_head[v, 1]) != edges:
            moved[v] = np.inf
            continue
        if not of_sums and np.sign(head[v, 3]) != np.sign(new_head[v, 3]):
            moved[v] = np.inf  # the row is sampled in another way
            continue
        most, new_most, far = 1.0, 1.0, 0.0
        if not of_sums and head[v, 3] != 0.0:  # the largest is drawn, the others are thinned by their share of it
            most, new_most = 0.0, 0.0
            for k in range(edges):
                most, new_most = max(most, values[first + k]), max(new_most, new_values[new_first + k])
            far = _apart(most, new_most)
        for k in range(edges):
            one, other = values[first + k], new_values[new_first + k]
            if sources[first + k] != new_sources[new_first + k]:
                far = np.inf
                break
            far = max(far, abs(one - other) if of_sums else _apart(one / most, other / new_most))
        moved[v] = far * (1.0 + _RELATIVE) + _ABSOLUTE if far > 0.0 else 0.0
    return moved


def changes(before: rr_sets.Reverse, after: rr_sets.Reverse, model: str) -> NDArray[np.float64]:
    """Return for each node by how much the edges into it changed, on the scale of margins.

    0 where nothing did, ∞ where an edge was added or removed, became possible or impossible, or where edges are sampled
    in another way; else at least the largest difference of the logarithms of a probability, for ``"lt"`` of a running
    sum of the weights.

    Args:
        before: In-edges of the nodes, sources ascending.
        after: In-edges of the same nodes now.
        model: ``"ic"``, ``"lt"`` or ``"ic-n"``.
    """
    moved: NDArray[np.float64] = _changes(*prepare(before, model), *prepare(after, model), model == "lt")
    return moved


@njit(cache=True, nogil=True)
def _farthest(offsets, members, moved):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return for each set the largest of *moved* over its members."""
    far = np.zeros(offsets.size - 1)
    for i in range(far.size):
        for k in range(offsets[i], offsets[i + 1]):
            far[i] = max(far[i], moved[members[k]])
    return far


@njit(cache=True, nogil=True)
def _spliced(offsets, members, which, new_offsets, new_members, out_offsets, out):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Write the sets with those at *which* replaced; *which* ascends."""
    done, at = 0, 0  # old sets handled, members written
    for j in range(which.size + 1):
        until = which[j] if j < which.size else offsets.size - 1
        shift = at - offsets[done]
        for i in range(done, until):
            out_offsets[i + 1] = offsets[i + 1] + shift
        out[at : offsets[until] + shift] = members[offsets[done] : offsets[until]]
        at = offsets[until] + shift
        if j < which.size:
            start, stop = new_offsets[j], new_offsets[j + 1]
            out[at : at + stop - start] = new_members[start:stop]
            at += stop - start
            out_offsets[until + 1] = at
            done = until + 1


def spliced(sets: rr_sets.RRSets, which: NDArray[np.int64], drawn: rr_sets.RRSets) -> rr_sets.RRSets:
    """Return *sets* with the sets at the ascending places *which* replaced by those *drawn*."""
    removed = int((sets.offsets[which + 1] - sets.offsets[which]).sum())
    offsets = np.zeros(sets.offsets.size, np.int64)
    members = np.empty(sets.members.size - removed + drawn.members.size, np.int32)
    _spliced(sets.offsets, sets.members, which, drawn.offsets, drawn.members, offsets, members)
    margins = None
    if sets.margins is not None and drawn.margins is not None:
        margins = sets.margins.copy()
        margins[which] = drawn.margins
    return rr_sets.RRSets(offsets, members, sets.first, margins)


def redrawn(
    sets: rr_sets.RRSets, sampler: rr_sets.Sampler, seed: int, moved: NDArray[np.float64], threads: int = 1
) -> tuple[rr_sets.RRSets, int]:
    """Return the sets as drawn on the changed graph, and the number of those drawn again.

    Args:
        sets: The sets drawn on the graph before the change; without margins, all with a changed row are drawn again.
        sampler: The sampler of the changed graph, with the roots and stops that drew *sets*.
        seed: The seed that drew *sets*.
        moved: How far the in-edges of each node changed, as :func:`changes` gives it.
        threads: Threads to draw with.
    """
    far = _farthest(sets.offsets, sets.members, moved)
    if not far.any():
        return sets, 0
    places = np.flatnonzero((far > 0.0) & (far >= (0.0 if sets.margins is None else sets.margins)))
    left = None if sets.margins is None else np.nextafter((sets.margins - far).astype(np.float32), np.float32(-1.0))
    again = rr_sets.draw(sampler, seed, places + sets.first, threads)
    return spliced(sets._replace(margins=left), places, again), int(places.size)
