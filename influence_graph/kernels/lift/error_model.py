"""The Kalman filter of an error that is AR(1) plus white noise, over many values of its parameters at once.

The error of day t is e_t = a_t + w_t with a_t = ρ a_{t-1} + innovation. Where ρ < 1 and a starts from its stationary
variance, the covariance of two days k > 0 apart is that variance times ρ^k; where ρ = 1 it is a random walk with noise.
The filter whitens each column in O(days): the whitened columns are those that the inverse of the Cholesky factor of the
covariance matrix would give. Source: Harvey 1989, Forecasting, Structural Time Series Models and the Kalman Filter,
chapter 3, https://doi.org/10.1017/CBO9781107049994. On a day that was not seen the state goes on, and
nothing is learned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

from influence_graph.kernels.interrupts import interruptible

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class Errors(NamedTuple):
    """Error models, one per place of the arrays; each variance is in σ².

    ``rho`` is the correlation from day to day of the lasting part, in [0, 1]; ``fresh`` the variance of its innovation,
    ``noise`` that of the white noise, ``start`` that of the lasting part on the first day.
    """

    rho: Floats
    fresh: Floats
    noise: Floats
    start: Floats


class Filtered(NamedTuple):
    """What the likelihood and the forecast of each error model need, after each of some numbers of days.

    ``gram`` (ends, models, columns, columns) is C'R⁻¹C of the columns C and the covariance matrix R, ``log_det``
    (ends, models) is log|R|, ``state`` (ends, models, columns) the mean of a on the last day were the column the error,
    and ``spread`` (ends, models) the variance of a on that day.
    """

    gram: Floats
    log_det: Floats
    state: Floats
    spread: Floats


def filtered(
    columns: Floats, errors: Errors, ends: NDArray[np.int64], seen: NDArray[np.bool_] | None = None
) -> Filtered:
    """Return the filter's sums for each of *errors*, over the first days up to each of *ends*.

    Args:
        columns: Shape (days, columns), C-contiguous.
        errors: The models.
        ends: Numbers of days, ascending, each from 1 to all.
        seen: Shape (days,): whether each day was seen; None: all. What the columns hold on others does not matter.
    """
    shape, width = (ends.size, errors.rho.size), columns.shape[1]
    made = Filtered(np.zeros((*shape, width, width)), np.zeros(shape), np.zeros((*shape, width)), np.zeros(shape))
    with interruptible():
        _filter(columns, errors, ends, _all_or(seen, len(columns)), made)
    lower, upper = np.tril_indices(width, -1)
    made.gram[:, :, lower, upper] = made.gram[:, :, upper, lower]
    return made


def whitened(columns: Floats, errors: Errors, model: int, seen: NDArray[np.bool_] | None = None) -> Floats:
    """Return *columns*, shape (days, columns), as one-step errors of variance 1, were each the error of that model.

    Of the days that were *seen* alone, if that is given: shape (days,).
    """
    out = np.empty(columns.shape)
    rho, fresh, noise, start = (part[model] for part in errors)
    kept = _all_or(seen, len(columns))
    with interruptible():
        _whiten(columns, kept, (rho, fresh, noise, start), out)
    return out[kept]


def _all_or(seen: NDArray[np.bool_] | None, days: int) -> NDArray[np.bool_]:
    return np.ones(days, dtype=np.bool_) if seen is None else seen


@njit(cache=True, nogil=True, error_model="numpy")
def _filter(columns, errors, ends, seen, made):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Fill the upper triangles and all else of *made*."""
    width = columns.shape[1]
    error, mean, sums = np.zeros(width), np.zeros(width), np.zeros((width, width))
    for g in range(errors.rho.size):
        rho, fresh, noise, variance = errors.rho[g], errors.fresh[g], errors.noise[g], errors.start[g]
        total, end = 0.0, 0
        mean[:] = 0.0
        sums[:] = 0.0
        for t in range(ends[-1]):
            if seen[t]:
                of_day = variance + noise
                gain, scale = variance / of_day, 1.0 / np.sqrt(of_day)
                total += np.log(of_day)
                for c in range(width):
                    gap = columns[t, c] - mean[c]
                    mean[c] += gain * gap
                    error[c] = gap * scale
                for c in range(width):
                    for d in range(c, width):
                        sums[c, d] += error[c] * error[d]
                variance *= noise / of_day
            if t + 1 == ends[end]:
                made.gram[end, g] = sums
                made.state[end, g] = mean
                made.log_det[end, g], made.spread[end, g] = total, variance
                end += 1
            for c in range(width):
                mean[c] *= rho
            variance = rho * rho * variance + fresh


@njit(cache=True, nogil=True, error_model="numpy")
def _whiten(columns, seen, model, out):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Fill *out* with one-step errors."""
    mean = np.zeros(columns.shape[1])
    rho, fresh, noise, variance = model
    for t in range(len(columns)):
        if seen[t]:
            of_day = variance + noise
            gain, scale = variance / of_day, 1.0 / np.sqrt(of_day)
            for c in range(mean.size):
                gap = columns[t, c] - mean[c]
                out[t, c] = gap * scale
                mean[c] += gain * gap
            variance *= noise / of_day
        for c in range(mean.size):
            mean[c] *= rho
        variance = rho * rho * variance + fresh
