"""Parameters above 0 from a likelihood: the most probable ones, and draws that carry their uncertainty.

The logarithms of the parameters have independent normal priors of mean 0. From several starts a maximum of the
posterior is found; draws come from a multivariate t distribution around it, and are resampled by how probable they
really are (sampling importance resampling: Rubin 1988; Gelman et al., Bayesian Data Analysis, 2013, section 10.4).
With few observations the surface is curved, and a normal approximation at the maximum would give too short intervals.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

from influence_graph.errors import NotConverged
from influence_graph.text import apart_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    LogLikelihood = Callable[[Floats], tuple[float, Floats]]

PRIOR = 2.0
"""Standard deviation of the logarithms before the data; ∞: maximum likelihood."""
_BOUND = 9.0
_TOLERANCE = 0.01
_STEP = 1e-4
_AGREE = 1e-6
_FREEDOM = 4
_WORK = 2_000_000
_DRAWS = (200, 500)
_PROPOSALS_PER_DRAW = 3


@dataclass(frozen=True, eq=False, repr=False)
class Posterior:
    """Parameters, of which there are k.

    Attributes:
        mode: The most probable ones; shape (k,).
        draws: Equally probable alternatives; shape (d, k).
        std_error: Of the logarithms, from the curvature at the mode; shape (k,).
        log_likelihood: At the mode, without the prior.
        below: How far the log posterior at the mode may be below its maximum: half the Newton decrement.
        agreeing: Number of starts that led to the mode.
    """

    mode: Floats
    draws: Floats
    std_error: Floats
    log_likelihood: float
    below: float
    agreeing: int


def posterior(
    log_likelihood: LogLikelihood, starts: Sequence[Sequence[float]], size: int, prior: float = PRIOR
) -> Posterior:
    """Return the posterior of parameters whose scale makes 1 a plausible value.

    Args:
        log_likelihood: From the parameters to the sum over observations, and its gradient by their logarithms.
        starts: Where the search starts, each with k parameters.
        size: Number of observations.
        prior: Standard deviation of the logarithms.

    Raises:
        NotConverged: No start led to a point where the gradient vanishes.
    """

    def loss(logs: Floats) -> tuple[float, Floats]:
        value, slope = log_likelihood(np.exp(logs))
        pull = logs / prior**2
        return (0.5 * float(pull @ logs) - value) / size, (pull - slope) / size

    options = {"ftol": 1e-15, "gtol": 1e-9, "maxiter": 1000}
    bounds = [(-_BOUND, _BOUND)] * len(starts[0])
    found = [minimize(loss, np.log(s), jac=True, method="L-BFGS-B", bounds=bounds, options=options) for s in starts]
    best = min(found, key=lambda each: float(each.fun))
    covariance = _covariance(loss, best.x, size)
    slope = _inward(best.x, loss(best.x)[1]) * size
    below = 0.5 * float(slope @ covariance @ slope)
    if not below <= _TOLERANCE:
        short = apart_text(below, _TOLERANCE, 2)
        message = f"the search stopped {short} below the greatest log probability, above {_TOLERANCE:g}"
        raise NotConverged(message, remedy="give more observations, or such that differ more")
    return Posterior(
        mode=np.exp(best.x),
        draws=np.exp(_drawn(loss, best.x, covariance, size)),
        std_error=np.sqrt(np.diag(covariance)),
        log_likelihood=log_likelihood(np.exp(best.x))[0],
        below=below,
        agreeing=sum(float(each.fun) < float(best.fun) + _AGREE for each in found),
    )


def _inward(logs: Floats, gradient: Floats) -> Floats:
    """Return *gradient* without what points out of the bounds."""
    outward = (np.abs(logs) > _BOUND - _STEP) & (np.sign(gradient) == -np.sign(logs))
    return np.where(outward, 0.0, gradient)


def _covariance(loss: Callable[[Floats], tuple[float, Floats]], at: Floats, size: int) -> Floats:
    """Return the inverse of the curvature at *at*, by central differences of the gradient."""
    steps = np.eye(at.size) * _STEP
    curvature = np.array([(loss(at + step)[1] - loss(at - step)[1]) / (2 * _STEP) for step in steps]) * size
    values, vectors = np.linalg.eigh((curvature + curvature.T) / 2)
    inverse: Floats = (vectors / np.maximum(values, _BOUND**-2)) @ vectors.T
    return inverse


def _drawn(loss: Callable[[Floats], tuple[float, Floats]], mode: Floats, covariance: Floats, size: int) -> Floats:
    """Return draws of the logarithms."""
    rng = np.random.default_rng(0)
    count = int(np.clip(_WORK // size, *_DRAWS))
    proposals = _PROPOSALS_PER_DRAW * count
    spread = np.sqrt(_FREEDOM / rng.chisquare(_FREEDOM, proposals))[:, None]
    standard = rng.standard_normal((proposals, mode.size)) * spread
    logs = np.clip(mode + standard @ np.linalg.cholesky(covariance).T, -2 * _BOUND, 2 * _BOUND)
    proposed = -(_FREEDOM + mode.size) / 2 * np.log1p((standard**2).sum(axis=1) / _FREEDOM)
    weight = np.array([-size * loss(each)[0] for each in logs]) - proposed
    share = np.exp(weight - weight.max())
    chosen: Floats = logs[rng.choice(proposals, count, p=share / share.sum())]
    return chosen
