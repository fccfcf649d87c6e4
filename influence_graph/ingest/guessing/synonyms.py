"""What people call the fields of records: ``synonyms.toml``, read once."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NO_WORD = re.compile(r"[^a-z0-9#]+")
_AT_END = re.compile(r"\s*[\(\[][^()\[\]]*[\)\]]\s*$")


@dataclass(frozen=True)
class Sign:
    """Column names that say what the rows of a file are.

    Attributes:
        names: The names, as :func:`name_key` gives them.
        kind: Kind of interaction that the rows are, or "".
        prefix: Put before ids that are digits alone, so that those of two files differ.
        at: Names of the columns that then hold when a row happened, the best first.
        values: Values of such a column that say that a row may not count, in lower case.
    """

    names: frozenset[str]
    kind: str = ""
    prefix: str = ""
    at: tuple[str, ...] = ()
    values: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Synonyms:
    """The whole table.

    Attributes:
        fields: By kind of record and field: the names, the best first.
        signs: By name of the sign.
        scales: Ends of the scale of a rating, by name of the column.
        phrases: The name that a question of a survey stands for, by a part of it.
        sentiments: The valence of a word.
    """

    fields: Mapping[str, Mapping[str, tuple[str, ...]]]
    signs: Mapping[str, Sign]
    scales: Mapping[str, tuple[float, float]]
    phrases: Mapping[str, str]
    sentiments: Mapping[str, float]

    def keys(self, column: str) -> tuple[str, ...]:
        """Return what *column* may be listed as, the nearest to its name first."""
        key = name_key(column)
        meant = (name for part, name in self.phrases.items() if part in key)
        return (key, name_key(without_note(column)), *meant)

    def place(self, kind: str, field: str, column: str) -> int | None:
        """Return how far down the names of *field* the name *column* stands, from 0; None: it does not."""
        listed = self.fields[kind].get(field, ())
        return next((listed.index(key) for key in self.keys(column) if key in listed), None)

    def has(self, sign: str, column: str) -> bool:
        """Return whether *column* is one of the names of *sign*."""
        return any(key in self.signs[sign].names for key in self.keys(column))

    def scale(self, column: str) -> tuple[float, float] | None:
        """Return the ends of the scale of ratings in *column*; None where its name does not say."""
        return next((self.scales[key] for key in self.keys(column) if key in self.scales), None)


@lru_cache(maxsize=1 << 17)  # each name is looked up in every list of synonyms
def name_key(name: str) -> str:
    """Return a column name in lower case, without accents, with one blank between its words.

    Example:
        >>> [name_key(name) for name in ("createdAt", "Created-At", "Prénom", "customer_ID ")]
        ['created at', 'created at', 'prenom', 'customer id']
    """
    plain = unicodedata.normalize("NFKD", _CASE.sub(" ", name)).casefold()
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return _NO_WORD.sub(" ", plain).strip()


def without_note(name: str) -> str:
    """Return a column name without what stands in parentheses at its end.

    Example:
        >>> without_note("Created (UTC)")
        'Created'
    """
    return _AT_END.sub("", name)


@cache
def synonyms() -> Synonyms:
    """Return the table of this version."""
    text = resources.files(__package__).joinpath("synonyms.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    signs = {name: _sign(**sign) for name, sign in table.pop("signs").items()}
    scales = {name: (float(low), float(high)) for name, (low, high) in table.pop("scales").items()}
    phrases = dict(table.pop("phrases"))
    sentiments = {word: float(valence) for word, valence in table.pop("sentiments").items()}
    fields = {kind: {field: tuple(names) for field, names in of.items()} for kind, of in table.items()}
    return Synonyms(fields, signs, scales, phrases, sentiments)


def _sign(*, names: list[str], at: Iterable[str] = (), values: Iterable[str] = (), **texts: str) -> Sign:
    return Sign(frozenset(names), at=tuple(at), values=frozenset(values), **texts)
