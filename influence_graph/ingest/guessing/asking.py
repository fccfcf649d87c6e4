"""Questions that a file cannot answer itself, and what the answers make of a mapping."""

from __future__ import annotations

from dataclasses import dataclass, replace

from influence_graph.ingest.mapping.mapping import Mapping, Rule

KIND, PRESET, TIMEZONE, SKIP, REPEATS = "--as", "--preset", "--timezone", "skip", "repeats"
"""What questions can be about besides fields."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One answer to a question.

    Attributes:
        label: What it is called.
        rule: What the field is then made of; None: it is left out.
        value: Kind of record, preset, time zone, or "yes" and "no".
    """

    label: str
    rule: Rule | None = None
    value: str = ""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What the user must say.

    Attributes:
        about: A field, or one of :data:`KIND`, :data:`PRESET`, :data:`TIMEZONE`, :data:`SKIP`, :data:`REPEATS`.
        text: The question, in one line.
        choices: Answers to choose from.
        free: Whether any other text is an answer too: the constant of the field, or the zone.
        column: The column that it is about, or "".
        values: Values of that column that rows may be left out for.
        remedy: What to put on the command line instead, such as ``--set brand=BRAND``.
    """

    about: str
    text: str
    choices: tuple[Choice, ...] = ()
    free: bool = False
    column: str = ""
    values: tuple[str, ...] = ()
    remedy: str = ""


def answered(mapping: Mapping, question: Question, answer: Choice | str) -> Mapping:
    """Return *mapping* with the *answer* to a *question* that is not about kind or preset: a choice, or a free text.

    Example:
        >>> brand = Question(about="brand", text="Which brand?", free=True)
        >>> answered(Mapping(kind="sales", fields={}), brand, "acme").fields["brand"].constant
        'acme'
    """
    if question.about == TIMEZONE:
        return replace(mapping, timezone=answer if isinstance(answer, str) else answer.value)
    if question.about == SKIP:
        leave_out = isinstance(answer, Choice) and answer.value == "yes"
        return replace(mapping, skip={**mapping.skip, question.column: question.values}) if leave_out else mapping
    if question.about == REPEATS:
        return mapping
    rule = Rule(constant=answer) if isinstance(answer, str) else answer.rule
    fields = {name: of for name, of in mapping.fields.items() if name != question.about}
    ask = {name: text for name, text in mapping.ask.items() if name != question.about}
    if rule is None:
        skip = {column: values for column, values in mapping.skip.items() if column != question.column}
        return replace(mapping, fields=fields, ask=ask, skip=skip)
    return replace(mapping, fields={**fields, question.about: rule}, ask=ask)
