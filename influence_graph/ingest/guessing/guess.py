"""A mapping proposed from the names of the columns and their first values.

What names and values do not say is a question, never a silent choice: the brand of a shop's orders, whether 3/4/2025
is in March or April, whether 8,089 is eight or eight thousand.
"""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass, field, replace

from influence_graph.ingest.guessing.asking import KIND, Choice, Question
from influence_graph.ingest.guessing.drafts import Draft, Found, ask_zone, signs_of
from influence_graph.ingest.guessing.finders import draft_of, native_draft
from influence_graph.ingest.guessing.sample import Sample
from influence_graph.ingest.guessing.synonyms import name_key, synonyms
from influence_graph.ingest.mapping.mapping import Mapping, Rule
from influence_graph.model.records import KINDS, RecordKind

_EVIDENCE = ("kind", "value", "valence")
_TIES_BY_NAME = ({"source", "target"}, {"follower", "followee"}, {"follower", "followed"}, {"source id", "target id"})


@dataclass(frozen=True, kw_only=True)
class Guess:
    """What a file would become.

    Attributes:
        mapping: The proposal; None where it cannot be told.
        questions: What the user must say before it can be used.
        confidence: By field: ``name and values``, ``name``, ``values``, ``names of columns``, ``rows`` or ``stated``.
        reason: Why there is no proposal, or "".
        native: Whether the file is a record file: it has the fields under their own names.
    """

    mapping: Mapping | None
    questions: tuple[Question, ...] = ()
    confidence: Map[str, str] = field(default_factory=dict)
    reason: str = ""
    native: bool = False


def guess(sample: Sample, kind: str = "", stated: Map[str, Rule] | None = None) -> Guess:
    """Return what the table of *sample* would become.

    Args:
        sample: Its columns and first rows.
        kind: Kind of record, where it is known.
        stated: What some fields are made of, by field; it is not guessed.

    Example:
        >>> orders = Sample(("Order", "Email", "Created at", "Total"), {
        ...     "Order": ("1", "2"), "Email": ("ann@x.org", "sam@x.org"),
        ...     "Created at": ("2025-07-14T10:00:00Z", "2025-07-15T10:00:00Z"), "Total": ("9.50", "20.00")})
        >>> found = guess(orders)
        >>> {name: rule.columns or rule.constant for name, rule in found.mapping.fields.items()}
        {'event_id': ('Order',), 'at': ('Created at',), 'consumer': ('Email',), 'kind': 'purchase', 'value': ('Total',)}
        >>> [question.remedy for question in found.questions]
        ['--set brand=BRAND']
    """
    native = _native(sample, kind)
    if native is not None:
        return _proposal(native_draft(native, sample), stated or {}, native=True)
    if not sample.rows:
        return Guess(mapping=None, reason="it has no rows, and names alone do not tell")
    drafts = {name: _with(draft_of(KINDS[name], sample), stated or {}) for name in ([kind] if kind else KINDS)}
    fitting = _fitting(drafts, sample) if not kind else [] if drafts[kind].missing else [kind]
    if not fitting:
        return Guess(mapping=None, reason=_lacks(drafts))
    if len(fitting) > 1:
        return Guess(mapping=None, questions=(_ask_kind(fitting),))
    return _proposal(drafts[fitting[0]], stated or {})


def guess_by(mapping: Mapping, sample: Sample, stated: Map[str, Rule] | None = None) -> Guess:
    """Return what *mapping*, that of a preset or a file, and what is *stated* leave to ask about *sample*."""
    draft = Draft(KINDS[mapping.kind], sample)
    draft.found = {name: Found(rule, "mapping") for name, rule in {**mapping.fields, **(stated or {})}.items()}
    draft.asked = [
        Question(about=name, text=f"What is {text}?", free=True, remedy=f"--set {name}={name.upper()}")
        for name, text in mapping.ask.items()
        if name not in draft.found
    ]
    if not mapping.timezone:
        ask_zone(draft)
    whole = replace(mapping, fields={name: found.rule for name, found in draft.found.items()})
    confidence = {name: found.confidence for name, found in draft.found.items()}
    return Guess(mapping=whole, questions=tuple(draft.asked), confidence=confidence)


def _native(sample: Sample, kind: str) -> RecordKind | None:
    """Return the kind whose required fields are all there by name; None where there is none, or several."""
    names = {name.strip().lower() for name in sample.names}
    fitting = [of for of in KINDS.values() if set(of.required) <= names and kind in ("", of.name)]
    ranks = [(len(of.required), len(set(of.names) & names)) for of in fitting]
    best = [of for of, rank in zip(fitting, ranks, strict=True) if rank == max(ranks)]
    if len(best) != 1 or (len(best[0].required) == 1 and 2 * len(names & set(best[0].names)) < len(names)):
        return None  # an id alone says little: a file of products has one, too
    return best[0]


def _with(draft: Draft, stated: Map[str, Rule]) -> Draft:
    """Put what is *stated* in place of what was found and asked."""
    for name, rule in stated.items():
        if name in draft.kind.by_name:
            draft.found[name] = Found(rule, "stated")
    draft.asked = [question for question in draft.asked if question.about not in stated]
    draft.missing = [name for name in draft.missing if name not in stated]
    return draft


def _proposal(draft: Draft, stated: Map[str, Rule], *, native: bool = False) -> Guess:
    draft = _with(draft, stated)
    confidence = {name: found.confidence for name, found in draft.found.items()}
    return Guess(mapping=draft.mapping(), questions=tuple(draft.asked), confidence=confidence, native=native)


def _fitting(drafts: Map[str, Draft], sample: Sample) -> list[str]:
    """Return the kinds of record that the file can be, by all that its columns say."""
    whole = {name for name, draft in drafts.items() if not draft.missing}
    if "ties" in whole:
        sure = _are_ties(drafts["ties"])
        return ["ties"] if sure else ["interactions", "ties"] if "interactions" in whole else []
    if "interactions" in whole:
        return _events_or_people(drafts, sample, "people" in whole)
    has_event = bool(signs_of(sample)) or "consumer" in drafts["interactions"].found
    if "people" in whole and not _is_event(drafts["interactions"], sample) and _is_person(drafts["people"], sample):
        return ["people"]
    if "campaigns" in whole and not has_event and _has("campaign", sample):
        return ["campaigns"]
    if "sales" in whole and not has_event:
        return ["sales"]
    named = drafts["brands"].found
    return ["brands"] if "brands" in whole and "category" in named and not has_event else []


def _events_or_people(drafts: Map[str, Draft], sample: Sample, people: bool) -> list[str]:
    events = _is_event(drafts["interactions"], sample)
    named = sum(synonyms().has("people", column) for column in sample.names)
    if not people:
        return ["interactions"]
    if not events:
        return ["people"] if named else ["interactions", "people"]
    table, found = synonyms(), signs_of(sample)
    signs = sum(any(key in sign.names for sign in found for key in table.keys(column)) for column in sample.names)
    return ["interactions", "people"] if named > signs + 1 else ["interactions"]


def _is_event(draft: Draft, sample: Sample) -> bool:
    """Return whether the rows are things that happened: orders, tickets, ratings, or of a named kind."""
    asked = {question.about for question in draft.asked if question.column}
    numbered = draft.found["event_id"].rule.columns
    named = any(not synonyms().has("row", column) for column in numbered)
    return named or bool(signs_of(sample)) or any(name in draft.found or name in asked for name in _EVIDENCE)


def _is_person(draft: Draft, sample: Sample) -> bool:
    column = draft.found["id"].rule.columns[0]
    return _has("people", sample) or not synonyms().has("row", column)


def _are_ties(draft: Draft) -> bool:
    """Return whether two columns surely name who is tied to whom: by their names, or by people who are in both."""
    source, target = (draft.found[end].rule.columns for end in ("source", "target"))
    if not source or not target or {name_key(source[0]), name_key(target[0])} in _TIES_BY_NAME:
        return True
    return bool(set(draft.sample.texts(source[0])) & set(draft.sample.texts(target[0])))


def _has(sign: str, sample: Sample) -> bool:
    return any(synonyms().has(sign, column) for column in sample.names)


def _ask_kind(fitting: list[str]) -> Question:
    choices = tuple(Choice(label=f"{name}: {KINDS[name].about}", value=name) for name in fitting)
    text = "What is each row?"
    return Question(about=KIND, text=text, choices=choices, remedy=" or ".join(f"--as {name}" for name in fitting))


def _lacks(drafts: Map[str, Draft]) -> str:
    """Return which kind is nearest, and which of its fields no column fills."""

    def lack(name: str) -> tuple[float, int]:
        draft = drafts[name]
        return len(draft.missing) / len(draft.kind.required), -len(draft.found)

    whole = [name for name, draft in drafts.items() if draft.missing]
    if len(whole) < len(drafts):
        maybe = next(name for name in drafts if name not in whole)
        return f"its columns do not say what a row is; it can be {maybe}, if you say so"
    best = min(whole, key=lack)
    return f"the nearest is {best}, for which no column is {' or '.join(drafts[best].missing)}"
