"""A split at random: the difference of two means, with errors that allow for another spread in each arm."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.types as pt

from influence_graph.analyses.intervals import MIN_OBSERVATIONS, Estimate
from influence_graph.analyses.lift.hc2 import least_squares
from influence_graph.analyses.lift.randomized_result import RandomizedLift
from influence_graph.analyses.lift.series_result import status_of
from influence_graph.analyses.lift.shares import scaled
from influence_graph.analyses.lift.unit_days import UnitDays, unit_days
from influence_graph.errors import InputError
from influence_graph.model.exchange import hash_texts
from influence_graph.model.frames import Frame, as_table
from influence_graph.model.reals import reals
from influence_graph.text import count_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from influence_graph.model.times import Day

    Floats = NDArray[np.float64]
    Truths = NDArray[np.bool_]

MIN_ARM = 2
_LEVEL = 0.95
_REASON = "Chosen since units were dealt at random: nothing but chance and the event tells the arms apart."


@dataclass(frozen=True, eq=False)
class _Units:
    """Who is treated, what was counted, and what was known before; shapes (units,), (units,), (units, covariates)."""

    treated: Truths
    value: Floats
    covariates: Floats
    names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Difference:
    """The mean without the event and the difference with it, their covariance, and the quantile of the interval."""

    without: float
    effect: float
    covariance: Floats
    freedom: float
    p: float
    half: float  # of the interval, in standard errors


def randomized_lift(records: Frame, *, covariates: Sequence[str] = ()) -> RandomizedLift:
    """Return by how much an event raised what is counted, where chance decided who meets it.

    The difference of the two means with Welch's interval (Welch 1947, https://doi.org/10.1093/biomet/34.1-2.28), whose
    error is HC2. Covariates known *before* the split narrow it, and cannot mislead, by a regression that lets them work
    differently in each arm (Lin 2013, https://doi.org/10.1214/12-AOAS583), with HC2 errors.

    Args:
        records: One row per unit that was dealt (a customer, or a town where towns were dealt): treated (true or
            false, or 1 and 0), value (a number), the covariates (numbers), and unit (an id) where there is one.
        covariates: Columns of what was known before.

    Returns:
        The difference per unit, in all and in percent, with intervals, the arms, and how alike they were before.

    Raises:
        InputError: A column is missing or of another kind, a value is missing, a unit has two rows, there are fewer
            than ten units or an arm has fewer than two, the outcome is constant, or covariates are collinear.

    Example:
        >>> import pandas as pd
        >>> value = [1.0, 2.0, 3.0, 2.0, 1.0, 2.0, 3.0, 4.0, 3.0, 2.0]
        >>> lift = randomized_lift(pd.DataFrame({"treated": [0] * 5 + [1] * 5, "value": value}))
        >>> round(lift.per_unit.value, 2), round(lift.per_unit.low, 2), round(lift.per_unit.high, 2)
        (1.0, -0.22, 2.22)
    """
    units, digest = _read(records, tuple(covariates))
    return _result(units, 1, {"covariates": list(units.names)}, digest)


def randomized_panel_lift(
    panel: Frame | UnitDays, *, treated: Iterable[str] | str, start: Day | int, days: int
) -> RandomizedLift:
    """Return what :func:`randomized_lift` does for units with rows by date, of which some were drawn to be treated.

    What is compared is the mean of each unit over the horizon; its mean over all dates before is the covariate.

    Args:
        panel: One row per unit and date: unit, date, value; without gaps.
        treated: Units that were drawn.
        start: First date of the event.
        days: Length of the horizon from *start* on, in days, or in the unit of the periods.

    Raises:
        InputError: As :func:`randomized_lift`, or as :func:`~influence_graph.analyses.lift.unit_days.unit_days`; or the
            horizon is not within the rows.
        NotFound: A treated unit is not in the panel.
    """
    given = unit_days(panel)
    drawn = np.zeros(given.units.size, dtype=np.bool_)
    drawn[given.indices_of(treated, "the treated unit")] = True
    before, window = given.window_of(start, days)
    past = given.values[:before].mean(axis=0, keepdims=True).T if before else np.empty((given.units.size, 0))
    names = ("mean before",) if before else ()
    units = _Units(drawn, given.values[before : before + window].mean(axis=0), past, names)
    parameters = {"covariates": list(names), "start": given.text_of(int(given.days[before])), "days": days}
    return _result(units, window, parameters, given.digest)


def _read(records: Frame, covariates: tuple[str, ...]) -> tuple[_Units, str]:
    required = ("treated", "value", *covariates)
    table = as_table(records, "records", ("unit", *required), required, ids=("unit",))
    state = hashlib.blake2b(digest_size=16)
    if "unit" in table.column_names:
        units = table.column("unit").cast(pa.string()).to_pandas()
        if units.duplicated().any():
            message = f"the unit {units[units.duplicated()].iloc[0]!r} has several rows"
            raise InputError(message, remedy="add them up: give one row per unit that was dealt")
        hash_texts(state, units.to_numpy(dtype=object))
    columns = [_numbers(table, name) for name in ("value", *covariates)]
    treated = _arms(table.column("treated"))
    for part in (treated.astype(np.float64), *columns):
        state.update(part.astype("<f8").tobytes())
    known = np.column_stack(columns[1:]) if covariates else np.empty((treated.size, 0))
    return _Units(treated, columns[0], known, covariates), state.hexdigest()


def _numbers(table: pa.Table, name: str) -> Floats:
    column = table.column(name)
    given = column.to_pandas() if pt.is_decimal(column.type) or pt.is_boolean(column.type) else column.to_numpy()
    values = reals(given, f"the values of {name} are no numbers", "give numbers: one per unit")
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        message = f"the {name} of row {int(bad[0]) + 1:,} is missing or not finite ({bad.size:,} such rows)"
        raise InputError(message, remedy="give each row a number, or leave out the unit: nothing is filled in")
    return values


def _arms(column: pa.ChunkedArray) -> Truths:
    given = column.to_pandas()
    known = given.isin([True, False, 0, 1]) if not pt.is_string(column.type) else given.isin([])
    if not known.all():
        shown = given[~known].iloc[0]
        message = f"treated is {str(shown)!r} in a row, must be true or false, or 1 and 0"
        raise InputError(message, remedy="recode the arms")
    arms: Truths = given.astype(bool).to_numpy()
    return arms


def _result(units: _Units, dates: int, parameters: dict[str, Any], digest: str) -> RandomizedLift:
    _require(units)
    found = _adjusted(units) if units.names else _welch(units)
    treated = int(units.treated.sum())
    method = f"difference of means adjusted for {', '.join(units.names)}, HC2" if units.names else "Welch"
    half = found.half * float(np.sqrt(found.covariance[1, 1]))
    each = Estimate(found.effect, found.effect - half, found.effect + half, units.value.size, method)
    size = treated * dates
    return RandomizedLift(
        status=status_of(found.effect, found.p),
        per_unit=each,
        total=scaled(each, size),
        relative=_percent(found, each),
        std_error=float(np.sqrt(found.covariance[1, 1])),
        p=found.p,
        method=method,
        why=_REASON,
        arms=_table(units),
        balance=_balance(units),
        parameters={**parameters, "units": units.value.size, "treated": treated, "dates": dates},
        digest=digest,
    )


def _require(units: _Units) -> None:
    count, treated = units.value.size, int(units.treated.sum())
    if count < MIN_OBSERVATIONS or min(treated, count - treated) < MIN_ARM:
        message = f"{count_text(treated, 'unit')} with the event and {count - treated:,} without"
        raise InputError(message, remedy=f"give {MIN_OBSERVATIONS} units or more, {MIN_ARM} or more in each arm")
    if np.ptp(units.value[units.treated]) == 0 == np.ptp(units.value[~units.treated]):
        message = f"the value is the same for all units of an arm, {units.value[0]:g}"
        raise InputError(message, remedy="choose an outcome that varies")


def _welch(units: _Units) -> _Difference:
    from scipy.stats import t, ttest_ind

    met, without = units.value[units.treated], units.value[~units.treated]
    test = ttest_ind(met, without, equal_var=False)
    errors = met.var(ddof=1) / met.size, without.var(ddof=1) / without.size
    covariance = np.array([[errors[1], -errors[1]], [-errors[1], sum(errors)]])
    half = float(t.ppf((1 + _LEVEL) / 2, test.df))
    effect = float(met.mean() - without.mean())
    return _Difference(float(without.mean()), effect, covariance, float(test.df), float(test.pvalue), half)


def _adjusted(units: _Units) -> _Difference:
    from scipy.stats import t

    centered = units.covariates - units.covariates.mean(axis=0)
    arm = units.treated.astype(np.float64)
    design = np.column_stack([np.ones(arm.size), arm, centered, centered * arm[:, None]])
    fitted = least_squares(units.value, design)
    without, effect = (float(each) for each in fitted.coefficients[:2])
    covariance = fitted.covariance[:2, :2]
    p = float(2 * t.sf(abs(effect) / np.sqrt(covariance[1, 1]), fitted.freedom)) if covariance[1, 1] > 0 else 0.0
    return _Difference(without, effect, covariance, fitted.freedom, p, float(t.ppf((1 + _LEVEL) / 2, fitted.freedom)))


def _percent(found: _Difference, each: Estimate) -> Estimate | None:
    """Return the effect in percent of the mean without it, both of which have errors (delta method)."""
    if found.without <= 0:
        return None
    ratio = found.effect / found.without
    slope = np.array([-ratio, 1.0]) / found.without
    half = 100 * found.half * float(np.sqrt(slope @ found.covariance @ slope))
    return Estimate(100 * ratio, 100 * ratio - half, 100 * ratio + half, each.count, each.method)


def _table(units: _Units) -> pd.DataFrame:
    rows = []
    for arm, who in (("with", units.treated), ("without", ~units.treated)):
        value = units.value[who]
        error = float(np.sqrt(value.var(ddof=1) / value.size))
        rows.append({"arm": arm, "units": value.size, "mean": float(value.mean()), "std_error": error})
    return pd.DataFrame(rows)


def _balance(units: _Units) -> pd.DataFrame:
    """Return the means of each covariate by arm, and their difference in standard deviations."""
    met, without = units.covariates[units.treated], units.covariates[~units.treated]
    spread = np.sqrt((met.var(axis=0, ddof=1) + without.var(axis=0, ddof=1)) / 2)
    apart = (met.mean(axis=0) - without.mean(axis=0)) / np.where(spread > 0, spread, np.nan)
    columns = {"covariate": list(units.names), "with": met.mean(axis=0), "without": without.mean(axis=0)}
    return pd.DataFrame({**columns, "difference": apart})
