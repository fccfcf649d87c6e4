"""A touchpoint table as the TOML file that people read, change and give back."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import asdict
from importlib import resources
from typing import Any

from influence_graph.model.touchpoints import KindRule, TouchpointTable

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_OWN = "# -- Of this table alone -----------------------------------------------------------------------"


def dump_table(table: TouchpointTable) -> str:
    """Return *table* as a complete file, in the form of the built-in one and with its comments.

    ``TouchpointTable.load`` gives the same table back. A line that differs from the built-in one ends in a comment.
    """
    built_in = TouchpointTable.load()
    text = resources.files(__package__).joinpath("touchpoints.toml").read_text("utf-8")
    head, body = text.split("\n[default]", 1)
    default, lines = body.split("\n[kinds]\n", 1)
    if table.default != built_in.default:
        keys = (f"{key} = {_value(value)}" for key, value in asdict(table.default).items())
        default = "\n".join([default.splitlines()[0], *keys, ""])
    known = [_line(line, table, built_in) for line in lines.splitlines()]
    own = [_written(kind, rule, table) for kind, rule in table.kinds.items() if kind not in built_in.kinds]
    more = ["", _OWN, *own] if own else []
    kept = [line for line in (*known, *more) if line is not None]
    return "\n".join([f"{head}\n[default]{default}\n[kinds]", *kept]).rstrip() + "\n"


def dump_changes(table: TouchpointTable) -> str:
    """Return *table* as a file with only what is not as built in; ``TouchpointTable.load`` gives the same table back.

    Kinds of the built-in table that *table* lacks cannot be left out by a file: they are as built in again.
    """
    changes = table.changes()
    default = [f"{key} = {_value(value)}" for key, value in asdict(table.default).items()] if "" in changes else []
    lines = [_written(kind, own, table) for kind, (_, own) in changes.items() if kind and own is not None]
    parts = (["[default]", *default] if default else []) + (["[kinds]", *lines] if lines else [])
    return "\n".join(parts) + "\n"


def _line(line: str, table: TouchpointTable, built_in: TouchpointTable) -> str | None:
    """Return *line* of the built-in file as it is in *table*, None where that has no such kind."""
    if not line or line.startswith("#"):
        return line
    ((kind, keys),) = tomllib.loads(line).items()
    if kind not in table.kinds:
        return None
    rule = table.kinds[kind]
    if KindRule(**{**asdict(table.default), **keys}) == rule:
        return line
    changed = "" if rule == built_in.kinds[kind] else "  # changed"
    return _written(kind, rule, table) + changed


def _written(kind: str, rule: KindRule, table: TouchpointTable) -> str:
    """Return the line of *kind*, with the keys that are not those of the default."""
    default = asdict(table.default)
    keys = {key: value for key, value in asdict(rule).items() if value != default[key]}
    name = kind if _BARE.fullmatch(kind) else json.dumps(kind, ensure_ascii=False)
    inside = ", ".join(f"{key} = {_value(value)}" for key, value in keys.items())
    return f"{name} = {{ {inside} }}" if inside else f"{name} = {{}}"


def _value(value: Any) -> str:  # noqa: ANN401 - text or number
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(float(value))
