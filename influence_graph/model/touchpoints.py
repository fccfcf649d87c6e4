"""What a kind of interaction means: touchpoint, direction, weights, valence, the outcome it shows, the vote it is.

The built-in table is ``touchpoints.toml`` beside this file; a user's file replaces single lines of it. A record
keeps what it says itself; what it does not say is looked up here whenever it is read
(:mod:`influence_graph.analyses.interactions.meaning`).
"""

from __future__ import annotations

import hashlib
import json
import math
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

from influence_graph.errors import InputError
from influence_graph.model.display import short_line
from influence_graph.model.records import DIRECTIONS, RETRACTION, TOUCHPOINTS
from influence_graph.model.toml_file import TomlText, read_toml
from influence_graph.text import did_you_mean, one_line

OUTCOME_NAMES = ("recommend", "loyalty")
"""The two outcomes that a score can stand for."""
VOTES = ("feet", "wallet", "voice")
"""How a consumer votes for or against a brand: by coming and using, by paying, by speaking."""
FORMAT = 2
"""Of a table in a file or a store; 1 had no ``returned``, ``shows``, ``vote``, ``repeated``."""
_BUILT_IN = "touchpoints.toml"
_SHOWN = 3  # unknown kinds named in a line
NUMBERS = ("weight", "valence", "returned")
"""Keys of a rule that are numbers; the others are texts."""


@dataclass(frozen=True, slots=True)
class KindRule:
    """What one kind of interaction means.

    Attributes:
        touchpoint: One of ``TOUCHPOINTS``.
        direction: One of ``DIRECTIONS``: who gives to whom.
        weight: Strength ≥ 0 of what is given.
        valence: In [-1, 1]: how good it is for the bond.
        returned: Strength ≥ 0 of what the other side receives in the same event: the goods for the money, the
            attention for the free use. 0: nothing.
        shows: Outcome that the kind itself shows, one of :data:`OUTCOME_NAMES`, and for which it counts fully; or "".
        vote: One of :data:`VOTES`, or "" where the consumer does not vote by it.
        repeated: The kind that a consumer's interactions of this kind with a brand are from their second day on; or "".
    """

    touchpoint: str = "engagement"
    direction: str = "to_brand"
    weight: float = 1.0
    valence: float = 1.0
    returned: float = 0.0
    shows: str = ""
    vote: str = ""
    repeated: str = ""


@dataclass(frozen=True, repr=False)
class TouchpointTable:
    """The meaning of every kind.

    Attributes:
        kinds: Rules by :func:`kind_key`.
        default: Of interactions that name no kind. Kinds that are not listed are neutral: valence 0.

    Example:
        >>> TouchpointTable.load().rule("Live chat").touchpoint
        'executional_excellence'
    """

    kinds: Mapping[str, KindRule]
    default: KindRule = KindRule()

    @classmethod
    def load(cls, path: Path | None = None) -> TouchpointTable:
        """Return the built-in table, with the lines of the TOML file *path* in place of its own.

        Raises:
            UnreadableFile: *path* cannot be read as TOML.
            InputError: A table, key or value of *path* is not allowed.
        """
        built_in = _built_in()
        return built_in if path is None else _parse(_read(path), str(path), built_in)

    def rule(self, kind: str | None) -> KindRule:
        """Return what *kind* means; None means ``default``, an unknown kind the same with valence 0."""
        if kind is None:
            return self.default
        return self.kinds.get(kind_key(kind)) or replace(self.default, valence=0.0)

    def knows(self, kind: str) -> bool:
        """Return whether *kind* has its own line; case, surrounding spaces and hyphens are ignored."""
        return kind_key(kind) in self.kinds

    def unknown(self, counts: Mapping[str, int]) -> dict[str, int]:
        """Return those of *counts* by kind that have no line, the most frequent first; retractions need none."""
        missing = [(kind, n) for kind, n in counts.items() if kind and n and not self.knows(kind)]
        named = [pair for pair in missing if kind_key(pair[0]) != RETRACTION]
        return dict(sorted(named, key=lambda pair: (-pair[1], pair[0])))

    def to_dict(self) -> dict[str, Any]:
        """Return the table as plain values, for JSON."""
        return {
            "format": FORMAT,
            "default": asdict(self.default),
            "kinds": {kind: asdict(rule) for kind, rule in self.kinds.items()},
        }

    @classmethod
    def from_dict(cls, record: Mapping[str, Any], where: str = "the touchpoint table") -> TouchpointTable:
        """Return the table that :meth:`to_dict` gave, also after a round trip through JSON.

        Args:
            record: Its values; only the kinds in it are known.
            where: What messages call it.

        Raises:
            InputError: It was written by a newer version, or holds something that is not allowed.
        """
        return _parse(record, where, cls({}))

    def with_lines(
        self, lines: Mapping[str, Mapping[str, Any]], where: str = "the touchpoint table"
    ) -> TouchpointTable:
        """Return the table with *lines* (keys by kind; a key left out is that of the default) in place of its own.

        Raises:
            InputError: A key or value is not allowed; the message begins with *where*.
        """
        return _parse({"kinds": {kind: dict(keys) for kind, keys in lines.items()}}, where, self)

    def changes(self, base: TouchpointTable | None = None) -> dict[str, tuple[KindRule | None, KindRule | None]]:
        """Return each kind whose rule differs from that of *base* (default: the built-in table), with both rules.

        The interactions without a kind are ``""``; a rule is None where a table does not list the kind.
        """
        other = _built_in() if base is None else base
        pairs = {kind: (other.kinds.get(kind), self.kinds.get(kind)) for kind in sorted({*other.kinds, *self.kinds})}
        return {kind: pair for kind, pair in {"": (other.default, self.default), **pairs}.items() if pair[0] != pair[1]}

    def __repr__(self) -> str:
        return short_line("TouchpointTable", {"kinds": len(self.kinds), "digest": self.digest})

    @property
    def digest(self) -> str:
        """Hex digest of all rules, the same for equal tables."""
        text = json.dumps(self.to_dict(), sort_keys=True)
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def kind_key(kind: str) -> str:
    """Return *kind* as the table compares it: case folded, spaces and hyphens as underscores."""
    return kind.strip().casefold().replace("-", "_").replace(" ", "_")


def unknown_line(unknown: Mapping[str, int]) -> str:
    """Return in one line that the interactions of *unknown* kinds, the most frequent first, have no meaning yet.

    Example:
        >>> unknown_line({"support ticket": 300})[:66]
        "300 interactions of kind 'support ticket' have no meaning yet and "
    """
    total = sum(unknown.values())
    shown = [repr(one_line(kind, 40)) for kind in list(unknown)[:_SHOWN]]
    named = f"kind {shown[0]}" if len(unknown) == 1 else f"{len(unknown):,} kinds ({', '.join(shown)}"
    if len(unknown) > 1:
        named += ", …)" if len(unknown) > _SHOWN else ")"
    if total == 1:
        text = f"1 interaction of {named} has no meaning yet and counts 0 but for points or a valence of its own"
    else:
        text = (
            f"{total:,} interactions of {named} have no meaning yet and count 0 but for points or valences of their own"
        )
    return f"{text}; give {'it' if len(unknown) == 1 else 'them'} one: `influence-graph touchpoints set`"


_FORM = "`influence-graph touchpoints show -o table.toml`"


@cache
def _built_in() -> TouchpointTable:
    text = resources.files(__package__).joinpath(_BUILT_IN).read_text("utf-8")
    return _parse(tomllib.loads(text), _BUILT_IN, TouchpointTable({}))


def _read(path: Path) -> dict[str, Any]:
    return TomlText(read_toml(path, "touchpoint table", _FORM), str(path)).content(_FORM)


def _parse(content: Mapping[str, Any], file: str, base: TouchpointTable) -> TouchpointTable:
    _check_format(file, content.get("format", 1))
    for name in content:
        if name not in ("format", "default", "kinds"):
            remedy = "put kinds under [kinds]; the only other table is [default]"
            raise InputError(f"{file}: unknown table {name!r}", remedy=remedy)
    default = _rule(content.get("default", {}), f"{file}, default", base.default)
    kinds = content.get("kinds", {})
    if not isinstance(kinds, dict):
        raise InputError(f"{file}: kinds is {kinds!r}, must be a table", remedy="write [kinds] and one line per kind")
    named = _named(kinds, file, default)
    table = TouchpointTable(MappingProxyType({**base.kinds, **named}), default)
    for kind, rule in named.items():
        if rule.repeated and not table.knows(rule.repeated):
            remedy = did_you_mean(rule.repeated, table.kinds, "give that kind a line of its own")
            raise InputError(f"{file}, kind {kind!r}: repeated names the unknown kind {rule.repeated!r}", remedy=remedy)
    return table


def _check_format(file: str, given: object) -> None:
    if not isinstance(given, int) or isinstance(given, bool) or given < 1:
        raise InputError(f"{file}: format is {given!r}, must be a number from 1 to {FORMAT}", remedy="leave it out")
    if given > FORMAT:
        message = f"{file}: the table has format {given}, this version reads formats up to {FORMAT}"
        raise InputError(message, remedy="update influence-graph")


def _named(kinds: Mapping[str, Any], file: str, default: KindRule) -> dict[str, KindRule]:
    """Return the rules by kind, of which two spellings must not differ."""
    named: dict[str, KindRule] = {}
    spelled: dict[str, str] = {}
    for kind, keys in kinds.items():
        key, rule = kind_key(kind), _rule(keys, f"{file}, kind {kind!r}", default)
        if named.setdefault(key, rule) != rule:
            message = f"{file}: {spelled[key]!r} and {kind!r} are one kind, in two senses"
            raise InputError(message, remedy="keep one of the lines: case, spaces and hyphens make no difference")
        spelled[key] = kind
    return named


def _rule(keys: object, where: str, default: KindRule) -> KindRule:
    known = asdict(default)
    if not isinstance(keys, dict):
        raise InputError(f"{where}: {keys!r} is not a table", remedy=f"write {{ {', '.join(known)} }}")
    for key, value in keys.items():
        if key not in known:
            raise InputError(
                f"{where}: unknown key {key!r}", remedy=did_you_mean(key, known, f"use {', '.join(known)}")
            )
        _check(where, key, value)
        known[key] = float(value) if key in NUMBERS else kind_key(value) if key == "repeated" else value
    return KindRule(**known)


def _check(where: str, key: str, value: object) -> None:
    choices = _CHOICES.get(key)
    if choices is not None:
        if value not in choices:
            listed = ", ".join(choice or '""' for choice in choices)
            raise InputError(f"{where}: {key} is {value!r}", remedy=f"use one of {listed}")
        return
    if key == "repeated":
        if not isinstance(value, str):
            raise InputError(f"{where}: {key} is {value!r}, must be the name of a kind", remedy="put it in quotes")
        return
    low, high = (-1.0, 1.0) if key == "valence" else (0.0, math.inf)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not low <= float(str(value)) <= high or math.isinf(float(str(value))):
        limits = "from -1 to 1" if key == "valence" else "0 or more"
        raise InputError(
            f"{where}: {key} is {value!r}, must be {limits}", remedy="write a finite number in these limits"
        )


_CHOICES: Mapping[str, tuple[str, ...]] = {
    "touchpoint": TOUCHPOINTS,
    "direction": DIRECTIONS,
    "shows": ("", *OUTCOME_NAMES),
    "vote": ("", *VOTES),
}
