"""Where a statement ends, and which lines are whole by themselves."""

from __future__ import annotations

import re
import shlex
from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from influence_graph.errors import InputError

CYPHER = "Cypher"
_SINGLE, _DOUBLE = r"'(?:\\.|[^'\\])*(?:'|\\?\Z)", r'"(?:\\.|[^"\\])*(?:"|\\?\Z)'
_BLOCK = r"/\*.*?(?:\*/|\Z)"
_TOKENS = {
    True: re.compile(rf"{_SINGLE}|{_DOUBLE}|`[^`]*(?:`|\Z)|(?P<comment>//[^\n]*|{_BLOCK})|(?P<end>;)", re.DOTALL),
    False: re.compile(rf"'[^']*(?:'|\Z)|\"[^\"]*(?:\"|\Z)|(?P<comment>--[^\n]*|{_BLOCK})|(?P<end>;)", re.DOTALL),
}
"""Quoted texts and comments, in which ; ends nothing, and the ; that ends: of Cypher (true) and of SQL."""


@dataclass(frozen=True)
class Asked:
    """A line that asks a question of the catalogue.

    Attributes:
        name: Of the question.
        given: Texts by the names of parameters.
    """

    name: str
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Statements:
    """How statements of a store's language are told apart.

    Attributes:
        language: "Cypher" or "SQL".
        questions: Names of the catalogue's questions.
    """

    language: str
    questions: Container[str]

    def split(self, text: str) -> tuple[list[str], str]:
        """Return the complete statements of *text* without their ``;``, and what is left after them.

        A ``;`` ends a statement, outside of quotes and comments; the end of its line ends a line that begins with
        ``:`` or asks a question by its name.
        """
        done: list[str] = []
        rest = self._begun(text)
        while rest:
            line, newline, after = rest.partition("\n")
            if newline and self.is_line(line):
                done.append(line.strip().removesuffix(";").rstrip())
                rest = self._begun(after)
                continue
            end = self._end(rest)
            if end is None:
                break
            done.append(rest[:end].strip())
            rest = self._begun(rest[end + 1 :])
        return done, rest

    def is_line(self, line: str) -> bool:
        """Return whether *line* is whole by itself."""
        return line.startswith(":") or self.asked(line) is not None

    def asked(self, line: str) -> Asked | None:
        """Return the question that *line* asks: a name of the catalogue, then only ``NAME=VALUE``; else None."""
        name, *items = words_of(line.strip().removesuffix(";")) or [""]
        if name not in self.questions or not all(re.match(r"\w+=", item) for item in items):
            return None
        return Asked(name, given_in(items))

    def _begun(self, text: str) -> str:
        """Return *text* from where its first statement begins: after blanks, comments and lone ``;``."""
        tokens, start = _TOKENS[self.language == CYPHER], 0
        while True:
            start += len(text[start:]) - len(text[start:].lstrip())
            match = tokens.match(text, start)
            if match is None or not (match["comment"] or match["end"]):
                return text[start:]
            start = match.end()

    def _end(self, text: str) -> int | None:
        tokens = _TOKENS[self.language == CYPHER].finditer(text)
        return next((match.start() for match in tokens if match["end"]), None)


def words_of(line: str) -> list[str]:
    """Return the words of *line*, which may stand in quotes; an apostrophe alone is one of its word."""
    try:
        return shlex.split(line)
    except ValueError:
        return line.split()


def given_in(items: list[str]) -> dict[str, str]:
    """Return the values by name of *items*, each ``NAME=VALUE``.

    Raises:
        InputError: one is not.
    """
    for item in items:
        if not re.match(r"\w+=", item):
            raise InputError(
                f"{item!r} is not NAME=VALUE", remedy="such as brand=sweater; `:show NAME` tells the names"
            )
    return dict(item.split("=", 1) for item in items)
