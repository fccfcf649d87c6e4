"""Shrinking rates of edges that were rarely tried: Beta priors, given or estimated from all edges."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import betaln

from influence_graph.analyses.checks import is_number, require
from influence_graph.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

Prior = str | tuple[float, float] | None
NAMES = ("global", "source", "target", "both")
_WEAKEST = 1e-3  # strength of a prior, in trials


@dataclass(frozen=True, eq=False)
class Beta:
    """A Beta prior per edge: ``mean`` is its expected rate, ``strength`` the trials that it is worth."""

    mean: NDArray[np.float64]
    strength: float


@dataclass(frozen=True, eq=False)
class Rates:
    """Successes out of trials per edge, and the nodes that each edge joins.

    ``follows`` are the successes that are whole; where credit is shared, ``successes`` are smaller.
    """

    successes: NDArray[np.float64]
    follows: NDArray[np.float64]
    trials: NDArray[np.float64]
    source: NDArray[np.int64]
    target: NDArray[np.int64]


def check_prior(prior: Prior) -> None:
    """Refuse a prior that is neither a known name, nor a pair of numbers above 0, nor None."""
    if isinstance(prior, tuple):
        within = len(prior) == 2 and all(is_number(value) and 0 < value < np.inf for value in prior)
        require(within, "prior", prior, "two numbers above 0", "give (successes, failures) such as (1, 20)")
    else:
        limit = f"one of {', '.join(NAMES)}, a pair (successes, failures) or None"
        require(prior is None or prior in NAMES, "prior", repr(prior), limit, "use 'both'")


def beta(rates: Rates, prior: str | tuple[float, float]) -> Beta:
    """Return the prior of each edge; see :func:`influence_graph.analyses.learning.learn.learn`.

    The mean of an edge is made of the *other* edges of its group only, so that its own trials count once. The
    strengths maximize the Beta-binomial likelihood of whole successes (empirical Bayes: Efron & Morris 1973,
    https://doi.org/10.1080/01621459.1973.10481350): credit in parts varies less than counts do, and would make
    any edge look like all others.
    """
    if isinstance(prior, tuple):
        successes, failures = prior
        return Beta(np.full(rates.trials.size, successes / (successes + failures)), successes + failures)
    if not rates.trials.any():
        message = f"no edge was tried: the prior {prior!r} cannot be estimated"
        raise InputError(
            message, remedy="log more actions of users of the graph, give a pair such as (1, 20), or no prior"
        )
    counted = replace(rates, successes=rates.follows)
    mean = _mean(rates, prior)
    return Beta(mean, _strength(counted.successes, counted.trials, _mean(counted, prior)))


def _mean(rates: Rates, prior: str) -> NDArray[np.float64]:
    """Return the expected rate of each edge from the other edges of its groups."""
    overall = _overall(rates.successes, rates.trials)
    mean = np.full(rates.trials.size, overall)
    if prior in ("source", "both"):
        mean = _group_mean(rates, rates.source, overall)
    if prior in ("target", "both"):
        mean = mean * _group_mean(rates, rates.target, overall) / overall
    clipped: NDArray[np.float64] = np.clip(mean, overall * 1e-6, 1.0 - 1e-6)
    return clipped


def _overall(successes: NDArray[np.float64], trials: NDArray[np.float64]) -> float:
    """Return Jeffreys' rate of all edges: never 0 or 1."""
    return (float(successes.sum()) + 0.5) / (float(trials.sum()) + 1.0)


def _group_mean(rates: Rates, group: NDArray[np.int64], overall: float) -> NDArray[np.float64]:
    """Return the rate of the other edges with the same end, shrunk to the *overall* rate."""
    sums = (np.bincount(group, values) for values in (rates.successes, rates.follows, rates.trials))
    successes, follows, trials = (values.astype(np.float64) for values in sums)
    strength = _strength(follows, trials, np.full(trials.size, _overall(rates.follows, rates.trials)))
    others = np.maximum(successes[group] - rates.successes, 0.0) + strength * overall
    shrunk: NDArray[np.float64] = others / (trials[group] - rates.trials + strength)
    return shrunk


def _strength(successes: NDArray[np.float64], trials: NDArray[np.float64], mean: NDArray[np.float64]) -> float:
    """Return the strength under which the Beta-binomial likelihood of the rates is greatest.

    It is at most the number of all trials: a prior is not worth more than what it was estimated from, though the
    likelihood may increase without limit where rates are nearly equal.
    """
    tried = trials > 0
    low, high = np.log(_WEAKEST), np.log(max(float(trials.sum()), 1.0))
    loss = _negative_log_likelihood(successes[tried], trials[tried], mean[tried])
    return float(np.exp(minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-3}).x))


def _negative_log_likelihood(
    successes: NDArray[np.float64], trials: NDArray[np.float64], mean: NDArray[np.float64]
) -> Callable[[float], float]:
    """Return the loss as a function of the logarithm of the strength; equal rows, the most by far, count as one."""
    (successes, trials, mean), times = _distinct(successes, trials, mean)
    failures = np.maximum(trials - successes, 0.0)

    def loss(log_strength: float) -> float:
        a, b = np.exp(log_strength) * mean, np.exp(log_strength) * (1.0 - mean)
        return -float(times @ (betaln(a + successes, b + failures) - betaln(a, b)))

    return loss


def _distinct(*columns: NDArray[np.float64]) -> tuple[list[NDArray[np.float64]], NDArray[np.int64]]:
    """Return the different rows of *columns*, and how many there are of each."""
    order = np.lexsort([column for column in columns if column.size and column.min() < column.max()] or columns)
    ordered = [column[order] for column in columns]
    is_new = np.ones(order.size, np.bool_)
    is_new[1:] = np.any([column[1:] != column[:-1] for column in ordered], axis=0)
    first = np.flatnonzero(is_new)
    return [column[first] for column in ordered], np.diff(first, append=order.size)
