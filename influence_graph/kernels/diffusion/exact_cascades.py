"""Exact activation by enumeration of all live-edge worlds of a small graph.

A world keeps some edges; a node is reached at its distance from the seeds in the world, and its value is
quality^{distance + 1} (quality 1 without negative opinions). Both models are mixtures of worlds
(Kempe, Kleinberg, Tardos 2003, https://doi.org/10.1145/956750.956769): independent cascade keeps each
edge with its probability, linear threshold keeps for each node at most one in-edge, by weight. So both
are one list of *choices*: in each, at most one of its edges is kept. A world is a mixed-radix number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Choices(NamedTuple):
    """Options of choice ``c``: places ``starts[c]`` to ``starts[c + 1]``, whose chances sum to 1.

    Option ``o`` keeps the edge ``source[o] -> target[o]`` with the chance ``chance[o]``; a source of -1 keeps none.
    """

    starts: NDArray[np.int64]
    source: NDArray[np.int64]
    target: NDArray[np.int64]
    chance: NDArray[np.float64]


@njit(cache=True, nogil=True)
def _distances(kept, source, target, distance, rounds):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Fill *distance*, 0 at the seeds and -1 elsewhere, with the steps along *kept* edges, at most *rounds*."""
    for depth in range(rounds):
        reached = False
        for o in kept:
            if source[o] >= 0 and distance[source[o]] == depth and distance[target[o]] < 0:
                distance[target[o]] = depth + 1
                reached = True
        if not reached:
            break


@njit(cache=True, nogil=True)
def activation(starts, source, target, chance, seeds, rounds, quality, nodes):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201, PLR0913
    """Return Σ over worlds of their chance × quality^{distance + 1}, for each node; 0 where it is not reached.

    The arguments up to *chance* are those of :class:`Choices`; *seeds* are in round 0, the last round is *rounds*.
    """
    choices = starts.size - 1
    kept = starts[:-1].copy()
    distance = np.empty(nodes, np.int64)
    value = quality ** np.arange(1.0, nodes + 1.0)
    total = np.zeros(nodes)
    more = True
    while more:
        probability = 1.0
        for o in kept:
            probability *= chance[o]
        distance[:] = -1
        distance[seeds] = 0
        _distances(kept, source, target, distance, rounds)
        for node in range(nodes):
            if distance[node] >= 0:
                total[node] += probability * value[distance[node]]
        more = False
        for c in range(choices):  # the next world
            kept[c] += 1
            if kept[c] < starts[c + 1]:
                more = True
                break
            kept[c] = starts[c]
    return total
