"""Checks of what is stated about the values of a column, the same for mapping files and the command line."""

from __future__ import annotations

import math
import time

from influence_graph.errors import InputError
from influence_graph.ingest.values.notation import Notation
from influence_graph.ingest.values.times import zone_named
from influence_graph.model.records import Field, FieldType

UNITS = ("s", "ms", "us", "ns")
DECIMALS = (".", ",")
_TIMES = (FieldType.TIME, FieldType.DATE)
NUMBERS = (FieldType.NUMBER, FieldType.INTEGER)
_IDS = (FieldType.ID, FieldType.IDS)
_OF = {
    "format": (_TIMES, "times and dates"),
    "unit": (_TIMES, "times and dates"),
    "timezone": ((FieldType.TIME,), "times"),
    "decimal": (NUMBERS, "numbers"),
    "scale": (NUMBERS, "numbers"),
    "prefix": (_IDS, "ids"),
}


def check_notation(notation: Notation, field: Field) -> None:
    """Refuse a notation that is out of its limits, or that *field* has no use for.

    Raises:
        InputError: It is.
    """
    for name, (types, what) in _OF.items():
        if getattr(notation, name) and field.type not in types:
            raise InputError(
                f"{field.name} is {field.type.value}, and {name} is for {what}", remedy=f"leave out {name}"
            )
    if notation.format and notation.unit:
        raise InputError("both format and unit are given", remedy="keep format for texts, unit for numbers")
    _check_format(notation.format)
    for name, allowed in (("unit", UNITS), ("decimal", DECIMALS)):
        value = getattr(notation, name)
        if value and value not in allowed:
            raise InputError(f"{name} is {value!r}", remedy=f"use one of {'  '.join(allowed)}")
    if notation.scale is not None:
        _check_scale(notation.scale, field)
    if notation.timezone:
        zone_named(notation.timezone)


def _check_format(text: str) -> None:
    try:
        time.strptime("", text)
    except (ValueError, IndexError) as error:  # IndexError: a % at the end, in Python before 3.13
        if isinstance(error, IndexError) or "bad directive" in str(error) or "stray" in str(error):
            raise InputError(f"format {text!r}: {error}", remedy="write it as in %d/%m/%Y %H:%M") from error
    if text and "%" not in text:
        raise InputError(f"format {text!r} has no %", remedy="write it as in %d/%m/%Y %H:%M")


def _check_scale(scale: tuple[float, float], field: Field) -> None:
    low, high = scale
    if not (math.isfinite(low) and math.isfinite(high)) or low == high:
        raise InputError(f"scale is {low:g}..{high:g}", remedy="give its two ends, such as 0..10")
    if field.minimum is None or field.maximum is None:
        raise InputError(f"{field.name} has no ends, and a scale needs them", remedy="leave out scale")
