"""Repair of reverse-reachable sets after a change of the graph: only the sets that can differ are drawn again.

A set is a function of the seed, of its index and of the in-edges of its members. A set without a node
whose in-edges changed is therefore the set that the new graph gives, and the others are drawn again from
their own streams: the result is what drawing all of them on the new graph gives, bit for bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from influence_graph.kernels.maximize import coverage, rr_sets

if TYPE_CHECKING:
    from numpy.typing import NDArray


@njit(cache=True, nogil=True)
def _differing(starts, sources, chances, new_starts, new_sources, new_chances):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return for each node whether its row differs."""
    differs = np.zeros(starts.size - 1, np.bool_)
    for v in range(differs.size):
        first, new_first = starts[v], new_starts[v]
        size = starts[v + 1] - first
        if new_starts[v + 1] - new_first != size:
            differs[v] = True
            continue
        for k in range(size):
            if sources[first + k] != new_sources[new_first + k] or chances[first + k] != new_chances[new_first + k]:
                differs[v] = True
                break
    return differs


def changed(before: rr_sets.Reverse, after: rr_sets.Reverse) -> NDArray[np.bool_]:
    """Return for each node whether an edge into it was added, removed or given another probability.

    Args:
        before: In-edges of the nodes, sources ascending.
        after: In-edges of the same nodes now.
    """
    differs: NDArray[np.bool_] = _differing(*before, *after)
    return differs


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
    return rr_sets.RRSets(offsets, members, sets.first)


def redrawn(
    sets: rr_sets.RRSets, sampler: rr_sets.Sampler, seed: int, differs: NDArray[np.bool_], threads: int = 1
) -> tuple[rr_sets.RRSets, int]:
    """Return the sets as drawn on the changed graph, and the number of those drawn again.

    Args:
        sets: The sets drawn on the graph before the change.
        sampler: The sampler of the changed graph, with the roots and stops that drew *sets*.
        seed: The seed that drew *sets*.
        differs: Whether the in-edges of a node changed, one per node.
        threads: Threads to draw with.
    """
    places = np.flatnonzero(coverage.hit(sets.offsets, sets.members, differs))
    if places.size == 0:
        return sets, 0
    again = rr_sets.draw(sampler, seed, places + sets.first, threads)
    return spliced(sets, places, again), int(places.size)
