"""Policies as TOML files that people write: :func:`load_policy` and :func:`dump_policy`.

The documented default, with every key there is, is ``policy.toml`` beside this file, a template whose
values :func:`dump_policy` fills in. What a file leaves out keeps its default.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from string import Template
from typing import Any

from influence_graph.errors import InputError, UnreadableFile
from influence_graph.model.policy.policy import AUTO, OUTCOMES, FusionPolicy
from influence_graph.model.policy.toml_lines import KeyPath, line_of
from influence_graph.model.records import TOUCHPOINTS
from influence_graph.model.touchpoints import TouchpointTable
from influence_graph.text import did_you_mean

MAX_BYTES = 1_000_000
_TOP = ("version", "outcome", "spillover", "link_half_life_days", "blame", "paid", "display_scale")
_DERIVED = ("loss_aversion", "curvature", "reach_saturation", "value_unit")
_TABLES = ("half_life_days", "derived", "weights", "rival")
_RIVAL = ("brands", "relation")


def load_policy(path: Path, table: TouchpointTable | None = None) -> FusionPolicy:
    """Return the policy of the TOML file *path*; what it leaves out keeps its default.

    Args:
        path: A file as :func:`dump_policy` writes it.
        table: What each kind of interaction means; default: the built-in table.

    Raises:
        UnreadableFile: *path* cannot be read, or is not TOML.
        InputError: A key is unknown or a value outside its limits; the message begins ``FILE:LINE``.
    """
    text = _read(path)
    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # tomllib lets int() complain of too many digits
        at = re.search(r"line (\d+)", str(error))
        line = at[1] if at else text.rstrip().count("\n") + 1
        remedy = "see `influence-graph policy show` for the form"
        raise UnreadableFile(f"{path}:{line}: not TOML: {error or 'too deeply nested'}", remedy=remedy) from error
    reader = _Reader(text, str(path))
    return reader.policy(content, FusionPolicy() if table is None else FusionPolicy(table=table))


def dump_policy(policy: FusionPolicy) -> str:
    """Return *policy* as a complete, commented TOML file; :func:`load_policy` gives it back exactly.

    The touchpoint table is a file of its own and not part of it.
    """
    days = policy.half_life_days
    half_lives = _table("half_life_days", days) if isinstance(days, Mapping) else f"half_life_days = {float(days)!r}"
    values = {name: _toml(getattr(policy, name)) for name in (*_TOP, *_DERIVED)}
    weights = "\n\n".join(_table(f"weights.{outcome}", policy.weights[outcome]) for outcome in OUTCOMES)
    rivals = "".join(
        f"\n[[rival]]\nbrands = [{_toml(one)}, {_toml(other)}]\nrelation = {_toml(relation)}\n"
        for (one, other), relation in sorted(policy.rivals.items())
    )
    form = resources.files(__package__).joinpath("policy.toml").read_text("utf-8")
    return Template(form).substitute(values, half_life_days=half_lives, weights=weights, rivals=rivals).rstrip() + "\n"


@dataclass(frozen=True)
class _Reader:
    """Puts the keys of one file into a policy, one by one, so that each error names its line."""

    text: str
    file: str

    def policy(self, content: Mapping[str, Any], policy: FusionPolicy) -> FusionPolicy:
        self.known((), content, (*_TOP, *_TABLES))
        for name in _TOP:
            if name in content:
                value = None if (name, content[name]) == ("display_scale", AUTO) else content[name]
                policy = self.changed(policy, (name,), **{name: value})
        policy = self.half_lives(content, policy)
        derived = self.table(content, ("derived",))
        self.known(("derived",), derived, _DERIVED)
        for name, value in derived.items():
            policy = self.changed(policy, ("derived", name), **{name: value})
        return self.rivals(content, self.weights(content, policy))

    def half_lives(self, content: Mapping[str, Any], policy: FusionPolicy) -> FusionPolicy:
        path = ("half_life_days",)
        given = content.get("half_life_days", {})
        if not isinstance(given, Mapping):
            return self.changed(policy, path, half_life_days=given)
        self.known(path, given, TOUCHPOINTS)
        for touchpoint, days in given.items():
            before = {name: policy.half_life(name) for name in TOUCHPOINTS}
            policy = self.changed(policy, (*path, touchpoint), half_life_days={**before, touchpoint: days})
        return policy

    def weights(self, content: Mapping[str, Any], policy: FusionPolicy) -> FusionPolicy:
        rows = self.table(content, ("weights",))
        self.known(("weights",), rows, OUTCOMES)
        for outcome in rows:
            row = self.table(content, ("weights", outcome))
            self.known(("weights", outcome), row, TOUCHPOINTS)
            for touchpoint, value in row.items():
                weights = {**policy.weights, outcome: {**policy.weights[outcome], touchpoint: value}}
                policy = self.changed(policy, ("weights", outcome, touchpoint), weights=weights)
        return policy

    def rivals(self, content: Mapping[str, Any], policy: FusionPolicy) -> FusionPolicy:
        blocks = content.get("rival", [])
        if not isinstance(blocks, list):
            raise self.refused(("rival",), "rival must be one block per pair", "write [[rival]], in double brackets")
        relations: dict[tuple[str, str], float] = {}
        for number, block in enumerate(blocks):
            for pair, relation in self.rival(("rival", number), block):
                if relations.setdefault(pair, relation) != relation:
                    named = " and ".join(map(repr, pair))
                    text = f"{named} have the relation {relation!r} here and {relations[pair]!r} above"
                    raise self.refused(("rival", number), text, "keep one of the two blocks")
        return replace(policy, rivals=relations)

    def rival(self, path: KeyPath, block: object) -> Iterator[tuple[tuple[str, str], float]]:
        if not isinstance(block, Mapping):
            raise self.refused(path, f"rival is {block!r}", "write [[rival]], in double brackets")
        self.known(path, block, _RIVAL)
        for name in _RIVAL:
            if name not in block:
                raise self.refused(path, f"this rival has no {name}", f"add a line {name} = …")
        brands = block["brands"]
        if not isinstance(brands, list) or not all(isinstance(brand, str) for brand in brands):
            text = f"brands is {brands!r}, must be a pair of brands"
            raise self.refused((*path, "brands"), text, 'write brands = ["this brand", "that brand"]')
        self.changed(FusionPolicy(), (*path, "brands"), rivals={tuple(brands): 0.0})
        policy = self.changed(FusionPolicy(), (*path, "relation"), rivals={tuple(brands): block["relation"]})
        yield from policy.rivals.items()

    def changed(self, policy: FusionPolicy, path: KeyPath, **change: Any) -> FusionPolicy:
        """Return *policy* with *change*, which is at *path* of the file."""
        try:
            return replace(policy, **change)
        except InputError as error:
            raise self.refused(path, error.message, error.remedy) from error

    def table(self, content: Mapping[str, Any], path: tuple[str, ...]) -> Mapping[str, Any]:
        value: Any = content
        for key in path:
            value = value.get(key, {})
        if isinstance(value, Mapping):
            return value
        raise self.refused(path, f"{'.'.join(path)} is {value!r}, must be a table", f"write [{'.'.join(path)}]")

    def known(self, path: KeyPath, given: Iterable[str], names: Iterable[str]) -> None:
        """Refuse a key that is not in *names*."""
        names = list(names)
        for key in given:
            if key not in names:
                where = ".".join(str(part) for part in (*path, key) if isinstance(part, str))
                remedy = did_you_mean(key, names, f"use {', '.join(names)}")
                raise self.refused((*path, key), f"unknown key {where}", remedy)

    def refused(self, path: KeyPath, message: str, remedy: str) -> InputError:
        return InputError(f"{self.file}:{line_of(self.text, path)}: {message}", remedy=remedy)


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        remedy = "name a TOML file that can be read, such as `influence-graph policy show > policy.toml` writes"
        raise UnreadableFile(f"cannot read the policy {path}: {error.strerror}", remedy=remedy) from error
    if len(data) > MAX_BYTES:
        raise UnreadableFile(f"{path} has more than {MAX_BYTES:,} bytes", remedy="a policy file is smaller: name it")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UnreadableFile(f"{path}:{line}: not UTF-8 text", remedy="save the file as UTF-8") from error


def _table(name: str, row: Mapping[str, float]) -> str:
    return "\n".join([f"[{name}]", *(f"{touchpoint} = {_toml(row[touchpoint])}" for touchpoint in TOUCHPOINTS)])


def _toml(value: str | float | None) -> str:
    if value is None:
        return _toml(AUTO)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(float(value))
