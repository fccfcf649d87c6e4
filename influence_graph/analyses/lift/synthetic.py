"""Synthetic controls fitted on the days before an event, for one target or for each donor in turn, and their errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from influence_graph.analyses.lift.simplex import reduced, simplex_weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MIN_DONORS = 19
"""Donors from which on a rank among them can be as low as 1 in 20."""
_FOLDS = 10
_LEVEL = 0.95


@dataclass(frozen=True, eq=False)
class Control:
    """What a target would have been.

    Attributes:
        weights: Shape (donors,), of sum 1.
        counterfactual: Shape (days,).
    """

    weights: Floats
    counterfactual: Floats


def control(target: Floats, donors: Floats, before: int, demeaned: bool) -> Control:
    """Return the synthetic control that is fitted on the first *before* days.

    A demeaned control lies as high as the target on the mean of those days (Ferman and Pinto 2021,
    https://doi.org/10.3982/QE1596; Doudchenko and Imbens 2016, https://www.nber.org/papers/w22791).

    Args:
        target: Shape (days,).
        donors: Shape (days, donors).
        before: Days before the event.
        demeaned: Whether target and donors may lie at different heights.
    """
    height, heights = _heights(target, donors, before, demeaned)
    weights = simplex_weights(target[:before] - height, donors[:before] - heights)
    return Control(weights, height + (donors - heights) @ weights)


def _heights(target: Floats, donors: Floats, rows: int | NDArray[np.bool_], demeaned: bool) -> tuple[float, Floats]:
    """Return the means of target and donors over *rows* (a mask, or the first so many), 0 where they stay as is."""
    if not demeaned:
        return 0.0, np.zeros(donors.shape[1])
    chosen = slice(rows) if isinstance(rows, int) else rows
    return float(target[chosen].mean()), donors[chosen].mean(axis=0)


def day_error(target: Floats, donors: Floats, before: int, demeaned: bool) -> float:
    """Return how far off the control of one day is in 95 of 100 days, NaN where the days before are too few.

    The days before are cut into ten parts in a row, each forecast from the others (cross-conformal: Vovk 2015,
    https://doi.org/10.1007/s10472-013-9368-4): errors of the days on which weights were fitted would be too small.
    """
    if before < MIN_DONORS:
        return float("nan")
    errors = np.empty(before)
    part = np.arange(before) * _FOLDS // before
    for fold in range(_FOLDS):
        out = part == fold
        past_target, past_donors = target[:before], donors[:before]
        height, heights = _heights(past_target, past_donors, ~out, demeaned)
        weights = simplex_weights(past_target[~out] - height, past_donors[~out] - heights)
        errors[out] = past_target[out] - height - (past_donors[out] - heights) @ weights
    rank = int(np.ceil((before + 1) * _LEVEL))
    return float(np.sort(np.abs(errors))[min(rank, before) - 1])


@dataclass(frozen=True, eq=False)
class Placebos:
    """The target and each donor, each with a control of the donors besides it.

    Attributes:
        gaps: Actual less control; shape (days, 1 + donors), the target first.
        before: Root mean square of the gaps before the event; shape (1 + donors,).
        after: The same of the window.
        ratio: after / before; ∞ where the control fits exactly before.
    """

    gaps: Floats
    before: Floats
    after: Floats
    ratio: Floats

    @property
    def rank(self) -> int:
        """How many have a ratio at least as large as the target, itself among them."""
        return int(np.count_nonzero(self.ratio >= self.ratio[0]))


def placebos(target: Floats, donors: Floats, before: int, demeaned: bool) -> Placebos:
    """Return the gaps of the target and of each donor as if the event had been theirs.

    Source: Abadie, Diamond and Hainmueller 2010, https://doi.org/10.1198/jasa.2009.ap08746.

    Args:
        target: Shape (days,).
        donors: Shape (days, donors), of two or more.
        before: Days before the event; the days after are the window.
        demeaned: Whether target and donors may lie at different heights.
    """
    height, heights = _heights(target, donors, before, demeaned)
    level = np.column_stack([target - height, donors - heights])
    rows = reduced(level[:before])
    gaps = np.empty_like(level)
    for unit in range(level.shape[1]):
        others = np.arange(1, level.shape[1])
        others = others[others != unit]
        weights = simplex_weights(rows[:, unit], rows[:, others])
        gaps[:, unit] = level[:, unit] - level[:, others] @ weights
    squares = gaps**2
    fit, miss = np.sqrt(squares[:before].mean(axis=0)), np.sqrt(squares[before:].mean(axis=0))
    exact = fit <= 1e-12 * np.abs(level).max(initial=0.0)
    ratio = np.where(exact, np.inf, miss / np.where(exact, 1.0, fit))
    return Placebos(gaps, fit, miss, ratio)
