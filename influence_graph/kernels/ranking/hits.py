"""HITS on arrays: the dominant pair of singular vectors of a non-negative matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from influence_graph.kernels.ranking.krylov import norm2
from influence_graph.kernels.ranking.perron import Dominant, dominant

if TYPE_CHECKING:
    from numpy.typing import NDArray


def solve(
    indptr: NDArray[np.int64],
    indices: NDArray[np.integer],
    weights: NDArray[np.float64] | None,
    tolerance: float,
    max_iterations: int,
) -> tuple[NDArray[np.float64], Dominant]:
    """Return hubs h ∝ Aa, and authorities a ∝ Aᵀh as dominant vector of AᵀA, both of 2-norm 1.

    They are the limit of Kleinberg's iteration from h = 1; the residual is ‖Aᵀh/‖Aᵀh‖ - a‖₂.

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
    authorities = dominant(
        lambda x: transposed @ (matrix @ x), transposed @ np.ones(nodes), 2, tolerance, max_iterations
    )
    hubs = matrix @ authorities.vector
    return hubs / norm2(hubs), authorities
