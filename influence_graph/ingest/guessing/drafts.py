"""How the columns of a file would become the records of one kind."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache

from influence_graph.ingest.guessing.asking import TIMEZONE, Choice, Question
from influence_graph.ingest.guessing.fits import MOST, Fit, fit_of, needs_zone
from influence_graph.ingest.guessing.sample import Sample
from influence_graph.ingest.guessing.spelled import notation_words
from influence_graph.ingest.guessing.synonyms import Sign, name_key, synonyms
from influence_graph.ingest.mapping.mapping import Mapping, Rule
from influence_graph.ingest.values.notation import PLAIN, Notation
from influence_graph.model.records import Field, FieldType, RecordKind

ONE_FOR_ALL = 10  # rows from which on a column with one value says nothing about who
_HALF = 0.5  # share of rows with a value that a column needs to be a required field
_CANDIDATES = 10  # columns with a name of the field whose values are tried
_UTC = re.compile(r"\b(utc|gmt)\b")
_DATE_ORDERS = {"%d": "day", "%m": "month", "%y": "year"}


@dataclass(frozen=True)
class Found:
    """What one field is made of, and how sure that is: ``name and values``, ``name``, ``values`` or ``rows``."""

    rule: Rule
    confidence: str


@dataclass
class Draft:
    """One kind of record made of a sample.

    Attributes:
        kind: The kind.
        sample: The file.
        found: Fields that have been found.
        asked: Questions so far.
        missing: Required fields that no column fills and that one answer for all rows does not give.
        skip: Values of columns whose rows are left out.
    """

    kind: RecordKind
    sample: Sample
    found: dict[str, Found] = field(default_factory=dict)
    asked: list[Question] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    skip: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def used(self) -> set[str]:
        """Columns that have become a field."""
        return {column for each in self.found.values() for column in each.rule.columns}

    def mapping(self) -> Mapping:
        """Return the draft as a mapping; what is asked is in ``ask``."""
        names = [each.name for each in self.kind.fields]
        fields = {name: self.found[name].rule for name in names if name in self.found}
        ask = {q.about: q.text for q in self.asked if q.about in names and q.about not in fields}
        return Mapping(kind=self.kind.name, fields=fields, ask=ask, skip=self.skip)


def candidates(draft: Draft, each: Field) -> list[tuple[str, Fit]]:
    """Return the unused columns that are called like the field and hold such values, the best first."""
    sample, kind = draft.sample, draft.kind.name
    placed = [(synonyms().place(kind, each.name, column), column) for column in sample.names]
    named = sorted((place, column) for place, column in placed if place is not None and column not in draft.used)
    fitting = [(column, fit_of(sample.columns[column], each)) for _, column in named[:_CANDIDATES]]
    least = _HALF if each.required else 0.0
    found = [(column, fit) for column, fit in fitting if fit is not None and sample.filled(column) >= least]
    return sorted(found, key=lambda pair: sample.filled(pair[0]) < MOST) if each.required else found


def take(draft: Draft, each: Field, column: str, fit: Fit | None, confidence: str) -> None:
    """Make the field of *column*; where its values can be read in two ways, ask which is meant."""
    notations = fit.notations if fit else (PLAIN,)
    rules = [Rule(columns=(column,), notation=_zoned(column, each, notation)) for notation in notations]
    draft.found[each.name] = Found(rules[0], confidence)
    if len(rules) > 1:
        seen = next(text for text in draft.sample.columns[column] if text.strip())
        how = "are written in two ways" if fit and fit.mixed else "can be read in two ways"
        draft.asked.append(
            Question(
                about=each.name,
                text=f"The values of {column!r}, such as {seen!r}, {how}: which is meant?",
                choices=tuple(Choice(label=_reading(rule.notation), rule=rule) for rule in rules),
                column=column,
                remedy=" or ".join(
                    f'--map {each.name}="{" ".join((column, *notation_words(rule.notation)))}"' for rule in rules[:2]
                ),
            )
        )


def _reading(notation: Notation) -> str:
    if notation.format:
        return f"{_order(notation.format)} ({notation.format})"
    if notation.unit:
        return f"number of {notation.unit} since 1970"
    mark = notation.decimal or "."
    return f"decimal {'comma' if mark == ',' else 'point'}: {'8,5' if mark == ',' else '8.5'} is eight and a half"


def _order(format_: str) -> str:
    seen = [
        _DATE_ORDERS[part]
        for part in re.findall(r"%[a-zA-Z]", format_.replace("%Y", "%y").replace("%b", "%m"))
        if part in _DATE_ORDERS
    ]
    return f"{seen[0]} first" if seen else format_


def _zoned(column: str, each: Field, notation: Notation) -> Notation:
    if each.type is FieldType.TIME and _UTC.search(name_key(column)) and not notation.unit:
        return replace(notation, timezone="UTC")
    return notation


def ask_zone(draft: Draft) -> None:
    """Ask for the zone of the first times that state none."""
    columns = draft.sample.columns
    for name, each in draft.found.items():
        parts = [columns[column] for column in each.rule.columns if column in columns]
        joined = [" ".join(of_row).strip() for of_row in zip(*parts, strict=True)]
        if needs_zone(joined, draft.kind.by_name[name], each.rule.notation):
            column = each.rule.columns[0]
            text = f"The times of {column!r} state no zone: where were they written?"
            draft.asked.append(
                Question(
                    about=TIMEZONE, text=text, free=True, column=column, remedy="--timezone ZONE, such as Europe/Berlin"
                )
            )
            return


def find(draft: Draft, each: Field) -> None:
    """Take the best column that is called like the field and holds such values, if there is one."""
    for column, fit in candidates(draft, each)[:1]:
        take(draft, each, column, fit, "name and values")


def named(draft: Draft, each: Field) -> list[str]:
    """Return the unused columns that are called like the field, the best first, whatever they hold."""
    sample, kind = draft.sample, draft.kind.name
    placed = [
        (synonyms().place(kind, each.name, column), column) for column in sample.names if column not in draft.used
    ]
    return [column for _, column in sorted((place, column) for place, column in placed if place is not None)]


def signs_of(sample: Sample) -> list[Sign]:
    """Return the signs that the rows are interactions of some kind, that of most columns first."""
    return list(_signs_of(sample.names))


@lru_cache(maxsize=8)
def _signs_of(names: tuple[str, ...]) -> list[Sign]:
    table = synonyms()
    named = {name: sum(table.has(name, column) for column in names) for name in table.signs}
    ordered = sorted(named, key=lambda name: -named[name])
    return [table.signs[name] for name in ordered if named[name] and table.signs[name].kind]
