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
from influence_graph.analyses.lift.synthetic import MIN_DONORS, Control, day_error, placebos
from influence_graph.analyses.lift.unit_days import UnitDays, names_of, unit_days
from influence_graph.errors import InputError
from influence_graph.model.parameters import PanelLiftParameters
from influence_graph.text import count_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from influence_graph.model.frames import Frame
    from influence_graph.model.times import Day

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Groups:
    """Which units are what, as indices into the units of a panel; clean and exposed are the donors there could be."""

    treated: NDArray[np.int64]
    clean: NDArray[np.int64]
    exposed: NDArray[np.int64]


def panel_lift(
    panel: Frame | UnitDays,
    *,
    treated: Iterable[str] | str,
    start: Day | int,
    days: int,
    exposed: Iterable[str] | str = (),
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
        options: Whether the control is demeaned, and whether placebos are wanted.

    Returns:
        The total with its interval, per unit and date and in percent, p, weights, days and placebos.

    Raises:
        InputError: The panel has a gap, a unit two rows on a date, or a value is missing; *start* is before the first
            row; the horizon ends after the last row; there are fewer days before it than in it, or fewer than 20 in
            all; what the treated or all donors do is constant; there is no donor, or no clean one.
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
    before, window = _window(given, start, days)
    values = given.values[: before + window]
    target, donors = values[:, groups.treated].mean(axis=1), values[:, groups.clean]
    _require_varying(given, groups, values, before)
    units = int(groups.treated.size)
    lift = control_lift(target, donors, window, units, chosen.demeaned)
    beside = series_beside(given, units * target, donors.mean(axis=1), before, days)
    table, gaps, rank_p = _placebos(given, groups, target, donors, before, chosen)
    return PanelLift(
        status=status_of(lift.each.value, lift.p),
        total=lift.total,
        per_unit_day=lift.each,
        relative=lift.relative,
        p=lift.p,
        quiet=_quiet(lift.test),
        fit=_fit(target[:before], lift.control.counterfactual[:before]),
        method=f"{'demeaned ' if chosen.demeaned else ''}synthetic control, {METHOD}",
        why=_why(units, int(groups.clean.size)),
        beside=beside,
        estimates=_estimates(values, groups, lift, beside, chosen.demeaned),
        daily=_daily(given, target, lift.control, day_error(target, donors, before, chosen.demeaned), before, units),
        weights=_weights(given.units[groups.clean], lift.control.weights),
        placebos=table,
        placebo_gaps=gaps,
        rank_p=rank_p,
        left_out=tuple(given.units[groups.exposed].tolist()),
        parameters=_parameters(given, given.units[groups.treated].tolist(), before, days, chosen),
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


def _window(panel: UnitDays, start: Day | int, days: int) -> tuple[int, int]:
    """Return how many dates are before the event, and how many the horizon has."""
    before, window = panel.window_of(start, days)
    if before < window or before + window < MIN_DAYS:
        least = max(window, MIN_DAYS - window)
        message = f"{count_text(before, 'date')} before the start for {window:,} from it on, must be {least} or more"
        raise InputError(message, remedy="add earlier dates, or shorten the horizon")
    return before, window


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


def _quiet(test: Conformal) -> tuple[int, int]:
    """Return in how many windows before the event the mean gap was as large, and the number of these windows."""
    sizes = np.abs(test.block_means(0.0))[:: -test.window]  # from the event backwards, without overlap
    whole = test.target.size // test.window - 1
    return int(np.count_nonzero(sizes[1 : whole + 1] >= sizes[0])), whole


def _fit(actual: Floats, followed: Floats) -> float:
    """Return the share of the ups and downs of *actual* that *followed* has, too."""
    return float(1 - np.mean((actual - followed) ** 2) / actual.var())


def _daily(panel: UnitDays, target: Floats, made: Control, error: float, before: int, units: int) -> pd.DataFrame:
    gap = units * (target - made.counterfactual)
    columns = {
        "date": panel.dates[: target.size],
        "window": np.arange(target.size) >= before,
        "actual": units * target,
        "counterfactual": units * made.counterfactual,
        "gap": gap,
        "low": gap - units * error,
        "high": gap + units * error,
    }
    return pd.DataFrame(columns)


def _weights(units: NDArray[np.object_], weights: Floats) -> pd.DataFrame:
    frame = pd.DataFrame({"unit": units, "weight": weights})
    return frame.sort_values(["weight", "unit"], ascending=[False, True], ignore_index=True)


def _placebos(
    panel: UnitDays, groups: Groups, target: Floats, donors: Floats, before: int, options: PanelLiftParameters
) -> tuple[pd.DataFrame, pd.DataFrame, float | None]:
    """Return the table of placebos, their gaps, and the rank of the treated as a share; empty where not wanted."""
    names = panel.units[groups.clean]
    dates = panel.dates[: target.size]
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


def _parameters(
    panel: UnitDays, treated: list[str], before: int, days: int, options: PanelLiftParameters
) -> dict[str, Any]:
    start = panel.text_of(int(panel.days[before]))
    counted = count_text(days, "day" if panel.dated else "period")
    return {"treated": treated, "start": start, "days": counted, "before": before, **asdict(options)}
