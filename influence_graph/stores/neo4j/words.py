"""The words of a Cypher text as the server reads them: without comments, texts and names in quotes as one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BLANK = r"\t-\r\x1c-\x20\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_MARK = r"\u2010-\u2015\u2212\u27e8\u27e9\u3008\u3009\ufe58\ufe63-\ufe65\uff0d\uff1c\uff1e"  # dashes, heads of arrows
_SIGN = r"!-#%-/:-@\[-\^`{-~"  # of ASCII, without $, which a name may go on with
_PAIR_OR_ESCAPE = re.compile(r"\\\\|\\u([0-9a-fA-F]{4})")
_WORD = re.compile(
    rf"""
    (?P<blank>[{_BLANK}]+|//[^\n\r]*|/\*.*?(?:\*/|\Z))
    |(?P<text>'(?:\\.|[^'\\])*'?|"(?:\\.|[^"\\])*"?)
    |(?P<quoted>`(?:``|[^`])*`?)
    |(?P<name>[^0-9${_BLANK}{_MARK}{_SIGN}][^{_BLANK}{_MARK}{_SIGN}]*)
    |(?P<other>[0-9.]*[0-9][^{_BLANK}{_MARK}{_SIGN}]*|\.\.|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_BEFORE_PARENTHESIS = """
    ALL AND ANY ASSERT BY CALL CASE CONCURRENT CONTAINS CREATE DELETE DISTINCT EACH ELEMENTS ELSE FOR FOREACH FROM GROUP
    GROUPS IN INSERT IS LIMIT MATCH MERGE NOT OF OFFSET ON OR PATH PATHS REMOVE REQUIRE RETURN SET SHORTEST SKIP THEN
    TYPED UNWIND WHEN WHERE WITH XOR
    """  # words of the grammar; no plugin can give a function a name without a namespace


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
    """Return the words of *text*, its unicode escapes as they are.

    What is neither blank nor a sign belongs to a name, as on the server: currency signs, control characters and
    whatever has no width too. So a name that is not what it looks like is not one of those that it is compared with.
    """
    return [
        Word(match[0][1:].removesuffix("`").replace("``", "`") if kind == "quoted" else match[0], kind, match.end())
        for match in _WORD.finditer(text)
        if (kind := str(match.lastgroup)) != "blank"
    ]


def without_escapes(text: str) -> str:
    r"""Return *text* with the characters that its unicode escapes stand for, which may be quotes and letters too.

    As on the server a backslash behind another begins no escape: ``\\u0027`` stays as it is, ``\\\u0027`` does not.
    """
    return _PAIR_OR_ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else match[0], text)


def functions(found: list[Word]) -> Iterator[str]:
    """Yield the name of each function that is called in *found*: whatever stands before "(" and is nothing else."""
    for place, word in enumerate(found):
        if word.text != "(" or word.kind != "other" or place == 0:
            continue
        start = _start_of_name(found, place)
        name = "".join(each.text for each in found[start:place])
        if start < place - 1:
            if start == 0 or found[start - 1].keyword != "CALL":
                yield name
        elif found[start].is_name and found[start].keyword not in _BEFORE_PARENTHESIS.split():
            if not _is_hint(found, start):
                yield name
        elif found[start].text == ".":
            yield name


def procedures(found: list[Word]) -> Iterator[str]:
    """Yield the name of each procedure that is called in *found*; CALL may be the name of a property too."""
    for place, word in enumerate(found[:-1]):
        if word.keyword != "CALL" or not found[place + 1].is_name:
            continue
        end = place + 2
        while end + 1 < len(found) and found[end].text == "." and found[end + 1].is_name:
            end += 2
        first = found[place + 1]
        is_called = end < len(found) and found[end].text == "(" and first.keyword not in _BEFORE_PARENTHESIS.split()
        if is_called or end > place + 2 or first.kind == "quoted":
            yield "".join(each.text for each in found[place + 1 : end])


def _start_of_name(found: list[Word], end: int) -> int:
    """Return where the name, with dots or without, starts that stands before the word at *end*."""
    start = end - 1
    while start >= 1 and found[start].is_name and found[start - 1].text == ".":
        start -= 2 if start >= 2 and found[start - 2].is_name else 1
    return start


def _is_hint(found: list[Word], place: int) -> bool:
    """Return whether the name at *place* is the label in USING INDEX variable:Label(property)."""
    before = found[max(place - 4, 0) : place]
    if len(before) < 3 or before[-1].text != ":" or not before[-2].is_name:
        return False
    index = before[-3] if before[-3].keyword != "SEEK" else before[0]
    return index.keyword == "INDEX"
