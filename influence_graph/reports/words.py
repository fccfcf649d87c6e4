"""Numbers, times and names as text for readers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pandas as pd

from influence_graph.model.names import NodeNames

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


def kind_text(kind: object) -> str:
    """Return the kind of an event as words.

    Example:
        >>> kind_text("fish_complaint"), kind_text("")
        ('fish complaint', 'event')
    """
    return printable(kind or "event", 40).replace("_", " ")


def display_name(names: NodeNames, label: str, id_: object, limit: int = 34) -> str:
    """Return the name of the node *id_* of *label*, or the id itself, in at most *limit* characters."""
    return printable(names.of(label, id_) or id_, limit)


def name_and_id(names: NodeNames, label: str, id_: object) -> str:
    """Return the name of a node with its id in parentheses, or the id alone where no other name is known."""
    return printable(names.text(label, id_))


def node_labels(names: NodeNames, labels: list[str], ids: list[str], limit: int = 34) -> list[str]:
    """Return the name of each node, such that no two are equal; a person and a brand of one id are told apart, too.

    Example:
        >>> node_labels(NodeNames(brands={"1": "Ada"}), ["Brand", "Consumer"], ["1", "Ada"])
        ['Ada (1)', 'Ada (Ada)']
    """
    shown = [display_name(names, *node, limit) for node in zip(labels, ids, strict=True)]
    shared = {id_ for id_ in ids if ids.count(id_) > 1}
    nodes = zip(labels, ids, strict=True)
    return distinct_labels(shown, [f"{label.lower()} {id_}" if id_ in shared else id_ for label, id_ in nodes])


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


def range_text(low: int, high: Any) -> str:  # noqa: ANN401 - a whole number or any sign of none
    """Return whole numbers from *low* to *high* in words; nothing for *high*: there is no upper end.

    Example:
        >>> range_text(1, 1), range_text(2, 4), range_text(5, None)
        ('1', '2 to 4', '5 or more')
    """
    return f"{low} or more" if pd.isna(high) else str(low) if low == high else f"{low} to {high}"


def value_text(value: object) -> str:
    """Return the value of a parameter as readers write it: no braces, ∞, and what is alike for all once.

    Example:
        >>> value_text({"recommend": {"a": 1.0, "b": 1.0}, "loyalty": {"a": 1.0, "b": 0.0}})
        'recommend (1 for all), loyalty (a 1, b 0)'
        >>> value_text("inf"), value_text([])
        ('∞', '–')
    """
    if isinstance(value, Mapping):
        texts = [value_text(each) for each in value.values()]
        if len(texts) > 1 and len(set(texts)) == 1:
            return f"{texts[0]} for all"
        pairs = zip(value.items(), texts, strict=True)
        shown = (f"{key} ({text})" if isinstance(each, Mapping) else f"{key} {text}" for (key, each), text in pairs)
        return printable(", ".join(shown), 1000) or NONE
    if isinstance(value, list | tuple):
        return "; ".join(map(value_text, value)) or NONE
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:,.6g}"
    return "∞" if value == "inf" else printable(value)
