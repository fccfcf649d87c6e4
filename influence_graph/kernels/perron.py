"""The dominant eigenvector of a non-negative operator, by restarted Arnoldi iteration.

Where the dominant eigenvalue is repeated, as in a graph of equal components, its eigenvectors fill a
space. All that is ever computed is a polynomial of the operator applied to the start, so the answer is
the one that plain power iteration from that start tends to, in far fewer products, and not an
arbitrary one (Saad 2011, *Numerical Methods for Large Eigenvalue Problems*, ch. 6,
https://www-users.cse.umn.edu/~saad/eig_book_2ndEd.pdf).
A small residual alone would say little where the next eigenvalue is close: the iteration stops by the
residual divided by the gap between the two.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SUBSPACE = 24  # vectors kept until a restart
_CLOSED = 1e-14  # a Krylov vector shorter than this, relative to Kx, is rounding
_NOISE = 1e-12  # below this residual a Krylov space shows rounding, no eigenvalues

Product = Callable[["NDArray[np.float64]"], "NDArray[np.float64]"]


class Dominant(NamedTuple):
    """A vector x ≥ 0 of norm 1 and how good it is.

    ``residual`` is ‖Kx/‖Kx‖ - x‖; ``error`` estimates the distance from the exact vector: the residual divided by
    the relative gap of the two largest eigenvalues seen. ``vector`` is 0 where K sends the start to 0.
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
        product: x -> Kx, where K has no negative entry.
        start: Vector ≥ 0, not 0.
        norm: 1 or 2, the norm in which vectors are normalised and errors measured.
        tolerance: Estimated error to reach, > 0.
        max_iterations: Products with K, ≥ 1.
    """
    x, products, gap = start, 0, 0.0
    while True:
        candidate = np.maximum(x, 0.0)  # a mixture can be a little below 0
        candidate /= np.linalg.norm(candidate, norm)
        image = product(candidate)
        products += 1
        length = float(np.linalg.norm(image, norm))
        if length == 0.0:
            return Dominant(np.zeros_like(x), products, np.inf, np.inf)
        residual = float(np.linalg.norm(image / length - candidate, norm))
        error = residual / gap if gap > 0.0 else np.inf
        if error <= tolerance or products >= max_iterations:
            return Dominant(candidate, products, residual, error)
        x, steps, seen = _best_of_subspace(product, x, min(_SUBSPACE, max_iterations - products))
        products += steps
        gap = seen if residual > _NOISE or gap == 0.0 else gap


def _best_of_subspace(product: Product, x: NDArray[np.float64], size: int) -> tuple[NDArray[np.float64], int, float]:
    """Return the best vector of the Krylov space of *x*, the products used, and the gap of its eigenvalues."""
    basis, projected = np.zeros((size + 1, x.size)), np.zeros((size + 1, size))
    basis[0] = x / np.linalg.norm(x)
    steps = 0
    while steps < size:
        new = product(basis[steps])
        longest = float(np.linalg.norm(new))
        known = basis[: steps + 1]
        for _ in range(2):  # the second pass removes what rounding has left
            share = known @ new
            projected[: steps + 1, steps] += share
            new = new - share @ known
        steps += 1
        length = float(np.linalg.norm(new))
        if length <= _CLOSED * longest:  # the space is closed: what it holds is exact
            break
        projected[steps, steps - 1] = length
        basis[steps] = new / length
    share, gap = _dominant_of_small(projected[:steps, :steps])
    mixture = share @ basis[:steps]
    return (mixture if mixture.sum() >= 0 else -mixture), steps, gap


def _dominant_of_small(matrix: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Return the eigenvector of the rightmost eigenvalue and its relative distance from the others, at most 1.

    That of a non-negative operator is real (Perron–Frobenius); others may be as large, but lie to the left.
    """
    values, vectors = np.linalg.eig(matrix)
    first = int(np.argmax(values.real))
    others, size = np.delete(values, first), abs(values[first])
    gap = float(np.abs(others - values[first]).min() / size) if others.size and size > 0.0 else 1.0
    return np.ascontiguousarray(vectors[:, first].real), min(gap, 1.0)
