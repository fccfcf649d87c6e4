"""Compressed sparse rows: the arrays of a :class:`~influence_graph.model.graph.Graph`.

Row ``i`` of a CSR is ``indices[indptr[i]:indptr[i + 1]]``, sorted, with the weights at the same places.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import coo_array, csr_array

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Csr(NamedTuple):
    """Rows of a square sparse matrix; ``weights`` None stands for all ones."""

    indptr: NDArray[np.int64]
    indices: NDArray[np.integer]
    weights: NDArray[np.float64] | None


def build(
    nodes: int, source: NDArray[np.integer], target: NDArray[np.integer], weight: NDArray[np.float64] | None
) -> Csr:
    """Return the CSR of the edges ``source[k] -> target[k]``; weights of parallel edges are summed.

    Args:
        nodes: Number of rows; all indices are below it.
        source: Row of each edge.
        target: Column of each edge.
        weight: Finite weight of each edge, or None for 1 each.
    """
    matrix = _matrix(nodes, source, target, np.ones(source.size) if weight is None else weight)
    plain = weight is None and matrix.nnz == source.size
    return Csr(matrix.indptr.astype(np.int64), matrix.indices, None if plain else matrix.data)


def probability_of_any(
    nodes: int, source: NDArray[np.integer], target: NDArray[np.integer], probability: NDArray[np.float64] | None
) -> Csr:
    """Return the CSR of the edges, parallel ones as the probability that at least one of them passes, 1 - Π(1 - p).

    Args:
        nodes: Number of rows; all indices are below it.
        source: Row of each edge.
        target: Column of each edge.
        probability: Of each edge, from 0 to 1, or None for 1 each.
    """
    number = _matrix(nodes, source, target, np.ones(source.size))
    rows = number.indptr.astype(np.int64), number.indices
    if probability is None:
        return Csr(*rows, None)
    alone = _matrix(nodes, source, target, probability).data
    if number.nnz == source.size:
        return Csr(*rows, alone)
    with np.errstate(divide="ignore"):
        none_passes = _matrix(nodes, source, target, np.log1p(-probability)).data
    return Csr(*rows, np.where(number.data > 1, -np.expm1(none_passes), alone) + 0.0)  # no negative zero


def _matrix(
    nodes: int, source: NDArray[np.integer], target: NDArray[np.integer], values: NDArray[np.float64]
) -> csr_array:
    """Return the sparse matrix of *values*, summed where several have the same place."""
    index = np.int32 if max(nodes, source.size) < 2**31 else np.int64  # half the memory traffic of every kernel
    ends = source.astype(index, copy=False), target.astype(index, copy=False)
    return coo_array((values, ends), shape=(nodes, nodes)).tocsr()


def transpose(csr: Csr) -> Csr:
    """Return the CSR of the reversed edges."""
    nodes = csr.indptr.size - 1
    values = np.ones(csr.indices.size) if csr.weights is None else csr.weights
    matrix = csr_array((values, csr.indices, csr.indptr), shape=(nodes, nodes)).T.tocsr()
    return Csr(matrix.indptr.astype(np.int64), matrix.indices, None if csr.weights is None else matrix.data)


def both_ways(
    source: NDArray[np.integer], target: NDArray[np.integer], weight: NDArray[np.float64] | None
) -> tuple[NDArray[np.integer], NDArray[np.integer], NDArray[np.float64] | None]:
    """Return the edges and their reversals; a self loop is its own reversal and stays single."""
    back = source != target
    doubled = None if weight is None else np.concatenate([weight, weight[back]])
    return np.concatenate([source, target[back]]), np.concatenate([target, source[back]]), doubled


def row_of_each(indptr: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the row index of each stored entry."""
    return np.repeat(np.arange(indptr.size - 1, dtype=np.int64), np.diff(indptr))
