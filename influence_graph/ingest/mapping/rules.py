"""Mappings on the command line: ``--map FIELD=COLUMN [rule words]`` and ``--set FIELD=TEXT``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from influence_graph.errors import InputError
from influence_graph.ingest.detect import listed
from influence_graph.ingest.header import field_name
from influence_graph.ingest.mapping.mapping import Rule
from influence_graph.ingest.values.notation import Notation
from influence_graph.model.records import KINDS, RecordKind
from influence_graph.text import did_you_mean, nearest

DIGEST = "digest"
_WORDS = {
    "format": "format",
    "unit": "unit",
    "decimal": "decimal",
    "currency": "currency",
    "scale": "scale",
    "prefix": "prefix",
    "zone": "timezone",
}
_FIELDS = list(dict.fromkeys(name for kind in KINDS.values() for name in kind.names))


@dataclass(frozen=True)
class Changes:
    """What is stated on the command line, on top of the names of the columns or of a mapping.

    Attributes:
        maps: By field, the column and rule words: which part is the column is known once the header is.
        constants: By field, the value of every record.
    """

    maps: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.maps or self.constants)

    @property
    def fields(self) -> list[str]:
        """The fields that they give."""
        return [*self.maps, *self.constants]

    @property
    def columns(self) -> list[str]:
        """The columns that they seem to name, before a header is known."""
        return [_head(text.split()) for text in self.maps.values()]

    def rules(self, names: Sequence[str], file: str) -> dict[str, Rule]:
        """Return the rule of each field, for a file with the columns *names*.

        Raises:
            InputError: a column is missing, or a rule word is wrong.
        """
        by_name = {field_name(each): each for each in names if each}
        rules = {name: _rule(name, text, by_name, file) for name, text in self.maps.items()}
        return {**rules, **{name: Rule(constant=text) for name, text in self.constants.items()}}


def changes_of(maps: Iterable[str], constants: Iterable[str], kind: RecordKind | None = None) -> Changes:
    """Return the texts of ``--map`` and ``--set`` as changes of the fields of *kind*, by default those of all kinds.

    Raises:
        InputError: one has no ``=``, names no field, or gives a field again.

    Example:
        >>> changes_of(["at=Created at"], ["brand=acme"]).fields
        ['at', 'brand']
    """
    given: dict[str, str] = {}
    split: dict[str, dict[str, str]] = {"--map": {}, "--set": {}}
    for option, texts, right in (("--map", maps, "COLUMN"), ("--set", constants, "TEXT")):
        for text in texts:
            name, value = _split(option, text, right, _FIELDS if kind is None else kind.names)
            if name in given:
                raise InputError(f"{option} {text}: {name} is given by {given[name]} too", remedy="keep one of them")
            given[name] = f"{option} {text}"
            split[option][name] = value
    return Changes(split["--map"], split["--set"])


def _split(option: str, text: str, right: str, fields: Sequence[str]) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    name, value = field_name(name), value.strip()
    if not equals or not name or not value:
        raise InputError(f"{option} {text!r} is not FIELD={right}", remedy=f"write for example {_EXAMPLES[option]}")
    if name not in fields:
        remedy = did_you_mean(name, fields, f"fields are {', '.join(fields)}")
        raise InputError(f"{option} {text}: there is no field {name!r}", remedy=remedy)
    return name, value


_EXAMPLES = {"--map": '--map at="Created at"', "--set": '--set kind="support ticket"'}


def _rule(name: str, text: str, by_name: Mapping[str, str], file: str) -> Rule:
    """Return the rule that *text* states: ``COLUMN [+ COLUMN ...] [rule words]``, or ``digest``.

    *by_name* are the columns of the file, by what they are called.
    """
    option = f"--map {name}={text}"
    words = text.split()
    longest = max((name.count(" ") + 1 for name in by_name), default=0)
    columns: list[str] = []
    while not columns or words[:1] == ["+"]:
        words = words[1:] if columns else words
        taken = _taken(words, by_name, longest)
        if not taken and not columns and words == [DIGEST]:
            return Rule(digest=True)
        if not taken:
            remedy = nearest_columns(_head(words), list(by_name.values()))
            raise InputError(f"{option}: {_missing(_head(words), file)}", remedy=remedy)
        columns.append(by_name[field_name(" ".join(words[:taken]))])
        words = words[taken:]
    try:
        return Rule(columns=tuple(columns), notation=_notation(words))
    except InputError as error:
        raise InputError(f"{option}: {error.message}", remedy=error.remedy) from error


def _taken(words: Sequence[str], by_name: Mapping[str, str], longest: int) -> int:
    """Return how many of *words* are the name of a column: the longest one behind which a rule can stand.

    No name has more than *longest* words.
    """
    fitting = [n for n in range(min(len(words), longest), 0, -1) if field_name(" ".join(words[:n])) in by_name]
    followed = (n for n in fitting if n == len(words) or words[n] in _WORDS or words[n] == "+")
    return next(followed, fitting[0] if fitting else 0)


def _missing(column: str, file: str) -> str:
    return f"{file} has no column {column!r}"


def nearest_columns(column: str, names: Sequence[str]) -> str:
    """Return the remedy for a *column* that a file with the columns *names* lacks."""
    inside = [name for name in names if name and field_name(column) in field_name(name)]
    similar = list(dict.fromkeys([*nearest(field_name(column), names), *inside]))[:3]
    return f"did you mean {', '.join(map(repr, similar))}?" if similar else f"its columns are {listed(names)}"


def _head(words: Sequence[str]) -> str:
    """Return the words before the first rule word: the column that was meant."""
    end = next((at for at, word in enumerate(words) if at and (word in _WORDS or word == "+")), len(words))
    return " ".join(words[:end])


def _notation(words: Sequence[str]) -> Notation:
    stated: dict[str, Any] = {}
    starts = [at for at, word in enumerate(words) if word in _WORDS]
    if words and starts[:1] != [0]:
        remedy = did_you_mean(words[0], _WORDS, f"rule words are {', '.join(_WORDS)}; or the column has another name")
        raise InputError(f"{words[0]!r} is no rule word", remedy=remedy)
    for start, end in pairwise([*starts, len(words)]):
        word, value = words[start], " ".join(words[start + 1 : end])
        if not value or _WORDS[word] in stated:
            raise InputError(f"{word} needs one value", remedy=f"write for example {_SAMPLES[word]}")
        stated[_WORDS[word]] = _ends(value) if word == "scale" else value
    return replace(Notation(), **stated)


_SAMPLES = {
    "format": "format %d/%m/%Y",
    "unit": "unit ms",
    "decimal": "decimal ,",
    "currency": "currency EUR",
    "scale": "scale 0..10",
    "prefix": "prefix shop-",
    "zone": "zone Europe/Berlin",
}


def _ends(text: str) -> tuple[float, float]:
    low, _, high = text.replace(" ", "").partition("..")
    try:
        return float(low), float(high)
    except ValueError:
        raise InputError(f"scale {text!r} is not two numbers", remedy="write for example scale 0..10") from None
