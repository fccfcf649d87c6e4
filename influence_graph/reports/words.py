"""Numbers, times and names as a reader wants them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

MINUS = "\u2212"


def signed(value: float, digits: int = 3) -> str:
    """Return *value* with its sign, at most *digits* decimals and a real minus.

    Example:
        >>> signed(3.0), signed(0.9202126)
        ('+3.0', '+0.92')
    """
    if not math.isfinite(value):
        return "–"
    text = f"{abs(value):,.{digits}f}".rstrip("0")
    text = f"{text}0" if text.endswith(".") else text
    sign = "+" if value > 0 else MINUS
    return "0.0" if float(text.replace(",", "")) == 0 else f"{sign}{text}"


def count(value: float) -> str:
    """Return a whole number with thousands separated."""
    return f"{int(value):,}"


def day(value: object) -> str:
    """Return a time as a date, or a dash where there is none."""
    return f"{value:%Y-%m-%d}" if isinstance(value, date) and str(value) != "NaT" else "–"


def minute(value: object) -> str:
    """Return a time to the minute with its zone, or a dash where there is none."""
    if not isinstance(value, datetime) or str(value) == "NaT":
        return "–"
    return f"{value:%Y-%m-%d %H:%M} {value.tzname() or ''}".strip()


def clean(text: object, limit: int = 200) -> str:
    """Return *text* without unprintable characters, in at most *limit* characters."""
    shown = "".join(c if c.isprintable() else " " for c in str(text))
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}…"


def named(names: Mapping[str, str], id_: object, limit: int = 34) -> str:
    """Return the display name of *id_*, or the id itself."""
    return clean(names.get(str(id_), id_) or id_, limit)


def distinct_labels(labels: list[str], ids: list[Any]) -> list[str]:
    """Return *labels*; those that occur twice get their id added, so that a plot keeps them apart."""
    twice = {label for label in labels if labels.count(label) > 1}
    return [f"{label} ({clean(id_, 24)})" if label in twice else label for label, id_ in zip(labels, ids, strict=True)]
