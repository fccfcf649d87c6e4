"""Columns of ids in Arrow tables, brought to the one form of :mod:`influence_graph.model.ids`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from influence_graph.errors import InputError
from influence_graph.model.ids import id_text
from influence_graph.model.records import LIST_SEPARATOR

_DOUBTFUL = r"[,;\[]"  # what other tools join lists by
_UNUSUAL = r"^[^\x21-\x7E]|[^\x21-\x7E]$|[^\x00-\x7E]"  # a space or control at an end, or anything beyond ASCII


def id_column(name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the ids of the *column* that messages call *name* as text, dictionary-encoded where it was; empty is null.

    Raises:
        InputError: As :func:`~influence_graph.model.ids.id_text`, naming the column.
    """
    if pt.is_null(column.type):
        return column.cast(pa.string())
    if pt.is_nested(column.type) or _is_strange(column.type):
        raise InputError(
            f"{name} is of type {column.type}, must be text or whole numbers", remedy="give one id per row"
        )
    if _is_text(column.type):
        return _chunked((_cleaned(name, chunk) for chunk in column.chunks), column.type)
    if not pt.is_dictionary(column.type):
        return id_column(name, _encoded(column)).cast(pa.string())
    column = column.unify_dictionaries()
    if not column.num_chunks:
        return pa.chunked_array([], pa.string())
    values = column.chunk(0).dictionary
    texts = _cleaned(name, values) if _is_text(values.type) else _as_texts(name, values)
    if texts.null_count:
        return _chunked((texts.take(chunk.indices) for chunk in column.chunks), texts.type)
    chunks = [pa.DictionaryArray.from_arrays(chunk.indices, texts) for chunk in column.chunks]
    return pa.chunked_array(chunks)


def id_list_column(name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return lists of ids as text such as ``a|b``.

    A list column may hold text or numbers. In a text column ``a|b`` and the JSON list ``["a", "b"]`` are two ids; what
    other tools join lists by, a comma or semicolon, is refused where there is no ``|``, for it may be one id or two.
    One such id is written, and returned, with the separator after it: ``a,b|``.

    Raises:
        InputError: An id of a list holds the separator, a text may be one id or several, or as for :func:`id_column`.
    """
    if pt.is_list(column.type) or pt.is_large_list(column.type):
        return _chunked((_joined(name, chunk) for chunk in column.chunks), pa.large_string())
    texts = id_column(name, column)
    distinct = texts.chunk(0).dictionary if pt.is_dictionary(texts.type) and texts.num_chunks else texts
    if not pc.any(pc.match_substring_regex(distinct, _DOUBTFUL)).as_py():
        return texts
    known: dict[str | None, str | None] = {None: None}
    known |= {text: _list_text(name, text) for text in distinct.unique().drop_null().to_pylist()}
    return pa.chunked_array([pa.array([known[text] for text in texts.to_pylist()], pa.large_string())])


def _list_text(name: str, text: str) -> str | None:
    """Return the list that *text* is as the record writes it."""
    if text.startswith("[") and text.endswith("]"):
        try:
            listed: str | None = _joined(name, pa.array([json.loads(text)]))[0].as_py()
        except (ValueError, TypeError, RecursionError, AttributeError, pa.ArrowException) as error:
            raise InputError(f"{name} {text!r} is no list of ids", remedy='write several ids as "a|b"') from error
        return listed
    if LIST_SEPARATOR in text or not re.search(_DOUBTFUL, text):
        return text
    several = LIST_SEPARATOR.join(part.strip() for part in re.split("[,;]", text))
    remedy = f'write "{several}"; one id is written "{text}{LIST_SEPARATOR}", or given in a list'
    raise InputError(f"{name} {text!r} may be one id or several", remedy=remedy)


def _unclear(texts: pa.Array) -> pa.Array:
    """Return which *texts* made of lists would be read otherwise without a separator at their end."""
    doubtful = pc.and_not(pc.match_substring_regex(texts, _DOUBTFUL), pc.match_substring(texts, LIST_SEPARATOR))
    return pc.or_(doubtful, pc.match_substring_regex(texts, r"(?s)^\[.*\]$"))


def _joined(name: str, lists: pa.Array) -> pa.Array:
    parent = pc.list_parent_indices(lists)
    ids = id_column(name, pa.chunked_array([pc.list_flatten(lists)])).combine_chunks()
    ids = (ids.dictionary_decode() if pt.is_dictionary(ids.type) else ids).cast(pa.large_string())
    given = ids.is_valid()
    parent, ids = parent.filter(given), ids.filter(given)
    within = pc.index(pc.match_substring(ids, LIST_SEPARATOR), True).as_py()
    if within >= 0:
        message = f"the id {ids[within].as_py()!r} in {name} holds {LIST_SEPARATOR!r}, which separates ids"
        raise InputError(message, remedy="give this brand an id without it")
    sizes = np.bincount(parent.to_numpy(zero_copy_only=False), minlength=len(lists))
    ends = pa.array(np.concatenate([[0], np.cumsum(sizes)]), pa.int64())
    separator, nothing = (pa.scalar(text, ids.type) for text in (LIST_SEPARATOR, ""))
    texts = pc.binary_join(pa.LargeListArray.from_arrays(ends, ids), separator)
    texts = pc.if_else(_unclear(texts), pc.binary_join_element_wise(texts, nothing, separator), texts)
    return pc.if_else(pa.array(sizes > 0), texts, pa.scalar(None, texts.type))


def _chunked(chunks: Iterable[pa.Array], type_: pa.DataType) -> pa.ChunkedArray:
    made = list(chunks)
    return pa.chunked_array(made, made[0].type if made else type_)


def _is_strange(type_: pa.DataType) -> bool:
    """Return whether *type_* holds what has no text of its own, such as a period."""
    return isinstance(type_, pa.BaseExtensionType) and type_.extension_name != "arrow.uuid"


def _is_text(type_: pa.DataType) -> bool:
    return bool(pt.is_string(type_) or pt.is_large_string(type_))


def _encoded(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return *column*, of no text, with each different value once in a dictionary; NaN is null."""
    if pt.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    if isinstance(column.type, pa.BaseExtensionType):
        return pa.chunked_array([pa.array(map(_or_none, column.to_pylist()), pa.string()).dictionary_encode()])
    return column.dictionary_encode()


def _or_none(value: object) -> str | None:
    return None if value is None else id_text(value)


def _as_texts(name: str, values: pa.Array) -> pa.Array:
    """Return distinct *values* of any type as texts."""
    if pt.is_integer(values.type):
        return values.cast(pa.string())
    different = values.to_pylist()
    if pt.is_decimal(values.type):
        different = [int(value) if value == value.to_integral_value() else float(value) for value in different]
    try:
        return pa.array(map(id_text, different), pa.string())
    except InputError as error:
        raise InputError(f"{name}: {error.message}", remedy=error.remedy) from error


def _cleaned(name: str, texts: pa.Array) -> pa.Array:
    """Return *texts* as ids; usual ones, which are all ASCII and without spaces, as they are."""
    low, high = _bytes(texts)
    if high > 0x7E or low < 0x21:
        _require_text(name, texts)
        unusual = pc.match_substring_regex(texts, _UNUSUAL)
        found = texts.filter(unusual)
        known = {text: _clean(name, text) for text in found.unique().to_pylist()}
        texts = pc.replace_with_mask(
            texts, unusual.fill_null(False), pa.array([known[text] for text in found.to_pylist()], texts.type)
        )
    shortest = pc.min(pc.binary_length(texts)).as_py()
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, texts.type), texts) if shortest == 0 else texts


def _require_text(name: str, texts: pa.Array) -> None:
    try:
        texts.validate(full=True)
    except pa.ArrowException as error:
        raise InputError(f"{name} is not UTF-8: {error}", remedy="decode the column first") from error


def _clean(name: str, text: str) -> str:
    if not text.strip():
        return ""
    try:
        return id_text(text)
    except InputError as error:
        raise InputError(f"{name}: {error.message}", remedy=error.remedy) from error


def _bytes(texts: pa.Array) -> tuple[int, int]:
    """Return the lowest and the highest byte of *texts*."""
    _, offsets, data = texts.buffers()
    if data is None or not len(texts):
        return 0x21, 0x21
    width = np.int64 if pt.is_large_string(texts.type) else np.int32
    first, last = np.frombuffer(offsets, width)[[texts.offset, texts.offset + len(texts)]]
    held = np.frombuffer(data, np.uint8)[first:last]
    return (int(held.min()), int(held.max())) if held.size else (0x21, 0x21)
