"""Times that callers give: a date, a time with a zone, or either as ISO 8601 text."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pandas as pd

from influence_graph.errors import InputError
from influence_graph.text import did_you_mean, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

Time = date | str
"""A date (its start in UTC), a datetime or pandas Timestamp with a zone, or one of these as ISO 8601 text."""

Day = date | str
"""A day as it is called where it was, whatever the zone: a date, or its ISO 8601 text."""

_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_WRITE = "write a date such as 2026-11-21, or a time such as 2026-11-21T09:00:00+00:00"


def checked_as_of(as_of: Time | None, name: str = "as_of") -> datetime | None:
    """Return *as_of*, which messages call *name*, as a UTC time; None stays None.

    A date, and a text such as ``"2026-11-21"``, is the start of that day in UTC, as on the command line. A time
    needs a zone. Nanoseconds are cut to microseconds.

    Raises:
        InputError: It is no time, has no zone, or is beyond the years 1 to 9999.

    Example:
        >>> checked_as_of("2026-11-21"), checked_as_of("2026-11-21T09:00:00+09:00")
        (datetime.datetime(2026, 11, 21, 0, 0, tzinfo=datetime.timezone.utc), \
datetime.datetime(2026, 11, 21, 0, 0, tzinfo=datetime.timezone.utc))
    """
    if as_of is None:
        return None
    time = _stated(as_of, name)
    if time.tzinfo is None:
        message = f"{name} {time.isoformat()} has no time zone"
        raise InputError(message, remedy="add one, such as +00:00, or give the date alone")
    try:
        return time.astimezone(UTC)
    except OverflowError as error:
        raise InputError(
            f"{name} {as_of} is beyond the years 1 to 9999", remedy="give a later or earlier time"
        ) from error


def _stated(as_of: object, name: str) -> datetime:
    given = _from_text(as_of, name) if isinstance(as_of, str) else as_of
    if isinstance(given, np.datetime64):
        days = np.datetime_data(given)[0] in ("Y", "M", "W", "D")
        given = pd.Timestamp(given).date() if days else pd.Timestamp(given)
    if given is pd.NaT or not isinstance(given, date):
        raise InputError(f"{name} is {as_of!r} of type {type(as_of).__name__}, must be a time", remedy=_WRITE)
    if isinstance(given, pd.Timestamp):
        return given.to_pydatetime(warn=False)
    return given if isinstance(given, datetime) else datetime(given.year, given.month, given.day, tzinfo=UTC)


def _from_text(text: str, name: str) -> date:
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            return read(text.strip())
        except ValueError:
            continue
    raise InputError(f"{name} {text!r} is not a time", remedy=_WRITE)


def set_times(parameters: object, names: Iterable[str] = ("as_of", "valid_at")) -> None:
    """Replace the times *names* of a frozen dataclass under construction by UTC times; see :func:`checked_as_of`."""
    for name in names:
        if getattr(parameters, name, None) is not None:
            object.__setattr__(parameters, name, checked_as_of(getattr(parameters, name), name))


def duration_of(text: str, bare: str = "") -> timedelta:
    """Return the length of time that *text* says: a number of 0 or more, and d, h, m or s.

    Args:
        text: What is written, such as ``30d``.
        bare: The unit of a number alone, where one is allowed.

    Raises:
        InputError: it is none.

    Example:
        >>> duration_of("36h")
        datetime.timedelta(days=1, seconds=43200)
    """
    shown = one_line(repr(text), 80)
    text = text.strip()
    text += bare if text[-1:].isdigit() or text[-1:] == "." else ""
    try:
        span = timedelta(**{_UNITS[text[-1:]]: float(text[:-1])})
    except (KeyError, ValueError, OverflowError):
        span = timedelta(-1)
    if span < timedelta(0):
        message = f"{shown} is not a duration of 0 or more"
        raise InputError(message, remedy="write for example 30d, 36h, 30m or 30s")
    return span


def zone_named(name: str) -> ZoneInfo:
    """Return the IANA time zone *name*.

    Raises:
        InputError: there is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:  # KeyError: ZoneInfoNotFoundError is one
        raise InputError(f"no time zone is named {name!r}", remedy=_zones_like(name)) from error


def _zones_like(name: str) -> str:
    """Return a remedy with the zones that are named like *name*, or whose city is."""
    zones = sorted(available_timezones())
    city = name.rpartition("/")[2].strip().replace(" ", "_").casefold()
    cities = [zone for zone in zones if city and zone.rpartition("/")[2].casefold() == city]
    if cities:
        return f"did you mean {', '.join(map(repr, cities[:3]))}?"
    return did_you_mean(name, zones, "use an IANA name such as Europe/Berlin")
