"""Numbers as people write them: grouped digits, a decimal comma, currencies, 1.2M, 12%, and numbers on a scale."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from influence_graph.ingest.chunks import ParsedColumn
from influence_graph.ingest.faults import BadValue
from influence_graph.ingest.values.notation import MARKS, Notation
from influence_graph.ingest.values.numeric import limited, not_a_number, parse_number, whole
from influence_graph.ingest.values.text import SPACES, parse_each, parse_rest, refused, utf8
from influence_graph.model.records import Field, FieldType

_EXACT_DIGITS = 18  # with sign and mark: so many fit in 64 bits
_GAP = "[ \u00a0\u2007\u2009\u202f]"
_APOSTROPHE = "['\u2019]"
_MINUS = "[-\u2212]"
_SIGN = "[+\u2212-]"
# Signs of Unicode's category Sc, the codes of ISO 4217, and abbreviations.
_CURRENCY_SIGN = "[$\u00a2-\u00a5\u058f\u060b\u09f2\u09f3\u0e3f\u17db\u20a0-\u20cf\ufdfc\uff04\uffe0\uffe1\uffe5\uffe6]"
_CODES = (
    "AED|AFN|ALL|AMD|ANG|AOA|ARS|AUD|AWG|AZN|BAM|BBD|BDT|BGN|BHD|BIF|BMD|BND|BOB|BRL|BSD|BTN|BWP|BYN|BZD|CAD|"
    "CDF|CHF|CLP|CNY|COP|CRC|CUP|CVE|CZK|DJF|DKK|DOP|DZD|EGP|ERN|ETB|EUR|FJD|FKP|GBP|GEL|GHS|GIP|GMD|GNF|GTQ|"
    "GYD|HKD|HNL|HTG|HUF|IDR|ILS|INR|IQD|IRR|ISK|JMD|JOD|JPY|KES|KGS|KHR|KMF|KPW|KRW|KWD|KYD|KZT|LAK|LBP|LKR|"
    "LRD|LSL|LYD|MAD|MDL|MGA|MKD|MMK|MNT|MOP|MRU|MUR|MVR|MWK|MXN|MYR|MZN|NAD|NGN|NIO|NOK|NPR|NZD|OMR|PAB|PEN|"
    "PGK|PHP|PKR|PLN|PYG|QAR|RON|RSD|RUB|RWF|SAR|SBD|SCR|SDG|SEK|SGD|SHP|SLE|SOS|SRD|SSP|STN|SVC|SYP|SZL|THB|"
    "TJS|TMT|TND|TOP|TRY|TTD|TWD|TZS|UAH|UGX|USD|UYU|UZS|VED|VES|VND|VUV|WST|XAF|XCD|XOF|XPF|YER|ZAR|ZMW|ZWG"
)
_CURRENCY = rf"(?:[A-Z]{{0,3}}{_CURRENCY_SIGN}|{_CODES}|kr\.?|zł|Kč|Ft|lei|Rs\.?|Fr\.?|руб\.?)"
_TIMES = {"k": 3, "m": 6, "mn": 6, "mio": 6, "b": 9, "bn": 9, "mrd": 9, "%": -2}
"""What is behind a number, in lower case, and the power of ten by which it multiplies."""
_SUFFIX = r"(?i:k|mn|mio\.?|mrd\.?|m|bn|b)|%"


def parse_amount(raw: pa.Array, field: Field, notation: Notation) -> ParsedColumn:
    """Return *raw*, bytes or numbers, as float64 or int64, as *notation* states its decimal mark and its scale.

    Thousands are grouped in threes by one mark throughout. A number of another currency than the first one is a fault.
    On a scale *v* from *a* to *b* becomes ``(low (b - v) + high (v - a)) / (b - a)`` with the limits of *field*;
    beyond its ends it is a fault.
    """
    free = field if notation.scale is None else replace(field, minimum=None, maximum=None)
    marked = notation.decimal and pt.is_binary(raw.type)
    parsed = _parse_marked(raw, free, notation) if marked else parse_number(raw, free)
    return parsed if notation.scale is None else _scaled(raw, parsed, field, notation.scale)


def _scaled(raw: pa.Array, parsed: ParsedColumn, field: Field, scale: tuple[float, float]) -> ParsedColumn:
    first, last = scale
    low, high = float(field.minimum or 0), float(field.maximum or 0)  # both are stated: check_notation
    below, above = pc.less(parsed.values, min(scale)), pc.greater(parsed.values, max(scale))
    remedy = "write a number of the scale, or state the scale of the column"
    reason = f"is outside the scale from {first:g} to {last:g}"
    parsed = refused(parsed, pc.or_(below, above), reason, remedy, raw)
    values = parsed.values.to_numpy(zero_copy_only=False)
    scaled = np.clip((low * (last - values) + high * (values - first)) / (last - first), low, high)
    return replace(parsed, values=pc.if_else(parsed.values.is_valid(), pa.array(scaled), None))


def _parse_marked(raw: pa.BinaryArray, field: Field, notation: Notation) -> ParsedColumn:
    text, mark = utf8(raw), notation.decimal
    if text is None:
        return parse_each(raw, _parser(field, mark, notation.currency), _type(field))
    text = pc.utf8_trim(text, characters=SPACES)
    plain = pc.match_substring_regex(text, _plain(mark, field))
    currency = notation.currency or _first_currency(text.filter(pc.invert(plain)), mark)
    if currency:
        text = _without(text, currency)
        plain = pc.match_substring_regex(text, _plain(mark, field))
    digits = pc.replace_substring_regex(pc.if_else(plain, text, None), rf"[^0-9{mark}-]", "")
    exact = pc.less_equal(pc.binary_length(digits), _EXACT_DIGITS)
    values = pc.replace_substring(pc.if_else(exact, digits, None), mark, ".").cast(_type(field))
    parsed = parse_rest(raw, _in_limits(values, field), _parser(field, mark, currency))
    return replace(parsed, currency=currency)


def _without(text: pa.StringArray, currency: str) -> pa.StringArray:
    """Return *text* without *currency* before, or else behind it."""
    sign = re.escape(currency)
    before = pc.replace_substring_regex(text, f"^{sign}{_GAP}*", "")
    behind = pc.replace_substring_regex(text, f"{_GAP}*{sign}$", "")
    return pc.if_else(pc.starts_with(text, currency), before, behind)


def _type(field: Field) -> pa.DataType:
    return pa.int64() if field.type is FieldType.INTEGER else pa.float64()


def _in_limits(values: pa.Array, field: Field) -> pa.Array:
    """Return *values* with null where they are not finite or not within the limits of *field*."""
    good = pc.is_finite(values)
    if field.minimum is not None:
        good = pc.and_(good, pc.greater_equal(values, field.minimum))
    if field.maximum is not None:
        good = pc.and_(good, pc.less_equal(values, field.maximum))
    return pc.if_else(good, values, None)


@cache
def _grouped(mark: str) -> str:
    """Return the pattern of digits whose thousands are grouped by another mark than *mark*; 0,123 has no thousands."""
    (other,) = set(MARKS) - {mark}
    groups = "|".join(rf"(?:{separator}[0-9]{{3}})+" for separator in (re.escape(other), _GAP, _APOSTROPHE))
    return f"[1-9][0-9]{{0,2}}(?:{groups})"


def _plain(mark: str, field: Field) -> str:
    """Return the pattern of numbers that are parsed as a whole column."""
    fraction = "" if field.type is FieldType.INTEGER else rf"(?:{re.escape(mark)}[0-9]+)?"
    return rf"^-?(?:{_grouped(mark)}|[0-9]{{1,18}}){fraction}$"


@cache
def _amount(mark: str) -> re.Pattern[str]:
    point, gap = re.escape(mark), f"{_GAP}*"
    digits = rf"(?:(?:{_grouped(mark)}|[0-9]+)(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][+-]?[0-9]{{1,3}})?"
    return re.compile(
        rf"(?P<open>\()?{gap}(?P<sign>{_SIGN})?{gap}(?P<before>{_CURRENCY})?{gap}(?P<inner>{_SIGN})?{gap}"
        rf"(?P<digits>{digits}){gap}(?P<suffix>{_SUFFIX})?{gap}(?P<after>{_CURRENCY})?{gap}(?P<trailing>{_MINUS})?(?P<close>\))?"
    )


def _first_currency(text: pa.StringArray, mark: str) -> str:
    """Return the currency of the first number in *text* that has one; "" where none has."""
    for value in text.drop_null().unique().to_pylist():
        match = _amount(mark).fullmatch(value)
        if match and (match["before"] or match["after"]):
            return str(match["before"] or match["after"])
    return ""


def _parser(field: Field, mark: str, currency: str) -> Callable[[str], float]:
    def parse(text: str) -> float:
        number = _parse_one(text, mark, currency)
        return limited(whole(number) if field.type is FieldType.INTEGER else _finite(number), field)

    return parse


def _finite(number: Decimal) -> float:
    value = float(number)
    if not np.isfinite(value):
        raise BadValue("is too large for a number", "the limit is 1.797e308")
    return value


def _parse_one(text: str, mark: str, currency: str) -> Decimal:
    match = _amount(mark).fullmatch(text)
    if not match:
        raise _no_amount(text, mark)
    if bool(match["open"]) != bool(match["close"]):
        raise BadValue("has one parenthesis", "write (12.50) for -12.50")
    if sum(map(bool, match.group("open", "sign", "inner", "trailing"))) > 1:
        raise BadValue("has several signs", "write one")
    stated = match["before"] or match["after"]
    if match["before"] and match["after"]:
        raise BadValue("has two currencies", "write one")
    if stated and currency and stated != currency:
        raise BadValue(f"has another currency than {currency}", "convert to one currency")
    digits = re.sub(rf"[^0-9eE+\-{mark}]", "", match["digits"]).replace(mark, ".")
    power = _TIMES.get((match["suffix"] or "").lower().rstrip("."), 0)
    negative = match["open"] or match["trailing"] or (match["sign"] or match["inner"] or "+") != "+"
    return Decimal(digits).scaleb(power).copy_sign(-1 if negative else 1)


def _no_amount(text: str, mark: str) -> BadValue:
    (other,) = set(MARKS) - {mark}
    if _amount(other).fullmatch(text):
        remedy = f'state decimal "{other}" for the column, or write the number with "{mark}"'
        return BadValue(f'is a number with the decimal mark "{other}", not "{mark}"', remedy)
    return not_a_number(text, f"write a number such as 1234{mark}5")
