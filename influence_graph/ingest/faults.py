"""Faults of single values and lines, without their place in the file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from influence_graph.text import count_text, one_line

SAVE_AS_UTF8 = "save the file as UTF-8, or state its encoding, such as --encoding cp1252"
"""What to do about bytes that are not UTF-8."""
MAX_SHOWN = 120  # characters of a faulty value that are shown


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the value (printable, at most ``MAX_SHOWN`` characters), the reason and the remedy."""

    value: str
    reason: str
    remedy: str = ""

    @classmethod
    def of(cls, value: str | bytes, reason: str, remedy: str = "") -> Fault:
        """Return the fault with *value* made printable and short."""
        head = value[: MAX_SHOWN + 1]  # escaping makes it longer: the rest is never shown
        text = head.decode("utf-8", "backslashreplace") if isinstance(head, bytes) else head
        short = len(text) <= MAX_SHOWN and text.isprintable()
        return cls(text if short else one_line(text, MAX_SHOWN), reason, remedy)


class BadValue(ValueError):
    """A value breaks a rule; raised by parsers of single values, and caught by those of columns."""

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


Faults = dict[int, Fault]
"""Faults by row of a batch, 0-based."""

Notes = Counter[tuple[str, str]]
"""How many values were changed without a fault, by what one of them is called and what was done."""


def noted(notes: Notes) -> list[str]:
    """Return *notes* in one line each, most frequent first.

    Example:
        >>> noted(Counter({("id", "had no-break spaces around, which were left out"): 12}))
        ['12 ids had no-break spaces around, which were left out']
    """
    return [f"{count_text(count, noun)} {what}" for (noun, what), count in notes.most_common()]
