"""PageRank on arrays: Gauss–Seidel sweeps, aggregation to one scalar, Anderson mixing, a proven error bound.

Variant: weighted, personalized; mass of sinks goes to the teleport vector v; Σp = 1.
Instead of p itself the sweeps solve (I - αPᵀ)x = v, where rows of sinks are empty; p = x/Σx. That
moves the mass of sinks into the normalization, so that no sweep handles it (Del Corso, Gullí, Romani
2005, https://doi.org/10.1080/15427951.2005.10129104). The fringes without cycles are solved exactly,
once; the sweeps run over the core alone (:mod:`influence_graph.kernels.ranking.pagerank_inflow`). Summing the
equations of the core gives its exact mass: each sweep is rescaled to it, which removes the slowest
mode. Anderson mixing over two steps (Walker & Ni 2011, https://doi.org/10.1137/10078356X) speeds up
the rest; mixtures that increase the step are rejected. Correctness depends on none of this: the result
is accepted by the L1 residual of the PageRank equation itself, over all nodes and edges, from which
‖p - p*‖₁ ≤ residual/(1-α) follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

from influence_graph.kernels.ranking.pagerank_mixing import HISTORY, Mixing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.kernels.ranking.pagerank_inflow import Inflow

EARLY = 2.0  # a step of this many tolerances usually leaves a residual below one tolerance
FASTEST = 0.1  # where steps shrink faster than by 1/EARLY the residual is smaller, but rarely below this share
PART = 512  # terms per partial sum: a plain sum of a million terms would be off by 1e-12
TINY = 1e-300  # keeps a quotient of masses finite where no mass comes in


class Solution(NamedTuple):
    """Scores that sum to 1, passes over the edges, and the L1 residual of the PageRank equation."""

    scores: NDArray[np.float64]
    iterations: int
    residual: float


class Start(NamedTuple):
    """Scores ≥ 0 to start from, and the bound of their L1 residual, if known."""

    scores: NDArray[np.float64]
    residual: float = np.inf


class Core(NamedTuple):
    """The equations of the core: z_i = base_i + gain_i Σ z_j over the sources j in the core, with z = rate·x.

    ``base`` is separate: it alone depends on the teleport vector, and is ``scale`` times what comes in from v
    and the fringe, whose sum is Σ ``lost``·z. ``gain`` is α·``scale``, ``inverse`` is 1/rate.
    """

    scale: NDArray[np.float64]
    gain: NDArray[np.float64]
    lost: NDArray[np.float64]
    inverse: NDArray[np.float64]


def solve(
    inflow: Inflow,
    v: NDArray[np.float64],
    alpha: float,
    tolerance: float,
    max_iterations: int,
    start: Start | None = None,
) -> Solution:
    """Return PageRank to an L1 residual of *tolerance*, or the state after *max_iterations* passes.

    Args:
        inflow: In-edges of the graph.
        v: Teleport vector, ≥ 0 with sum 1.
        alpha: Damping factor in [0, 1).
        tolerance: L1 residual to reach, > 0.
        max_iterations: Passes over the edges, ≥ 1; the check of the residual is one of them.
        start: Scores to start from, such as those before a few edges changed. Where their residual is
            within the tolerance, the check comes first.
    """
    v = v[inflow.order]
    x, z = np.zeros((2, v.size))
    sweeps = _Sweeps(inflow, v, alpha, x, z, None if start is None else start.scores)
    accurate = start is not None and start.residual <= tolerance
    passes, residual, size, goal = 0, np.inf, 0.0, tolerance
    p = v
    while passes < max_iterations and residual > tolerance:
        likely = 0.0  # the residual after the sweep
        if passes < max_iterations - 1 and inflow.before < inflow.after and not accurate:
            last, size = size, sweeps.next()
            likely = size * (min(max(size / last, FASTEST), 1.0 / EARLY) if last > 0.0 else 1.0 / EARLY)
            passes += 1
        if likely <= goal or passes >= max_iterations - 1:
            sweeps.finish()
            p = x / x.sum()
            residual = float(
                _residual(inflow, inflow.weights, v, alpha, p, p * inflow.rate, _teleported(inflow, alpha, p))
            )
            passes += 1
            goal = goal if accurate else 0.5 * likely
            accurate = False
    scores = np.empty(v.size)
    scores[inflow.order] = p
    return Solution(scores, passes, residual)


def core_of(inflow: Inflow, alpha: float) -> Core:
    """Return the equations of the core, in arrays over the positions below ``inflow.after``."""
    positions = slice(0, inflow.after)
    rate = inflow.rate[positions]
    inverse = np.divide(1.0, rate, out=np.zeros(rate.size), where=rate > 0)
    scale = rate / (1.0 - alpha * inflow.own[positions])
    return Core(scale, alpha * scale, (1.0 - alpha * inflow.kept[positions]) * inverse, inverse)


def first_guess(inflow: Inflow, v: NDArray[np.float64], alpha: float) -> NDArray[np.float64]:
    """Return the scores of the core before any sweep: a mixture of v and of the in-degree.

    Args:
        inflow: In-edges of the graph.
        v: Teleport vector by position, or a column for each of several.
        alpha: Damping factor in [0, 1).
    """
    core = slice(inflow.before, inflow.after)
    degree = np.diff(inflow.indptr.astype(np.int64))[core]
    teleport = v[core]
    guess: NDArray[np.float64] = (1.0 - alpha) / np.maximum(teleport.sum(axis=0), TINY) * teleport
    guess.T[...] += alpha / max(degree.sum(), 1) * degree
    return guess


class _Sweeps:
    """The state of the iteration: the last three sweeps and their steps, and the start of the next sweep."""

    def __init__(
        self,
        inflow: Inflow,
        v: NDArray[np.float64],
        alpha: float,
        x: NDArray[np.float64],
        z: NDArray[np.float64],
        start: NDArray[np.float64] | None,
    ) -> None:
        self._inflow, self._v, self._alpha, self._x, self._z = inflow, v, alpha, x, z
        self._mixing, self._row = Mixing(), 0
        _substitute(inflow, inflow.weights, v, alpha, x, z, 0, inflow.before)
        low, high = self._span = inflow.before, inflow.after
        self._core = core_of(inflow, alpha)
        self._base = np.zeros(high)
        self._mass = _inflow_of_core(inflow, inflow.weights, v, alpha, z, self._core.scale, self._base)
        self._around = float(x[:low].sum())
        guess = first_guess(inflow, v, alpha) if start is None else start[inflow.order[low:high]]
        guess = guess * inflow.rate[low:high]
        mass = float((guess * self._core.lost[low:]).sum())  # no `@`: BLAS may start threads, which costs more
        self._swept, self._steps = np.zeros((2, HISTORY, high))
        self._start = np.zeros(high)
        self._start[low:] = guess * (self._mass / max(mass, TINY))
        self._swept[0] = self._start
        self._latest = self._swept[0]

    def next(self) -> float:
        """Sweep once over the core; return the L1 size of the step as a share of all mass."""
        swept = self._swept[self._row]
        one, two = (self._row - 1) % HISTORY, (self._row - 2) % HISTORY
        steps = self._steps
        left = _sweep(self._inflow, self._inflow.weights, self._core, self._base, swept)
        # A mixture with large negative values has no mass to scale by, and is rejected.
        scale = self._mass / left if left > 0.0 else 1.0
        args = swept, self._start, self._core.inverse, steps[self._row], steps[one], steps[two], scale, *self._span
        size, total, *sums = _measure(*args)
        relative = float(size / max(total + self._around, TINY))
        shares = self._mixing.shares(relative, sums)
        self._latest, self._row = swept, two  # the oldest row is the next
        _mix(swept, self._swept[one], self._swept[two], *shares, self._start, *self._span)
        return relative

    def finish(self) -> None:
        """Fill in x and z from the last sweep, and solve the fringe after the core."""
        low, high = self._span
        np.maximum(self._latest[low:], 0.0, out=self._z[low:high])  # a mixture can be a little below 0
        np.multiply(self._z[low:high], self._core.inverse[low:], out=self._x[low:high])
        _substitute(self._inflow, self._inflow.weights, self._v, self._alpha, self._x, self._z, high, self._x.size)


# numba removes the branch of missing weights only where `weights` is an argument of its own.


@njit(cache=True, nogil=True)
def _substitute(inflow, weights, v, alpha, x, z, low, high):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Solve the positions from low to high; their sources are solved, or earlier among them."""
    indptr, indices = inflow.indptr, inflow.indices
    for i in range(low, high):
        total = 0.0
        for k in range(indptr[i], indptr[i + 1]):
            total += z[indices[k]] if weights is None else weights[k] * z[indices[k]]
        x[i] = (v[i] + alpha * total) / (1.0 - alpha * inflow.own[i])
        z[i] = x[i] * inflow.rate[i]


@njit(cache=True, nogil=True)
def _inflow_of_core(inflow, weights, v, alpha, z, scale, base):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Fill in the inflow of each core position from v and the fringe, times its scale; return its mass."""
    indptr, indices = inflow.indptr, inflow.indices
    mass, part = 0.0, 0.0
    for i in range(inflow.before, inflow.after):
        total = 0.0
        for k in range(indptr[i], inflow.core[i]):
            total += z[indices[k]] if weights is None else weights[k] * z[indices[k]]
        outside = v[i] + alpha * total
        base[i] = scale[i] * outside
        part += outside
        if i % PART == 0:
            mass, part = mass + part, 0.0
    return mass + part


@njit(cache=True, nogil=True)
def _sweep(inflow, weights, core, base, z):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Update z in place, position by position; return the inflow that balances such a z."""
    indptr, indices = inflow.indptr, inflow.indices
    left, part = 0.0, 0.0
    for i in range(inflow.before, inflow.after):
        total = 0.0
        for k in range(inflow.core[i], indptr[i + 1]):
            total += z[indices[k]] if weights is None else weights[k] * z[indices[k]]
        z[i] = base[i] + core.gain[i] * total
        part += core.lost[i] * z[i]
        if i % PART == 0:
            left, part = left + part, 0.0
    return left + part


@njit(cache=True, nogil=True)
def _measure(z, start, inverse, f, f1, f2, scale, low, high):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Scale z, write the step f from *start*; return its L1 size and that of x, and the sums that mixing needs."""
    size, total = 0.0, 0.0
    gf, hf, gg, gh, hh = 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(low, high):
        z[i] *= scale
        f[i] = z[i] - start[i]
        size += abs(f[i]) * inverse[i]
        total += z[i] * inverse[i]
        g = f[i] - f1[i]
        h = f[i] - f2[i]
        gf += g * f[i]
        hf += h * f[i]
        gg += g * g
        gh += g * h
        hh += h * h
    return size, total, gf, hf, gg, gh, hh


@njit(cache=True, nogil=True)
def _mix(z, earlier, earliest, now, one, two, start, low, high):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Write the mixture of the last three sweeps to *start* and over the earliest, where the next sweep works."""
    for i in range(low, high):
        start[i] = now * z[i] + one * earlier[i] + two * earliest[i]
        earliest[i] = start[i]


def _teleported(inflow: Inflow, alpha: float, p: NDArray[np.float64]) -> float:
    """Return the mass that goes to v, by pairwise summation: a plain sum of a million nodes would be off by 1e-12."""
    return 1.0 - alpha * float((p * inflow.sent).sum())


@njit(cache=True, nogil=True)
def _residual(inflow, weights, v, alpha, p, z, teleport):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Return ‖αPᵀp + (1 - αΣ_{j no sink} p_j)v - p‖₁ for p ≥ 0 with sum 1, z = rate·p and teleport the bracket."""
    indptr, indices = inflow.indptr, inflow.indices
    residual = 0.0
    for i in range(p.size):
        total = inflow.own[i] * p[i]
        for k in range(indptr[i], indptr[i + 1]):
            total += z[indices[k]] if weights is None else weights[k] * z[indices[k]]
        residual += abs(alpha * total + teleport * v[i] - p[i])
    return residual
