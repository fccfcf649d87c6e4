"""The roots of reverse-reachable sets: by weight, or without replacement where all weights are equal."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from influence_graph.kernels.sampling import alias_table, permutation, permuted
from influence_graph.kernels.streams import stream, uniform, wraparound_njit

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Roots(NamedTuple):
    """The distribution of the root: *nodes* (empty: all) by their alias table, or, where *keep* is empty, equally."""

    nodes: NDArray[np.int32]
    keep: NDArray[np.float64]
    other: NDArray[np.int32]


def roots_of(weights: NDArray[np.float64] | None) -> Roots:
    """Return the distribution of the root in proportion to weights ≥ 0, not all 0; None: all equal.

    Nodes of equal weight are sampled without replacement: each is a root once before any is for the second time,
    in a random order. That removes the variance of the roots from every estimate. A product of (1 + h_v·(e^t - 1))
    over nodes drawn without replacement is on average at most the same with replacement (Hoeffding 1963, theorem 4,
    https://doi.org/10.1080/01621459.1963.10500830), so Chernoff's bounds for independent sets hold.
    """
    none = np.empty(0, np.int32)
    if weights is None:
        return Roots(none, np.empty(0), none)
    nodes = np.flatnonzero(weights > 0).astype(np.int32)
    shares = weights[nodes] / weights[nodes].max()  # so that the sum of huge or tiny weights is in range
    if shares.min() == 1.0:
        return Roots(nodes, np.empty(0), none)
    return Roots(nodes, *alias_table(shares * (nodes.size / shares.sum())))


@wraparound_njit
def draw_roots(nodes, keep, other, n, seed, which):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return the root of each of the sets *which* of *seed* in a graph of *n* nodes; the rest is :class:`Roots`."""
    roots = np.empty(which.size, np.int32)
    order = permutation(seed, n if nodes.size == 0 else nodes.size)
    for i in range(which.size):
        if keep.size > 0:
            u = uniform(stream(seed, which[i])[0]) * nodes.size
            place = np.int64(u)
            roots[i] = nodes[place] if u - place < keep[place] else nodes[other[place]]
        else:
            place = permuted(order, which[i])
            roots[i] = place if nodes.size == 0 else nodes[place]
    return roots
