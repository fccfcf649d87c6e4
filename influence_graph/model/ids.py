"""Ids of nodes as text: one form, whatever type the values of a column have."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from influence_graph.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

EXACT = 2**53
"""Whole numbers beyond this, plus or minus, may differ and be the same float64."""


def id_text(value: object) -> str:
    """Return *value* as the text of an id: NFC, without spaces around it.

    Text stays text, bytes are decoded as UTF-8, a whole number is written without a fraction (1.0 is ``"1"``).
    Any other object is written as ``str`` does.

    Raises:
        InputError: It is missing, empty, a truth value, bytes that are not UTF-8, a number with a fraction, or a float
            of more than 2^53, which may stand for several whole numbers.

    Example:
        >>> id_text(3.0), id_text(b"june"), id_text(" cafe\\u0301 ") == "caf\\u00e9"
        ('3', 'june', True)
    """
    if isinstance(value, str):
        text = str(value)
    elif isinstance(value, bytes | np.bytes_):
        text = _decoded(value)
    elif isinstance(value, bool | np.bool_):
        raise InputError(f"the id {value!r} is a truth value", remedy="pass text or whole numbers")
    elif isinstance(value, Real) and not isinstance(value, Integral):
        text = _whole(float(value))
    elif value is None or value is pd.NA or value is pd.NaT:
        raise InputError("an id is missing", remedy="give every node a name")
    else:
        text = str(value)
    text = unicodedata.normalize("NFC", text).strip()
    if not text:
        raise InputError("an id is empty", remedy="give every node a name")
    return text


def _decoded(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"the id {value!r} is not UTF-8", remedy="decode the column first") from error


def _whole(value: float) -> str:
    if value != value:  # noqa: PLR0124 - NaN
        raise InputError("an id is missing (NaN)", remedy="drop the rows without an id, or give every node a name")
    if not value.is_integer():
        raise InputError(f"the id {value!r} is no whole number", remedy="pass text or whole numbers")
    if abs(value) > EXACT:
        raise InputError(f"the id {value:.17g} is a float beyond 2^53", remedy="read the column as integers or text")
    return str(int(value))


def id_texts(values: Iterable[Any]) -> NDArray[np.object_]:
    """Return distinct *values* as an object array of id texts.

    Raises:
        InputError: As :func:`id_text`, or a number and a text of *values* would be the same id.
    """
    values = list(values)
    texts = [id_text(value) for value in values]
    kind: dict[str, bool] = {}
    for value, text in zip(values, texts, strict=True):
        number = isinstance(value, Real)
        if kind.setdefault(text, number) != number:
            raise InputError(f"the id {text!r} is given as a number and as text", remedy="convert all ids to text")
    return np.array(texts, dtype=object)
