"""The dominant eigenvector of a non-negative operator, by restarted Arnoldi iteration.

A repeated dominant eigenvalue, as in a graph of equal components, has a space of eigenvectors. Each
cycle projects the start of the cycle on the dominant eigenvectors of its Krylov space, so the
result is the limit of plain power iteration from the first start, in far fewer products, and not an
arbitrary eigenvector (Saad 2011, *Numerical Methods for Large Eigenvalue Problems*, ch. 6,
https://www-users.cse.umn.edu/~saad/eig_book_2ndEd.pdf).
A small residual does not prove a small error where the next eigenvalue is close. The iteration therefore
stops by an estimate of the error from the change of a whole cycle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from influence_graph.kernels.ranking.krylov import Product, combined, krylov, norm2

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SUBSPACE = 16  # products in a cycle
_EQUAL = 1e-9  # eigenvalues closer than this, relative to the largest, count as one
_MAX_RATIO = 0.999  # of two changes; rounding alone can make them equal


class Dominant(NamedTuple):
    """A vector x ≥ 0 of norm 1 and how good it is.

    ``residual`` is ‖Kx/‖Kx‖ - x‖. ``error`` estimates the distance to the exact vector from the changes of the last
    whole cycles, ∞ before the first.
    """

    vector: NDArray[np.float64]
    iterations: int
    residual: float
    error: float


def dominant(
    product: Product, start: NDArray[np.float64], norm: int, tolerance: float, max_iterations: int
) -> Dominant:
    """Return the dominant eigenvector that *start* converges to, or the state after *max_iterations* products.

    Args:
        product: x -> Kx, where K has no negative entry and is not nilpotent.
        start: Vector ≥ 0, not 0.
        norm: 1 or 2, the norm in which vectors are normalized and errors measured.
        tolerance: Estimated error to reach, > 0.
        max_iterations: Products with K, ≥ 1.
    """
    x, products, change, error = start / _norm(start, norm), 0, np.inf, np.inf
    while error > tolerance and products < max_iterations - 1:
        size = min(_SUBSPACE, max_iterations - 1 - products)
        basis, matrix, invariant = krylov(product, x, size)
        steps = matrix.shape[1]
        better = combined(_dominant_part(matrix[:steps]), basis[:steps])
        better /= _norm(better, norm) if better.sum() >= 0.0 else -_norm(better, norm)
        previous, change = change, _norm(better - x, norm)
        if invariant or size == _SUBSPACE:  # a shorter cycle gives no estimate
            error = _remaining_change(change, previous)
        x, products = better, products + steps
    x = np.maximum(x, 0.0)  # values below 0 are error, or rounding
    x /= _norm(x, norm)
    image = product(x)
    residual = _norm(image / _norm(image, norm) - x, norm)
    return Dominant(x, products + 1, residual, error)


def _remaining_change(change: float, previous: float) -> float:
    """Return the sum of the next changes, as a geometric series of ratio change/previous, at least *change*."""
    ratio = min(change / previous, _MAX_RATIO) if previous > 0.0 else 0.0
    return change * max(ratio / (1.0 - ratio), 1.0)


def _norm(x: NDArray[np.float64], norm: int) -> float:
    return float(np.abs(x).sum()) if norm == 1 else norm2(x)


def _dominant_part(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the projection of the first unit vector on the eigenvectors of the rightmost eigenvalue.

    That of a non-negative operator is real (Perron–Frobenius); others of the same modulus have smaller real parts.
    Rounding can bring a repeated eigenvalue into the space several times: these count as one.
    """
    values, vectors = np.linalg.eig(matrix)
    rightmost = values[np.argmax(values.real)]
    equal = np.abs(values - rightmost) <= _EQUAL * abs(rightmost)
    coordinates = np.linalg.lstsq(vectors, np.eye(len(matrix), 1)[:, 0], rcond=None)[0]
    return np.ascontiguousarray((vectors[:, equal] @ coordinates[equal]).real)
