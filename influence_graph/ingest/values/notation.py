"""How the values of one column are written, where it is not as in a record file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Notation:
    """How the values of a column are written; the defaults are those of record files.

    Attributes:
        format: Of times and dates: as :func:`time.strptime`, such as ``%d/%m/%Y %H:%M``.
        unit: Of times that are numbers: ``s``, ``ms``, ``us`` or ``ns`` since 1970 UTC.
        decimal: Of numbers: ``.`` or ``,``; the other one, spaces and apostrophes then group thousands, currency signs
            are left out, and 1.2M, 3k and 12% are numbers. "" takes plain numbers only.
        scale: Of numbers: the two ends of a scale, which become the least and the most that the field takes.
        values: What the values stand for, in any case; one that is not listed is a fault.
        prefix: Put before every id.
        timezone: IANA zone of times that state none; "" is that of the whole file.
    """

    format: str = ""
    unit: str = ""
    decimal: str = ""
    scale: tuple[float, float] | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""
    timezone: str = ""


PLAIN = Notation()
"""Values as in a record file."""
