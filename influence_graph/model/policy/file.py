"""Policies as TOML files that people write: :func:`load_policy` and :func:`dump_policy`.

The documented default, with every key there is, is ``policy.toml`` beside this file, a template whose
values :func:`dump_policy` fills in. What a file leaves out keeps its default.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib import resources
from pathlib import Path
from string import Template
from typing import Any

from influence_graph.errors import InputError
from influence_graph.model.policy.policy import AUTO, OUTCOMES, FusionPolicy
from influence_graph.model.records import TOUCHPOINTS
from influence_graph.model.toml_file import TomlText, read_toml, toml_text
from influence_graph.model.toml_lines import KeyPath
from influence_graph.model.touchpoints import TouchpointTable

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
    reader = _Reader(read_toml(path, "policy", "`influence-graph policy show > policy.toml`"), str(path))
    content = reader.content("`influence-graph policy show`")
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


class _Reader(TomlText):
    """Puts the keys of one file into a policy, one by one, so that each error names its line."""

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


def _table(name: str, row: Mapping[str, float]) -> str:
    return "\n".join([f"[{name}]", *(f"{touchpoint} = {_toml(row[touchpoint])}" for touchpoint in TOUCHPOINTS)])


def _toml(value: str | float | None) -> str:
    if value is None:
        return _toml(AUTO)
    if isinstance(value, str):
        return toml_text(value)
    return repr(float(value))
