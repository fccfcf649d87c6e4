"""The Kalman filter of an error that is AR(1) plus white noise, over many values of its two parameters at once.

The error of day t is e_t = a_t + w_t with a_t = ρ a_{t-1} + innovation. Its variance is 1, of which w has the part s,
the share of noise, and the stationary a the rest: the correlation of two days k apart is (1 - s) ρ^k. The filter
whitens each column in O(T): the whitened columns are those that the inverse of the Cholesky factor of the correlation
matrix would give. Source: Harvey 1989, Forecasting, Structural Time Series Models and the Kalman Filter, section 3.4,
https://doi.org/10.1017/CBO9781107049994.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

from influence_graph.kernels.interrupts import interruptible

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class Filtered(NamedTuple):
    """What the likelihood and the forecast of each pair of parameters need.

    ``gram`` (pairs, columns, columns) is C'R⁻¹C of the columns C and the correlation matrix R, ``log_det`` (pairs,) is
    log|R|, ``state`` (pairs, columns) the mean of a on the last day were the column the error, and ``spread`` (pairs,)
    the variance of a on that day.
    """

    gram: Floats
    log_det: Floats
    state: Floats
    spread: Floats


def filtered(columns: Floats, rho: Floats, share: Floats, late: int = 0, since: int = 0) -> Filtered:
    """Return the filter's sums for each pair of *rho* and *share*.

    Args:
        columns: Shape (days, columns), C-contiguous.
        rho: Shape (pairs,), each in [0, 1).
        share: Shape (pairs,), each in [0, 1]: the part of the variance that is white noise.
        late: How many of the last columns are 0 before the day *since*, which saves their sums there.
        since: See *late*.
    """
    pairs, width = rho.size, columns.shape[1]
    gram, state = np.zeros((pairs, width, width)), np.zeros((pairs, width))
    log_det, spread = np.zeros(pairs), np.zeros(pairs)
    with interruptible():
        _filter(columns, rho, share, width - late, since, gram, log_det, state, spread)
    lower = np.tril_indices(width, -1)
    gram[:, lower[0], lower[1]] = gram[:, lower[1], lower[0]]
    return Filtered(gram, log_det, state, spread)


@njit(cache=True, nogil=True, error_model="numpy")
def _filter(columns, rho, share, early, since, gram, log_det, state, spread):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913, PLR0917
    """Fill the upper triangle of *gram*, and the rest, of which all are 0."""
    days, width = columns.shape
    error = np.zeros(width)
    for g in range(rho.size):
        phi, noise = rho[g], share[g]
        variance, total = 1.0 - noise, 0.0
        fresh = (1.0 - noise) * (1.0 - phi * phi)
        mean, sums = state[g], gram[g]
        for t in range(days):
            active = early if t < since else width
            of_day = variance + noise
            gain, scale = variance / of_day, 1.0 / np.sqrt(of_day)
            total += np.log(of_day)
            for c in range(active):
                gap = columns[t, c] - mean[c]
                mean[c] += gain * gap
                error[c] = gap * scale
            for c in range(active):
                for d in range(c, active):
                    sums[c, d] += error[c] * error[d]
            variance *= noise / of_day
            if t < days - 1:
                for c in range(active):
                    mean[c] *= phi
                variance = phi * phi * variance + fresh
        log_det[g], spread[g] = total, variance
