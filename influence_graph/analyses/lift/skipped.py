"""Days that are not used, since something else happened to the outcome on them, such as another campaign."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from influence_graph.analyses.lift.daily import day_of
from influence_graph.errors import InputError
from influence_graph.text import count_text

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from influence_graph.model.times import Day

    Spans = Iterable[tuple[Day | int, Day | int]]

_PAIRS = 'give each as its first and its last day, such as [("2026-11-01", "2026-11-14")]'
_ZERO = np.datetime64("1970-01-01", "D")


@dataclass(frozen=True)
class Skipped:
    """Spans of days, each from its first to its last day, apart and ascending.

    Attributes:
        spans: Numbers of first and last days: days since 1970-01-01, or of periods.
        texts: The same as messages show them.
    """

    spans: tuple[tuple[int, int], ...] = ()
    texts: tuple[tuple[str, str], ...] = ()

    def used(self, days: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which of *days*, by their numbers, are in no span."""
        used = np.ones(days.size, dtype=bool)
        for first, last in self.spans:
            used &= (days < first) | (days > last)
        return used

    def require_apart(self, first: int, last: int, horizon: str) -> None:
        """Refuse a span that touches the declared days from *first* to *last*, which messages call *horizon*.

        Raises:
            InputError: One does.
        """
        for (begin, end), (begins, ends) in zip(self.spans, self.texts, strict=True):
            if begin > last or end < first:
                continue
            message = f"the days to skip from {begins} to {ends} touch the declared days, {horizon}"
            way = "shorten the horizon" if begin > first else "end them before the event"
            raise InputError(message, remedy=f"{way}, or name both as one event")

    def said(self, left_out: int) -> dict[str, Any]:
        """Return the spans, and how many days before the event they leave out, as JSON values."""
        return {"skip": [list(each) for each in self.texts], "skipped": left_out}


NOTHING = Skipped()
"""No days."""


def skipped(skip: Spans, number_of: Callable[[Day | int, str], int], text_of: Callable[[int], str]) -> Skipped:
    """Return the spans *skip*; those that overlap or adjoin are one.

    Args:
        skip: First and last day of each.
        number_of: What makes a number of a day, which messages call by a name.
        text_of: What makes its text of a number.

    Raises:
        InputError: One is no pair, a day is none, or the last is before the first.
    """
    read = []
    for first, last in _pairs(skip):
        begin, end = number_of(first, "a first day to skip"), number_of(last, "a last day to skip")
        if end < begin:
            message = f"the days to skip end on {text_of(end)}, before they begin, on {text_of(begin)}"
            raise InputError(message, remedy=_PAIRS)
        read.append((begin, end))
    spans: list[tuple[int, int]] = []
    for begin, end in sorted(read):
        if spans and begin <= spans[-1][1] + 1:
            spans[-1] = spans[-1][0], max(spans[-1][1], end)
        else:
            spans.append((begin, end))
    return Skipped(tuple(spans), tuple((text_of(begin), text_of(end)) for begin, end in spans))


def skipped_days(skip: Spans) -> Skipped:
    """Return the spans of days *skip*.

    Raises:
        InputError: As for :func:`skipped`.
    """
    return skipped(skip, lambda given, name: number_of_day(day_of(given, name)), _text_of)


def number_of_day(day: date) -> int:
    """Return how many days *day* is after 1970-01-01."""
    return int((np.datetime64(day, "D") - _ZERO).astype(np.int64))


def _text_of(number: int) -> str:
    return str(_ZERO + number)


def skipped_text(left_out: int, noun: str = "day") -> str:
    """Return in words that so many days before the event were not used."""
    return f"Not used, since something else happened on them: {count_text(left_out, noun)} before it."


def _pairs(skip: object) -> list[tuple[Day | int, Day | int]]:
    if isinstance(skip, str) or not isinstance(skip, Iterable):
        raise InputError(f"skip is {skip!r}, must be a list of spans of days", remedy=_PAIRS)
    given = list(skip)
    for each in given:
        if not isinstance(each, tuple | list) or len(each) != 2:
            raise InputError(f"skip holds {each!r}, which is no pair of days", remedy=_PAIRS)
    return given
