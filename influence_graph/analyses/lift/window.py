"""A daily series cut at an event: the days before, the declared days from it on, and what is known of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from influence_graph.analyses.checks import is_whole, require
from influence_graph.analyses.lift.skipped import NOTHING, Skipped, number_of_day
from influence_graph.errors import InputError
from influence_graph.text import count_text

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from influence_graph.analyses.lift.daily import Daily
    from influence_graph.model.parameters import SeriesLiftParameters

    Floats = NDArray[np.float64]

LEAST_BEFORE = 28
"""Days before the event that there must be, and :data:`LEAST_WINDOWS` times the declared days."""
LEAST_WINDOWS = 2
_WEEK = 7
_BEFORE = " before the event"


@dataclass(frozen=True, eq=False)
class Window:
    """The days of a series up to the last declared one.

    Attributes:
        start: The day of the event.
        before: How many days there are before it.
        outcome: Shape (days,): all days up to the last declared one.
        design: Shape (days, columns): what is known of each.
        names: What messages call the columns.
        seen: Shape (days,): whether each day is used; of the declared ones all are.
    """

    start: date
    before: int
    outcome: Floats
    design: Floats
    names: tuple[str, ...]
    seen: NDArray[np.bool_]

    @property
    def days(self) -> int:
        """How many days are declared."""
        return self.outcome.size - self.before

    @property
    def actual(self) -> Floats:
        """The declared days."""
        return self.outcome[self.before :]

    @property
    def used(self) -> int:
        """How many days before the event are used."""
        return int(np.count_nonzero(self.seen[: self.before]))


def least_before(days: int) -> int:
    """Return how many days before the event are needed for *days* declared ones."""
    return max(LEAST_BEFORE, LEAST_WINDOWS * days)


def window_of(daily: Daily, start: date, days: int, options: SeriesLiftParameters, skip: Skipped = NOTHING) -> Window:
    """Return *daily* cut at *start*; what *skip* says of the declared days is passed over.

    Raises:
        InputError: *days* is no whole number of 1 or more; the event is not after the first day; too few days are
            before it; the last declared day is beyond the data; or outcome or a control is constant before the event.
    """
    require(is_whole(days) and days >= 1, "days", days, "a whole number of 1 or more", "use 14")
    before = (start - daily.first).days
    if before <= 0:
        message = f"the event on {start} is not after the first day, {daily.first}"
        raise InputError(message, remedy="give the days before it, too")
    seen = skip.used(number_of_day(daily.first) + np.arange(before + days))
    seen[before:] = True
    _require_enough(seen[:before], start, days)
    held = len(daily) - before
    if held < days:
        end = start + timedelta(days=days - 1)
        message = f"the last declared day is {end}, the last day of the data {daily.last}"
        fewer = f"declare at most {count_text(held, 'day')}, or wait"
        remedy = fewer if held > 0 else "give the days from the event on"
        raise InputError(message, remedy=remedy)
    used = before + days
    trend = not daily.names if options.trend is None else options.trend
    design, names = design_of(daily.first, used, before, (options.weekday, trend))
    require_changing(daily.values[:before][seen[:before]], "the outcome", _BEFORE)
    for place, name in enumerate(daily.names):
        require_changing(daily.controls[:before, place][seen[:before]], f"the control {name!r}", _BEFORE)
    columns = np.column_stack([design, daily.controls[:used]])
    named = (*names, *(f"the control {name!r}" for name in daily.names))
    return Window(start, before, daily.values[:used], columns, named, seen)


def _require_enough(seen: NDArray[np.bool_], start: date, days: int) -> None:
    """Refuse too few days before the event that are used; *seen*, shape (days,), says which are."""
    before, least = int(np.count_nonzero(seen)), least_before(days)
    if before < least:
        left = f" that {'is' if before == 1 else 'are'} not skipped" if before < seen.size else ""
        message = f"{count_text(before, 'day')} before the event on {start}{left}, must be at least {least}"
        fewer = f", or declare at most {count_text(before // LEAST_WINDOWS, 'day')}" if before >= LEAST_BEFORE else ""
        raise InputError(message, remedy=f"give more days before it{fewer}")


def require_changing(values: Floats, name: str, when: str) -> None:
    """Refuse *values* that are all the same; *name* and *when* (" before the event") are for the message."""
    if values.min() == values.max():
        message = f"{name} is {values[0]:g} on all {count_text(values.size, 'day')}{when}"
        raise InputError(message, remedy="give a series that changes")


def design_of(first: date, days: int, before: int, parts: tuple[bool, bool]) -> tuple[Floats, tuple[str, ...]]:
    """Return the columns of *days* days from *first* and their names: a constant, days of the week, a trend."""
    with_weekday, with_trend = parts
    time = np.arange(days)
    columns, names = [np.ones(days)], ["the constant"]
    if with_weekday:
        weekday = (first.weekday() + time) % _WEEK
        columns += [(weekday == day).astype(np.float64) for day in range(1, _WEEK)]
        names += ["a day of the week"] * (_WEEK - 1)
    if with_trend:
        columns.append((time - (before - 1) / 2) / before)
        names.append("the trend")
    return np.column_stack(columns), tuple(names)
