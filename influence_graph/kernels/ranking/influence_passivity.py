"""Influence–Passivity on arrays: credit goes from influencers to those who resist them, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import block_array, csr_array
from scipy.sparse.csgraph import connected_components

from influence_graph.kernels.ranking.perron import dominant

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Solution(NamedTuple):
    """Influence and passivity, each of sum 1, or both 0 where all influence is lost in the end.

    ``residual`` is the L1 residual of I ∝ U Vᵀ I, ``error`` the error estimated from it.
    """

    influence: NDArray[np.float64]
    passivity: NDArray[np.float64]
    iterations: int
    residual: float
    error: float


def solve(
    indptr: NDArray[np.int64],
    indices: NDArray[np.integer],
    taken: NDArray[np.float64],
    tolerance: float,
    max_iterations: int,
) -> Solution:
    """Return what the iteration I ← U P, P ← Vᵀ I tends to from equal influence.

    Args:
        indptr: Rows of the graph, those who influence.
        indices: Columns, those who are influenced.
        taken: w_ij in [0, 1] of each edge, the share of what i showed to j that j took up.
        tolerance: Estimated L1 error of the influence to reach, > 0.
        max_iterations: Products with U Vᵀ, ≥ 1.
    """
    nodes = indptr.size - 1
    accepted = _shares(taken, indices, nodes)  # u_ij: of all that j takes up, the part that is due to i
    source = np.repeat(np.arange(nodes), np.diff(indptr))
    rejected = _shares(1.0 - taken, source, nodes)  # v_ij: of all that i is refused, the part that is j's
    forward = csr_array((accepted, indices, indptr), shape=(nodes, nodes))
    back = csr_array((rejected, indices, indptr), shape=(nodes, nodes)).T.tocsr()
    if not _comes_back(forward, back):
        return Solution(np.zeros(nodes), np.zeros(nodes), 1, np.inf, np.inf)
    found = dominant(lambda x: forward @ (back @ x), np.ones(nodes), 1, tolerance, max_iterations)
    passivity = back @ found.vector
    return Solution(found.vector, passivity / passivity.sum(), found.iterations, found.residual, found.error)


def _comes_back(forward: csr_array, back: csr_array) -> bool:
    """Return whether influence can return to where it came from; else every step loses some until none is left."""
    both = block_array([[None, forward], [back, None]], format="csr")
    both.eliminate_zeros()
    components = connected_components(both, connection="strong", return_labels=False)
    return bool(components < both.shape[0])


def _shares(values: NDArray[np.float64], group: NDArray[np.integer], groups: int) -> NDArray[np.float64]:
    """Return each value divided by the sum of its group, 0 where that is 0."""
    total = np.bincount(group, weights=values, minlength=groups)[group]
    shares: NDArray[np.float64] = np.divide(values, total, out=np.zeros_like(values), where=total > 0.0)
    return shares
