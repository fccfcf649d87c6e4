"""Any value as one that JSON holds: parsers refuse Infinity and NaN, which Python writes by default."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date, timedelta
from enum import Enum
from typing import Any


def json_value(value: Any, *, infinite: str | None = None) -> Any:  # noqa: ANN401 - any value to any JSON value
    """Return *value* as JSON has it: times as ISO 8601, what is missing or not a number as None.

    Args:
        value: Anything; tuples, sets and arrays become lists, and what JSON has no form for its text.
        infinite: Text in place of infinity, its sign before it; None: null.

    Example:
        >>> json_value({"half_life": math.inf, "days": (1, math.nan)}, infinite="inf")
        {'half_life': 'inf', 'days': [1, None]}
    """
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, str | bool | int):
        return value
    if hasattr(value, "tolist"):  # of NumPy
        return json_value(value.tolist(), infinite=infinite)
    if isinstance(value, float):
        return _number(value, infinite)
    if isinstance(value, Mapping):
        return {str(name): json_value(item, infinite=infinite) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return [json_value(item, infinite=infinite) for item in items]
    return _scalar(value)


def json_text(value: Any, **options: Any) -> str:  # noqa: ANN401 - any value
    """Return *value* as the text of a JSON document that all parsers take; infinity as the text inf.

    Args:
        value: Anything that :func:`json_value` takes.
        options: Keyword arguments of ``json.dumps``.
    """
    return json.dumps(json_value(value, infinite="inf"), allow_nan=False, **options)


def _number(value: float, infinite: str | None) -> float | str | None:
    if math.isfinite(value):
        return value
    return None if infinite is None or math.isnan(value) else infinite if value > 0 else f"-{infinite}"


def _scalar(value: Any) -> Any:  # noqa: ANN401 - any scalar
    if isinstance(value, date):
        return None if str(value) == "NaT" else value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if str(value) in ("NaT", "<NA>"):
        return None
    return str(value)
