"""What a panel holds: one number per unit and day, without gaps; everything else is refused, nothing is filled in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.types as pt

from influence_graph.analyses.checks import is_number, is_whole
from influence_graph.analyses.lift.daily import day_of, days_of
from influence_graph.analyses.lift.skipped import skipped
from influence_graph.errors import InputError, NotFound
from influence_graph.model.exchange import hash_texts
from influence_graph.model.frames import Frame, as_table
from influence_graph.model.ids import id_text
from influence_graph.model.reals import reals
from influence_graph.text import count_text, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from influence_graph.analyses.lift.skipped import Skipped, Spans
    from influence_graph.model.times import Day

_COLUMNS = ("unit", "date", "value")
_NOTHING_IS_FILLED_IN = "add what is missing (0 where nothing was sold), or leave out the unit: nothing is filled in"
_ZERO = date(1970, 1, 1)
_DATES = "give dates, such as 2026-11-21, or whole numbers of periods, such as years"


@dataclass(frozen=True, eq=False)
class UnitDays:
    """A balanced panel.

    Attributes:
        units: Id of each unit, ascending; shape (units,).
        days: Number of each date, ascending: days since 1970-01-01, or the numbers that were given; shape (dates,).
        values: What was counted; shape (dates, units).
        step: Days from one date to the next, the same for all.
        dated: Whether the numbers stand for dates.
    """

    units: NDArray[np.object_]
    days: NDArray[np.int64]
    values: NDArray[np.float64]
    step: int
    dated: bool

    @property
    def dates(self) -> pd.Index:
        """The dates, or the numbers of the periods."""
        return pd.to_datetime(self.days, unit="D") if self.dated else pd.Index(self.days)

    @property
    def digest(self) -> str:
        """A hex digest of units, dates and values."""
        state = hashlib.blake2b(digest_size=16)
        hash_texts(state, self.units)
        state.update(self.days.astype("<i8").tobytes())
        state.update(self.values.astype("<f8").tobytes())
        return state.hexdigest()

    def text_of(self, day: int) -> str:
        """Return the number *day* as messages show it."""
        return str(np.datetime64(int(day), "D")) if self.dated else str(day)

    def position_of(self, given: Day | int, name: str = "start") -> int:
        """Return the position of a date that messages call *name*; it may be one step after the last.

        Raises:
            InputError: It is no date, before the first row or beyond the last, or between two rows.
        """
        day = self.day_of(given, name)
        position, rest = divmod(day - int(self.days[0]), self.step)
        if position < 0 or position > self.days.size:
            where = "before the first row" if position < 0 else "after the last row"
            first, last = self.text_of(int(self.days[0])), self.text_of(int(self.days[-1]))
            message = f"{name} {self.text_of(day)} is {where}: the rows are from {first} to {last}"
            raise InputError(message, remedy="add the rows, or give a date within them")
        if rest:
            message = f"{name} {self.text_of(day)} is between two dates of the panel, which are {self.step} days apart"
            raise InputError(message, remedy=f"use {self.text_of(int(self.days[position]))} or the next")
        return position

    def day_of(self, given: Day | int, name: str) -> int:
        """Return the number of a date, or of a period, that messages call *name*.

        Raises:
            InputError: It is no date where the panel has dates, or no whole number where it has numbers.
        """
        if not self.dated:
            if not is_number(given) or given != int(given):
                message = f"{name} is {given!r}, must be a whole number, as the dates of the panel are"
                raise InputError(message, remedy=f"use for example {int(self.days[-1])}")
            return int(given)
        if is_number(given):
            message = f"{name} is {given!r}, must be a date, as those of the panel are"
            raise InputError(message, remedy=f"use for example {self.text_of(int(self.days[-1]))}")
        return (day_of(given, name) - _ZERO).days

    def periods_of(self, days: int, name: str = "days") -> int:
        """Return how many dates a length of *days* has.

        Raises:
            InputError: It is no whole number of 1 or more, or no multiple of the step of the panel.
        """
        if not is_whole(days) or days < 1:
            raise InputError(f"{name} is {days}, must be a whole number of 1 or more", remedy="use for example 14")
        if days % self.step:
            message = f"{name} is {days}, must be a multiple of {self.step}: the dates are {self.step} days apart"
            raise InputError(message, remedy=f"use {-(-days // self.step) * self.step}")
        return int(days) // self.step

    def window_of(self, start: Day | int, days: int) -> tuple[int, int]:
        """Return how many dates are before *start*, and how many a horizon of *days* from it on has.

        Raises:
            InputError: As :meth:`position_of` and :meth:`periods_of`, or the horizon ends after the last row.
        """
        before, window = self.position_of(start), self.periods_of(days)
        if before + window > self.days.size:
            last = self.text_of(int(self.days[-1]))
            end = self.text_of(int(self.days[0]) + (before + window - 1) * self.step)
            message = f"the horizon of {days} days ends on {end}, the rows on {last}"
            raise InputError(message, remedy="shorten the horizon, or wait for its end")
        return before, window

    def skipped(self, skip: Spans) -> Skipped:
        """Return the spans of dates *skip*.

        Raises:
            InputError: One is no pair, holds no date of the kind that the panel has, or ends before it begins.
        """
        return skipped(skip, self.day_of, self.text_of)

    def indices_of(self, ids: Iterable[str] | str, what: str) -> NDArray[np.int64]:
        """Return the index of each of *ids*, which messages call *what*.

        Raises:
            NotFound: One is no unit of the panel.
            InputError: One is given twice.
        """
        place = {str(unit): index for index, unit in enumerate(self.units)}
        found: dict[int, None] = {}
        for each in names_of(ids):
            if each not in place:
                known = f"the units are {', '.join(map(str, self.units[:5]))}{', …' if self.units.size > 5 else ''}"
                message = f"{what} {each!r} is none of the {count_text(self.units.size, 'unit')} of the panel"
                raise NotFound(message, remedy=did_you_mean(each, place, known))
            if place[each] in found:
                raise InputError(f"{what} {each!r} is given twice", remedy="name each once")
            found[place[each]] = None
        return np.fromiter(found, np.int64, len(found))


def names_of(ids: Iterable[str] | str) -> list[str]:
    """Return *ids*, one or several, in the form that the units of a panel have."""
    return [id_text(each) for each in ([ids] if isinstance(ids, str) else ids)]


def unit_days(panel: Frame | UnitDays) -> UnitDays:
    """Return *panel* as a matrix, checked.

    Args:
        panel: A frame of any library, in any order, with the columns unit (an id), date (dates, midnights without a
            zone, either as ISO 8601 text, or whole numbers of periods) and value (numbers), one row per unit and date.

    Raises:
        InputError: A column is missing or of another kind, a value is missing or infinite, a date has a time or a zone,
            a unit has two rows on a date, or none on a date between the first and the last of the panel.
    """
    if isinstance(panel, UnitDays):
        return panel
    table = as_table(panel, "rows of the panel", _COLUMNS, _COLUMNS, ids=("unit",))
    if not table.num_rows:
        raise InputError("the panel has no rows", remedy="give one row per unit and date")
    frame = pd.DataFrame({"unit": table.column("unit").cast(pa.string()).to_pandas()})
    _require_all(frame["unit"].isna().to_numpy(), "unit")
    days, dated = _days_of(table.column("date"))
    given = table.column("value")
    read = given.to_pandas() if pt.is_decimal(given.type) else given.to_numpy()
    values = reals(read, "the values of the panel are no numbers", "give numbers: one per unit and date")
    _require_all(~np.isfinite(values), "value")
    codes, units = pd.factorize(frame["unit"], sort=True)
    return _matrix(np.asarray(units, dtype=object), codes, days, values, dated)


def _matrix(
    units: NDArray[np.object_],
    codes: NDArray[np.intp],
    days: NDArray[np.int64],
    values: NDArray[np.float64],
    dated: bool,
) -> UnitDays:
    dates = np.unique(days)
    step = int(np.gcd.reduce(np.diff(dates))) if dates.size > 1 else 1
    panel = UnitDays(units, dates, np.empty((dates.size, units.size)), step, dated)
    apart = np.flatnonzero(np.diff(dates) > step)
    if apart.size:
        day = int(dates[apart[0]]) + step
        raise InputError(f"no unit has a row on {panel.text_of(day)}", remedy=_NOTHING_IS_FILLED_IN)
    rows = np.searchsorted(dates, days)
    times = np.bincount(rows * units.size + codes, minlength=panel.values.size).reshape(panel.values.shape)
    if times.max() > 1:
        message = f"{_place(panel, times > 1)} has {int(times.max())} rows"
        raise InputError(message, remedy="add them up, or keep one: a unit has one row per date")
    if times.min() < 1:
        missing = times < 1
        message = f"{_place(panel, missing)} has no row ({int(missing.sum()):,} of {times.size:,} are missing)"
        raise InputError(message, remedy=_NOTHING_IS_FILLED_IN)
    panel.values[rows, codes] = values
    return panel


def _place(panel: UnitDays, which: NDArray[np.bool_]) -> str:
    row, unit = np.argwhere(which)[0]
    return f"the unit {panel.units[unit]!r} on {panel.text_of(int(panel.days[row]))}"


def _require_all(bad: NDArray[np.bool_], name: str) -> None:
    if bad.any():
        row = int(np.argmax(bad)) + 1
        message = f"the {name} of row {row:,} of the panel is missing or not finite ({int(bad.sum()):,} such rows)"
        raise InputError(message, remedy=f"give each row a {name}: nothing is filled in")


def _days_of(column: pa.ChunkedArray) -> tuple[NDArray[np.int64], bool]:
    """Return the number of each date, and whether they are dates."""
    if column.null_count:
        _require_all(column.is_null().to_numpy(), "date")
    kind = column.type
    if pt.is_integer(kind) or pt.is_floating(kind):
        numbers = column.to_numpy().astype(np.float64)
        if not np.array_equal(numbers, np.floor(numbers)):
            raise InputError("the dates of the panel are numbers with fractions", remedy=_DATES)
        return numbers.astype(np.int64), False
    if pt.is_dictionary(kind):
        column = column.cast(pa.string())
    return days_of(column.to_pandas(), "date").astype(np.int64), True
