"""A daily series as it is read: one value for each day in order, nothing imputed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from influence_graph.errors import InputError
from influence_graph.model.frames import as_frame, require_one_kind
from influence_graph.model.reals import reals
from influence_graph.text import count_text, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from influence_graph.model.frames import Frame

    Floats = NDArray[np.float64]
    Days = NDArray[np.datetime64]

_MOST = 1e100  # squares of more are beyond float64
_DATES = "give dates, such as 2026-11-21"
_LOCAL = "give the date where it was counted, without a time"
_FILL = "give each day a row: 0 where nothing was counted"


@dataclass(frozen=True, eq=False)
class Daily:
    """One value per day.

    Attributes:
        first: The first day.
        values: Shape (days,).
        names: Names of the controls.
        controls: Shape (days, controls).
    """

    first: date
    values: Floats
    names: tuple[str, ...]
    controls: Floats

    def __len__(self) -> int:
        return self.values.size

    @property
    def last(self) -> date:
        """The last day."""
        return self.day(len(self) - 1)

    def day(self, place: int) -> date:
        """Return the day *place* days after the first."""
        return self.first + timedelta(days=place)

    @property
    def digest(self) -> str:
        """Hex digest (BLAKE2b, 128 bit) of days, values and controls."""
        state = hashlib.blake2b("\0".join([self.first.isoformat(), *self.names]).encode(), digest_size=16)
        state.update(self.values.tobytes())
        state.update(self.controls.tobytes())
        return state.hexdigest()


def read_daily(data: Frame, controls: Sequence[str] = ()) -> Daily:
    """Return a frame with the columns date, value, and one for each of *controls*, in the order of the days.

    Raises:
        InputError: There are no rows, a day is missing or there twice, a date is none or has a time or a zone, or a
            value is missing or not finite.
    """
    if isinstance(controls, str):
        raise InputError(f"controls is the text {controls!r}", remedy=f"pass a list: [{controls!r}]")
    names = tuple(controls)
    frame = as_frame(data, "daily values", ("date", "value", *names), ("date", "value", *names))
    if not len(frame):
        raise InputError("the daily values have no rows", remedy="give one row per day")
    days = days_of(frame["date"], "date")
    order = np.argsort(days, kind="stable")
    days = days[order]
    _require_every_day(days)
    columns = [_numbers(frame[name], name, days, order) for name in ("value", *names)]
    first: date = days[0].item()
    return Daily(first, columns[0], names, np.column_stack(columns)[:, 1:].copy())


def _require_every_day(days: Days) -> None:
    step = np.diff(days).astype(np.int64)
    if (step == 0).any():
        twice = days[np.flatnonzero(step == 0)[0]]
        message = f"{twice} has two rows ({count_text(int((step == 0).sum()), 'such day')})"
        raise InputError(message, remedy="give each day one row, such as the sum of its rows")
    if (step > 1).any():
        place = int(np.flatnonzero(step > 1)[0])
        missing = int((step - 1).sum())
        message = f"{days[place] + 1} has no row ({count_text(missing, 'day')} missing from {days[0]} to {days[-1]})"
        raise InputError(message, remedy=_FILL)


def _numbers(column: pd.Series, name: str, days: Days, order: NDArray[np.int64]) -> Floats:
    values = reals(column, f"the column {name!r} holds no numbers", "give one number per day")[order]
    bad = np.flatnonzero(~(np.abs(values) <= _MOST))
    if bad.size:
        remedy = _FILL if name == "value" else "give each day a number, or leave the column out"
        value = values[bad[0]]
        found = "missing" if np.isnan(value) else f"{value:g}, must be at most {_MOST:g} in size"
        raise InputError(f"{name} on {days[bad[0]]} is {found}", remedy=remedy)
    return values


def day_of(given: object, name: str) -> date:
    """Return the day *given*: a date, or one as ISO 8601 text.

    Raises:
        InputError: It is none, or has a time or a zone.
    """
    if given is None or given is pd.NaT:
        raise InputError(f"{name} is missing", remedy=_DATES)
    day: date = days_of(pd.Series([given]), name)[0].item()
    return day


def days_of(column: pd.Series, name: str) -> Days:
    """Return the days of a column of dates, of midnights without a zone, or of either as ISO 8601 text.

    Raises:
        InputError: One is none, or has a time or a zone.
    """
    if column.isna().any():
        place = int(np.flatnonzero(column.isna().to_numpy())[0])
        raise InputError(f"{name} is missing in row {place + 1}", remedy=_DATES)
    if column.dtype == object:
        require_one_kind(name, column)
    times = _times(column, name)
    if getattr(times.dtype, "tz", None) is not None:
        raise InputError(f"{name} {times.iloc[0].isoformat()} has a zone", remedy=_LOCAL)
    moments = times.to_numpy(dtype="datetime64[us]")
    days: Days = moments.astype("datetime64[D]")
    timed = np.flatnonzero(days.astype("datetime64[us]") != moments)
    if timed.size:
        raise InputError(f"{name} {times.iloc[int(timed[0])].isoformat()} is not a day alone", remedy=_LOCAL)
    return days


def _times(column: pd.Series, name: str) -> pd.Series[Any]:
    """Return *column* as times of pandas."""
    if pd.api.types.is_any_real_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        raise InputError(f"{name} is the number {column.iloc[0]}, must be a date", remedy=_DATES)
    if column.dtype == object or pd.api.types.is_string_dtype(column):
        for value in column:
            _require_iso(value, name)
    try:
        return pd.to_datetime(column, format="ISO8601")
    except (ValueError, TypeError, OverflowError) as error:
        message = f"{name} holds times with a zone, or what is no date"
        raise InputError(message, remedy=_LOCAL) from error


def _require_iso(value: object, name: str) -> None:
    text = value if isinstance(value, str) else "1970-01-01"  # what is no text is judged by what becomes of it
    try:
        date.fromisoformat(text.strip()[:10])
    except ValueError as error:
        raise InputError(f"{name} {one_line(repr(text), 80)} is not a date", remedy=_DATES) from error
