"""Influence–Passivity on arrays: users are influential who influence the passive, and passive who resist them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import block_array, csr_array
from scipy.sparse.csgraph import connected_components

from influence_graph.kernels.ranking.perron import Dominant, dominant

if TYPE_CHECKING:
    from numpy.typing import NDArray


def solve(
    indptr: NDArray[np.int64],
    indices: NDArray[np.integer],
    weights: NDArray[np.float64],
    tolerance: float,
    max_iterations: int,
) -> tuple[NDArray[np.float64], Dominant]:
    """Return passivity, and influence as dominant vector of U Vᵀ: the limit of I ← U P, P ← Vᵀ I from equal influence.

    Each has the sum 1, or both are 0 where the iteration converges to 0; the residual is the L1 residual of I ∝ U Vᵀ I.

    Args:
        indptr: Rows of the graph, those who influence.
        indices: Columns, those who are influenced.
        weights: w_ij in [0, 1] of each edge, the share of what i showed to j that j adopted.
        tolerance: Estimated L1 error of the influence to reach, > 0.
        max_iterations: Products with U Vᵀ, ≥ 1.
    """
    nodes = indptr.size - 1
    acceptance = _shares(weights, indices, nodes)  # u_ij: of all that j adopts, the share due to i
    source = np.repeat(np.arange(nodes), np.diff(indptr))
    rejection = _shares(1.0 - weights, source, nodes)  # v_ij: of all rejections of i, the share by j
    forward = csr_array((acceptance, indices, indptr), shape=(nodes, nodes))
    back = csr_array((rejection, indices, indptr), shape=(nodes, nodes)).T.tocsr()
    if not _has_cycle(forward, back):
        return np.zeros(nodes), Dominant(np.zeros(nodes), 1, np.inf, np.inf)
    influence = dominant(lambda x: forward @ (back @ x), np.ones(nodes), 1, tolerance, max_iterations)
    passivity = back @ influence.vector
    return passivity / passivity.sum(), influence


def _has_cycle(forward: csr_array, back: csr_array) -> bool:
    """Return whether influence can return to its origin; else the iteration reaches 0."""
    both = block_array([[None, forward], [back, None]], format="csr")
    both.eliminate_zeros()
    components = connected_components(both, connection="strong", return_labels=False)
    return bool(components < both.shape[0])


def _shares(values: NDArray[np.float64], group: NDArray[np.integer], groups: int) -> NDArray[np.float64]:
    """Return each value divided by the sum of its group, 0 where that is 0."""
    total = np.bincount(group, weights=values, minlength=groups)[group]
    shares: NDArray[np.float64] = np.divide(values, total, out=np.zeros_like(values), where=total > 0.0)
    return shares
