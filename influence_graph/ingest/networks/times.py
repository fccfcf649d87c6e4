"""Times in the columns of networks: seconds or milliseconds since 1970, or ISO 8601."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.errors import UnreadableFile

_FIRST, _LAST = 315_532_800, 4_102_444_800  # 1980 and 2100 in seconds since 1970
_UNITS = (1, 1_000, 1_000_000, 1_000_000_000)
_ISO = r"^\d{4}-\d{2}-\d{2}([T ].*)?$"
_YEARS = (1900, 2100)
_DAYS = (19_800_101, 21_001_231)


def numbers(column: pa.Array) -> pa.Array | None:
    """Return *column* as float64, empty text as null; None where a value is no number, or all are empty."""
    text = pc.utf8_trim_whitespace(column)
    try:
        values = pc.cast(pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text), pa.float64())
    except pa.ArrowInvalid:
        return None
    return values if values.null_count < len(values) else None


def is_iso(column: pa.Array) -> bool:
    """Return whether all of *column* begin with an ISO 8601 date."""
    return bool(len(column)) and bool(pc.all(pc.match_substring_regex(column, _ISO)).as_py())


def instants(column: pa.Array) -> pa.Array | None:
    """Return *column* as times: instants of numbers, ISO 8601 as it is; None where it holds no times.

    Numbers are times if all lie from 1980 to 2100 in one unit, seconds to nanoseconds since 1970.
    """
    values = numbers(column)
    if values is None:
        return column if is_iso(column) else None
    for unit in _UNITS:
        if _share(values, _FIRST * unit, _LAST * unit) == 1:
            return _instants(column, values, unit)
    return None


def _instants(column: pa.Array, values: pa.Array, unit: int) -> pa.Array:
    """Return microseconds since 1970, exactly where whole numbers are written."""
    try:
        whole = pc.cast(pc.utf8_trim_whitespace(column), pa.int64())
        micro = pc.multiply(whole, 1_000_000 // unit) if unit <= 1_000_000 else pc.divide(whole, unit // 1_000_000)
    except pa.ArrowInvalid:
        micro = pc.cast(pc.round(pc.multiply(values, 1_000_000 / unit)), pa.int64())
    return pc.cast(micro, pa.timestamp("us", tz="UTC"))


def is_time(path: Path, column: pa.Array) -> bool:
    """Return whether a *column* without a name holds times; if not, it holds weights.

    Raises:
        UnreadableFile: it may be either: years, days written as numbers, or times in part.
    """
    values = numbers(column)
    if values is None:
        return is_iso(column)
    if instants(column) is not None:
        return True
    what = ""
    if any(_share(values, _FIRST * unit, _LAST * unit) >= 0.5 for unit in _UNITS[:2]):
        what = "times in part"
    elif _share(values, *_YEARS) == 1 and _whole(values):
        what = "years"
    elif _share(values, *_DAYS) == 1 and _whole(values):
        what = "days"
    if what:
        raise UnreadableFile(
            f"{path}: the third column ({column[0].as_py()} …) may hold weights or {what}",
            remedy="say --third weight; of times write ISO 8601 or seconds since 1970 and say --third time",
        )
    return False


def _share(values: pa.Array, first: float, last: float) -> float:
    found = values.drop_null().to_numpy()
    return float(np.mean((found >= first) & (found <= last)))


def _whole(values: pa.Array) -> bool:
    found = values.drop_null().to_numpy()
    return bool((found == np.floor(found)).all())
