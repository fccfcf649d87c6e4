"""Estimates of an effect on few treated units: the synthetic control, and one series with the mean of the donors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from influence_graph.analyses.intervals import Estimate
from influence_graph.analyses.lift.conformal import Conformal, conformal
from influence_graph.analyses.lift.daily import Daily
from influence_graph.analyses.lift.series import lift_of
from influence_graph.analyses.lift.series_result import SeriesLift
from influence_graph.analyses.lift.shares import in_percent, percent_of, scaled
from influence_graph.analyses.lift.synthetic import Control, control
from influence_graph.analyses.lift.window import window_of
from influence_graph.errors import InputError
from influence_graph.model.parameters import SeriesLiftParameters

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.lift.skipped import Skipped
    from influence_graph.analyses.lift.unit_days import UnitDays

    Floats = NDArray[np.float64]

METHOD = "conformal by moving blocks"
_DONORS = "the mean of the donors"


@dataclass(frozen=True, eq=False)
class ControlLift:
    """An effect by synthetic control.

    Attributes:
        each: The mean effect per treated unit and date.
        p: Of no effect.
        actual: The mean of the treated in the window.
        test: The test that gave interval and p.
        control: What the mean of the treated would have been.
        units: How many units are treated.
    """

    each: Estimate
    p: float
    actual: float
    test: Conformal
    control: Control
    units: int

    @property
    def total(self) -> Estimate:
        """The effect on all treated units over the window."""
        return scaled(self.each, self.units * self.test.window)

    @property
    def relative(self) -> Estimate | None:
        """The effect in percent of what would have been."""
        return in_percent(self.each, self.actual)


def control_lift(target: Floats, donors: Floats, window: int, units: int, demeaned: bool) -> ControlLift:
    """Return the effect on *target*, the mean of *units* units, in its last *window* days.

    Args:
        target: Shape (days,).
        donors: Shape (days, donors).
        window: Days of the window.
        units: How many units the target is the mean of.
        demeaned: Whether target and donors may lie at different heights.
    """
    before = target.size - window
    made = control(target, donors, before, demeaned)
    effect = float((target - made.counterfactual)[before:].mean())
    test = conformal(target, donors, window, demeaned)
    low, high = test.interval(effect)
    each = Estimate(effect, low, high, target.size // window, METHOD)
    return ControlLift(each, test.p_value(0.0), float(target[before:].mean()), test, made, units)


def row_of(method: str, donors: int, total: Estimate, p: float, size: int, actual: float) -> dict[str, Any]:
    """Return a row of the table of estimates.

    Args:
        method: What it is called.
        donors: How many donors it rests on.
        total: Of all treated units over the window.
        p: Of no effect.
        size: Treated units times dates of the window.
        actual: The mean of the treated in the window.
    """
    percent, low, high = (percent_of(each / size, actual) for each in (total.value, total.low, total.high))
    ends = {"total": total.value, "total_low": total.low, "total_high": total.high}
    shares = {"percent": percent, "percent_low": low, "percent_high": high}
    return {"method": method, "donors": donors, **ends, "per_unit_day": total.value / size, **shares, "p": p}


def series_beside(
    panel: UnitDays, actual: Floats, donors: Floats, horizon: tuple[int, int], skip: Skipped
) -> SeriesLift | str:
    """Return the lift of the treated as one series with the mean of the donors as its control, or why there is none.

    It has weekdays and an error that lasts from day to day, and fits one number to the donors, so it needs no weights.

    Args:
        panel: The panel, for its dates.
        actual: All treated units together; shape (days,).
        donors: The mean of the clean donors; shape (days,).
        horizon: Days before the event, and days from it on.
        skip: Days that are not used.
    """
    if not panel.dated or panel.step != 1:
        return "the dates are no days"
    daily = Daily(panel.dates[0].date(), actual, (_DONORS,), donors[:, None])
    options = SeriesLiftParameters()
    try:
        before, days = horizon
        return lift_of(daily, window_of(daily, daily.day(before), days, options, skip), options, skip)
    except InputError as error:
        return error.message
