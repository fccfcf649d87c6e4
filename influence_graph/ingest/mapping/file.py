"""Mappings as TOML files that people write and use again: :func:`load_mapping` and :func:`dump_mapping`.

::

    kind = "interactions"
    timezone = "Europe/Berlin"

    [fields]
    consumer = "Email"
    at = {column = "Created at", format = "%d/%m/%Y"}
    kind = {constant = "support ticket"}
    event_id = {columns = ["Order", "Line"], prefix = "shop-"}
    valence = {column = "NPS", scale = [0, 10]}
    value = {column = "Total", decimal = ","}
    touchpoint = {column = "Reason", values = {late = "expediting"}}

    [skip]
    "Created at" = [""]

    [ask]
    brand = "the brand of this shop"

    [layout]
    encoding = "cp1252"
    delimiter = ";"
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as Map
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from influence_graph.errors import InfluenceGraphError
from influence_graph.ingest.layout import Layout
from influence_graph.ingest.mapping.mapping import Mapping, Rule
from influence_graph.ingest.values.checks import check_notation
from influence_graph.ingest.values.notation import Notation
from influence_graph.model.records import KINDS, RecordKind, record_kind
from influence_graph.model.times import zone_named
from influence_graph.model.toml_file import TomlText, read_toml, toml_text
from influence_graph.model.toml_lines import KeyPath

_TEXTS = ("kind", "name", "about", "source", "timezone")
_TABLES = ("fields", "skip", "ask", "layout")
_MADE_OF = ("column", "columns", "constant", "digest")
_NOTATION = tuple(each.name for each in fields(Notation))
_LAYOUT = {each.name: each.default for each in fields(Layout)}
_FORM = "`influence-graph inspect FILE`"
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def load_mapping(path: Path) -> Mapping:
    """Return the mapping in the TOML file *path*, whose form is that of this module's docstring.

    Raises:
        UnreadableFile: *path* cannot be read, or is not TOML.
        InputError: A key is unknown or a value wrong; the message begins ``FILE:LINE``.
    """
    return parse_mapping(read_toml(path, "mapping", _FORM), str(path))


def parse_mapping(text: str, file: str) -> Mapping:
    """Return the mapping in *text*, which errors call *file*; see :func:`load_mapping`."""
    reader = _Reader(text, file)
    return reader.mapping(reader.content(_FORM))


def dump_mapping(mapping: Mapping, comments: Map[str, str] | None = None) -> str:
    """Return *mapping* as a TOML file; :func:`load_mapping` gives it back exactly.

    Args:
        mapping: What is written.
        comments: By field, what stands above its line; by "", what stands at the top. Several lines are possible.
    """
    return "\n".join(_lines(mapping, comments or {})).strip("\n") + "\n"


class _Reader(TomlText):
    """Reads the keys of one file, one by one, so that each error names its line."""

    def mapping(self, content: Map[str, Any]) -> Mapping:
        self.known((), content, (*_TEXTS, "header", *_TABLES))
        texts = {name: self.text_of((name,), content[name]) for name in _TEXTS if name in content}
        if "kind" not in texts:
            raise self.refused((), "no kind of record is named", f"add kind = …, one of {', '.join(KINDS)}")
        kind = self.checked(("kind",), lambda: record_kind(texts["kind"]))
        if texts.get("timezone"):
            self.checked(("timezone",), lambda: zone_named(texts["timezone"]))
        rules, ask = self.table(content, ("fields",)), self.table(content, ("ask",))
        skip = self.table(content, ("skip",))
        for path, given in ((("fields",), rules), (("ask",), ask)):
            self.known(path, given, kind.names)
        return Mapping(
            fields={name: self.rule(("fields", name), rule, kind) for name, rule in rules.items()},
            skip={name: self.texts_of(("skip", name), values) for name, values in skip.items()},
            ask={name: self.text_of(("ask", name), question) for name, question in ask.items()},
            layout=self.layout(self.table(content, ("layout",))),
            header=self.texts_of(("header",), content.get("header", [])),
            **texts,
        )

    def rule(self, path: tuple[str, str], given: object, kind: RecordKind) -> Rule:
        if isinstance(given, str):
            given = {"column": given}
        if not isinstance(given, Map):
            text = f"{path[1]} is {given!r}, must be the name of a column or a table"
            raise self.refused(path, text, f'write {path[1]} = "COLUMN" or {path[1]} = {{constant = "TEXT"}}')
        self.known(path, given, (*_MADE_OF, *_NOTATION))
        made_of = [name for name in _MADE_OF if name in given]
        if len(made_of) != 1:
            what = f"both {' and '.join(made_of)}" if made_of else "neither column nor constant"
            raise self.refused(path, f"{path[1]} has {what}", f"give it one of {', '.join(_MADE_OF)}")
        (name,) = made_of
        rule = self.made_of((*path, name), name, given[name])
        notation = self.notation(path, given)
        if not rule.columns and notation != Notation():
            raise self.refused(path, f"{path[1]} is a {name} and has no column to describe", "leave the rest out")
        self.checked(path, lambda: check_notation(notation, kind.by_name[path[1]]))
        return replace(rule, notation=notation)

    def made_of(self, path: KeyPath, name: str, value: object) -> Rule:
        if name == "digest":
            if value is not True:
                raise self.refused(path, f"digest is {value!r}", "write digest = true, or leave it out")
            return Rule(digest=True)
        if name == "constant":
            return Rule(constant=self.scalar_of(path, value))
        columns = (self.text_of(path, value),) if name == "column" else self.texts_of(path, value)
        if not columns or not all(columns):
            raise self.refused(path, f"{name} is empty", "name a column")
        return Rule(columns=columns)

    def notation(self, path: tuple[str, str], given: Map[str, Any]) -> Notation:
        stated: dict[str, Any] = {}
        for name in _NOTATION:
            if name not in given:
                continue
            at, value = (*path, name), given[name]
            if name == "scale":
                stated[name] = self.ends(at, value)
            elif name == "values":
                values = self.table({path[1]: given}, (path[1], name))
                stated[name] = {text: self.scalar_of((*at, text), stands) for text, stands in values.items()}
            else:
                stated[name] = self.text_of(at, value)
        return Notation(**stated)

    def ends(self, path: KeyPath, value: object) -> tuple[float, float]:
        numbers = [v for v in value if type(v) in (int, float)] if isinstance(value, list) else []
        if len(numbers) != 2 or not isinstance(value, list) or len(value) != 2:
            raise self.refused(path, f"scale is {value!r}, must be two numbers", "write for example scale = [0, 10]")
        return float(numbers[0]), float(numbers[1])

    def layout(self, given: Map[str, Any]) -> Layout:
        self.known(("layout",), given, _LAYOUT)
        stated: dict[str, Any] = {}
        for name, value in given.items():
            path = ("layout", name)
            if name == "header":
                if not isinstance(value, bool):
                    raise self.refused(path, f"header is {value!r}", "write true or false")
                stated[name] = value
            else:
                stated[name] = self.texts_of(path, value) if name == "columns" else self.text_of(path, value)
        return Layout(**stated)

    def text_of(self, path: KeyPath, value: object) -> str:
        if not isinstance(value, str):
            raise self.refused(path, f"{path[-1]} is {value!r}, must be text", "put it in quotes")
        return value

    def texts_of(self, path: KeyPath, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self.refused(path, f"{path[-1]} is {value!r}, must be a list of texts", 'write ["…", "…"]')
        return tuple(value)

    def scalar_of(self, path: KeyPath, value: object) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        if not isinstance(value, str | int | float):
            raise self.refused(path, f"{path[-1]} is {value!r}, must be text or a number", "put it in quotes")
        return str(value)

    def checked(self, path: KeyPath, check: Any) -> Any:  # noqa: ANN401 - what check returns
        try:
            return check()
        except InfluenceGraphError as error:
            raise self.refused(path, error.message, error.remedy) from error


def _lines(mapping: Mapping, comments: Map[str, str]) -> Iterator[str]:
    yield from _comment(comments.get("", ""))
    for name in _TEXTS:
        if value := getattr(mapping, name):
            yield f"{name} = {toml_text(value)}"
    if mapping.header:
        yield f"header = {_list(mapping.header)}"
    if mapping.layout != Layout():
        yield from ("", "[layout]")
        for name, default in _LAYOUT.items():
            value = getattr(mapping.layout, name)
            if value != default:
                yield f"{name} = {_value(value)}"
    if mapping.ask:
        yield from ("", "[ask]  # what --set must state")
        yield from (f"{name} = {toml_text(question)}" for name, question in mapping.ask.items())
    if mapping.skip:
        yield from ("", "[skip]  # rows with one of these values in the column are left out")
        yield from (f"{_key(column)} = {_list(values)}" for column, values in mapping.skip.items())
    yield from ("", "[fields]")
    for name, rule in mapping.fields.items():
        yield from _comment(comments.get(name, ""))
        yield f"{name} = {_rule_text(rule)}"


def _comment(text: str) -> list[str]:
    return [f"# {line}".rstrip() for line in text.splitlines()]


def _rule_text(rule: Rule) -> str:
    if rule.constant is not None:
        parts = {"constant": toml_text(rule.constant)}
    elif rule.digest:
        parts = {"digest": "true"}
    elif len(rule.columns) == 1:
        parts = {"column": toml_text(rule.columns[0])}
    else:
        parts = {"columns": _list(rule.columns)}
    for name in _NOTATION:
        value = getattr(rule.notation, name)
        if value not in ("", None) and value != {}:
            parts[name] = _value(value)
    if list(parts) == ["column"]:
        return parts["column"]
    return "{" + ", ".join(f"{name} = {text}" for name, text in parts.items()) + "}"


def _value(value: object) -> str:
    if isinstance(value, Map):
        return "{" + ", ".join(f"{_key(name)} = {toml_text(text)}" for name, text in value.items()) + "}"
    if isinstance(value, tuple):
        return _list(value) if all(isinstance(each, str) for each in value) else repr([float(v) for v in value])
    return str(value).lower() if isinstance(value, bool) else toml_text(str(value))


def _list(values: tuple[str, ...]) -> str:
    return f"[{', '.join(map(toml_text, values))}]"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else toml_text(name)
