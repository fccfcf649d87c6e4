"""Ids of nodes as text: one form, whatever type the values of a column have."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

EXACT = 2**53
"""Whole numbers beyond this, plus or minus, may differ and be the same float64."""
_NAME_IT = "give every node a name"


def id_text(value: object) -> str:
    """Return *value* as the text of an id: NFC, without white space around it.

    Text stays text, bytes are decoded as UTF-8, and a whole number is written without a fraction (1.0 is ``"1"``). Any
    other object is what ``str`` makes of it.

    Raises:
        InputError: It is missing, empty, a truth value, bytes that are not UTF-8, a number with a fraction, or a float
            of 2^53 or more, which may stand for several whole numbers.

    Example:
        >>> id_text(3.0), id_text(b"june"), id_text(" cafe\\u0301 ") == "caf\\u00e9"
        ('3', 'june', True)
    """
    text = unicodedata.normalize("NFC", _raw_text(value)).strip()
    if not text:
        raise InputError("an id is empty", remedy=_NAME_IT)
    return text


def _raw_text(value: object) -> str:
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, bytes):
        return _decoded(value)
    if isinstance(value, bool | np.bool_):
        raise InputError(f"the id {value} is a truth value", remedy="pass text or whole numbers")
    if isinstance(value, Integral):
        return str(int(value))
    if isinstance(value, Real | Decimal):
        return _whole(value)
    if value is None or value is pd.NA or value is pd.NaT:
        raise InputError("an id is missing", remedy=f"drop the rows without an id, or {_NAME_IT}")
    return str(value)


def _decoded(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"the id {value!r} is not UTF-8", remedy="decode the column first") from error


def _whole(value: Real | Decimal) -> str:
    number = float(value)
    if np.isnan(number):
        raise InputError("an id is missing (NaN)", remedy=f"drop the rows without an id, or {_NAME_IT}")
    if not number.is_integer():
        raise InputError(f"the id {value} is no whole number", remedy="pass text or whole numbers")
    if isinstance(value, Decimal):
        return str(int(value))
    if abs(number) >= EXACT:
        message = f"the id {number:.17g} is a float of 2^53 or more, which may stand for several numbers"
        raise InputError(message, remedy="read the column as integers or as text")
    return str(int(number))


def id_texts(values: Iterable[Any]) -> NDArray[np.object_]:
    """Return *values*, each of which need occur once only, as an object array of id texts.

    Raises:
        InputError: As :func:`id_text`; or a number and a text would be the same id, such as 1 and ``"1"``.
    """
    return shared_id_texts(values)[0]


def shared_id_texts(*columns: Iterable[Any]) -> list[NDArray[np.object_]]:
    """Return the ids of *columns*, which name nodes of one graph, as object arrays of texts.

    Args:
        columns: Values, each of which need occur once only.

    Raises:
        InputError: As :func:`id_text`; or a number and a text would be the same id, such as 1 and ``"1"``.
    """
    arrays = [_objects(column) for column in columns]
    plain = [_clean(array) for array in arrays]
    texts = [array if clean is None else clean for array, clean in zip(map(_each, arrays, plain), plain, strict=True)]
    _refuse_mixed(arrays, plain, texts)
    return texts


def _objects(column: Iterable[Any]) -> NDArray[np.object_]:
    array: NDArray[np.object_] = np.empty(len(column), dtype=np.object_)  # type: ignore[arg-type]
    array[:] = column.tolist() if isinstance(column, np.ndarray) else list(column)
    return array


def _clean(array: NDArray[np.object_]) -> NDArray[np.object_] | None:
    """Return *array* of texts in the form of ids, or None where it holds anything else."""
    if array.size == 0 or pd.api.types.infer_dtype(array, skipna=False) != "string":
        return None
    try:
        texts = pa.array(array, pa.large_string())
    except (pa.ArrowException, UnicodeError):  # a lone surrogate
        return None
    clean = pc.utf8_trim_whitespace(pc.utf8_normalize(texts, form="NFC"))
    if pc.any(pc.equal(clean, "")).as_py():
        position = pc.index(clean, "").as_py()
        raise InputError(f"the id at position {position} is empty", remedy=_NAME_IT)
    return array if clean.equals(texts) else clean.to_numpy(zero_copy_only=False)


def _each(array: NDArray[np.object_], clean: NDArray[np.object_] | None) -> NDArray[np.object_]:
    if clean is not None:
        return clean
    result: NDArray[np.object_] = np.empty(array.size, dtype=np.object_)
    for position, value in enumerate(array):
        try:
            result[position] = id_text(value)
        except InputError as error:
            message = error.message.replace("an id is", f"the id at position {position} is")
            raise InputError(message, remedy=error.remedy) from error
    return result


def _refuse_mixed(
    arrays: list[NDArray[np.object_]], plain: list[NDArray[np.object_] | None], texts: list[NDArray[np.object_]]
) -> None:
    """Refuse a number and a text that are the same id."""
    if all(clean is not None for clean in plain):
        return
    numbers: set[str] = set()
    others: set[str] = set()
    for array, names in zip(arrays, texts, strict=True):
        for value, name in zip(array, names, strict=True):
            (numbers if isinstance(value, Real | Decimal) else others).add(name)
    both = sorted(numbers & others)
    if both:
        message = f"the id {both[0]!r} is given as a number and as text"
        raise InputError(message, remedy="convert all ids to text first, or all to numbers")
