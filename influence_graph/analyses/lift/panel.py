"""Few treated units and many others: what the treated would have been, made of units that did not meet the event."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from influence_graph.analyses.lift.conformal import MIN_DAYS, Conformal
from influence_graph.analyses.lift.panel_estimates import METHOD, ControlLift, control_lift, row_of, series_beside
from influence_graph.analyses.lift.panel_result import ALL, CLEAN, PREDICTIVE, PanelLift
from influence_graph.analyses.lift.series_result import SeriesLift, status_of
from influence_graph.analyses.lift.synthetic import MIN_DONORS, day_error, placebos
from influence_graph.analyses.lift.unit_days import UnitDays, names_of, unit_days
from influence_graph.errors import InputError
from influence_graph.model.parameters import PanelLiftParameters
from influence_graph.text import count_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from influence_graph.analyses.lift.skipped import Skipped
    from influence_graph.model.frames import Frame
    from influence_graph.model.times import Day

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Groups:
    """Which units are what, as indices into the units of a panel; clean and exposed are the donors there could be."""

    treated: NDArray[np.int64]
    clean: NDArray[np.int64]
    exposed: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Cut:
    """The dates of a panel that are used.

    Attributes:
        rows: Their positions, ascending; those of the horizon last.
        start: Position of the first date of the horizon.
        window: How many dates the horizon has.
        days: The same in days, or in the unit of the periods.
    """

    rows: NDArray[np.int64]
    start: int
    window: int
    days: int

    @property
    def before(self) -> int:
        """How many dates before the horizon are used."""
        return int(self.rows.size) - self.window

    @property
    def whole(self) -> int:
        """How many dates there are up to the end of the horizon, used or not."""
        return self.start + self.window


def panel_lift(  # noqa: PLR0913 - the panel and the event first, the rest by name
    panel: Frame | UnitDays,
    *,
    treated: Iterable[str] | str,
    start: Day | int,
    days: int,
    exposed: Iterable[str] | str = (),
    skip: Iterable[tuple[Day | int, Day | int]] = (),
    options: PanelLiftParameters | None = None,
) -> PanelLift:
    """Return by how much an event raised what is counted at few treated units, over a horizon named beforehand.

    The mean of the treated units is compared with a demeaned synthetic control: weights of clean donors, none below 0
    and of sum 1, that follow it before the event (Abadie, Diamond and Hainmueller 2010,
    https://doi.org/10.1198/jasa.2009.ap08746; demeaned: Ferman and Pinto 2021, https://doi.org/10.3982/QE1596). For
    interval and p the weights are fitted anew on all days for each effect that is tested, and blocks of days are moved
    (Chernozhukov, Wüthrich and Zhu 2021, https://doi.org/10.1080/01621459.2021.1920957). Donors that met the event
    themselves hide a part of it: name them as *exposed*, they are left out, and the estimate with them stands beside.
    ``benchmarks/lift_panels.py`` has the size of the test, and known answers. Time: some hundred least-squares fits of
    the donors, of whole days once. Same input, same bytes.

    Args:
        panel: One row per unit and date: unit, date (dates, or whole numbers of periods), value; without gaps.
        treated: Unit or units that the event reached, all from *start* on.
        start: First date of the event.
        days: Length of the horizon from *start* on, in days, or in the unit of the periods: all of it is counted, what
            comes later is not looked at. Name it before you look at the data.
        exposed: Units that met the event in part, such as by ties to the treated; those without rows are passed over.
        skip: Spans of dates before the event on which something else happened to the treated, such as another campaign:
            the first and the last date of each, both included. The rows of all units on these dates are not used;
            for blocks of days what is left is joined. A donor to which something happened alone is better named as
            exposed.
        options: Whether the control is demeaned, and whether placebos are wanted.

    Returns:
        The total with its interval, per unit and date and in percent, p, weights, days and placebos.

    Raises:
        InputError: The panel has a gap, a unit two rows on a date, or a value is missing; *start* is before the first
            row; the horizon ends after the last row; there are fewer days before it that are used than in it, or
            fewer than 20 in all; a span touches the horizon, or ends before it begins; what the treated or all donors
            do is constant; there is no donor, or no clean one.
        NotFound: A treated unit is not in the panel.

    Example:
        >>> import numpy as np
        >>> import pandas as pd
        >>> day = np.tile(np.arange(40), 3)
        >>> unit = np.repeat(["north", "east", "west"], 40)
        >>> value = 10 + day % 7 + np.repeat([1, 2, 3], 40) * (day % 5) + 4 * ((unit == "north") & (day >= 36))
        >>> panel = pd.DataFrame({"unit": unit, "date": day, "value": value})
        >>> lift = panel_lift(panel, treated="north", start=36, days=4)
        >>> round(lift.total.value, 2), lift.p
        (13.78, 0.05)
    """
    chosen = options or PanelLiftParameters()
    given = unit_days(panel)
    groups = groups_of(given, treated, exposed)
    spans = given.skipped(skip)
    cut = _cut(given, start, days, spans)
    before, window, values = cut.before, cut.window, given.values[cut.rows]
    target, donors = values[:, groups.treated].mean(axis=1), values[:, groups.clean]
    _require_varying(given, groups, values, before)
    units = int(groups.treated.size)
    lift = control_lift(target, donors, window, units, chosen.demeaned)
    beside = _beside(given, groups, cut, spans)
    table, gaps, rank_p = _placebos(given.dates[cut.rows], given.units[groups.clean], target, donors, before, chosen)
    return PanelLift(
        status=status_of(lift.each.value, lift.p),
        total=lift.total,
        per_unit_day=lift.each,
        relative=lift.relative,
        p=lift.p,
        quiet=_quiet(lift.test, cut.rows),
        fit=_fit(target[:before], lift.control.counterfactual[:before]),
        method=f"{'demeaned ' if chosen.demeaned else ''}synthetic control, {METHOD}",
        why=_why(units, int(groups.clean.size)),
        beside=beside,
        estimates=_estimates(values, groups, lift, beside, chosen.demeaned),
        daily=_daily(given.dates[cut.rows], target, lift, day_error(target, donors, before, chosen.demeaned)),
        weights=_weights(given.units[groups.clean], lift.control.weights),
        placebos=table,
        placebo_gaps=gaps,
        rank_p=rank_p,
        left_out=tuple(given.units[groups.exposed].tolist()),
        parameters=_parameters(given, given.units[groups.treated].tolist(), cut, chosen)
        | spans.said(cut.start - before),
        digest=given.digest,
    )


def _estimates(
    values: Floats, groups: Groups, lift: ControlLift, beside: SeriesLift | str, demeaned: bool
) -> pd.DataFrame:
    """Return the headline, the predictive beside it, and what it would be with the exposed among the donors."""
    window, units = lift.test.window, lift.units
    size = units * window
    rows = [row_of(CLEAN, groups.clean.size, lift.total, lift.p, size, lift.actual)]
    if isinstance(beside, SeriesLift) and beside.total is not None and beside.p is not None:
        rows.append(row_of(PREDICTIVE, groups.clean.size, beside.total, beside.p, size, lift.actual))
    if groups.exposed.size:
        donors = values[:, np.sort(np.concatenate([groups.clean, groups.exposed]))]
        other = control_lift(values[:, groups.treated].mean(axis=1), donors, window, units, demeaned)
        rows.append(row_of(ALL, donors.shape[1], other.total, other.p, size, lift.actual))
    return pd.DataFrame(rows)


def groups_of(panel: UnitDays, treated: Iterable[str] | str, exposed: Iterable[str] | str) -> Groups:
    """Return who is treated, a clean donor, or exposed.

    Raises:
        InputError: Nobody is treated, or there is no donor, or no clean one.
        NotFound: A treated unit is not in the panel.
    """
    first = np.sort(panel.indices_of(treated, "the treated unit"))
    if not first.size:
        raise InputError("no treated unit is named", remedy="name at least one unit of the panel")
    others = np.setdiff1d(np.arange(panel.units.size), first)
    if not others.size:
        units = "the one unit is" if panel.units.size == 1 else f"all {panel.units.size:,} units are"
        message = f"{units} treated: there is nothing to compare with"
        raise InputError(message, remedy="add units without the event, or look at the treated as one series")
    hit = np.isin(panel.units[others].astype(str), names_of(exposed))
    if hit.all():
        message = f"no clean donor is left: all {count_text(int(hit.size), 'other unit')} met the event, too"
        raise InputError(message, remedy="add units that did not meet it, or look at the treated as one series")
    return Groups(first, others[~hit], others[hit])


def _cut(panel: UnitDays, start: Day | int, days: int, spans: Skipped) -> Cut:
    """Return the dates that are used."""
    begin, window = panel.window_of(start, days)
    numbers = panel.days[: begin + window]
    first, last = (int(number) for number in numbers[[begin, -1]])
    spans.require_apart(first, last, f"{panel.text_of(first)} to {panel.text_of(last)}")
    cut = Cut(np.flatnonzero(spans.used(numbers)), begin, window, days)
    if cut.before < window or cut.rows.size < MIN_DAYS:
        least = max(window, MIN_DAYS - window)
        left = " that are not skipped" if cut.before < begin else ""
        many = f"{count_text(cut.before, 'date')} before the start{left}"
        message = f"{many} for {window:,} from it on, must be {least} or more"
        raise InputError(message, remedy="add earlier dates, or shorten the horizon")
    return cut


def _beside(panel: UnitDays, groups: Groups, cut: Cut, spans: Skipped) -> SeriesLift | str:
    """Return the lift of the treated as one series with the mean of the clean donors, or why there is none."""
    values = panel.values[: cut.whole]
    actual, donors = values[:, groups.treated].sum(axis=1), values[:, groups.clean].mean(axis=1)
    return series_beside(panel, actual, donors, (cut.start, cut.days), spans)


def _require_varying(panel: UnitDays, groups: Groups, values: Floats, before: int) -> None:
    """Refuse what is the same on all days: nothing can follow it, and nothing can be learned from it."""
    past = values[:before, groups.treated].sum(axis=1)
    if np.ptp(past) == 0:
        names = ", ".join(map(str, panel.units[groups.treated[:3]]))
        message = f"the treated ({names}) have the same value, {past[0]:g}, on all {before:,} dates before the start"
        raise InputError(message, remedy="choose an outcome that varies, or units that had it before")
    if not np.ptp(values[:, groups.clean], axis=0).any():
        message = f"the value of each of {count_text(int(groups.clean.size), 'donor')} is the same on all dates"
        raise InputError(message, remedy="choose an outcome that varies, or other units to compare with")


def _quiet(test: Conformal, rows: NDArray[np.int64]) -> tuple[int, int]:
    """Return in how many windows before the event the mean gap was as large, and the number of these windows.

    *rows* are the positions of the dates that are used: a window holds dates in a row, and windows do not overlap.
    """
    sizes, window = np.abs(test.block_means(0.0)), test.window
    last, found = rows.size - window - 1, []  # from the event backwards
    while last >= window - 1:
        apart = np.flatnonzero(np.diff(rows[last - window + 1 : last + 1]) > 1)
        if apart.size:
            last += int(apart[-1]) + 1 - window
            continue
        found.append(sizes[last] >= sizes[-1])
        last -= window
    return sum(map(bool, found)), len(found)


def _fit(actual: Floats, followed: Floats) -> float:
    """Return the share of the ups and downs of *actual* that *followed* has, too."""
    return float(1 - np.mean((actual - followed) ** 2) / actual.var())


def _daily(dates: pd.Index, target: Floats, lift: ControlLift, error: float) -> pd.DataFrame:
    units, without = lift.units, lift.control.counterfactual
    gap = units * (target - without)
    columns = {
        "date": dates,
        "window": np.arange(target.size) >= target.size - lift.test.window,
        "actual": units * target,
        "counterfactual": units * without,
        "gap": gap,
        "low": gap - units * error,
        "high": gap + units * error,
    }
    return pd.DataFrame(columns)


def _weights(units: NDArray[np.object_], weights: Floats) -> pd.DataFrame:
    frame = pd.DataFrame({"unit": units, "weight": weights})
    return frame.sort_values(["weight", "unit"], ascending=[False, True], ignore_index=True)


def _placebos(
    dates: pd.Index,
    names: NDArray[np.object_],
    target: Floats,
    donors: Floats,
    before: int,
    options: PanelLiftParameters,
) -> tuple[pd.DataFrame, pd.DataFrame, float | None]:
    """Return the table of placebos, their gaps, and the rank of the treated as a share; empty where not wanted."""
    if not options.placebos or names.size < 2:
        empty = pd.DataFrame({"unit": [], "before": [], "after": [], "ratio": [], "rank": []})
        return empty, pd.DataFrame(index=dates), None
    made = placebos(target, donors, before, options.demeaned)
    table = pd.DataFrame({"unit": ["", *names], "before": made.before, "after": made.after, "ratio": made.ratio})
    table = table.assign(rank=table["ratio"].rank(ascending=False, method="max").astype(np.int64))
    table = table.sort_values(["rank", "unit"], ignore_index=True)
    rank_p = made.rank / made.ratio.size if names.size >= MIN_DONORS else None
    return table, pd.DataFrame(made.gaps[:, 1:], index=dates, columns=names), rank_p


def _why(treated: int, donors: int) -> str:
    who = count_text(treated, "unit with the event", "units with one event")
    return (
        f"Chosen for {who} and {count_text(donors, 'clean donor')}: weights fitted on the days before alone would make "
        "their own gaps too small to judge by, so they are fitted anew for each effect tested."
    )


def _parameters(panel: UnitDays, treated: list[str], cut: Cut, options: PanelLiftParameters) -> dict[str, Any]:
    start = panel.text_of(int(panel.days[cut.start]))
    counted = count_text(cut.days, "day" if panel.dated else "period")
    return {"treated": treated, "start": start, "days": counted, "before": cut.before, **asdict(options)}
