"""Which column says what a row is worth: money, and how good it was."""

from __future__ import annotations

import re

from influence_graph.ingest.guessing.asking import Choice, Question
from influence_graph.ingest.guessing.drafts import ONE_FOR_ALL, Draft, Found, candidates, find, named, take
from influence_graph.ingest.guessing.fits import MOST, Fit, fit_of
from influence_graph.ingest.guessing.spelled import quoted
from influence_graph.ingest.guessing.synonyms import synonyms
from influence_graph.ingest.mapping.mapping import Rule
from influence_graph.ingest.values.notation import Notation
from influence_graph.model.records import Field, FieldType

_JUDGMENTS = ("survey", "review")  # kinds of interaction that are a rating
_SCALES = ((1, 5), (0, 5), (1, 10), (0, 10), (1, 7), (0, 100))
_CURRENCY = re.compile(r"[A-Za-z]{3}")
_NUMBER = Field("number", FieldType.NUMBER)


def find_value(draft: Draft, each: Field) -> None:
    """Take a column of money; a price beside a quantity may be that of one piece."""
    find(draft, each)
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


def find_valence(draft: Draft, each: Field) -> None:
    """Take a rating, once its scale is known, or words of praise and blame."""
    table = synonyms()
    for column in named(draft, each):
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


def _scaled(draft: Draft, each: Field, column: str, fit: Fit) -> None:
    numbers = sorted(_numbers(draft.sample.texts(column)))
    trimmed = numbers[len(numbers) // 50 : len(numbers) - len(numbers) // 50]  # without what may be a slip
    low, high = trimmed[0], trimmed[-1]
    ends = synonyms().scale(column)
    inside = [number for number in numbers if ends is not None and ends[0] <= number <= ends[1]]
    decimal = fit.notations[0].decimal

    def rule(first: float, last: float) -> Rule:
        return Rule(columns=(column,), notation=Notation(scale=(first, last), decimal=decimal))

    upper = not inside or len(numbers) < ONE_FOR_ALL or 2 * inside[-1] > sum(ends or (0, 0))  # or it has other ends
    if ends is not None and len(inside) >= MOST * len(numbers) and upper:
        draft.found[each.name] = Found(rule(*ends), "name and values")
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


def find_currency(draft: Draft, each: Field) -> None:
    """Take a column of three-letter codes."""
    for column, fit in candidates(draft, each):
        texts = draft.sample.texts(column)
        if sum(bool(_CURRENCY.fullmatch(text)) for text in texts) >= MOST * len(texts):
            take(draft, each, column, fit, "name and values")
            return
