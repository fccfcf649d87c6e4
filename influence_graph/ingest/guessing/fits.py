"""Whether the values of a column can be those of a field, and in which notations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from zoneinfo import ZoneInfo

import pyarrow as pa

from influence_graph.ingest.values.columns import parse_column
from influence_graph.ingest.values.guess import date_formats, epoch_units
from influence_graph.ingest.values.notation import MARKS, PLAIN, Notation
from influence_graph.model.records import Field, FieldType

MOST = 0.8
"""Share of the values that must fit: a file has some bad rows."""
_UTC = ZoneInfo("UTC")
_TIMES = (FieldType.TIME, FieldType.DATE)
_NUMBERS = (FieldType.NUMBER, FieldType.INTEGER)
_TIME = Field("time", FieldType.TIME)
_NUMBER = Field("number", FieldType.NUMBER)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LONG = 80  # characters: ids are shorter, texts that people write are longer
_SHAPES, _EACH = 3, 3  # forms of values that are looked at, and how many of each
_DIGIT, _LETTER = re.compile(r"\d"), re.compile(r"[^\W\d_]+")
_SWAPPED = str.maketrans("dm", "md")
_WORDS = 4  # an id of more words is a text


@dataclass(frozen=True)
class Fit:
    """How the values of a column can be read.

    Attributes:
        notations: In which they differ; several where the values do not say which is meant.
        share: Of the values that are not empty, those that fit.
        mixed: Whether each of the notations fits values that another does not.
    """

    notations: tuple[Notation, ...]
    share: float
    mixed: bool = False

    @property
    def clear(self) -> bool:
        """Whether the values say how they are written."""
        return len(self.notations) == 1


def fit_of(texts: Sequence[str], field: Field) -> Fit | None:
    """Return how *texts*, "" where there is none, can be values of *field*; None where most of them cannot.

    Example:
        >>> [each.format for each in fit_of(["31/12/2025", "01/12/2025"], Field("at", FieldType.TIME)).notations]
        ['%d/%m/%Y']
        >>> [each.format for each in fit_of(["11/12/2025", "01/12/2025"], Field("at", FieldType.TIME)).notations]
        ['%d/%m/%Y', '%m/%d/%Y']
        >>> fit_of(["tomorrow"], Field("at", FieldType.TIME)) is None
        True
    """
    values = tuple(text for text in texts if text.strip())
    return _fit_of(values, field) if values else None


@lru_cache(maxsize=256)
def _fit_of(values: tuple[str, ...], field: Field) -> Fit | None:
    if field.type is FieldType.ID and not _are_ids(values):
        return None
    return _best(values, field, _notations(values, field))


def needs_zone(texts: Sequence[str], field: Field, notation: Notation) -> bool:
    """Return whether some of *texts* are times without a zone, in this *notation*."""
    if field.type is not FieldType.TIME or notation.timezone:
        return False
    values = [text for text in texts if text.strip()]
    return len(_parsed(values, field, notation, None)) < len(_parsed(values, field, notation, _UTC))


def type_of(texts: Sequence[str]) -> str:
    """Return what *texts* look like: ``empty``, ``time``, ``number``, ``email``, ``id``, ``choice`` or ``text``.

    A choice is one of a few values that come again and again; an id is short and without many blanks.

    Example:
        >>> [type_of(texts) for texts in ([" "], ["14/07/2025"], ["8,089"], ["a@b.org"], ["it is so so, but ok"])]
        ['empty', 'time', 'number', 'email', 'text']
    """
    values = [text for text in texts if text.strip()]
    if not values:
        return "empty"
    if sum(bool(_EMAIL.fullmatch(value.strip())) for value in values) >= MOST * len(values):
        return "email"
    if fit_of(values, _NUMBER):
        return "time" if _are_epochs(values) else "number"
    if fit_of(values, _TIME):
        return "time"
    if len(set(values)) <= max(1, len(values) // 5) and len(values) > _WORDS:
        return "choice"
    return "id" if _are_ids(values) else "text"


def _are_epochs(values: Sequence[str]) -> bool:
    return bool(epoch_units(pa.array(values)))


def _are_ids(values: Sequence[str]) -> bool:
    good = sum(len(value) <= _LONG and "\n" not in value and len(value.split()) <= _WORDS for value in values)
    return good >= MOST * len(values) and not _are_dates(values)


def _are_dates(values: Sequence[str]) -> bool:
    """Return whether *values* are times other than bare numbers, which may as well be ids."""
    return not all(value.strip().isdigit() for value in values) and fit_of(values, _TIME) is not None


def _notations(values: Sequence[str], field: Field) -> list[Notation]:
    """Return the notations to try, those that come first preferred where they read the same from the values."""
    if field.type in _NUMBERS:
        return [PLAIN, *(Notation(decimal=mark) for mark in MARKS)]
    if field.type not in _TIMES:
        return [PLAIN]
    of_shapes = _of_shapes(values)
    units = [Notation(unit=unit) for unit in dict.fromkeys(_first(of_shapes, epoch_units))]
    formats = [format_ for format_ in dict.fromkeys(_first(of_shapes, date_formats)) if format_]
    swapped = [each.translate(_SWAPPED) for each in formats if "%m" in each and not each.startswith("%Y")]
    dates = [Notation(format=format_) for format_ in dict.fromkeys((*formats, *swapped))]
    return [PLAIN, *(units if field.type is FieldType.TIME else []), *dates]


def _of_shapes(values: Sequence[str]) -> list[list[str]]:
    """Return a few of *values* of each form that many have: a bad value must not decide."""
    shapes: dict[str, list[str]] = {}
    for value in values:
        if len(value) <= _LONG and any(character.isdigit() for character in value):
            shapes.setdefault(_LETTER.sub("a", _DIGIT.sub("9", value.strip())), []).append(value)
    ordered = sorted(shapes.values(), key=len, reverse=True)[:_SHAPES]
    return [texts[:: max(1, len(texts) // _EACH)][:_EACH] for texts in ordered]


def _first(of_shapes: list[list[str]], read: Callable[[pa.Array], list[str]]) -> Iterator[str]:
    """Yield, of each form, what *read* finds in the first value in which it finds anything."""
    for texts in of_shapes:
        yield from next(filter(None, (read(pa.array([text])) for text in texts)), [])


def _best(values: Sequence[str], field: Field, notations: Iterable[Notation]) -> Fit | None:
    """Return those of *notations* that fit most, one of those that read the same."""
    open_field = replace(field, minimum=None, maximum=None) if field.type in _TIMES else field
    found: list[tuple[Notation, dict[int, object]]] = []
    for notation in notations:
        parsed = _parsed(values, open_field, notation, _UTC)
        if len(parsed) >= MOST * len(values) and all(parsed != other for _, other in found):
            found.append((notation, parsed))
    if not found:
        return None
    most = max(len(parsed) for _, parsed in found)
    widest = next(parsed for _, parsed in found if len(parsed) == most)
    kept = [
        (notation, parsed) for notation, parsed in found if len(parsed) == most or not parsed.keys() <= widest.keys()
    ]
    mixed = any(parsed.keys() != widest.keys() for _, parsed in kept)
    return Fit(tuple(notation for notation, _ in kept), most / len(values), mixed)


def _parsed(values: Sequence[str], field: Field, notation: Notation, zone: ZoneInfo | None) -> dict[int, object]:
    """Return what those of *values* mean that can be read, by their place."""
    raw = pa.array([value.encode() for value in values], pa.binary())
    parsed = parse_column(raw, field, zone, notation)
    read = parsed.values.to_pylist()
    return {row: value for row, value in enumerate(read) if value is not None and row not in parsed.faults}
