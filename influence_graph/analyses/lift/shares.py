"""What is said of every lift in percent of what would have been."""

from __future__ import annotations

import math

from influence_graph.analyses.intervals import Estimate, estimate_text


def percent_of(effect: float, actual: float) -> float:
    """Return *effect* in percent of *actual* less *effect*; ∞ where that is not above 0.

    Example:
        >>> percent_of(20.0, 120.0), percent_of(120.0, 120.0), percent_of(-math.inf, 120.0)
        (20.0, inf, -100.0)
    """
    if effect == -math.inf:
        return -100.0
    without = actual - effect
    return 100 * effect / without if without > 0 else math.inf


def in_percent(effect: Estimate, actual: float) -> Estimate | None:
    """Return *effect*, a mean, in percent of what *actual*, a mean, would have been; None where that is not above 0."""
    value, low, high = (percent_of(each, actual) for each in (effect.value, effect.low, effect.high))
    return None if math.isinf(value) else Estimate(value, low, high, effect.count, effect.method)


def scaled(estimate: Estimate, times: int) -> Estimate:
    """Return *estimate* of *times* as much."""
    value, low, high = (times * each for each in (estimate.value, estimate.low, estimate.high))
    return Estimate(value, low, high, estimate.count, estimate.method)


def percent_text(relative: Estimate | None) -> str:
    """Return a share as it is said after a total; nothing where there is none.

    Example:
        >>> percent_text(Estimate(5.42, -1.11, 13.1, 7, ""))
        ', +5.42 (-1.11 to +13.1) %'
    """
    return "" if relative is None else f", {estimate_text(relative, '+')} %"
