"""The dominant eigenvector of a non-negative operator, by restarted Arnoldi iteration.

Where the dominant eigenvalue is repeated, as in a graph of equal components, its eigenvectors fill a
space. Each cycle projects the start of the cycle on the dominant eigenvectors of its Krylov space, so the
answer is the one that plain power iteration from the first start tends to, in far fewer products, and not
an arbitrary one (Saad 2011, *Numerical Methods for Large Eigenvalue Problems*, ch. 6,
https://www-users.cse.umn.edu/~saad/eig_book_2ndEd.pdf).
A small residual says little where the next eigenvalue is close. What a whole cycle still changes says
more: the iteration stops by that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from influence_graph.kernels.ranking.krylov import Product, combined, krylov, length

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SUBSPACE = 16  # products in a cycle
_EQUAL = 1e-9  # eigenvalues closer than this, relative to the largest, count as one
_SLOWEST = 0.999  # of the ratios of two changes; rounding alone can make them equal


class Dominant(NamedTuple):
    """A vector x ≥ 0 of norm 1 and how good it is.

    ``residual`` is ‖Kx/‖Kx‖ - x‖. ``error`` estimates the distance to the exact vector from what the last whole
    cycles changed, ∞ where there was none.
    """

    vector: NDArray[np.float64]
    iterations: int
    residual: float
    error: float


def dominant(
    product: Product, start: NDArray[np.float64], norm: int, tolerance: float, max_iterations: int
) -> Dominant:
    """Return the dominant eigenvector that *start* leads to, or the state after *max_iterations* products.

    Args:
        product: x -> Kx, where K has no negative entry and is not nilpotent.
        start: Vector ≥ 0, not 0.
        norm: 1 or 2, the norm in which vectors are normalised and errors measured.
        tolerance: Estimated error to reach, > 0.
        max_iterations: Products with K, ≥ 1.
    """
    x, products, change, error = start / _norm(start, norm), 0, np.inf, np.inf
    while error > tolerance and products < max_iterations - 1:
        size = min(_SUBSPACE, max_iterations - 1 - products)
        basis, matrix, closed = krylov(product, x, size)
        steps = matrix.shape[1]
        better = combined(_dominant_part(matrix[:steps]), basis[:steps])
        better /= _norm(better, norm) if better.sum() >= 0.0 else -_norm(better, norm)
        former, change = change, _norm(better - x, norm)
        if closed or size == _SUBSPACE:  # a cycle cut short by the limit tells nothing
            error = _still_to_come(change, former)
        x, products = better, products + steps
    x = np.maximum(x, 0.0)  # what is below 0 is error, or rounding
    x /= _norm(x, norm)
    image = product(x)
    residual = _norm(image / _norm(image, norm) - x, norm)
    return Dominant(x, products + 1, residual, error)


def _still_to_come(change: float, former: float) -> float:
    """Return the sum of the changes to come if each is to the one before as *change* to *former*, or *change*."""
    ratio = min(change / former, _SLOWEST) if former > 0.0 else 0.0
    return change * max(ratio / (1.0 - ratio), 1.0)


def _norm(x: NDArray[np.float64], norm: int) -> float:
    return float(np.abs(x).sum()) if norm == 1 else length(x)


def _dominant_part(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the projection of the first unit vector on the eigenvectors of the rightmost eigenvalue.

    That of a non-negative operator is real (Perron–Frobenius); others may be as large, but lie to the left.
    Rounding can bring a repeated eigenvalue into the space several times: they are taken together.
    """
    values, vectors = np.linalg.eig(matrix)
    first = values[np.argmax(values.real)]
    together = np.abs(values - first) <= _EQUAL * abs(first)
    coordinates = np.linalg.lstsq(vectors, np.eye(len(matrix), 1)[:, 0], rcond=None)[0]
    return np.ascontiguousarray((vectors[:, together] @ coordinates[together]).real)
