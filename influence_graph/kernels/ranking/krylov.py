"""An orthonormal basis of what repeated products with an operator reach from a vector.

Sums are made by ``einsum``, not by BLAS: its threads wait in a busy loop, which on a machine with other work makes
products of a few thousand numbers a hundred times slower.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CLOSED = 1e-14  # a new vector shorter than this, relative to the product, is rounding

Product = Callable[["NDArray[np.float64]"], "NDArray[np.float64]"]


class Krylov(NamedTuple):
    """``K basis[:k]ᵀ = basisᵀ matrix`` with k products, ``basis`` of k + 1 rows, ``matrix`` k + 1 by k.

    ``closed`` says that nothing new came with the last product.
    """

    basis: NDArray[np.float64]
    matrix: NDArray[np.float64]
    closed: bool


def krylov(product: Product, start: NDArray[np.float64], size: int) -> Krylov:
    """Return the Krylov space of *start*, not 0, after at most *size* ≥ 1 products (Arnoldi 1951)."""
    basis, matrix = np.zeros((size + 1, start.size)), np.zeros((size + 1, size))
    basis[0] = start / length(start)
    steps, closed = 0, False
    while steps < size and not closed:
        new = product(basis[steps])
        longest = length(new)
        known = basis[: steps + 1]
        for _ in range(2):  # the second pass removes what rounding has left
            share = np.einsum("ij,j->i", known, new)
            matrix[: steps + 1, steps] += share
            new = new - combined(share, known)
        rest = length(new)
        closed = rest <= _CLOSED * longest
        steps += 1
        matrix[steps, steps - 1] = rest
        basis[steps] = new / rest if rest > 0.0 else 0.0
    return Krylov(basis[: steps + 1], matrix[: steps + 1, :steps], closed)


def combined(share: NDArray[np.float64], vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sum of *vectors*, one per row, each times its *share*."""
    return np.asarray(np.einsum("i,ij->j", share, vectors), dtype=np.float64)


def length(x: NDArray[np.float64]) -> float:
    """Return the 2-norm of *x*."""
    return float(np.sqrt(np.einsum("i,i->", x, x)))
