"""In which notations the values of a column can be read: all that fit, for the user to choose where several do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.ingest.values.columns import parse_column
from influence_graph.ingest.values.epochs import from_text
from influence_graph.ingest.values.formats import fitting
from influence_graph.ingest.values.notation import MARKS, UNITS, Notation
from influence_graph.ingest.values.text import SPACES, decoded
from influence_graph.ingest.values.zones import USUAL, in_range
from influence_graph.model.records import Field, FieldType

_ISO = Field("time", FieldType.TIME)
_NUMBER = Field("number", FieldType.NUMBER)
_UTC = ZoneInfo("UTC")
# Days that occur in exports, in both orders of day and month; separators and digits of the year vary.
_DAYS = (
    *(f"{order.replace('/', mark)}" for order, mark in product(("%d/%m/%Y", "%m/%d/%Y"), "/.-")),
    *(f"{order.replace('/', mark)}" for order, mark in product(("%d/%m/%y", "%m/%d/%y"), "/.-")),
    *(f"%Y{mark}%m{mark}%d" for mark in ("-", "/", ".", "")),
    *(f"{day}{mark}%{month}{mark}{year}" for day, mark, month, year in product(("%d",), " -", "bB", ("%Y", "%y"))),
    *(f"%{month} %d{comma} %Y" for month, comma in product("bB", (",", ""))),
    *(f"%{day}, {rest}" for day, rest in product("aA", ("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y"))),
)
_WHOLE = ("%a %b %d %H:%M:%S %z %Y", "%a %b %d %H:%M:%S %Y", "%Y%m%d%H", "%Y%m%d%H%M", "%Y%m%d%H%M%S")
_CLOCK = re.compile(
    r"(?P<before>,? +|T)(?P<hour>[0-9]{1,2})(?P<minute>:[0-9]{2})?(?P<second>:[0-9]{2})?(?P<fraction>\.[0-9]+)?"
    r"(?P<gap> ?)(?P<half>[aApP][mM])?(?P<space> ?)(?P<zone>UTC|GMT|Z|(?:UTC|GMT)?[+-][0-9]{2}:?[0-9]{2})?$"
)

_DIRECTIVE = re.compile("%[a-zA-Z]")
_MONTH = re.compile("jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec", re.IGNORECASE)


def fits(format_: str, texts: pa.Array) -> int:
    """Return how many of *texts* are times in *format_* from end to end.

    Example:
        >>> fits("%d/%m/%Y", pa.array(["14/07/2025", "07/14/2025", None]))
        1
    """
    found = fitting(decoded(texts), format_)
    return int(pc.count(in_range(found)).as_py())


def date_formats(texts: pa.Array) -> list[str]:
    """Return all known formats of times and dates that every text is in; "" first where that is ISO 8601.

    Several are returned where the order of day and month is open. Null and empty texts are left out.

    Args:
        texts: Texts of one column.

    Returns:
        Formats as :class:`~influence_graph.ingest.values.notation.Notation` has them; none where a text fits none.

    Example:
        >>> date_formats(pa.array(["03/04/2025 10:00", "05/04/2025 11:30"]))
        ['%d/%m/%Y %H:%M', '%m/%d/%Y %H:%M']
        >>> date_formats(pa.array(["2025-04-03"]))
        ['', '%Y-%m-%d']
    """
    stated = _stated(texts)
    if not len(stated):
        return []
    iso = [] if parse_column(stated, _ISO, _UTC).faults else [""]
    head = stated.slice(0, 100)
    text = head[0].as_py()
    possible = (each for each in dict.fromkeys(_candidates(text)) if _is_possible(each, text))
    few = [each for each in possible if fits(each, head) == len(head)]
    return [*iso, *(each for each in few if fits(each, stated) == len(stated))]


def epoch_units(texts: pa.Array) -> list[str]:
    """Return the units of which every text is a number between 1990 and 2100; at most one is.

    Example:
        >>> epoch_units(pa.array(["1714564800000"])), epoch_units(pa.array(["42"]))
        (['ms'], [])
    """
    stated = _stated(texts)
    found = {unit: in_range(from_text(stated, unit), *USUAL) for unit in UNITS} if len(stated) else {}
    return [unit for unit, values in found.items() if not values.null_count]


def number_notations(texts: pa.Array) -> list[str]:
    """Return the decimal marks with which every text is a number: "" plain, then "." and ",".

    More than one does not mean that they agree: 1.234 is a plain number, and 1234 with a decimal comma.

    Example:
        >>> number_notations(pa.array(["8,089"])), number_notations(pa.array(["1.234,5"]))
        (['.', ','], [','])
    """
    stated = _stated(texts)
    if not len(stated):
        return []
    marks = ("", *MARKS)
    return [mark for mark in marks if not parse_column(stated, _NUMBER, None, Notation(decimal=mark)).faults]


def _stated(texts: pa.Array) -> pa.StringArray:
    """Return *texts* without white space around, and without those that are empty."""
    stated = pc.utf8_trim(decoded(texts).drop_null(), characters=SPACES)
    return stated.filter(pc.not_equal(stated, ""))


def _is_possible(format_: str, text: str) -> bool:
    """Return False where *text* lacks a mark of the format, or the name of a month: trying it costs far more."""
    named = "%b" in format_ or "%B" in format_
    marks = set(_DIRECTIVE.sub("", format_)) - {" "}
    return marks <= set(text) and (not named or _MONTH.search(text) is not None)


def _candidates(text: str) -> Iterator[str]:
    """Return formats that *text* may be in, by the form of its clock."""
    clocks = ["", *(_clock_format(match) for match in [_CLOCK.search(text)] if match)]
    yield from ("".join(parts) for parts in product(_DAYS, clocks))
    yield from _WHOLE


def _clock_format(match: re.Match[str]) -> str:
    fraction = ".%f" if match["fraction"] else ""
    minute, second = (":%M" if match["minute"] else ""), (":%S" if match["second"] else "")
    half = f"{match['gap']}%p" if match["half"] else ""
    space = match["space"] if match["half"] else match["gap"] + match["space"]
    zone = f"{space}%z" if match["zone"] else ""
    before = re.sub(" +", " ", match["before"])
    return f"{before}{'%I' if match['half'] else '%H'}{minute}{second}{fraction}{half}{zone}"
