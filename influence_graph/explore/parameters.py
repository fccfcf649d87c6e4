"""Parameters of questions: their types, limits and allowed values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from influence_graph.errors import InputError
from influence_graph.model.ids import id_text
from influence_graph.model.names import BRAND, CONSUMER
from influence_graph.model.records import BRANDS, CAMPAIGNS, PEOPLE
from influence_graph.model.times import checked_as_of
from influence_graph.text import did_you_mean, one_line

LABELS = {"brand": BRAND, "person": CONSUMER}
"""Types of parameters that are ids of nodes, with their labels."""
RECORDS = {"brand": BRANDS, "person": PEOPLE, "campaign": CAMPAIGNS}
"""Types of parameters that are ids, with the records that they name."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of a question.

    Attributes:
        name: Its name in the text, without the $.
        type: "brand", "person" or "campaign" (an id), "text", "integer", "number" or "time".
        about: What it is, in a few words.
        default: Its value where none is given; None: it must be given.
        low: Least number allowed.
        high: Greatest number allowed.
        choices: All allowed texts; empty: any.
        example: A value to show where there is no default.
    """

    name: str
    type: str
    about: str = ""
    default: Any = None
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    example: str = ""

    def convert(self, value: object) -> Any:  # noqa: ANN401 - by its type
        """Return *value*, a text or a value of the type, as a value of the type.

        Raises:
            InputError: it is not one, out of its limits, or not among the choices.
        """
        try:
            converted = _CONVERTERS[self.type](value)
        except (ValueError, TypeError, OverflowError, InputError) as error:
            raise self._wrong(value) from error
        if self.choices and converted not in self.choices:
            raise InputError(
                f"{self.name} has no value {_shown(value)}",
                remedy=did_you_mean(value, self.choices, f"use {', '.join(self.choices)}"),
            )
        if (self.low is not None and converted < self.low) or (self.high is not None and converted > self.high):
            raise self._wrong(value)
        return converted

    def _wrong(self, value: object) -> InputError:
        return InputError(
            f"{self.name} is {_shown(value)}, must be {self._kind()}", remedy=f"such as {self.example_text()}"
        )

    def _kind(self) -> str:
        """Return the type and its limits in words."""
        limits = {"at least": self.low, "at most": self.high}
        said = [f"{word} {limit:g}" for word, limit in limits.items() if limit is not None]
        if len(said) > 1:
            said = [f"{self.low:g} to {self.high:g}"]
        return ", ".join([_KINDS[self.type], *said])

    def example_text(self) -> str:
        """Return a value as users give it, such as ``brand=sweater``."""
        value = self.default if self.default is not None else self.example or _EXAMPLES[self.type]
        return f"{self.name}={value}"

    def literal(self, value: object = None) -> str:
        """Return *value*, else the default, else an example, as Cypher writes it."""
        chosen = value if value is not None else self.default
        chosen = self.convert(chosen if chosen is not None else self.example or _EXAMPLES[self.type])
        if isinstance(chosen, datetime):
            return f"datetime({_quoted(chosen.isoformat())})"
        return _quoted(chosen) if isinstance(chosen, str) else str(chosen)

    def usage(self) -> str:
        """Return how it is given: ``name=…``, in brackets with its default where it may be left out."""
        return f"{self.name}=…" if self.default is None else f"[{self.name}={self.default}]"

    def described(self) -> str:
        """Return type, default and allowed values as one phrase."""
        parts = [self.about or _KINDS[self.type]]
        if self.choices:
            parts.append(f"one of {', '.join(self.choices)}")
        if self.low is not None and self.high is not None:
            parts.append(f"{self.low:g} to {self.high:g}")
        parts.append("required" if self.default is None else f"default {self.default}")
        return "; ".join(parts)


def bound(name: str, parameters: tuple[Parameter, ...], given: Mapping[str, object]) -> dict[str, Any]:
    """Return the value of each of *parameters* of the question *name*, from *given* or its default.

    Raises:
        InputError: one is unknown, missing or has a wrong value.
    """
    known = [parameter.name for parameter in parameters]
    takes = f"{name} takes {', '.join(known) or 'no parameters'}"
    for key in given:
        if key not in known:
            raise InputError(f"{name} has no parameter {key!r}", remedy=did_you_mean(key, known, takes))
    values = {}
    for parameter in parameters:
        if parameter.name in given:
            values[parameter.name] = parameter.convert(given[parameter.name])
        elif parameter.default is None:
            raise InputError(
                f"{name} needs {parameter.name}, {_KINDS[parameter.type]}", remedy=f"such as {parameter.example_text()}"
            )
        else:
            values[parameter.name] = parameter.convert(parameter.default)
    return values


def _integer(value: object) -> int:
    if isinstance(value, str) and not value.strip().lstrip("+-").isdecimal():
        raise ValueError(value)
    if isinstance(value, str):
        return int(value)
    number = float(value)  # type: ignore[arg-type]
    if isinstance(value, bool) or not number.is_integer():
        raise ValueError(value)
    return int(number)


def _number(value: object) -> float:
    number = float(value)  # type: ignore[arg-type]
    if isinstance(value, bool) or number - number != 0:
        raise ValueError(value)
    return number


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _time(value: object) -> Any:  # noqa: ANN401
    return checked_as_of(value)  # type: ignore[arg-type]


def _shown(value: object) -> str:
    return one_line(repr(value), 100)


def _quoted(text: str) -> str:
    """Return *text* as a string of Cypher."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return f"'{escaped}'"


_CONVERTERS: Mapping[str, Callable[[Any], Any]] = {
    "brand": id_text,
    "person": id_text,
    "campaign": id_text,
    "text": _text,
    "integer": _integer,
    "number": _number,
    "time": _time,
}
_KINDS = {
    "brand": "the id of a brand",
    "person": "the id of a person",
    "campaign": "the event_id of a campaign",
    "text": "a text",
    "integer": "a whole number",
    "number": "a number",
    "time": "a date or a time with a zone",
}
_EXAMPLES = {
    "brand": "sweater",
    "person": "singer",
    "campaign": "concert",
    "text": "text",
    "integer": "10",
    "number": "0.5",
    "time": "2026-11-21",
}
