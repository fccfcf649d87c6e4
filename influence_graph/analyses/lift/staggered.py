"""Many units that meet an event at different times: each group against units that have not met it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from influence_graph.analyses.checks import is_whole, require
from influence_graph.analyses.intervals import Estimate
from influence_graph.analyses.lift.group_time import (
    NEVER,
    Design,
    Effects,
    by_group,
    by_time,
    group_time,
    mean_of,
    weighted,
)
from influence_graph.analyses.lift.series_result import status_of
from influence_graph.analyses.lift.shares import in_percent, scaled
from influence_graph.analyses.lift.staggered_result import StaggeredLift
from influence_graph.analyses.lift.unit_days import UnitDays, names_of, unit_days
from influence_graph.errors import InputError
from influence_graph.model.parameters import StaggeredLiftParameters
from influence_graph.text import count_text, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from influence_graph.model.frames import Frame
    from influence_graph.model.times import Day

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

CONTROLS = ("never", "not yet")
MIN_GROUP = 2
"""Units of a group, and of those it is compared with, from which on there is a spread to judge by."""
_LEVEL = 0.95
_METHOD = "influence function, clustered by unit, t"
_DRAWS, _SEED = 20_000, 0
_MOST = 50_000_000  # numbers in all influence functions together


@dataclass(frozen=True, eq=False)
class _Found:
    """The effects of a design, and the mean of those after the start, each by the units of its group."""

    cells: Effects
    later: Effects
    overall: Effects


def staggered_lift(
    panel: Frame | UnitDays,
    *,
    starts: Mapping[str, Day | int | None],
    days: int | None = None,
    exposed: Iterable[str] | str = (),
    options: StaggeredLiftParameters | None = None,
) -> StaggeredLift:
    """Return by how much an event raised what is counted, where units meet it at different times.

    Group-time effects by Callaway and Sant'Anna 2021, https://doi.org/10.1016/j.jeconom.2020.12.001, without
    covariates: the units whose event begins on one date are a group; its rise from before is compared with that of
    units which have not met the event. No unit is compared with one that has, as a regression with effects of units and
    dates does. Errors are of the influence function with units as clusters, so days may be correlated in any way; the
    intervals are of t with the degrees of freedom of the groups. It rests on parallel trends: see ``pretrend_p``. For
    one or two treated units use :func:`~influence_graph.analyses.lift.panel.panel_lift`. Time: units × dates of the
    horizon × groups.

    Args:
        panel: One row per unit and date: unit, date (dates, or whole numbers of periods), value; without gaps.
        starts: First date of the event of each unit that meets it. Units left out, with None, or with a date after the
            last row do not within these dates.
        days: Length of the horizon from each start on, in days, or in the unit of the periods; each group must have all
            of it. None: to the end of the panel, which later groups have less of.
        exposed: Units that met the event in part: they are compared with nobody, and the estimate with them stands
            beside.
        options: With whom groups are compared, and how many dates before are what was before.

    Returns:
        Effects by group and date, by date from the start, by group and overall.

    Raises:
        InputError: The panel is as :func:`~influence_graph.analyses.lift.unit_days.unit_days` refuses it; nobody meets
            the event; an event begins before there is a date before it; a horizon ends after the last row; a group, or
            those with whom it is compared, has fewer than two units; the outcome is constant.
        NotFound: A unit of *starts* is not in the panel.

    Example:
        >>> import numpy as np
        >>> import pandas as pd
        >>> unit, year = np.repeat(list("abcdefgh"), 5), np.tile(np.arange(2001, 2006), 8)
        >>> starts = {"a": 2003, "b": 2003, "c": 2004, "d": 2004}
        >>> met = year >= np.array([starts.get(each, 9999) for each in unit])
        >>> noise = np.sin(np.arange(40))
        >>> panel = pd.DataFrame({"unit": unit, "date": year, "value": year - 2000 + noise + 10 * met})
        >>> lift = staggered_lift(panel, starts=starts, days=2)
        >>> round(lift.per_unit_day.value, 1)
        10.7
    """
    chosen = _checked(options or StaggeredLiftParameters())
    given = unit_days(panel)
    first = _first(given, starts)
    hit = np.isin(given.units.astype(str), names_of(exposed)) & (first == NEVER)
    horizon = given.days.size if days is None else given.periods_of(days)
    design = Design(first, ~hit, chosen.before, horizon, chosen.controls == "not yet")
    _require(given, design, days is not None)
    found = _found(given, design)
    with_exposed = None
    if hit.any():
        everybody = _found(given, replace(design, control=np.ones(first.size, dtype=np.bool_)))
        with_exposed = _estimate(everybody.overall, first)
    return _result(given, design, found, with_exposed, {"days": days, "exposed": int(hit.sum()), **asdict(chosen)})


def _result(
    panel: UnitDays, design: Design, found: _Found, with_exposed: Estimate | None, parameters: dict[str, Any]
) -> StaggeredLift:
    first = design.first
    each = _estimate(found.overall, first)
    size, actual = _counted(panel, design, found.later)
    dynamic = by_time(found.cells, first)
    frame = _frame(dynamic, first, panel)
    band = _band(dynamic) * dynamic.std_error
    frame["band_low"], frame["band_high"] = dynamic.effect - band, dynamic.effect + band
    groups = by_group(found.cells)
    treated, free = int(np.count_nonzero(first != NEVER)), int(np.count_nonzero((first == NEVER) & design.control))
    p = _p_value(found.overall, first)
    return StaggeredLift(
        status=status_of(each.value, p),
        total=scaled(each, size),
        per_unit_day=each,
        relative=in_percent(each, actual),
        p=p,
        over_groups=_estimate(weighted(groups, first), first),
        over_time=_estimate(mean_of(dynamic[dynamic.after >= 0]), first),
        pretrend_p=_pretrend(found.cells[found.cells.after < 0]),
        method=f"group-time effects against units that {'have not yet' if design.not_yet else 'never'} met it",
        why=f"Chosen for {count_text(treated, 'unit')} in {count_text(groups.effect.size, 'group')} of one start each, "
        f"and {count_text(free, 'unit')} without the event.",
        table=_frame(found.cells, first, panel),
        dynamic=frame.drop(columns="group"),
        groups=_frame(groups, first, panel).drop(columns=["date", "after"]),
        with_exposed=with_exposed,
        parameters=parameters,
        digest=panel.digest,
    )


def _checked(options: StaggeredLiftParameters) -> StaggeredLiftParameters:
    known = f"one of {', '.join(CONTROLS)}"
    controls = options.controls
    remedy = did_you_mean(controls, CONTROLS, f"use {CONTROLS[0]!r}")
    require(controls in CONTROLS, "controls", repr(controls), known, remedy)
    within = is_whole(options.before) and options.before >= 1
    require(within, "before", options.before, "a whole number of 1 or more", "use 28 for four weeks of days")
    return options


def _first(panel: UnitDays, starts: Mapping[str, Day | int | None]) -> Ints:
    """Return the position of the first date of each unit's event."""
    first = np.full(panel.units.size, NEVER, dtype=np.int64)
    units = panel.indices_of(starts, "the unit")
    for unit, start in zip(units.tolist(), starts.values(), strict=True):
        if start is None or panel.day_of(start, "start") > panel.days[-1]:
            continue
        first[unit] = panel.position_of(start, f"the start of {panel.units[unit]!r},")
    return first


def _require(panel: UnitDays, design: Design, whole: bool) -> None:
    """Refuse designs in which some group cannot be told."""
    first, dates = design.first, panel.days.size
    groups, sizes = np.unique(first[first != NEVER], return_counts=True)
    if not groups.size:
        raise InputError("no unit meets the event within the dates of the panel", remedy="name the first date of each")
    for group, size in zip(groups.tolist(), sizes.tolist(), strict=True):
        start = panel.text_of(int(panel.days[group]))
        if group < design.base:
            message = f"{count_text(group, 'date')} before the start on {start}, must be {design.base} or more"
            raise InputError(message, remedy="add earlier dates, or leave out the units of this start")
        if whole and group + design.horizon > dates:
            last = panel.text_of(int(panel.days[-1]))
            message = f"the horizon of the start on {start} ends after the last row, {last}"
            raise InputError(message, remedy="shorten the horizon, or leave out the units of this start")
        if size < MIN_GROUP:
            unit = panel.units[np.argmax(first == group)]
            message = f"the start on {start} is of {unit!r} alone, must be of {MIN_GROUP} units or more"
            raise InputError(message, remedy="leave it out, or use a synthetic control for it")
    if not design.not_yet and np.count_nonzero((first == NEVER) & design.control) < MIN_GROUP:
        message = f"fewer than {MIN_GROUP} clean units never meet the event"
        raise InputError(message, remedy='add some, or compare with units before their event: controls="not yet"')
    count = groups.size * 2 * min(design.horizon, dates) * first.size
    if count > _MOST:
        message = f"{groups.size:,} groups, {min(design.horizon, dates):,} dates and {first.size:,} units are too many"
        raise InputError(message, remedy="name a shorter horizon")


def _found(panel: UnitDays, design: Design) -> _Found:
    cells = group_time(panel.values, design)
    later = cells[cells.after >= 0]
    missing = np.setdiff1d(np.unique(design.first[design.first != NEVER]), later.group)
    if missing.size:
        start = panel.text_of(int(panel.days[missing[0]]))
        message = f"fewer than {MIN_GROUP} clean units are without the event from {start} on"
        raise InputError(message, remedy="add units that did not meet it, or leave out the units of this start")
    if not np.any(later.influence):
        raise InputError("the outcome is the same on all dates", remedy="choose an outcome that varies")
    return _Found(cells, later, weighted(later, design.first))


def _counted(panel: UnitDays, design: Design, later: Effects) -> tuple[int, float]:
    """Return how many units and dates the effects are of, and the mean of what was counted there."""
    count, total = 0, 0.0
    for group, after in zip(later.group.tolist(), later.after.tolist(), strict=True):
        values = panel.values[group + after, design.first == group]
        count, total = count + values.size, total + float(values.sum())
    return count, total / count


def _estimate(effects: Effects, first: Ints) -> Estimate:
    half = _quantile(effects, first) * effects.std_error
    value, spread = float(effects.effect[0]), float(half[0])
    return Estimate(value, value - spread, value + spread, first.size, _METHOD)


def _quantile(effects: Effects, first: Ints) -> Floats:
    from scipy.stats import t

    quantile: Floats = t.ppf((1 + _LEVEL) / 2, effects.freedom(first))
    return quantile


def _p_value(effects: Effects, first: Ints) -> float:
    from scipy.stats import t

    error = float(effects.std_error[0])
    return float(2 * t.sf(abs(float(effects.effect[0])) / error, effects.freedom(first)[0])) if error > 0 else 0.0


def _frame(effects: Effects, first: Ints, panel: UnitDays) -> pd.DataFrame:
    error = effects.std_error
    half = _quantile(effects, first) * error
    dates = panel.dates
    known = effects.group >= 0
    at = np.minimum(np.where(known, effects.group + effects.after, 0), dates.size - 1)
    columns = {
        "group": dates[np.where(known, effects.group, 0)],
        "date": dates[at],
        "after": effects.after * panel.step,
        "effect": effects.effect,
        "std_error": error,
        "low": effects.effect - half,
        "high": effects.effect + half,
    }
    frame = pd.DataFrame(columns)
    return frame if known.all() else frame.drop(columns="date")


def _band(effects: Effects) -> float:
    """Return how many errors wide a band must be to hold all of *effects* in 95 of 100 cases: sup-t, by simulation.

    Source: Montiel Olea and Plagborg-Møller 2019, https://doi.org/10.1002/jae.2656.
    """
    error = effects.std_error
    standard = effects.influence[error > 0] / (error[error > 0, None] * effects.influence.shape[1])
    values, vectors = np.linalg.eigh(standard @ standard.T)
    factor = vectors * np.sqrt(np.maximum(values, 0.0))
    drawn = np.random.default_rng(_SEED).standard_normal((_DRAWS, len(standard))) @ factor.T
    return float(np.quantile(np.abs(drawn).max(axis=1, initial=0.0), _LEVEL))


def _pretrend(cells: Effects) -> float:
    """Return the p of all placebos before the events together (Wald); NaN where there are none, or too many."""
    from scipy.stats import chi2

    count, units = cells.influence.shape
    if not 0 < count < units / 2:
        return float("nan")
    covariance = cells.influence @ cells.influence.T / units**2
    if np.linalg.matrix_rank(covariance, hermitian=True) < count:
        return float("nan")
    return float(chi2.sf(cells.effect @ np.linalg.solve(covariance, cells.effect), count))
