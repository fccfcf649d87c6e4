"""Which column is which field, where more than a name and values that fit is needed to say so."""

from __future__ import annotations

import re
from collections.abc import Callable

from influence_graph.ingest.guessing.asking import REPEATS, SKIP, Choice, Question
from influence_graph.ingest.guessing.drafts import (
    ONE_FOR_ALL,
    Draft,
    Found,
    ask_zone,
    candidates,
    find,
    named,
    signs_of,
    take,
)
from influence_graph.ingest.guessing.fits import MOST, fit_of
from influence_graph.ingest.guessing.moments import find_at
from influence_graph.ingest.guessing.sample import Sample
from influence_graph.ingest.guessing.synonyms import synonyms
from influence_graph.ingest.guessing.worth import find_currency, find_valence, find_value
from influence_graph.ingest.mapping.mapping import Rule
from influence_graph.ingest.values.notation import Notation
from influence_graph.model.records import Field, RecordKind
from influence_graph.model.touchpoints import TouchpointTable

_REPEATED = 0.02  # share of ids that may occur again: a row that was exported twice
_MOST_KINDS = 50  # different kinds of interaction
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]{2,}")


def native_draft(kind: RecordKind, sample: Sample) -> Draft:
    """Return the draft of a record file: each field is the column of its name, however its values are written."""
    draft = Draft(kind, sample)
    for column in sample.names:
        each = kind.by_name.get(column.strip().lower())
        if each is not None and each.name not in draft.found:
            take(draft, each, column, fit_of(sample.columns[column], each), "name")
    if kind.name == "ties" and "kind" not in draft.found:
        _find_tie_kind(draft, kind.by_name["kind"])
    ask_zone(draft)
    return draft


def draft_of(kind: RecordKind, sample: Sample) -> Draft:
    """Return the draft of a file with names of its own."""
    draft = Draft(kind, sample)
    listed = synonyms().fields[kind.name]
    for each in sorted(kind.fields, key=lambda each: not each.required):
        if each.name in listed:
            _FINDERS.get((kind.name, each.name), _FINDERS.get(("", each.name), find))(draft, each)
    asked = {question.about for question in draft.asked}
    draft.missing += [name for name in kind.required if name not in draft.found and name not in asked]
    ask_zone(draft)
    if kind.name == "interactions":
        _ask_status(draft)
    return draft


def _find_event_id(draft: Draft, each: Field) -> None:
    """Take the first column of distinct ids; rows without one are known by all that they say."""
    sample = draft.sample
    for column, _ in candidates(draft, each):
        texts = sample.texts(column)
        repeated = len(texts) - len(set(texts))
        if repeated <= _REPEATED * len(texts) and sample.filled(column) >= MOST:
            digits = all(_DIGITS.fullmatch(text) for text in texts)
            prefix = next((sign.prefix for sign in signs_of(sample)), "") if digits else ""
            rule = Rule(columns=(column,), notation=Notation(prefix=prefix))
            draft.found[each.name] = Found(rule, "name and values")
            return
        if repeated and synonyms().has("repeats", column) and not draft.asked:
            _ask_repeats(draft, column, repeated)
    draft.found[each.name] = Found(Rule(digest=True), "rows")


def _ask_repeats(draft: Draft, column: str, repeated: int) -> None:
    draft.asked.append(
        Question(
            about=REPEATS,
            text=f"{column!r} comes again in {repeated:,} rows: is each row a record of its own, with its own value?",
            choices=(Choice(label="yes", value="yes"), Choice(label="no", value="no")),
            column=column,
            remedy=f"keep one row of each {column!r}",
        )
    )


def _find_consumer(draft: Draft, each: Field) -> None:
    """Take the first column of ids; names of people are taken only if the user says so."""
    sample = draft.sample
    named = candidates(draft, each)
    for column, fit in named:
        texts = sample.texts(column)
        if (len(texts) < ONE_FOR_ALL or len(set(texts)) > 1) and not _are_names(texts):
            take(draft, each, column, fit, "name and values")
            return
    called = {column for column, _ in named}
    names = [column for column in sample.names if synonyms().has("name", column) or column in called]
    names = [column for column in names if sample.filled(column) >= MOST]
    names = [column for column in names if column not in draft.used and fit_of(sample.columns[column], each)]
    if names:
        choices = tuple(Choice(label=f"column {name!r}", rule=Rule(columns=(name,))) for name in names)
        text = f"No column holds an id of people; {names[0]!r} holds names, and people of one name become one: use it?"
        remedy = f'--map consumer="{names[0]}"'
        draft.asked.append(Question(about=each.name, text=text, choices=choices, column=names[0], remedy=remedy))


def _are_names(texts: list[str]) -> bool:
    """Return whether most of *texts* are several words of letters, as names of people are."""
    return sum(len(_WORD.findall(text)) > 1 and "@" not in text and " " in text for text in texts) > len(texts) / 2


def _find_brand(draft: Draft, each: Field) -> None:
    """Take a column that is called brand; ask for the brand of all rows else."""
    find(draft, each)
    if each.name in draft.found:
        return
    sample = draft.sample
    maybe = [column for column in sample.names if synonyms().has("brand", column) and column not in draft.used]
    fitting = [column for column in maybe if sample.filled(column) >= MOST and fit_of(sample.columns[column], each)]
    columns = tuple(Choice(label=f"column {column!r}", rule=Rule(columns=(column,))) for column in fitting)
    also = f', or --map brand="{fitting[0]}"' if fitting else ""
    text = (
        "Which brand are all rows about?"
        if not columns
        else "Which brand are all rows about, or which column names it?"
    )
    draft.asked.append(
        Question(about=each.name, text=text, choices=columns, free=True, remedy=f"--set brand=BRAND{also}")
    )


def _find_kind(draft: Draft, each: Field) -> None:
    """Take a column that names kinds of event, or what the names of all columns say that the rows are."""
    table, signs = TouchpointTable.load(), signs_of(draft.sample)
    for column, fit in candidates(draft, each):
        kinds = set(draft.sample.texts(column))
        if len(kinds) <= _MOST_KINDS and (not signs or any(table.knows(kind) for kind in kinds)):
            take(draft, each, column, fit, "name and values")
            return
    if signs:
        draft.found[each.name] = Found(Rule(constant=signs[0].kind), "names of columns")
        return
    column = _column_of_kinds(draft)
    if column:
        take(draft, each, column, None, "values")
        return
    draft.asked.append(
        Question(
            about=each.name,
            text="What is each row: purchase, visit, review, complaint, follow, or another kind of interaction?",
            free=True,
            remedy="--set kind=KIND",
        )
    )


def _column_of_kinds(draft: Draft) -> str:
    """Return a column most of whose values are known kinds of interaction, or ""."""
    table = TouchpointTable.load()
    for column in draft.sample.names:
        texts = [] if column in draft.used else draft.sample.texts(column)
        if texts and sum(table.knows(text) for text in texts) >= MOST * len(texts):
            return column
    return ""


def _find_person(draft: Draft, each: Field) -> None:
    """Take the first column of ids that differ from row to row."""
    sample = draft.sample
    for column, fit in candidates(draft, each):
        texts = sample.texts(column)
        if sample.filled(column) >= MOST and len(texts) - len(set(texts)) <= _REPEATED * len(texts):
            take(draft, each, column, fit, "name and values")
            return


def _find_name(draft: Draft, each: Field) -> None:
    """Take a column of names, or those of first and last names together."""
    find(draft, each)
    sample, table = draft.sample, synonyms()
    parts = [next((name for name in sample.names if table.has(sign, name)), "") for sign in ("first_name", "last_name")]
    if each.name not in draft.found and all(parts):
        draft.found[each.name] = Found(Rule(columns=tuple(parts)), "name and values")


def _find_tie_kind(draft: Draft, each: Field) -> None:
    """Take a column of kinds of tie; Gephi writes there which ties go both ways."""
    gephi = {"directed": "follows", "undirected": "friend"}
    for column in named(draft, each):
        words = {text.casefold() for text in draft.sample.texts(column)}
        if words and words <= gephi.keys():
            values = {word: gephi[word] for word in sorted(words)}
            draft.found[each.name] = Found(Rule(columns=(column,), notation=Notation(values=values)), "values")
            return
    find(draft, each)


def _find_day(draft: Draft, each: Field) -> None:
    """Take a column of days, each of which comes once."""
    for column, fit in candidates(draft, each):
        texts = draft.sample.texts(column)
        keys = list(zip(*(draft.sample.columns[name] for name in _key_columns(draft, column)), strict=True))
        if texts and len(set(keys)) == len(keys):
            take(draft, each, column, fit, "name and values")
            return


def _key_columns(draft: Draft, day: str) -> list[str]:
    """Return the columns that tell rows of one day apart: those of brand and segment, if there are any."""
    brand = draft.found["brand"].rule.columns if "brand" in draft.found else ()
    segment = [name for name in draft.sample.names if synonyms().place("sales", "segment", name) is not None]
    return [day, *brand, *segment[:1]]


def _ask_status(draft: Draft) -> None:
    """Ask whether rows that failed, were cancelled or paid back count."""
    sign = synonyms().signs["status"]
    for column in draft.sample.names:
        found = sorted({text for text in draft.sample.texts(column) if text.casefold() in sign.values})
        if found and synonyms().has("status", column):
            shown = ", ".join(map(repr, found[:5]))
            choices = (Choice(label="yes", value="yes"), Choice(label="no", value="no"))
            text = f"Some rows have {shown} in {column!r}: leave them out?"
            remedy = f'write it into a mapping: [skip] "{column}" = [{shown}]'
            draft.asked.append(
                Question(about=SKIP, text=text, choices=choices, column=column, values=tuple(found), remedy=remedy)
            )


_FINDERS: dict[tuple[str, str], Callable[[Draft, Field], None]] = {
    ("interactions", "event_id"): _find_event_id,
    ("campaigns", "event_id"): _find_event_id,
    ("", "at"): find_at,
    ("", "consumer"): _find_consumer,
    ("", "brand"): _find_brand,
    ("interactions", "kind"): _find_kind,
    ("ties", "kind"): _find_tie_kind,
    ("interactions", "value"): find_value,
    ("", "valence"): find_valence,
    ("", "currency"): find_currency,
    ("people", "id"): _find_person,
    ("people", "name"): _find_name,
    ("brands", "id"): _find_person,
    ("sales", "date"): _find_day,
}
