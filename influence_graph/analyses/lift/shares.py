"""Effects in percent of what would have been."""

from __future__ import annotations

import math

from influence_graph.analyses.intervals import Estimate


def percent_of(effect: float, actual: float) -> float:
    """Return *effect* in percent of *actual* less *effect*; NaN where that is not above 0.

    Example:
        >>> percent_of(20.0, 120.0)
        20.0
    """
    without = actual - effect
    return 100 * effect / without if math.isfinite(effect) and without > 0 else math.nan


def in_percent(effect: Estimate, actual: float) -> Estimate:
    """Return *effect*, a mean, and the ends of its interval in percent of what *actual*, a mean, would have been."""
    value, low, high = (percent_of(each, actual) for each in (effect.value, effect.low, effect.high))
    return Estimate(value, low, high, effect.count, effect.method)


def percent_text(percent: Estimate) -> str:
    """Return a share as it is said.

    Example:
        >>> percent_text(Estimate(5.42, -1.11, 13.1, 7, ""))
        '+5.42 % (-1.11 to +13.1 %)'
    """
    if math.isnan(percent.value):
        return "no share, since nothing would have been"
    low, high = (f"{end:+.3g}" if math.isfinite(end) else "any" for end in (percent.low, percent.high))
    return f"{percent.value:+.3g} % ({low} to {high} %)"
