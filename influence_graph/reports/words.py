"""Numbers, times and names as text for readers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

MINUS = "\u2212"
NONE = "–"


def signed(value: float, digits: int = 3) -> str:
    """Return *value* with its sign, at most *digits* decimals and a real minus; a dash where it is not finite.

    Example:
        >>> signed(3.0), signed(0.9202126)
        ('+3.0', '+0.92')
    """
    if not math.isfinite(value):
        return NONE
    text = f"{abs(value):,.{digits}f}".rstrip("0")
    text = f"{text}0" if text.endswith(".") else text
    sign = "+" if value > 0 else MINUS
    return "0.0" if float(text.replace(",", "")) == 0 else f"{sign}{text}"


def integer_text(value: float) -> str:
    """Return a whole number with its thousands separated."""
    return f"{int(value):,}"


def date_text(value: object) -> str:
    """Return a time as a date, or a dash where there is none."""
    return f"{value:%Y-%m-%d}" if isinstance(value, date) and str(value) != "NaT" else NONE


def time_text(value: object) -> str:
    """Return a time to the minute with its zone, or a dash where there is none."""
    if not isinstance(value, datetime) or str(value) == "NaT":
        return NONE
    return f"{value:%Y-%m-%d %H:%M} {value.tzname() or ''}".strip()


def printable(text: object, limit: int = 200) -> str:
    """Return *text* with blanks for its unprintable characters, in at most *limit* characters."""
    shown = "".join(c if c.isprintable() else " " for c in str(text))
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}…"


def display_name(names: Mapping[str, str], id_: object, limit: int = 34) -> str:
    """Return the name of *id_* in *names*, or the id itself, in at most *limit* characters."""
    return printable(names.get(str(id_), id_) or id_, limit)


def distinct_labels(labels: list[str], ids: list[Any]) -> list[str]:
    """Return *labels* such that no two are equal, so that a plot keeps them apart.

    Labels that occur more than once get their id added, and a number where the shortened id is not enough.

    Example:
        >>> distinct_labels(["Ada", "Bo", "Ada"], ["1", "2", "3"])
        ['Ada (1)', 'Bo', 'Ada (3)']
    """
    repeated = {label for label in labels if labels.count(label) > 1}
    with_ids = [
        f"{label} ({printable(id_, 24)})" if label in repeated else label
        for label, id_ in zip(labels, ids, strict=True)
    ]
    used: set[str] = set()
    for place, label in enumerate(with_ids):
        number = 1
        while with_ids[place] in used:
            number += 1
            with_ids[place] = f"{label} #{number}"
        used.add(with_ids[place])
    return with_ids
