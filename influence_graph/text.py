"""Text for messages: one printable line, counts with their noun, and names similar to one that was not found."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from itertools import islice

NOT_ON_RECORD = "not on record"
"""How each text begins that stands in place of a figure which the records do not hold."""
_MAX_CANDIDATES = 20_000  # difflib needs about 10 µs per candidate: an error must not take seconds


def nearest(name: object, names: Iterable[object], count: int = 3) -> list[str]:
    """Return at most *count* of *names* that are similar to *name*, best first; what is no text is compared as text.

    Case is ignored. Among very many names only those that start with the same letter are compared.
    """
    folded = str(name).casefold()
    alike = (other for other in map(str, names) if other.casefold()[:1] == folded[:1])
    candidates = {other.casefold(): other for other in islice(alike, _MAX_CANDIDATES)}
    return [candidates[key] for key in difflib.get_close_matches(folded, candidates, n=count, cutoff=0.5)]


def did_you_mean(name: object, names: Iterable[object], otherwise: str) -> str:
    """Return a remedy that offers names similar to *name*, or *otherwise* where there is none."""
    similar = nearest(name, names)
    return f"did you mean {', '.join(map(repr, similar))}?" if similar else otherwise


def one_line(text: str, limit: int = 600) -> str:
    """Return *text* as one printable line of at most *limit* characters.

    Values quoted in messages come from files: line breaks, terminal escapes and bidirectional
    overrides are shown as escapes.
    """
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}…"


def cut(text: str, limit: int) -> str:
    """Return *text* as one printable line of at most *limit* characters, cut between words: no number loses digits.

    Example:
        >>> cut("k=10 seed=123456", 14)
        'k=10 …'
    """
    shown = one_line(text, len(text) * 10 + 1)
    if len(shown) <= limit:
        return shown
    words = shown[: limit - 1].rpartition(" ")
    return f"{words[0]} …" if words[1] else f"{shown[: limit - 1]}…"


def count_text(number: int, noun: str, plural: str = "") -> str:
    """Return a count with its noun; *plural* where it is not the noun and an s.

    Example:
        >>> count_text(1, "bond"), count_text(2_000, "bond"), count_text(2, "person", "people")
        ('1 bond', '2,000 bonds', '2 people')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
