"""How the values of one column are written, where it is not as in a record file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from influence_graph.errors import InputError
from influence_graph.model.records import Field, FieldType
from influence_graph.text import did_you_mean

UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
"""Units of times that are numbers: how many of each are one second."""
MARKS = (".", ",")
"""Decimal marks."""
_DIRECTIVES = "aAbBdfHIjmMpSyYzZ%"
_DIRECTIVE = re.compile("%(.?)", re.DOTALL)
_TIMES = (FieldType.TIME, FieldType.DATE)
_NUMBERS = (FieldType.NUMBER, FieldType.INTEGER)
_IDS = (FieldType.ID, FieldType.IDS)
# Which notation is for which types of field.
_FOR = {
    "format": (_TIMES, "a time or date"),
    "unit": ((FieldType.TIME,), "a time"),
    "timezone": ((FieldType.TIME,), "a time"),
    "decimal": (_NUMBERS, "a number"),
    "currency": (_NUMBERS, "a number"),
    "scale": ((FieldType.NUMBER,), "a number"),
    "prefix": (_IDS, "an id"),
}


@dataclass(frozen=True, kw_only=True)
class Notation:
    """How the values of a column are written; the defaults are those of record files.

    Attributes:
        format: Of times and dates: as :func:`time.strptime`, such as ``%d/%m/%Y %H:%M``.
        unit: Of times that are numbers: ``s``, ``ms``, ``us`` or ``ns`` since 1970 UTC.
        decimal: Of numbers: ``.`` or ``,``; the other one, spaces and apostrophes then group thousands, currency signs
            are left out, and 1.2M, 3k and 12% are numbers. "" takes plain numbers only.
        currency: Of numbers with ``decimal``: the sign or code that they may have, such as ``€``, where another one is
            a fault; "" is that of the first number that has one.
        scale: Of numbers: the two ends of a scale, which become the least and the most that the field takes.
        values: What the values stand for, in any case; one that is not listed is a fault.
        prefix: Put before every id.
        timezone: IANA zone of times that state none; "" is that of the whole file.
    """

    format: str = ""
    unit: str = ""
    decimal: str = ""
    currency: str = ""
    scale: tuple[float, float] | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""
    timezone: str = ""


PLAIN = Notation()
"""Values as in a record file."""


def check_notation(notation: Notation, field: Field) -> None:
    """Refuse a *notation* that values of *field* cannot be written in.

    Raises:
        InputError: It is for another type of field, or a part of it is none: a format without a whole date or of which
            the clock is unclear, an unknown unit or decimal mark, a scale without ends, of a field without limits.
    """
    for name, (types, what) in _FOR.items():
        if getattr(notation, name) and field.type not in types:
            raise InputError(f"{field.name} is no {what.split()[-1]}: it has no {name}", remedy=f"leave out {name}")
    if notation.format and notation.unit:
        raise InputError(f"{field.name} has both a format and a unit", remedy="leave out one of them")
    if notation.format:
        _check_format(notation.format, field)
    _check_choice(notation.unit, UNITS, f"the unit of {field.name}")
    _check_choice(notation.decimal, MARKS, f"the decimal mark of {field.name}")
    if notation.scale is not None:
        _check_scale(notation.scale, field)


def _check_choice(value: str, known: Mapping[str, int] | tuple[str, ...], what: str) -> None:
    if value and value not in known:
        raise InputError(f"{what} is {value!r}", remedy=f"use one of {', '.join(map(repr, known))}")


def _check_format(format_: str, field: Field) -> None:
    used = _DIRECTIVE.findall(format_)
    unknown = [letter for letter in used if letter not in _DIRECTIVES or not letter]
    if unknown:
        named = f"the format {format_!r} of {field.name} has %{unknown[0]}"
        raise InputError(named, remedy=f"it may have {' '.join(f'%{letter}' for letter in _DIRECTIVES)}")
    repeated = next((letter for letter in used if letter != "%" and used.count(letter) > 1), None)
    if repeated:
        raise InputError(f"the format {format_!r} of {field.name} has %{repeated} twice", remedy="leave out one")
    has = set(used)
    if not has & {"y", "Y"} or not ("j" in has or ("d" in has and has & {"m", "b", "B"})):
        raise InputError(
            f"the format {format_!r} of {field.name} has no whole date",
            remedy="name year, month and day, such as %d/%m/%Y",
        )
    if ("I" in has) != ("p" in has):
        raise InputError(
            f"the format {format_!r} of {field.name} leaves open which half of the day is meant",
            remedy="use %H, or %I together with %p",
        )
    if field.type is FieldType.DATE and has & {"z", "Z"}:
        raise InputError(
            f"the format {format_!r} of {field.name} has a time zone, and {field.name} is a date without one",
            remedy="write the date alone, such as %d/%m/%Y",
        )


def _check_scale(scale: tuple[float, float], field: Field) -> None:
    first, last = scale
    if first == last or not all(-1e300 < end < 1e300 for end in scale):
        raise InputError(f"the scale of {field.name} goes from {first:g} to {last:g}", remedy="give two ends")
    if field.minimum is None or field.maximum is None:
        raise InputError(
            f"{field.name} has no scale, for it has no {'least' if field.minimum is None else 'most'} value",
            remedy="write its numbers as they are",
        )


def nearest_value(value: str, values: Mapping[str, str]) -> str:
    """Return the remedy for a *value* that is none of *values*."""
    listed = ", ".join(repr(known) for known in list(values)[:10])
    return did_you_mean(value, values, f"list what it stands for; listed are {listed}")
