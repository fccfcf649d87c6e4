"""Ids of nodes as text: one form, whatever type the values of a column have."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from numbers import Number, Rational
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.api.extensions import ExtensionArray, ExtensionDtype
from pandas.api.types import infer_dtype, is_scalar
from pandas.arrays import NumpyExtensionArray

from influence_graph.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

EXACT = 2**53
"""Whole numbers from this on, plus or minus, may differ and be the same float64."""
_nfc = partial(unicodedata.normalize, "NFC")
_NAME_IT = "drop the rows without an id, or give every node a name"
_NFC = partial(unicodedata.normalize, "NFC")
_TEXT = "pass text or whole numbers"


class _NoId(InputError):
    """A value that is no id."""

    def __init__(self, shown: str, fault: str, remedy: str, position: int | None = None) -> None:
        self.shown, self.fault = shown, fault
        place = "" if position is None else f" at position {position}"
        name = f"the id{f' {shown}' if shown else ''}{place}" if shown or place else "an id"
        super().__init__(f"{name} is {fault}", remedy=remedy)

    def at(self, position: int) -> _NoId:
        """Return the same with its *position*."""
        return _NoId(self.shown, self.fault, self.remedy, position)


class _Column(NamedTuple):
    """A column of ids: row ``k`` is ``texts[codes[k]]``; two different values may have the same text."""

    codes: NDArray[np.int64]
    texts: list[str]
    numbers: NDArray[np.bool_]  # which of the texts were given as numbers


def id_text(value: object) -> str:
    """Return *value* as the text of an id: NFC, without white space around it, no-break spaces included.

    Text stays text, bytes are decoded as UTF-8, and a whole number is written without a fraction (1.0 is ``"1"``). A
    tuple is written as Python does, ``"(0, 1)"``, with its parts in this form. Any other object, such as a UUID, a date
    or a member of an Enum, is what ``str`` makes of it.

    Raises:
        InputError: It is missing, empty, a truth value, bytes that are not UTF-8, a number with a fraction, a float so
            large that it may stand for several whole numbers (float64: 2^53 or more), or has no text of its own: a
            list, a set, or an object that is shown by its place in memory.

    Example:
        >>> id_text(3.0), id_text(b"june"), id_text(" cafe\\u0301 ") == "caf\\u00e9"
        ('3', 'june', True)
    """
    text = _nfc(_raw_text(value.as_py() if isinstance(value, pa.Scalar) else value)).strip()
    if not text:
        raise _NoId("", "empty", _NAME_IT)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise _NoId(repr(value), "no text: it has half of a surrogate pair", "decode the column again") from error
    return text


def id_texts(values: ArrayLike | Iterable[Any]) -> NDArray[np.object_]:
    """Return the ids *values*, a flat list, array or column, as an object array of texts.

    Raises:
        InputError: As :func:`id_text`; or a number and a text would be the same id, such as 1 and ``"1"``.
    """
    array = _flat(values)
    if _is_text(array):
        with _position_in(array):
            return _objects(_clean(array.tolist()))
    column = _read(array)
    _refuse_mixed([column])
    return _objects(column.texts)[column.codes]


def id_codes(*columns: ArrayLike | Iterable[Any]) -> tuple[NDArray[np.object_], list[NDArray[np.int64]]]:
    """Return the sorted ids in *columns*, which name nodes of one graph, and each column as indices into them.

    Raises:
        InputError: As :func:`id_texts`, over all columns together.

    Example:
        >>> ids, (source, target) = id_codes([1, 2], [2.0, 10.0])
        >>> ids.tolist(), source.tolist(), target.tolist()
        (['1', '10', '2'], [0, 2], [2, 1])
    """
    read = [_read(_flat(values)) for values in columns]
    _refuse_mixed(read)
    ids = sorted(set().union(*(column.texts for column in read)))
    place = {text: index for index, text in enumerate(ids)}
    places = [np.fromiter(map(place.__getitem__, column.texts), np.int64, len(column.texts)) for column in read]
    return _objects(ids), [each[column.codes] for each, column in zip(places, read, strict=True)]


def _raw_text(value: object) -> str:
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, bytes):
        return _decoded(value)
    if isinstance(value, bool | np.bool_):
        raise _NoId(str(value), "a truth value", _TEXT)
    if isinstance(value, Number):
        return _whole(value)
    if isinstance(value, tuple):
        parts = [repr(id_text(part)) if isinstance(part, str | bytes) else id_text(part) for part in value]
        return f"({', '.join(parts)}{',' * (len(parts) == 1)})"
    if isinstance(value, np.datetime64):
        value = value.item() if value.dtype == "M8[D]" else pd.Timestamp(value)
    if is_scalar(value) and pd.isna(value):  # type: ignore[call-overload]
        raise _NoId("", "missing", _NAME_IT)
    if not _has_text(value):
        raise _NoId(repr(value), f"of type {type(value).__name__}, which has no text of its own", _TEXT)
    return str(value)


def _has_text(value: object) -> bool:
    """Return whether the text of *value* says which object it is, in every run."""
    kind = type(value)
    shown = kind.__str__ is not object.__str__ or kind.__repr__ is not object.__repr__
    return shown and kind.__hash__ is not None and not (callable(value) or isinstance(value, Set | memoryview))


def _decoded(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _NoId(repr(value), "not UTF-8", "decode the column first") from error


def _whole(value: Number) -> str:
    if isinstance(value, Decimal | float | np.floating):
        if value.is_nan() if isinstance(value, Decimal) else math.isnan(value):
            raise _NoId("", "missing (NaN)", _NAME_IT)
        whole = not math.isinf(value) and value == int(value)
    else:
        whole = isinstance(value, Rational) and value.denominator == 1
    if not whole:
        raise _NoId(str(value), "no whole number", _TEXT)
    if isinstance(value, float | np.floating) and abs(float(value)) >= _exact(type(value)):
        limit = _exact(type(value)).bit_length() - 1
        fault = f"a float of 2^{limit} or more, which may stand for several numbers"
        raise _NoId(f"{value:.0f}", fault, "read the column as integers or as text")
    try:
        return str(int(value))  # type: ignore[call-overload]
    except ValueError as error:  # CPython's limit
        raise _NoId("", "a number of more than 4,300 digits", _TEXT) from error


def _exact(kind: type | np.dtype[Any]) -> int:
    """Return the whole number from which on several are the same float of *kind*."""
    return min(1 << (int(np.finfo(kind).nmant) + 1), EXACT)


@contextmanager
def _position_in(array: Iterable[Any]) -> Iterator[None]:
    """Say of an error in the block at which position of *array* the first bad id is."""
    try:
        yield
    except (_NoId, UnicodeEncodeError):
        for position, value in enumerate(array):
            try:
                id_text(value)
            except _NoId as error:
                raise error.at(position) from error
        raise


def _flat(values: ArrayLike | Iterable[Any]) -> NDArray[Any] | ExtensionArray:
    """Return *values* as a flat array of numpy or, where it has a type that numpy lacks, of pandas."""
    if isinstance(values, pa.Array | pa.ChunkedArray):
        return pd.arrays.ArrowExtensionArray(values)
    if isinstance(values, pd.Series | pd.Index):
        values = values.array if isinstance(values.dtype, ExtensionDtype) else values.to_numpy()
    if isinstance(values, ExtensionArray) and not isinstance(values, NumpyExtensionArray):
        return values
    array = _as_array(values)
    if array.ndim != 1:
        raise InputError(f"ids have {array.ndim} dimensions, must have 1", remedy="pass a flat list of ids")
    if array.dtype.kind in "mM" and array.dtype != "M8[D]":
        return pd.Series(array).array  # numpy would make whole numbers of times
    return array if array.dtype.kind in "iufbc" else _typed(array.astype(object))


def _as_array(values: ArrayLike | Iterable[Any]) -> NDArray[Any]:
    if isinstance(values, list | tuple) and not {list, np.ndarray} & set(map(type, values)):
        return np.fromiter(values, dtype=object, count=len(values))  # tuples stay one value each
    try:
        if isinstance(values, np.ma.MaskedArray):
            values = values.tolist()
        return np.asarray(values) if hasattr(values, "dtype") else np.asarray(values, dtype=object)
    except Exception as error:
        raise InputError(f"the ids are no flat list: {error}", remedy="pass one id per entry") from error


def _typed(array: NDArray[np.object_]) -> NDArray[Any]:
    """Return an array of Python's whole numbers or floats as one of numpy, others as they are."""
    kind = infer_dtype(array, skipna=False)
    try:
        if kind == "integer":
            return array.astype(np.int64)
        return array.astype(np.float64) if kind == "floating" and set(map(type, array)) == {float} else array
    except OverflowError:
        return array


def _is_text(array: NDArray[Any] | ExtensionArray) -> bool:
    return array.dtype == object and len(array) > 0 and infer_dtype(array, skipna=False) == "string"


def _read(array: NDArray[Any] | ExtensionArray) -> _Column:
    """Return a column of ids; only its distinct values become text."""
    with _position_in(array):
        if array.dtype == object and not _is_text(array):
            return _read_each(array)
        try:
            codes, distinct = pd.factorize(array)  # type: ignore[arg-type]
        except (TypeError, NotImplementedError, pa.ArrowException):  # Arrow's lists
            return _read_each(array)
        if codes.size and codes.min() < 0:
            raise _NoId("", "missing", _NAME_IT)
        texts, numbers = _distinct(_flat(np.asarray(distinct)))
        return _Column(codes.astype(np.int64, copy=False), texts, numbers)


def _distinct(values: NDArray[Any] | ExtensionArray) -> tuple[list[str], NDArray[np.bool_]]:
    """Return the texts of *values*, and which are numbers."""
    if isinstance(values, np.ndarray) and values.dtype.kind == "f":
        values = _integers(values)
    if isinstance(values, np.ndarray) and values.dtype.kind in "iu":
        return list(map(str, values.tolist())), np.ones(values.size, np.bool_)
    if _is_text(values):
        return _clean(values.tolist()), np.zeros(len(values), np.bool_)
    return list(map(id_text, values)), np.array([isinstance(value, Number) for value in values], np.bool_)


def _integers(values: NDArray[np.floating[Any]]) -> NDArray[np.int64]:
    """Return the whole numbers *values* as integers."""
    exact = (np.abs(values) < _exact(values.dtype)) & (np.trunc(values) == values)
    if not exact.all():
        id_text(values[~exact][0])
    return values.astype(np.int64)


def _read_each(array: Iterable[Any]) -> _Column:
    """Return a column of values of several types; equal values of two types are read apart."""
    seen: dict[tuple[type, object], int] = {}
    texts: list[str] = []
    numbers: list[bool] = []
    codes: list[int] = []
    for value in array:
        key = (type(value), value if _hashes(value) else repr(value))
        code = seen.get(key) if not isinstance(value, tuple) else None  # tuples of equal parts of two types are equal
        if code is None:
            code = len(texts)
            texts.append(id_text(value))
            numbers.append(isinstance(value, Number))
            if not isinstance(value, tuple):
                seen[key] = code
        codes.append(code)
    return _Column(np.array(codes, np.int64), texts, np.array(numbers, np.bool_))


def _hashes(value: object) -> bool:
    try:
        hash(value)
    except TypeError:  # lists, and Decimal's signaling NaN
        return False
    return True


def _refuse_mixed(columns: Sequence[_Column]) -> None:
    """Refuse a number and a text that are the same id."""
    if all(column.numbers.all() for column in columns) or not any(column.numbers.any() for column in columns):
        return
    given: tuple[set[str], set[str]] = set(), set()
    for column in columns:
        for text, number in zip(column.texts, column.numbers.tolist(), strict=True):
            given[number].add(text)
    both = given[0] & given[1]
    if both:
        message = f"the id {min(both)!r} is given as a number and as text"
        raise InputError(message, remedy="convert all ids to text first, or all to numbers")


def _clean(texts: list[str]) -> list[str]:
    """Return *texts* in NFC without white space around them; those that are so already stay the same objects."""
    "".join(texts).encode()  # half of a surrogate pair is refused
    clean = list(map(str.strip, map(_nfc, texts)))
    if "" in clean:
        raise _NoId("", "empty", _NAME_IT)
    return clean


def _objects(texts: Sequence[str]) -> NDArray[np.object_]:
    return np.array(texts, dtype=object) if len(texts) else np.empty(0, dtype=object)
