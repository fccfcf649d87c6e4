"""What a kind of interaction means: its touchpoint, direction, weight and valence.

The built-in table is ``touchpoints.toml`` beside this file; a user's file replaces single lines of it.
"""

from __future__ import annotations

import hashlib
import json
import math
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

from influence_graph.errors import InputError, UnreadableFile
from influence_graph.model.display import short_line
from influence_graph.model.records import DIRECTIONS, TOUCHPOINTS
from influence_graph.text import did_you_mean

_BUILT_IN = "touchpoints.toml"


@dataclass(frozen=True, slots=True)
class KindRule:
    """What one kind of interaction means; ``weight`` ≥ 0, ``valence`` in [-1, 1]."""

    touchpoint: str = "engagement"
    direction: str = "to_brand"
    weight: float = 1.0
    valence: float = 1.0


@dataclass(frozen=True, repr=False)
class TouchpointTable:
    """The meaning of every kind; kinds that are not listed take ``default``.

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
        """Return what *kind* means; None and unknown kinds mean ``default``."""
        return self.default if kind is None else self.kinds.get(kind_key(kind), self.default)

    def knows(self, kind: str) -> bool:
        """Return whether *kind* has its own line; case, surrounding spaces and hyphens are ignored."""
        return kind_key(kind) in self.kinds

    def to_dict(self) -> dict[str, Any]:
        """Return the table as plain values, for JSON."""
        return {"default": asdict(self.default), "kinds": {kind: asdict(rule) for kind, rule in self.kinds.items()}}

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


@cache
def _built_in() -> TouchpointTable:
    text = resources.files(__package__).joinpath(_BUILT_IN).read_text("utf-8")
    return _parse(tomllib.loads(text), _BUILT_IN, TouchpointTable({}))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        remedy = "name a TOML file that can be read"
        raise UnreadableFile(f"cannot read the touchpoint table {path}: {error.strerror}", remedy=remedy) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        remedy = "write one line per kind as in the built-in table"
        raise UnreadableFile(f"{path} is not TOML: {error}", remedy=remedy) from error


def _parse(content: Mapping[str, Any], file: str, base: TouchpointTable) -> TouchpointTable:
    for name in content:
        if name not in ("default", "kinds"):
            remedy = "put kinds under [kinds]; the only other table is [default]"
            raise InputError(f"{file}: unknown table {name!r}", remedy=remedy)
    default = _rule(content.get("default", {}), f"{file}, default", base.default)
    kinds = content.get("kinds", {})
    if not isinstance(kinds, dict):
        raise InputError(f"{file}: kinds is {kinds!r}, must be a table", remedy="write [kinds] and one line per kind")
    named = {kind_key(kind): _rule(keys, f"{file}, kind {kind!r}", default) for kind, keys in kinds.items()}
    return TouchpointTable(MappingProxyType({**base.kinds, **named}), default)


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
        known[key] = float(value) if key in ("weight", "valence") else value
    return KindRule(**known)


def _check(where: str, key: str, value: object) -> None:
    choices = {"touchpoint": TOUCHPOINTS, "direction": DIRECTIONS}.get(key)
    if choices is not None:
        if value not in choices:
            raise InputError(f"{where}: {key} is {value!r}", remedy=f"use one of {', '.join(choices)}")
        return
    low, high = (-1.0, 1.0) if key == "valence" else (0.0, math.inf)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not low <= float(str(value)) <= high or math.isinf(float(str(value))):
        limits = "from -1 to 1" if key == "valence" else "0 or more"
        raise InputError(
            f"{where}: {key} is {value!r}, must be {limits}", remedy="write a finite number in these limits"
        )
