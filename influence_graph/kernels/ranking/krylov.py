"""Arnoldi iteration: an orthonormal basis of the Krylov space of an operator and a vector.

Sums use ``einsum``, not BLAS: its threads wait in a busy loop, which on a machine with other work makes products
of a few thousand numbers a hundred times slower.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_INVARIANT = 1e-14  # a new vector shorter than this, relative to the product, is rounding

Product = Callable[["NDArray[np.float64]"], "NDArray[np.float64]"]


class Krylov(NamedTuple):
    """``K basis[:k]ᵀ = basisᵀ matrix`` with k products, ``basis`` of k + 1 rows, ``matrix`` k + 1 by k.

    ``invariant`` says that the last product lies in the space, which then is invariant.
    """

    basis: NDArray[np.float64]
    matrix: NDArray[np.float64]
    invariant: bool


def krylov(product: Product, start: NDArray[np.float64], size: int) -> Krylov:
    """Return the Krylov space of *start*, not 0, after at most *size* ≥ 1 products (Arnoldi 1951)."""
    basis, matrix = np.zeros((size + 1, start.size)), np.zeros((size + 1, size))
    basis[0] = start / norm2(start)
    steps, invariant = 0, False
    while steps < size and not invariant:
        new = product(basis[steps])
        size_of_product = norm2(new)
        known = basis[: steps + 1]
        for _ in range(2):  # the second pass removes what rounding has left
            share = np.einsum("ij,j->i", known, new)
            matrix[: steps + 1, steps] += share
            new = new - combined(share, known)
        rest = norm2(new)
        invariant = rest <= _INVARIANT * size_of_product
        steps += 1
        matrix[steps, steps - 1] = rest
        basis[steps] = new / rest if rest > 0.0 else 0.0
    return Krylov(basis[: steps + 1], matrix[: steps + 1, :steps], invariant)


def combined(share: NDArray[np.float64], vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sum of *vectors*, one per row, each times its *share*."""
    return np.asarray(np.einsum("i,ij->j", share, vectors), dtype=np.float64)


def norm2(x: NDArray[np.float64]) -> float:
    """Return the 2-norm of *x*."""
    return float(np.sqrt(np.einsum("i,i->", x, x)))
