"""The lift of one daily series after one event: the total over days declared beforehand, with what would have been.

The days before the event say what the declared days would be without it
(:mod:`influence_graph.analyses.lift.predictive`): weekdays, a trend and controls that the event did not touch, with an
error that lasts from day to day. The headline is the total over the declared days: to look where the effect is largest,
and then to test there, finds effects in three of eight series in which there is none. When it began comes second
(:mod:`influence_graph.analyses.lift.lags`).
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.analyses.checks import is_whole, require, seed_of
from influence_graph.analyses.intervals import Estimate
from influence_graph.analyses.lift.daily import day_of, read_daily
from influence_graph.analyses.lift.growth import GROWTH_LEVEL, growth_of, growth_text
from influence_graph.analyses.lift.lags import LEVEL, onset_of
from influence_graph.analyses.lift.predictive import fit
from influence_graph.analyses.lift.quiet import quiet_windows
from influence_graph.analyses.lift.series_result import SeriesLift, status_of
from influence_graph.analyses.lift.skipped import NOTHING, number_of_day, skipped_days
from influence_graph.analyses.lift.window import window_of
from influence_graph.model.parameters import SeriesLiftParameters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from numpy.typing import NDArray

    from influence_graph.analyses.lift.daily import Daily
    from influence_graph.analyses.lift.predictive import Ahead, ErrorFit, Mixture
    from influence_graph.analyses.lift.skipped import Skipped
    from influence_graph.analyses.lift.window import Window
    from influence_graph.model.frames import Frame
    from influence_graph.model.times import Day

    Floats = NDArray[np.float64]

_ENDS = LEVEL / 2, 1 - LEVEL / 2
_DRAWS = 1_000, 100_000
_METHOD = "regression with AR(1) and white noise, error models integrated"


def series_lift(
    daily: Frame,
    *,
    start: Day,
    days: int,
    controls: Sequence[str] = (),
    skip: Iterable[tuple[Day | int, Day | int]] = (),
    options: SeriesLiftParameters | None = None,
) -> SeriesLift:
    """Return how much higher a daily series was than without the event, over days declared before looking at them.

    Args:
        daily: One row per day, without gaps: date, value, and a column per control. Days after the declared ones are
            not used.
        start: The day of the event, day 0, as a date or its ISO 8601 text.
        days: How many days from it on are declared, ≥ 1. Whoever chooses them from the data is wrong more often than
            said here.
        controls: Columns that follow the series, and that the event did not touch; they must be known on all days.
        skip: Spans of days before the event on which something else happened to the series, such as another campaign:
            the first and the last day of each, both included. They are not used: they are missing days, over which the
            error goes on; nothing is filled in.
        options: What the series is made of, and the drawn courses.

    Raises:
        InputError: A day is missing or there twice, a value is missing; fewer than 28 days that are used are before the
            event, or than twice the declared ones; the event is not after the first day, or the last declared day
            beyond the data; the outcome or a control is constant before the event, or a control a sum of others; a span
            touches the declared days, or ends before it begins.

    Example:
        >>> import numpy as np
        >>> import pandas as pd
        >>> from influence_graph.analyses.lift.series import series_lift
        >>> dates = pd.date_range("2026-01-01", periods=70)
        >>> value = 20 + np.random.default_rng(0).normal(size=70) + 3.0 * (np.arange(70) >= 60)
        >>> lift = series_lift({"date": dates, "value": value}, start="2026-03-02", days=10)
        >>> lift.status, lift.total.low > 0
        ('higher', True)
    """
    chosen = checked(options)
    read = read_daily(daily, controls)
    spans = skipped_days(skip)
    window = window_of(read, day_of(start, "start"), days, chosen, spans)
    _require_apart(spans, window)
    return lift_of(read, window, chosen, spans)


def _require_apart(spans: Skipped, window: Window) -> None:
    """Refuse days to skip among the declared ones of *window*."""
    last = window.start + timedelta(days=window.days - 1)
    spans.require_apart(number_of_day(window.start), number_of_day(last), f"{window.start} to {last}")


def checked(options: SeriesLiftParameters | None) -> SeriesLiftParameters:
    """Return *options*, or the defaults for None.

    Raises:
        InputError: They are none, or the number of draws or the seed is out of its limits.
    """
    chosen = SeriesLiftParameters() if options is None else options
    known = isinstance(chosen, SeriesLiftParameters)
    require(known, "options", chosen, "a SeriesLiftParameters", "leave them out for the defaults")
    within = is_whole(chosen.draws) and _DRAWS[0] <= chosen.draws <= _DRAWS[1]
    require(within, "draws", chosen.draws, f"a whole number from {_DRAWS[0]:,} to {_DRAWS[1]:,}", "use 4000")
    seed_of(chosen.seed)
    return chosen


def lift_of(daily: Daily, window: Window, options: SeriesLiftParameters, skip: Skipped = NOTHING) -> SeriesLift:
    """Return the lift of the series cut at the event; *skip* made the window."""
    before = window.before
    outcome, design, seen = window.outcome[:before], window.design[:before], window.seen[:before]
    fitted = fit(outcome, design, window.names, seen)
    ahead = fitted.ahead(window.design[before:])
    courses = ahead.draws(options.draws, np.random.default_rng(options.seed))
    total = ahead.of(np.ones((1, window.days)))
    growth = growth_of(fitted, outcome, design, seen)
    effect, p = _effect(total, window), float(total.p_value([window.actual.sum()])[0])
    asked = {"start": window.start.isoformat(), "days": window.days, "controls": list(daily.names)}
    asked |= skip.said(before - window.used)
    lift = SeriesLift(
        status=status_of(effect.value, p),
        reason=None,
        total=effect,
        p=p,
        relative=_relative(total, window),
        onset=onset_of(ahead, window.actual, courses),
        table=_table(daily, window, (fitted, ahead, courses)),
        quiet=quiet_windows(window),
        error=_error(fitted) | {"growth_p": growth},
        parameters=asdict(options) | asked,
        digest=daily.digest,
    )
    return lift.untold(growth_text(growth)) if growth <= GROWTH_LEVEL else lift


def _effect(total: Mixture, window: Window) -> Estimate:
    """Return the total over the declared days, less that without the event."""
    actual = float(window.actual.sum())
    value = actual - float(total.mean[0])
    high, low = (actual - float(total.quantile(level)[0]) for level in _ENDS)
    return Estimate(value, min(low, value), max(high, value), window.used, _METHOD)


def _relative(total: Mixture, window: Window) -> Estimate | None:
    """Return the total in % of that without the event; None unless the latter is surely above 0."""
    actual = float(window.actual.sum())
    least, most = (float(total.quantile(level)[0]) for level in _ENDS)
    if least <= 0:
        return None
    value, low, high = (100 * (actual / without - 1) for without in (float(total.mean[0]), most, least))
    return Estimate(value, min(low, value), max(high, value), window.used, _METHOD)


def _table(daily: Daily, window: Window, made: tuple[ErrorFit, Ahead, Floats]) -> pd.DataFrame:
    """Return a row per day that is used, up to the last declared one; bounds before the event are missing."""
    fitted, ahead, courses = made
    before, used = window.before, window.outcome.size
    each = ahead.each_day
    expected = window.design @ np.einsum("g,gc->c", fitted.weight, fitted.coefficients)
    expected[before:] = each.mean
    low, high = (each.quantile(level) for level in _ENDS)
    reach = _reach(courses, each.mean)
    bounds = np.full((4, used), np.nan)
    bounds[:, before:] = low, high, np.minimum(low, each.mean - reach), np.maximum(high, each.mean + reach)
    low, high, all_low, all_high = bounds
    table = pd.DataFrame(
        {
            "date": [daily.day(place) for place in range(used)],
            "day": np.arange(used) - before,
            "actual": window.outcome,
            "counterfactual": expected,
            "counterfactual_low": low,
            "counterfactual_high": high,
            "gap": window.outcome - expected,
            "gap_low": window.outcome - high,
            "gap_high": window.outcome - low,
            "all_low": window.outcome - all_high,
            "all_high": window.outcome - all_low,
        }
    )
    return table[window.seen].reset_index(drop=True)


def _reach(courses: Floats, mean: Floats) -> Floats:
    """Return how far from *mean* a band reaches that holds all days of 95 % of *courses*, by the spread of each day."""
    apart = np.abs(courses - mean)
    spread = np.sqrt(np.einsum("nh,nh->h", apart, apart) / len(apart))
    reach: Floats = spread * float(np.quantile((apart / spread).max(axis=1), 1 - LEVEL))
    return reach


def _error(fitted: ErrorFit) -> dict[str, Any]:
    """Return what the noise of the days before is like."""
    rho, fresh, noise, _ = fitted.errors
    walk = rho == 1
    weight = fitted.weight
    share = np.where(walk, noise / (noise + fresh), noise)
    return {
        "rho": float(np.average(rho, weights=weight)),
        "noise": float(np.average(share, weights=weight)),
        "walk": float(weight[walk].sum()),
    }
