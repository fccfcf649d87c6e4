"""A mapping and the header of one file: which column each field is read from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa

from influence_graph.errors import InputError, UnreadableFile
from influence_graph.ingest.detect import listed
from influence_graph.ingest.header import field_name
from influence_graph.ingest.mapping.mapping import Mapping, Rule
from influence_graph.ingest.mapping.rules import nearest_columns
from influence_graph.ingest.values.checks import check_notation
from influence_graph.ingest.values.columns import parse_column
from influence_graph.ingest.values.notation import PLAIN, Notation
from influence_graph.model.records import Field, FieldType, RecordKind
from influence_graph.text import did_you_mean

_TEXTS = (FieldType.ID, FieldType.IDS, FieldType.TEXT, FieldType.CHOICE)
_BY_PERMISSION = (FieldType.TIME, FieldType.DATE, *_TEXTS, FieldType.NUMBER, FieldType.INTEGER, FieldType.TRUTH)


@dataclass(frozen=True)
class Bound:
    """A mapping whose columns are those of one file, named as they are written there.

    Attributes:
        kind: Kind of the records.
        rules: Rule by name of field.
        skip: Rows to leave out, as in :class:`Mapping`.
        wanted: The columns to read, each with the field that says what its values may be.
        ignored: Names of the columns that no rule reads.
        notations: How the columns of fields are written, by field; plain ones are left out.
        shown: What rejects call the column of a field, by field.
    """

    kind: RecordKind
    rules: Map[str, Rule]
    skip: Map[str, tuple[str, ...]]
    wanted: Map[str, Field]
    ignored: tuple[str, ...]
    notations: Map[str, Notation]
    shown: Map[str, str]

    @property
    def used(self) -> list[str]:
        """The columns that fields are made of."""
        return list(dict.fromkeys(column for rule in self.rules.values() for column in rule.columns))


def identity(kind: RecordKind, names: Sequence[str]) -> Mapping:
    """Return the mapping by which each of the columns *names* is the field of its name, if there is one."""
    fields = {field_name(name): Rule(columns=(name,)) for name in names if field_name(name) in kind.by_name}
    return Mapping(kind=kind.name, fields=fields)


def with_decimal(mapping: Mapping, kind: RecordKind, decimal: str) -> Mapping:
    """Return *mapping* with numbers written with *decimal*, where it does not say how they are."""

    def changed(name: str, rule: Rule) -> Rule:
        field = kind.by_name.get(name)
        if (
            field is None
            or field.type not in (FieldType.NUMBER, FieldType.INTEGER)
            or not rule.columns
            or rule.notation.decimal
        ):
            return rule
        return replace(rule, notation=replace(rule.notation, decimal=decimal))

    return replace(mapping, fields={name: changed(name, rule) for name, rule in mapping.fields.items()})


def bind(mapping: Mapping, kind: RecordKind, names: Sequence[str], path: Path, zone: ZoneInfo | None = None) -> Bound:
    """Return *mapping* with the columns of the file *path*, whose columns are *names*.

    Raises:
        UnreadableFile: the file lacks a column.
        InputError: the mapping does not fit the kind, or a constant is no value of its field.
    """
    written = {field_name(name): name for name in reversed(names)}
    rules = {name: _with_columns(rule, written, path) for name, rule in mapping.fields.items()}
    skip = {_column(column, written, path): values for column, values in mapping.skip.items()}
    for name, rule in rules.items():
        _check(name, rule, kind, zone, path)
    if any(rule.digest for rule in rules.values()) and not any(rule.columns for rule in rules.values()):
        raise InputError("the digest has no column to be made of", remedy="map another field to a column")
    users: dict[str, list[Field]] = {column: [] for column in skip}
    for name, rule in rules.items():
        for column in rule.columns:
            users.setdefault(column, []).append(_hint(kind.by_name[name], rule))
    return Bound(
        kind=kind,
        rules=rules,
        skip=skip,
        wanted={name: _permissive(users[name]) for name in names if name in users},
        ignored=tuple(name for name in dict.fromkeys(names) if name and name not in users),
        notations={name: rule.notation for name, rule in rules.items() if rule.notation != PLAIN},
        shown={name: _shown(name, rule) for name, rule in rules.items()},
    )


def require_fields(mapping: Mapping, kind: RecordKind, names: Sequence[str], path: Path) -> None:
    """Refuse a mapping that leaves out a required field, or one that the user must state.

    Raises:
        InputError: it does.
    """
    for name, question in mapping.ask.items():
        if name not in mapping.fields:
            raise InputError(
                f"{path}: {mapping.name or 'the mapping'} needs {question}", remedy=f"state it: --set {name}=…"
            )
    missing = [name for name in kind.required if name not in mapping.fields]
    if missing:
        first = missing[0]
        made = f", or --map {first}=digest: an id made of the row" if first == "event_id" else ""
        raise UnreadableFile(
            f"{path}: {', '.join(missing)}, required of {kind.name}, has no column; it has {listed(names)}",
            remedy=f"--map {first}=COLUMN, or --set {first}=TEXT for all rows{made}",
        )


def _with_columns(rule: Rule, written: Map[str, str], path: Path) -> Rule:
    return replace(rule, columns=tuple(_column(column, written, path) for column in rule.columns))


def _column(column: str, written: Map[str, str], path: Path) -> str:
    """Return the name that *column* has in the file; *written* gives it by what columns are called."""
    found = written.get(field_name(column))
    if found is None:
        names = list(written.values())[::-1]
        raise UnreadableFile(f"{path} has no column {column!r}", remedy=nearest_columns(column, names))
    return found


def _check(name: str, rule: Rule, kind: RecordKind, zone: ZoneInfo | None, path: Path) -> None:
    """Refuse a rule that its field cannot have."""
    if name not in kind.by_name:
        remedy = did_you_mean(name, kind.names, f"its fields are {', '.join(kind.names)}")
        raise InputError(f"{path}: {kind.name} have no field {name!r}", remedy=remedy)
    field = kind.by_name[name]
    repeated = [column for column, count in Counter(rule.columns).items() if count > 1]
    if repeated:
        raise InputError(f"{name} names the column {repeated[0]!r} twice", remedy="name it once")
    joined = () if rule.digest else (FieldType.TIME,)  # a day and a time of day
    if (rule.digest or len(rule.columns) > 1) and field.type not in (FieldType.ID, FieldType.TEXT, *joined):
        how = "a digest" if rule.digest else "several columns"
        raise InputError(f"{name} is {field.type.value} and cannot be {how}", remedy="name one column")
    check_notation(rule.notation, field)
    if rule.constant is not None:
        _check_constant(rule.constant, field, zone)


def _check_constant(text: str, field: Field, zone: ZoneInfo | None) -> None:
    parsed = parse_column(pa.array([text.encode()]), field, zone)
    for fault in parsed.faults.values():
        remedy = fault.remedy or f"set {field.name} to another value"
        raise InputError(f"{field.name}={text}: {fault.value!r} {fault.reason}", remedy=remedy)
    if field.required and parsed.values.null_count:
        raise InputError(f"{field.name} is empty, and it is required", remedy=f"--set {field.name}=TEXT")


def _hint(field: Field, rule: Rule) -> Field:
    """Return the field that says what the values of the column may be before they are made into *field*."""
    if rule.notation.values or len(rule.columns) > 1:
        return replace(field, type=FieldType.TEXT)
    return replace(field, type=FieldType.INTEGER) if rule.notation.unit else field


def _permissive(users: Sequence[Field]) -> Field:
    """Return the field that takes the most of those that one column serves; text for none."""
    if not users:
        return Field("", FieldType.TEXT)
    return min(users, key=lambda field: _BY_PERMISSION.index(field.type))


def _shown(name: str, rule: Rule) -> str:
    return " + ".join(rule.columns) or name
