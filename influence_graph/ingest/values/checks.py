"""Checks of what is stated about how the values of a column are written."""

from __future__ import annotations

import re
from collections.abc import Iterable

from influence_graph.errors import InputError
from influence_graph.ingest.faults import BadValue
from influence_graph.ingest.values.notation import MARKS, UNITS, Notation
from influence_graph.ingest.values.text import ID, SPACES
from influence_graph.model.records import LIST_SEPARATOR, Field, FieldType
from influence_graph.model.times import zone_named

_DIRECTIVES = "aAbBdfHIjmMpSyYzZ%"
_DIRECTIVE = re.compile("%(.?)", re.DOTALL)
_TIMES = (FieldType.TIME, FieldType.DATE)
_NUMBERS = (FieldType.NUMBER, FieldType.INTEGER)
_IDS = (FieldType.ID, FieldType.IDS)
# Which notation is for which types of field.
_FOR = {
    "format": (_TIMES, "times and dates"),
    "unit": (_TIMES, "times and dates"),
    "timezone": ((FieldType.TIME,), "times"),
    "decimal": (_NUMBERS, "numbers"),
    "currency": (_NUMBERS, "numbers"),
    "scale": ((FieldType.NUMBER,), "numbers"),
    "prefix": (_IDS, "ids"),
}


def check_notation(notation: Notation, field: Field) -> None:
    """Refuse a *notation* that values of *field* cannot be written in.

    Raises:
        InputError: It is for another type of field, or a part of it is none: a format without a whole date or of which
            the clock is unclear, an unknown unit or decimal mark, a scale without ends, of a field without limits.
    """
    for name, (types, what) in _FOR.items():
        if getattr(notation, name) and field.type not in types:
            reason = f"{field.name} is {field.type.value}, and {name} is for {what}"
            raise InputError(reason, remedy=f"leave out {name}")
    if notation.format and notation.unit:
        raise InputError(f"{field.name} has both a format and a unit", remedy="leave out one of them")
    if notation.format:
        _check_format(notation.format, field)
    _check_choice(notation.unit, UNITS, f"the unit of {field.name}")
    _check_choice(notation.decimal, MARKS, f"the decimal mark of {field.name}")
    if notation.scale is not None:
        _check_scale(notation.scale, field)
    if notation.timezone:
        zone_named(notation.timezone)
    if notation.prefix:
        _check_prefix(notation.prefix, field)


def _check_choice(value: str, known: Iterable[str], what: str) -> None:
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


def _check_prefix(prefix: str, field: Field) -> None:
    reason = f"contains {LIST_SEPARATOR}" if field.listed and LIST_SEPARATOR in prefix else ""
    try:
        if ID.clean(prefix) != prefix or prefix != prefix.lstrip(SPACES):
            reason = "is not in its canonical form"
    except BadValue as error:
        reason = error.reason
    if reason:
        raise InputError(f"the prefix {prefix!r} of {field.name} {reason}", remedy="write one such as shop-")
