"""PageRank for a block of teleport vectors at once: each pass over the edges is for all.

The method is that of :mod:`influence_graph.kernels.ranking.pagerank`, with a column per vector: each has its own
mass, its own mixing and its own residual, by which it is accepted. The values of a node are adjacent,
so that an edge reads two cache lines for sixteen vectors instead of one for each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from influence_graph.kernels.ranking.pagerank import EARLY, PART, TINY, Solution, core_of, first_guess
from influence_graph.kernels.ranking.pagerank_mixing import HISTORY, Mixing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.kernels.ranking.pagerank_inflow import Inflow

WIDTH = 16  # columns of a block


def solve_block(
    inflow: Inflow, v: NDArray[np.float64], alpha: float, tolerance: float, max_iterations: int
) -> list[Solution]:
    """Return the PageRank of each teleport vector to an L1 residual of *tolerance*, or the last state.

    Args:
        inflow: In-edges of the graph.
        v: Teleport vectors, (vectors, nodes), at most :data:`WIDTH`; each ≥ 0 with sum 1.
        alpha: Damping factor in [0, 1).
        tolerance: L1 residual to reach, > 0.
        max_iterations: Passes over the edges, ≥ 1; a check of the residuals is one of them.
    """
    columns = np.zeros((v.shape[1], WIDTH))
    columns[:, : v.shape[0]] = v[:, inflow.order].T
    columns[:, v.shape[0] :] = columns[:, :1]  # surplus columns repeat the first
    sweeps = _Sweeps(inflow, columns, alpha)
    passes, p = 0, columns
    goal, residual = np.full(WIDTH, EARLY * tolerance), np.full(WIDTH, np.inf)
    while passes < max_iterations and residual.max() > tolerance:
        size = np.zeros(WIDTH)
        if passes < max_iterations - 1 and inflow.before < inflow.after:
            size = sweeps.next()
            passes += 1
        if (size <= goal).all() or passes >= max_iterations - 1:
            p = sweeps.finish()
            teleported = 1.0 - alpha * _totals(p * inflow.sent[:, None])
            z = p * inflow.rate[:, None]
            residual = _residuals(inflow, inflow.weights, columns, alpha, p, z, teleported)
            passes += 1
            goal = np.where(residual > tolerance, 0.5 * size, goal)
    scores = np.empty(v.shape)
    scores[:, inflow.order] = p.T[: v.shape[0]]
    return [Solution(row, passes, float(r)) for row, r in zip(scores, residual, strict=False)]


class _Sweeps:
    """The state of the iteration, as in :mod:`influence_graph.kernels.ranking.pagerank`, for each column."""

    def __init__(self, inflow: Inflow, v: NDArray[np.float64], alpha: float) -> None:
        self._inflow, self._v, self._alpha = inflow, v, alpha
        self._x, self._z = np.zeros((2, *v.shape))
        _substitute(inflow, inflow.weights, v, alpha, self._x, self._z, 0, inflow.before)
        low, high = inflow.before, inflow.after
        self._core = core_of(inflow, alpha)
        self._base = np.zeros((high, WIDTH))
        self._mass = _inflow_of_core(inflow, inflow.weights, v, alpha, self._z, self._core.scale, self._base)
        self._around = self._x[:low].sum(axis=0)
        self._swept, self._steps = np.zeros((2, HISTORY, high, WIDTH))
        guess = first_guess(inflow, v, alpha) * inflow.rate[low:high, None]
        mass = (guess * self._core.lost[low:, None]).sum(axis=0)
        self._start = np.zeros((high, WIDTH))
        np.multiply(guess, self._mass / np.maximum(mass, TINY), out=self._start[low:])
        self._swept[0] = self._start
        self._latest, self._row = self._swept[0], 0
        self._mixings = [Mixing() for _ in range(WIDTH)]

    def next(self) -> NDArray[np.float64]:
        """Sweep once over the core; return the L1 size of each column's step as a share of its mass."""
        swept, steps = self._swept[self._row], self._steps
        one, two = (self._row - 1) % HISTORY, (self._row - 2) % HISTORY
        left = _sweep(self._inflow, self._inflow.weights, self._core, self._base, swept)
        scale = np.where(left > 0.0, self._mass / np.where(left > 0.0, left, 1.0), 1.0)
        positions = self._inflow.before, self._inflow.after
        around = swept, self._start, self._core.inverse, steps[self._row], steps[one], steps[two], scale
        sums = _measure(*around, *positions)
        size: NDArray[np.float64] = sums[0] / np.maximum(sums[1] + self._around, TINY)
        shares = [m.shares(float(s), column) for m, s, column in zip(self._mixings, size, sums[2:].T, strict=True)]
        _mix(swept, self._swept[one], self._swept[two], np.array(shares).T.copy(), self._start, *positions)
        self._latest, self._row = swept, two  # the oldest row is the next
        return size

    def finish(self) -> NDArray[np.float64]:
        """Return the scores by position, from the last sweep and the fringe after the core."""
        low, high = self._inflow.before, self._inflow.after
        x, z = self._x, self._z
        np.maximum(self._latest[low:], 0.0, out=z[low:high])
        np.multiply(z[low:high], self._core.inverse[low:, None], out=x[low:high])
        _substitute(self._inflow, self._inflow.weights, self._v, self._alpha, x, z, high, len(x))
        scores: NDArray[np.float64] = x / _totals(x)
        return scores


def _totals(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sum of each column, by partial sums."""
    totals: NDArray[np.float64] = np.add.reduceat(x, np.arange(0, len(x), PART), axis=0).sum(axis=0)
    return totals


@njit(cache=True, nogil=True)
def _gather(indices, weights, z, begin, end, total):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Set the total of each column to that of the sources in positions begin to end of the in-edges.

    The width is read from the array: LLVM does not vectorize a loop whose length it knows.
    """
    total[:] = 0.0
    for k in range(begin, end):
        j = indices[k]
        if weights is None:
            for c in range(total.size):
                total[c] += z[j, c]
        else:
            w = weights[k]
            for c in range(total.size):
                total[c] += w * z[j, c]


@njit(cache=True, nogil=True)
def _substitute(inflow, weights, v, alpha, x, z, low, high):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Solve the positions from low to high; their sources are solved, or earlier among them."""
    total = np.empty(z.shape[1])
    for i in range(low, high):
        _gather(inflow.indices, weights, z, inflow.indptr[i], inflow.indptr[i + 1], total)
        for c in range(z.shape[1]):
            x[i, c] = (v[i, c] + alpha * total[c]) / (1.0 - alpha * inflow.own[i])
            z[i, c] = x[i, c] * inflow.rate[i]


@njit(cache=True, nogil=True)
def _inflow_of_core(inflow, weights, v, alpha, z, scale, base):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Fill in the inflow of each core position from v and the fringe, times its scale; return the masses."""
    total, mass, part = np.empty(z.shape[1]), np.zeros(z.shape[1]), np.zeros(z.shape[1])
    for i in range(inflow.before, inflow.after):
        _gather(inflow.indices, weights, z, inflow.indptr[i], inflow.core[i], total)
        for c in range(z.shape[1]):
            outside = v[i, c] + alpha * total[c]
            base[i, c] = scale[i] * outside
            part[c] += outside
        if i % PART == 0:
            mass += part
            part[:] = 0.0
    return mass + part


@njit(cache=True, nogil=True)
def _sweep(inflow, weights, core, base, z):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Update z in place, position by position; return the inflows that balance such a z."""
    total, left, part = np.empty(z.shape[1]), np.zeros(z.shape[1]), np.zeros(z.shape[1])
    for i in range(inflow.before, inflow.after):
        _gather(inflow.indices, weights, z, inflow.core[i], inflow.indptr[i + 1], total)
        for c in range(z.shape[1]):
            z[i, c] = base[i, c] + core.gain[i] * total[c]
            part[c] += core.lost[i] * z[i, c]
        if i % PART == 0:
            left += part
            part[:] = 0.0
    return left + part


@njit(cache=True, nogil=True)
def _measure(z, start, inverse, f, f1, f2, scale, low, high):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Scale z, write the step f; return the L1 sizes of f and x, and the sums that mixing needs, a row each."""
    sums = np.zeros((7, z.shape[1]))
    for i in range(low, high):
        for c in range(z.shape[1]):
            z[i, c] *= scale[c]
            step = z[i, c] - start[i, c]
            f[i, c] = step
            g = step - f1[i, c]
            h = step - f2[i, c]
            sums[0, c] += abs(step) * inverse[i]
            sums[1, c] += z[i, c] * inverse[i]
            sums[2, c] += g * step
            sums[3, c] += h * step
            sums[4, c] += g * g
            sums[5, c] += g * h
            sums[6, c] += h * h
    return sums


@njit(cache=True, nogil=True)
def _mix(z, earlier, earliest, shares, start, low, high):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Write the mixtures of the last three sweeps to *start* and over the earliest, where the next sweep works."""
    for i in range(low, high):
        for c in range(z.shape[1]):
            start[i, c] = shares[0, c] * z[i, c] + shares[1, c] * earlier[i, c] + shares[2, c] * earliest[i, c]
            earliest[i, c] = start[i, c]


@njit(cache=True, nogil=True)
def _residuals(inflow, weights, v, alpha, p, z, teleport):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Return ‖αPᵀp + (1 - αΣ_{j no sink} p_j)v - p‖₁ of each column, from z = rate·p and the brackets."""
    residual, total = np.zeros(z.shape[1]), np.empty(z.shape[1])
    for i in range(len(p)):
        _gather(inflow.indices, weights, z, inflow.indptr[i], inflow.indptr[i + 1], total)
        for c in range(z.shape[1]):
            reached = alpha * (total[c] + inflow.own[i] * p[i, c])
            residual[c] += abs(reached + teleport[c] * v[i, c] - p[i, c])
    return residual
