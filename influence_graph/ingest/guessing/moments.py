"""Which column says when a row happened."""

from __future__ import annotations

import re
from dataclasses import replace

from influence_graph.ingest.guessing.drafts import Draft, candidates, signs_of, take
from influence_graph.ingest.guessing.fits import MOST, Fit, fit_of
from influence_graph.ingest.guessing.synonyms import synonyms
from influence_graph.ingest.mapping.mapping import Rule
from influence_graph.model.records import Field

_CLOCKS = (
    (re.compile(r"\d{1,2}:\d{2}:\d{2}"), "%H:%M:%S"),
    (re.compile(r"\d{1,2}:\d{2}"), "%H:%M"),
    (re.compile(r"\d{1,2}:\d{2}:\d{2} [AaPp][Mm]"), "%I:%M:%S %p"),
    (re.compile(r"\d{1,2}:\d{2} [AaPp][Mm]"), "%I:%M %p"),
)


def find_at(draft: Draft, each: Field) -> None:
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
