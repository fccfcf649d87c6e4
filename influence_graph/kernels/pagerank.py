"""PageRank on arrays: Gauss–Seidel sweeps, one scalar of aggregation, Anderson acceleration, certified.

Variant: weighted, personalised; mass of sinks goes to the teleport vector v; Σp = 1.
Instead of p itself the sweeps solve (I - αPᵀ)x = v, where rows of sinks are empty; p = x/Σx. That
moves the mass of sinks into the normalisation, so no sweep has to carry it (Del Corso, Gullí, Romani
2005, https://doi.org/10.1080/15427951.2005.10129104). Summing the equations gives the exact mass of
x, Σx - αΣ_{j no sink} x_j = 1: each sweep is rescaled to it, which removes the slowest mode. Anderson
mixing over two steps (Walker & Ni 2011, https://doi.org/10.1137/10078356X) speeds up what is left;
mixtures that do harm are taken back. None of this has to be trusted: the answer is accepted by the
L1 residual of the PageRank equation itself, from which ‖p - p*‖₁ ≤ residual/(1-α) follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MEMORY = 2  # steps that Anderson mixing looks back


class Inflow(NamedTuple):
    """The in-edges of each node, and what leaves each node.

    Row ``i``: sources ``indices[indptr[i]:indptr[i + 1]]``; ``weights`` None stands for all ones.
    ``rate[j]`` is 1/Σ of the weights that leave ``j``, 0 for a sink.
    """

    indptr: NDArray[np.int64]
    indices: NDArray[np.integer]
    weights: NDArray[np.float64] | None
    rate: NDArray[np.float64]


class Solution(NamedTuple):
    """Scores that sum to 1, passes over the edges, and the L1 residual of the PageRank equation."""

    scores: NDArray[np.float64]
    iterations: int
    residual: float


@njit(cache=True, nogil=True)
def out_rates(indptr, weights):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return 1/Σ weights of each row, 0 where the sum is 0."""
    rates = np.zeros(indptr.size - 1)
    for i in range(rates.size):
        if weights is None:
            total = float(indptr[i + 1] - indptr[i])
        else:
            total = 0.0
            for k in range(indptr[i], indptr[i + 1]):
                total += weights[k]
        if total > 0.0:
            rates[i] = 1.0 / total
    return rates


@njit(cache=True, nogil=True)
def row_scaled(indptr, weights):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return weights divided by the largest of their row, so that no sum of a row can overflow."""
    scaled = np.zeros(weights.size)
    for i in range(indptr.size - 1):
        top = 0.0
        for k in range(indptr[i], indptr[i + 1]):
            top = max(top, weights[k])
        if top > 0.0:
            for k in range(indptr[i], indptr[i + 1]):
                scaled[k] = weights[k] / top
    return scaled


@njit(cache=True, nogil=True)
def _sweep(indptr, indices, weights, rate, v, alpha, x, y):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Update x in place, node by node, then rescale it to the exact mass; y = x·rate is used up."""
    total = 0.0
    leaving = 0.0
    for i in range(x.size):
        inflow = 0.0
        own = 0.0
        for k in range(indptr[i], indptr[i + 1]):
            j = indices[k]
            w = 1.0 if weights is None else weights[k]
            if j == i:
                own += w * rate[i]
            else:
                inflow += w * y[j]
        value = (v[i] + alpha * inflow) / (1.0 - alpha * own)
        x[i] = value
        y[i] = value * rate[i]
        total += value
        if rate[i] > 0.0:
            leaving += value
    mass = total - alpha * leaving
    if mass > 0.0:  # a mixture with much below 0 has none to scale by, and is taken back
        for i in range(x.size):
            x[i] /= mass


@njit(cache=True, nogil=True)
def _residual(indptr, indices, weights, rate, v, alpha, p):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Return ‖αPᵀp + (1 - αΣ_{j no sink} p_j)v - p‖₁ for p ≥ 0 with sum 1."""
    y = p * rate
    leaving = 0.0
    for i in range(p.size):
        if rate[i] > 0.0:
            leaving += p[i]
    teleport = 1.0 - alpha * leaving
    residual = 0.0
    for i in range(p.size):
        inflow = 0.0
        for k in range(indptr[i], indptr[i + 1]):
            inflow += y[indices[k]] if weights is None else weights[k] * y[indices[k]]
        residual += abs(alpha * inflow + teleport * v[i] - p[i])
    return residual


@njit(cache=True, nogil=True)
def _normal_equations(step, past):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the Gram matrix and right side of the least squares of *step* in step - past, in one pass.

    Not by BLAS: its threads cost more than they bring on vectors this short, most of all on a busy machine.
    """
    gram = np.zeros((past.shape[0], past.shape[0]))
    right = np.zeros(past.shape[0])
    for k in range(step.size):
        for i in range(past.shape[0]):
            difference = step[k] - past[i, k]
            right[i] += difference * step[k]
            for j in range(i + 1):
                gram[i, j] += difference * (step[k] - past[j, k])
    for i in range(past.shape[0]):
        for j in range(i):
            gram[j, i] = gram[i, j]
    return gram, right


class _Mixing:
    """Anderson mixing that can be trusted: a mixture that makes the next step larger is taken back.

    After the n-th mixture taken back come 2ⁿ⁻¹ plain sweeps, so that in the worst case (a very skewed
    graph with α near 1) the plain sweeps, which always converge, do the work.
    """

    def __init__(self, nodes: int) -> None:
        self._swept, self._steps = np.empty((_MEMORY, nodes)), np.empty((_MEMORY, nodes))
        self._kept = 0  # steps since the memory was emptied; the k-th is in row k modulo _MEMORY
        self._best: tuple[float, NDArray[np.float64] | None] = (np.inf, None)
        self._mixed = False
        self._pause, self._plain_sweeps = 1, 0

    def next_start(self, swept: NDArray[np.float64], step: NDArray[np.float64], size: float) -> NDArray[np.float64]:
        """Return where the next sweep starts, given what the last one reached and the step it made."""
        best_size, best = self._best
        if self._mixed and size > best_size and best is not None:
            self._kept, self._mixed = 0, False
            self._plain_sweeps, self._pause = self._pause, 2 * self._pause
            return best
        if size < best_size:
            self._best = (size, swept)
        self._mixed = self._kept > 0 and self._plain_sweeps == 0
        self._plain_sweeps = max(self._plain_sweeps - 1, 0)
        start = self._mixture(swept, step) if self._mixed else swept
        row = self._kept % _MEMORY
        self._swept[row], self._steps[row] = swept, step
        self._kept += 1
        return start

    def _mixture(self, swept: NDArray[np.float64], step: NDArray[np.float64]) -> NDArray[np.float64]:
        rows = min(self._kept, _MEMORY)
        gram, right = _normal_equations(step, self._steps[:rows])
        share = np.linalg.lstsq(gram, right, rcond=1e-12)[0]
        mixture: NDArray[np.float64] = (1.0 - share.sum()) * swept
        for part, earlier in zip(share, self._swept[:rows], strict=True):
            mixture += part * earlier
        return mixture


def _unsigned(places: NDArray[np.integer]) -> NDArray[Any]:
    """Return the same places as unsigned integers: no sweep has to ask whether one is negative (1.3 to 1.6 x)."""
    return places.view(np.uint32 if places.itemsize == 4 else np.uint64)


def solve(graph: Inflow, v: NDArray[np.float64], alpha: float, tolerance: float, max_iterations: int) -> Solution:
    """Return PageRank to an L1 residual of *tolerance*, or the state after *max_iterations* passes.

    Args:
        graph: In-edges with non-negative finite weights.
        v: Teleport vector, ≥ 0 with sum 1.
        alpha: Damping factor in [0, 1).
        tolerance: L1 residual to reach, > 0.
        max_iterations: Passes over the edges, ≥ 1; the check of the residual is one of them.
    """
    graph = graph._replace(indptr=_unsigned(graph.indptr), indices=_unsigned(graph.indices))
    x, mixing = v, _Mixing(v.size)
    scores, passes, residual, goal = v, 0, np.inf, tolerance
    while passes < max_iterations and residual > tolerance:
        swept, y = x.copy(), x * graph.rate
        _sweep(*graph, v, alpha, swept, y)
        passes += 1
        step = swept - x
        size = float(np.abs(step).sum() / abs(swept.sum()))
        if size <= goal or passes >= max_iterations - 1:
            scores = np.maximum(swept, 0.0)  # a mixture can be a little below 0
            scores /= scores.sum()
            residual = float(_residual(*graph, v, alpha, scores))
            passes += 1
            goal = 0.5 * size
        x = mixing.next_start(swept, step, size)
    return Solution(scores, passes, residual)
