"""Which column is which field, where more than a name and values that fit is needed to say so."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from influence_graph.ingest.mapping.asking import REPEATS, SKIP, Choice, Question
from influence_graph.ingest.mapping.drafts import Draft, Found, ask_zone, candidates, take
from influence_graph.ingest.mapping.fits import MOST, Fit, fit_of
from influence_graph.ingest.mapping.mapping import Rule
from influence_graph.ingest.mapping.sample import Sample
from influence_graph.ingest.mapping.spelled import quoted
from influence_graph.ingest.mapping.synonyms import Sign, synonyms
from influence_graph.ingest.values.notation import Notation
from influence_graph.model.records import Field, FieldType, RecordKind
from influence_graph.model.touchpoints import TouchpointTable

_REPEATED = 0.02  # share of ids that may occur again: a row that was exported twice
_ONE_FOR_ALL = 10  # rows from which on a column with one value says nothing about who
_JUDGMENTS = ("survey", "review")  # kinds of interaction that are a rating
_MOST_KINDS = 50  # different kinds of interaction
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]{2,}")
_CLOCKS = (
    (re.compile(r"\d{1,2}:\d{2}:\d{2}"), "%H:%M:%S"),
    (re.compile(r"\d{1,2}:\d{2}"), "%H:%M"),
    (re.compile(r"\d{1,2}:\d{2}:\d{2} [AaPp][Mm]"), "%I:%M:%S %p"),
    (re.compile(r"\d{1,2}:\d{2} [AaPp][Mm]"), "%I:%M %p"),
)
_CURRENCY = re.compile(r"[A-Za-z]{3}")
_SCALES = ((1, 5), (0, 5), (1, 10), (0, 10), (1, 7), (0, 100))
_NUMBER = Field("number", FieldType.NUMBER)


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
            _FINDERS.get((kind.name, each.name), _FINDERS.get(("", each.name), _find))(draft, each)
    asked = {question.about for question in draft.asked}
    draft.missing += [name for name in kind.required if name not in draft.found and name not in asked]
    ask_zone(draft)
    if kind.name == "interactions":
        _ask_status(draft)
    return draft


def signs_of(sample: Sample) -> list[Sign]:
    """Return the signs that the rows are interactions of some kind, that of most columns first."""
    table = synonyms()
    named = {name: sum(table.has(name, column) for column in sample.names) for name in table.signs}
    ordered = sorted(named, key=lambda name: -named[name])
    return [table.signs[name] for name in ordered if named[name] and table.signs[name].kind]


def _find(draft: Draft, each: Field) -> None:
    for column, fit in candidates(draft, each)[:1]:
        take(draft, each, column, fit, "name and values")


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
        if (len(texts) < _ONE_FOR_ALL or len(set(texts)) > 1) and not _are_names(texts):
            take(draft, each, column, fit, "name and values")
            return
    called = {column for column, _ in named}
    names = [column for column in sample.names if synonyms().has("name", column) or column in called]
    names = [column for column in names if sample.filled(column) >= MOST]
    names = [column for column in names if column not in draft.used and fit_of(sample.columns[column], each)]
    if names:
        choices = tuple(Choice(label=f"column {name!r}", rule=Rule(columns=(name,))) for name in names)
        text = f"No column holds an id of people; {names[0]!r} holds names, and people of one name would become one: use it?"
        remedy = f'--map consumer="{names[0]}"'
        draft.asked.append(Question(about=each.name, text=text, choices=choices, column=names[0], remedy=remedy))


def _are_names(texts: list[str]) -> bool:
    """Return whether most of *texts* are several words of letters, as names of people are."""
    return sum(len(_WORD.findall(text)) > 1 and "@" not in text and " " in text for text in texts) > len(texts) / 2


def _find_at(draft: Draft, each: Field) -> None:
    """Take a column of times; one of days is joined with one of times of day, if there is one."""
    found = candidates(draft, each) or _at_of_signs(draft, each)
    for column, fit in found[:1]:
        take(draft, each, column, fit, "name and values")
        _with_clock(draft, each, column)


def _at_of_signs(draft: Draft, each: Field) -> list[tuple[str, Fit]]:
    sample = draft.sample
    listed = [name for sign in signs_of(sample) for name in sign.at]
    named = [column for name in listed for column in sample.names if name in synonyms().keys(column)]
    fits = [(column, fit_of(sample.columns[column], each)) for column in named if column not in draft.used]
    return [(column, fit) for column, fit in fits if fit is not None and sample.filled(column) >= MOST]


def _with_clock(draft: Draft, each: Field, day: str) -> None:
    """Join the column *day* with one of times of day, in the field and in the question about it."""
    sample = draft.sample
    named = [column for column in sample.names if synonyms().has("clock", column) and column not in draft.used]
    for clock in named:
        format_ = _clock_format(sample.texts(clock))
        if not format_ or any(":" in text for text in sample.texts(day)):
            continue

        def joined(rule: Rule, clock: str = clock, format_: str = format_) -> Rule:
            notation = replace(rule.notation, format=f"{rule.notation.format or '%Y-%m-%d'} {format_}")
            return Rule(columns=(*rule.columns, clock), notation=notation)

        found = draft.found[each.name]
        if found.rule.notation.unit:
            return
        draft.found[each.name] = replace(found, rule=joined(found.rule))
        draft.asked = [
            replace(asked, choices=tuple(replace(of, rule=joined(of.rule)) for of in asked.choices if of.rule))
            if asked.about == each.name
            else asked
            for asked in draft.asked
        ]
        return


def _clock_format(texts: list[str]) -> str:
    """Return the format of times of day; "" where most of *texts* are none."""
    for pattern, format_ in _CLOCKS:
        if texts and sum(bool(pattern.fullmatch(text)) for text in texts) >= MOST * len(texts):
            return format_
    return ""


def _find_value(draft: Draft, each: Field) -> None:
    """Take a column of money; a price beside a quantity may be that of one piece."""
    _find(draft, each)
    if each.name not in draft.found:
        return
    rule, table = draft.found[each.name].rule, synonyms()
    column = rule.columns[0]
    if table.has("unit_price", column) and any(table.has("quantity", name) for name in draft.sample.names):
        del draft.found[each.name]
        draft.asked = [question for question in draft.asked if question.about != each.name]
        choices = (Choice(label="of the whole row", rule=rule), Choice(label="of one piece: leave it out"))
        text = f"There is a column of quantities: what is {column!r} the price of?"
        remedy = f"--map value={quoted(column)} where it is that of the whole row"
        draft.asked.append(Question(about=each.name, text=text, choices=choices, column=column, remedy=remedy))


def _find_brand(draft: Draft, each: Field) -> None:
    """Take a column that is called brand; ask for the brand of all rows else."""
    _find(draft, each)
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


def _find_valence(draft: Draft, each: Field) -> None:
    """Take a rating, once its scale is known, or words of praise and blame."""
    table = synonyms()
    for column in _named(draft, each):
        texts = draft.sample.texts(column)
        words = {text.casefold() for text in texts}
        if words and words <= table.sentiments.keys():
            values = {word: f"{table.sentiments[word]:g}" for word in sorted(words)}
            draft.found[each.name] = Found(Rule(columns=(column,), notation=Notation(values=values)), "values")
            return
        fit = fit_of(texts, _NUMBER)
        if fit is not None:
            _scaled(draft, each, column, fit)
            if draft.sample.filled(column) < 1 and _kind_of(draft) in _JUDGMENTS:
                draft.skip[column] = ("",)  # who gave no rating has not judged; the kind alone would mean praise
            return


def _kind_of(draft: Draft) -> str:
    found = draft.found.get("kind")
    return "" if found is None else found.rule.constant or ""


def _named(draft: Draft, each: Field) -> list[str]:
    sample, kind = draft.sample, draft.kind.name
    placed = [
        (synonyms().place(kind, each.name, column), column) for column in sample.names if column not in draft.used
    ]
    return [column for _, column in sorted((place, column) for place, column in placed if place is not None)]


def _scaled(draft: Draft, each: Field, column: str, fit: Fit) -> None:
    numbers = sorted(_numbers(draft.sample.texts(column)))
    trimmed = numbers[len(numbers) // 50 : len(numbers) - len(numbers) // 50]  # without what may be a slip
    low, high = trimmed[0], trimmed[-1]
    named = synonyms().scale(column)
    inside = [number for number in numbers if named is not None and named[0] <= number <= named[1]]
    decimal = fit.notations[0].decimal

    def rule(first: float, last: float) -> Rule:
        return Rule(columns=(column,), notation=Notation(scale=(first, last), decimal=decimal))

    upper = not inside or len(numbers) < _ONE_FOR_ALL or 2 * inside[-1] > sum(named or (0, 0))  # or it has other ends
    if named is not None and len(inside) >= MOST * len(numbers) and upper:
        draft.found[each.name] = Found(rule(*named), "name and values")
    elif -1 <= low < 0 and high <= 1:
        draft.found[each.name] = Found(Rule(columns=(column,), notation=Notation(decimal=decimal)), "name and values")
    else:
        held = [scale for scale in _SCALES if scale[0] <= low and high <= scale[1]]
        choices = [Choice(label=f"{a} is worst, {b} is best", rule=rule(a, b)) for a, b in held]
        choices += [Choice(label=f"{a} is best, {b} is worst", rule=rule(b, a)) for a, b in held[:1]]
        text = f"{column!r} has numbers from {low:g} to {high:g}: which scale is it?"
        remedy = f'--map valence="{column} scale 1..5", or its ends'
        none = Choice(label="no judgment: leave it out")
        draft.asked.append(Question(about=each.name, text=text, choices=(*choices, none), column=column, remedy=remedy))


def _numbers(texts: list[str]) -> list[float]:
    found = []
    for text in texts:
        try:
            found.append(float(text.replace(",", ".")))
        except ValueError:
            continue
    return found or [0.0]


def _find_currency(draft: Draft, each: Field) -> None:
    for column, fit in candidates(draft, each):
        texts = draft.sample.texts(column)
        if sum(bool(_CURRENCY.fullmatch(text)) for text in texts) >= MOST * len(texts):
            take(draft, each, column, fit, "name and values")
            return


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
    _find(draft, each)
    sample, table = draft.sample, synonyms()
    parts = [next((name for name in sample.names if table.has(sign, name)), "") for sign in ("first_name", "last_name")]
    if each.name not in draft.found and all(parts):
        draft.found[each.name] = Found(Rule(columns=tuple(parts)), "name and values")


def _find_tie_kind(draft: Draft, each: Field) -> None:
    """Take a column of kinds of tie; Gephi writes there which ties go both ways."""
    gephi = {"directed": "follows", "undirected": "friend"}
    for column in _named(draft, each):
        words = {text.casefold() for text in draft.sample.texts(column)}
        if words and words <= gephi.keys():
            values = {word: gephi[word] for word in sorted(words)}
            draft.found[each.name] = Found(Rule(columns=(column,), notation=Notation(values=values)), "values")
            return
    _find(draft, each)


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
    ("", "at"): _find_at,
    ("", "consumer"): _find_consumer,
    ("", "brand"): _find_brand,
    ("interactions", "kind"): _find_kind,
    ("ties", "kind"): _find_tie_kind,
    ("interactions", "value"): _find_value,
    ("", "valence"): _find_valence,
    ("", "currency"): _find_currency,
    ("people", "id"): _find_person,
    ("people", "name"): _find_name,
    ("brands", "id"): _find_person,
    ("sales", "date"): _find_day,
}
