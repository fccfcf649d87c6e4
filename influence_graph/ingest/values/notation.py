"""How the values of one column are written, where it is not as in a record file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from influence_graph.text import did_you_mean

UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
"""Units of times that are numbers: how many of each are one second."""
MARKS = (".", ",")
"""Decimal marks."""


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


def nearest_value(value: str, values: Mapping[str, str]) -> str:
    """Return the remedy for a *value* that is none of *values*."""
    listed = ", ".join(repr(known) for known in list(values)[:10])
    return did_you_mean(value, values, f"list what it stands for; listed are {listed}")
