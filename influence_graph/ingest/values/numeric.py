"""Number columns: finite numbers and integers within the limits of their field."""

from __future__ import annotations

import math
import re
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.ingest.chunks import ParsedColumn
from influence_graph.ingest.faults import BadValue
from influence_graph.ingest.values.text import parse_each, utf8, value_bytes
from influence_graph.model.records import Field, FieldType

_INT64 = (-(2**63), 2**63 - 1)
_EXACT = 2**53  # integers up to here are exact as a float
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_INTEGER = re.compile(r"[+-]?[0-9]{1,20}")
_WRITE_PLAIN = "write a plain number such as 1234.5, or state the decimal mark of the column"
# Common mistakes: pattern, reason, remedy where there is one of its own.
_COMMON_MISTAKES = tuple(
    (re.compile(pattern, re.IGNORECASE), reason, remedy)
    for pattern, reason, remedy in (
        (r"[+-]?nan|n/?a|none|null|-|\?", "is not a number", "leave the field empty where the value is not known"),
        (r"[+-]?inf(inity)?", "is not finite", "leave the field empty, or write a finite number"),
        (r".*%", "is a percentage", "write 0.12 for 12%"),
        (r"true|false|yes|no", "is not a number", "write 1 or 0"),
        (r"[+-]?0x[0-9a-f]+", "is a hexadecimal number", ""),
        (r"[+-]?[0-9]{1,3}([,' _\u00a0\u202f][0-9]{3})+([.,][0-9]+)?", "has thousands separators", ""),
        (r"[+-]?[0-9]+,[0-9]+", "has a decimal comma", ""),
    )
)


def parse_number(raw: pa.Array, field: Field) -> ParsedColumn:
    """Return *raw*, bytes or numbers, as float64 or int64 within the limits of *field*."""
    integer = field.type is FieldType.INTEGER
    type_ = pa.int64() if integer else pa.float64()
    values = _integers(raw) if integer else _floats(raw)
    if values is not None and _within(values, field):
        return ParsedColumn(values)
    parse = _integer if integer else _number
    return parse_each(_as_bytes(raw, integer), lambda text: limited(parse(text), field), type_)


def _floats(raw: pa.Array) -> pa.Array | None:
    """Return *raw* as float64 if every value is a finite number."""
    text = utf8(raw) if pa.types.is_binary(raw.type) else raw
    try:
        values = None if text is None else pc.cast(text, pa.float64(), safe=False)
    except pa.ArrowInvalid:
        return None
    # The sum of magnitudes is not finite as soon as one value is not; if it overflows, parsing only takes longer.
    return values if values is not None and math.isfinite(pc.sum(pc.abs(values), min_count=0).as_py()) else None


def _integers(raw: pa.Array) -> pa.Array | None:
    """Return *raw* as int64 if every value is written in decimal digits."""
    text = raw
    if pa.types.is_binary(raw.type):
        if value_bytes(raw).max(initial=0) > ord("9"):  # Arrow reads 0x10 as 16
            return None
        text = utf8(raw)
    elif not pa.types.is_integer(raw.type):
        return None
    try:
        return pc.cast(text, pa.int64())
    except pa.ArrowInvalid:
        return None


def _as_bytes(raw: pa.Array, integer: bool) -> pa.BinaryArray:
    """Return numbers as a text file would contain them."""
    if pa.types.is_binary(raw.type):
        return raw
    if pa.types.is_floating(raw.type) and not integer:
        raw = raw.cast(pa.float64())
    return raw.cast(pa.string()).cast(pa.binary())


def _within(values: pa.Array, field: Field) -> bool:
    ends = pc.min_max(values).as_py()
    if ends["min"] is None:
        return True
    low = -math.inf if field.minimum is None else field.minimum
    high = math.inf if field.maximum is None else field.maximum
    return bool(low <= ends["min"] and ends["max"] <= high)


def _number(text: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise not_a_number(text)
    value = float(text)
    if not np.isfinite(value):
        raise BadValue("is too large for a number", "the limit is 1.797e308")
    return value


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        return whole(_number(text))
    return _in_64_bits(int(text))


def whole(number: float | Decimal) -> int:
    """Return *number* as an integer.

    Raises:
        BadValue: It has a fraction, is a float beyond 2^53, or does not fit in 64 bits.
    """
    if number != int(number) or (isinstance(number, float) and abs(number) > _EXACT):
        raise BadValue("is not a whole number", "write a whole number, without a fraction")
    return _in_64_bits(int(number))


def _in_64_bits(value: int) -> int:
    if not _INT64[0] <= value <= _INT64[1]:
        raise BadValue("does not fit in 64 bits", f"the limits are {_INT64[0]} and {_INT64[1]}")
    return value


def limited(value: float, field: Field) -> float:
    """Return *value*.

    Raises:
        BadValue: It is beyond the limits of *field*.
    """
    if field.minimum is not None and value < field.minimum:
        raise BadValue(f"is less than {field.minimum:g}", _limits(field))
    if field.maximum is not None and value > field.maximum:
        raise BadValue(f"is more than {field.maximum:g}", _limits(field))
    return value


def _limits(field: Field) -> str:
    low = None if field.minimum is None else f"at least {field.minimum:g}"
    high = None if field.maximum is None else f"at most {field.maximum:g}"
    return f"write a number of {' and '.join(filter(None, (low, high)))}"


def not_a_number(text: str, remedy: str = _WRITE_PLAIN) -> BadValue:
    """Return why *text* is no number; with *remedy*, or the one of a common mistake."""
    for pattern, reason, own in _COMMON_MISTAKES:
        if pattern.fullmatch(text):
            return BadValue(reason, own or remedy)
    return BadValue("is not a number", remedy)
