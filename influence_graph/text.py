"""Text for messages: one printable line, counts with their noun, and names similar to one that was not found."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

NOT_ON_RECORD = "not on record"
"""How each text begins that stands in place of a figure which the records do not hold."""
_CREDENTIALS = re.compile(r"((?:[a-z][a-z0-9+.-]*:?//?|(?:bolt|neo4j|https?)[+a-z]*:))\S*(?:@|%40)", re.IGNORECASE)
_LONGEST = 200  # characters of a name that is compared with others: longer ones are not typed
_MAX_CANDIDATES = 20_000  # difflib needs about 10 µs per candidate: an error must not take seconds


def nearest(name: object, names: Iterable[object], count: int = 3) -> list[str]:
    """Return at most *count* of *names* that are similar to *name*, best first; what is no text is compared as text.

    Case is ignored. Among very many names only those that start with the same letter are compared.
    """
    folded = str(name).casefold()
    if len(folded) > _LONGEST:
        return []
    short = (other for other in map(str, names) if len(other) <= _LONGEST)
    alike = (other for other in short if other.casefold()[:1] == folded[:1])
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


def printable(text: str) -> str:
    """Return *text* with what no terminal should be sent as escapes; line breaks and tabs stay.

    Example:
        >>> printable("caf\\x1b[31m")
        'caf\\\\x1b[31m'
    """
    return "".join(c if c.isprintable() or c in "\n\t" else c.encode("unicode_escape").decode("ascii") for c in text)


def path_text(path: Path) -> str:
    """Return *path* as text that UTF-8 has: bytes that are none are shown as escapes.

    Example:
        >>> path_text(Path("caf\\udce9.csv"))
        'caf\\\\xe9.csv'
    """
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def without_credentials(text: str) -> str:
    """Return *text* without what stands before an @ in anything that begins as an address does, however malformed.

    Example:
        >>> without_credentials("no folder bolt:/ann:pa@ss@host:7687")
        'no folder bolt:/…@host:7687'
    """
    return _CREDENTIALS.sub(r"\1…@", text)


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


def apart_text(value: float, limit: float, digits: int = 6) -> str:
    """Return *value* in *digits* significant digits, or in as many more as tell on which side of *limit* it is.

    Example:
        >>> apart_text(0.123456789, 1), apart_text(1.00000001, 1), apart_text(1 + 2**-52, 1)
        ('0.123457', '1.00000001', '1.0000000000000002')
    """
    for count in range(digits, 17):
        text = f"{value:.{count}g}"
        if (float(text) > limit, float(text) < limit) == (value > limit, value < limit):
            return text
    return f"{value:.17g}"


def count_text(number: int, noun: str, plural: str = "") -> str:
    """Return a count with its noun; *plural* where it is not the noun and an s.

    Example:
        >>> count_text(1, "bond"), count_text(2_000, "bond"), count_text(2, "person", "people")
        ('1 bond', '2,000 bonds', '2 people')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
