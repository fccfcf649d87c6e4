"""HITS on arrays: the dominant pair of singular vectors of a non-negative matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from influence_graph.kernels.ranking.krylov import norm2
from influence_graph.kernels.ranking.perron import dominant

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Solution(NamedTuple):
    """Vectors of 2-norm 1, products with AᵀA, the residual ‖Aᵀh/‖Aᵀh‖ - a‖₂, and the error estimated from it."""

    hubs: NDArray[np.float64]
    authorities: NDArray[np.float64]
    iterations: int
    residual: float
    error: float


def solve(
    indptr: NDArray[np.int64],
    indices: NDArray[np.integer],
    weights: NDArray[np.float64] | None,
    tolerance: float,
    max_iterations: int,
) -> Solution:
    """Return hubs h ∝ Aa and authorities a ∝ Aᵀh, from h = 1 as in Kleinberg's iteration.

    Args:
        indptr: Rows of A.
        indices: Columns of A.
        weights: Entries of A, ≥ 0 and at least one of them above 0; None for all ones.
        tolerance: Estimated 2-norm error to reach, > 0.
        max_iterations: Products with AᵀA, ≥ 1.
    """
    nodes = indptr.size - 1
    entries = np.ones(indices.size) if weights is None else weights / weights.max()  # no product can overflow
    matrix = csr_array((entries, indices, indptr), shape=(nodes, nodes))
    transposed = matrix.T.tocsr()
    found = dominant(lambda x: transposed @ (matrix @ x), transposed @ np.ones(nodes), 2, tolerance, max_iterations)
    hubs = matrix @ found.vector
    return Solution(hubs / norm2(hubs), found.vector, found.iterations, found.residual, found.error)
