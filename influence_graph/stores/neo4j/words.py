"""The words of a Cypher text as the server reads them: without comments, texts and names in quotes as one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ESCAPE = re.compile(r"\\u+([0-9a-fA-F]{4})")
_WORD = re.compile(
    r"""
    (?P<blank>\s+|//[^\n\r]*|/\*.*?(?:\*/|\Z))
    |(?P<text>'(?:\\.|[^'\\])*'?|"(?:\\.|[^"\\])*"?)
    |(?P<quoted>`(?:``|[^`])*`?)
    |(?P<name>[^\W\d]\w*)
    |(?P<other>[\d.]*\d\w*|.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Word:
    """A name, a text in quotes, a number or a sign.

    Attributes:
        text: As it is written; a name in backticks without them.
        kind: ``name``, ``quoted`` (a name in backticks), ``text`` or ``other``.
        end: Where it ends in the text given.
    """

    text: str
    kind: str
    end: int

    @property
    def keyword(self) -> str:
        """The word in capitals where it can be a keyword, else ""."""
        return self.text.upper() if self.kind == "name" else ""

    @property
    def is_name(self) -> bool:
        """Whether it names something."""
        return self.kind in ("name", "quoted")


def words(text: str) -> list[Word]:
    """Return the words of *text*, its unicode escapes as they are."""
    return [
        Word(match[0].strip("`").replace("``", "`") if kind == "quoted" else match[0], kind, match.end())
        for match in _WORD.finditer(text)
        if (kind := str(match.lastgroup)) != "blank"
    ]


def without_escapes(text: str) -> str:
    """Return *text* with the characters that its unicode escapes stand for, which may be quotes and letters too."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def calls(found: list[Word]) -> Iterator[str]:
    """Yield the names with dots in *found* that are called as functions; procedures, which follow CALL, are not."""
    for place, word in enumerate(found):
        if word.text != "(" or word.kind != "other":
            continue
        start = place - 1
        while start >= 2 and found[start].is_name and found[start - 1].text == ".":
            start -= 2
        if start >= place - 1 or (start >= 1 and found[start - 1].keyword == "CALL"):
            continue
        yield "".join(each.text for each in found[start:place])
