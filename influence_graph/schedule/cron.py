"""Crontab expressions, as crontab(5) has them: five fields of names, ranges, lists and steps; ``@daily``, too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from influence_graph.errors import InputError
from influence_graph.text import one_line

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_PART = re.compile(r"(?:\*|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>\d+))?", re.ASCII)
_REMEDY = "write minute hour day month weekday, such as '0 2 * * *' for 02:00 each day, or @hourly, @daily, @weekly"
_ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "@hourly": "0 * * * *",
        "@daily": "0 0 * * *",
        "@midnight": "0 0 * * *",
        "@weekly": "0 0 * * 0",
        "@monthly": "0 0 1 * *",
        "@yearly": "0 0 1 1 *",
        "@annually": "0 0 1 1 *",
    }
)


@dataclass(frozen=True)
class _Field:
    """One of the five: its values are in [least, most], of which * is [least, last]; *names* are those of the first."""

    name: str
    least: int
    most: int
    last: int
    names: tuple[str, ...] = ()


_FIELDS = (
    _Field("minute", 0, 59, 59),
    _Field("hour", 0, 23, 23),
    _Field("day", 1, 31, 31),
    _Field("month", 1, 12, 12, _MONTHS),
    _Field("weekday", 0, 7, 6, _DAYS),
)


@dataclass(frozen=True)
class Cron:
    """What a crontab expression says; see :func:`parse_cron`.

    Attributes:
        minutes: Minutes of the hour, in [0, 59], ascending.
        hours: Hours of the day, in [0, 23].
        days: Days of the month, in [1, 31].
        months: Months, in [1, 12].
        weekdays: Days of the week, in [0, 6], 0 for Sunday.
        either: Whether one of ``days`` and ``weekdays`` is enough: both are restricted. Else both must hold.
        is_fixed: Whether it names times of day: no ``*`` in minute and hour.
    """

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]
    either: bool
    is_fixed: bool


def parse_cron(text: str) -> Cron:
    """Return what the crontab expression *text* says.

    As in crontab(5), a day needs to match day *or* weekday where both are restricted, that is, do not begin with
    ``*``; 0 and 7 are Sunday.

    Raises:
        InputError: it is none; the message names the field, the value and its limits.

    Example:
        >>> parse_cron("30 2 * * mon-fri").weekdays
        (1, 2, 3, 4, 5)
    """
    fields = _ALIASES.get(text.strip().lower(), text).split()
    if len(fields) != len(_FIELDS):
        raise InputError(
            f"the cron expression {one_line(text, 80)!r} has {len(fields)} fields, not {len(_FIELDS)}", remedy=_REMEDY
        )
    minutes, hours, days, months, weekdays = map(_values, _FIELDS, fields)
    return Cron(
        minutes,
        hours,
        days,
        months,
        tuple(sorted({day % 7 for day in weekdays})),
        either=not fields[2].startswith("*") and not fields[4].startswith("*"),
        is_fixed="*" not in fields[0] + fields[1],
    )


def _values(field: _Field, text: str) -> tuple[int, ...]:
    found: set[int] = set()
    for part in text.split(","):
        found.update(_part_values(field, part))
    return tuple(sorted(found))


def _part_values(field: _Field, part: str) -> range:
    match = _PART.fullmatch(part)
    if match is None:
        raise _wrong(field, part)
    step = int(match["step"] or 1)
    if step == 0:
        raise _wrong(field, part)
    if match["first"] is None:
        return range(field.least, field.last + 1, step)
    first = _value(field, match["first"])
    is_open = match["last"] is None and match["step"]
    last = max(field.last, first) if is_open else _value(field, match["last"] or match["first"])
    if last < first:
        raise _wrong(field, part)
    return range(first, last + 1, step)


def _value(field: _Field, text: str) -> int:
    if text.lower() in field.names:
        return field.names.index(text.lower()) + field.least
    if not text.isdecimal() or not field.least <= int(text[:9]) <= field.most:
        raise _wrong(field, text)
    return int(text)


def _wrong(field: _Field, text: str) -> InputError:
    names = f" or {field.names[0]}-{field.names[-1]}" if field.names else ""
    return InputError(
        f"{one_line(text, 40)!r} is no {field.name} of a cron expression: it takes {field.least}-{field.most}{names},"
        " with lists (1,3), ranges (1-5) and steps (*/2)",
        remedy=_REMEDY,
    )
