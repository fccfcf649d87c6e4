"""The conditional likelihood of matched sets: which row of each set is the case.

With η_r = x_r·β, set s contributes exp(η_case) / Σ_{r in s} exp(η_r), which is the partial likelihood of Cox 1972
(https://doi.org/10.1111/j.2517-6161.1972.tb00899.x) with one stratum per set. It is maximized by Newton steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STEPS = 50
_TOLERANCE = 1e-12
_RELATIVE_RANK = 1e-10


class ConditionalFit(NamedTuple):
    """The maximum and what its errors need.

    ``information`` (k, k) is the negative Hessian; ``residual`` (rows,) is 1 for a case, else 0, less the
    probability of the row; ``centered`` (rows, k) are the columns less the expectation in the row's set.
    """

    coefficients: NDArray[np.float64]
    information: NDArray[np.float64]
    residual: NDArray[np.float64]
    centered: NDArray[np.float64]
    converged: bool


def fit_sets(columns: NDArray[np.float64], start: NDArray[np.int64]) -> ConditionalFit:
    """Return the coefficients of *columns* (rows, k) that make the first row of each set likeliest.

    Args:
        columns: One row per member of a set; columns that are the same within all sets get 0.
        start: Row at which each set starts, from 0, increasing; the first row of a set is its case.
    """
    scale = columns.std(axis=0)
    scale[scale == 0] = 1.0
    scaled = columns / scale
    of_set = np.repeat(np.arange(start.size), np.diff(np.append(start, len(columns))))
    beta = np.zeros(columns.shape[1])
    log_likelihood, chance = _evaluated(scaled @ beta, start, of_set)
    converged = False
    for _ in range(_STEPS):
        centered = scaled - np.add.reduceat(scaled * chance[:, None], start)[of_set]
        gradient = centered[start].sum(axis=0)
        step = np.linalg.pinv(centered.T @ (centered * chance[:, None]), _RELATIVE_RANK, hermitian=True) @ gradient
        converged = bool(gradient @ step < _TOLERANCE * (1 + abs(log_likelihood)))
        if converged:
            break
        previous, length = log_likelihood, 2.0
        while length > 1e-6 and (length == 2.0 or log_likelihood < previous):
            length /= 2
            log_likelihood, chance = _evaluated(scaled @ (beta + length * step), start, of_set)
        beta = beta + length * step
    centered = (scaled - np.add.reduceat(scaled * chance[:, None], start)[of_set]) * scale
    residual = -chance
    residual[start] += 1.0
    return ConditionalFit(beta / scale, centered.T @ (centered * chance[:, None]), residual, centered, converged)


def _evaluated(
    eta: NDArray[np.float64], start: NDArray[np.int64], of_set: NDArray[np.int64]
) -> tuple[float, NDArray[np.float64]]:
    """Return the log-likelihood, and the probability of each row to be the case of its set."""
    shifted = eta - np.maximum.reduceat(eta, start)[of_set]
    weight = np.exp(shifted)
    total = np.add.reduceat(weight, start)
    return float((shifted[start] - np.log(total)).sum()), weight / total[of_set]
