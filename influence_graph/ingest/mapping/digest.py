"""Event ids made of the rows, where a file has none."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from influence_graph.ingest.header import field_name
from influence_graph.model.records import Field, FieldType

_BYTES = 16
_NUMBERS = (FieldType.NUMBER, FieldType.INTEGER)
_BETWEEN = b"\x1f"  # the unit separator, which no valid value contains


class Digests:
    """Gives each row of a file the digest of its raw values: 128 bits of BLAKE2b (RFC 7693), in hexadecimal.

    The values are joined in the order of the names of their columns. Equal rows get ``-2``, ``-3`` … in their order:
    the same file gives the same ids again, and rows put behind it change none. Kept are 12 bytes per different row.
    """

    def __init__(self) -> None:
        self._seen: npt.NDArray[np.uint64] = np.array([], np.uint64)  # the first 64 bits of each digest, sorted
        self._counts: npt.NDArray[np.int32] = np.array([], np.int32)

    def of(self, columns: Mapping[str, pa.Array], wanted: Mapping[str, Field]) -> pa.Array:
        """Return the ids of the next rows, which have the raw *columns*, as strings."""
        names = sorted(columns, key=field_name)
        parts = [canonical(columns[name], wanted[name].type) for name in names]
        between = pa.scalar(_BETWEEN, pa.binary())
        rows = pc.binary_join_element_wise(*parts, between, null_handling="replace", null_replacement="")
        octets = b"".join(blake2b(row, digest_size=_BYTES).digest() for row in rows.to_pylist())
        ids = _texts(octets)
        numbers = self._numbers(np.frombuffer(octets, ">u8")[::2].astype(np.uint64))
        if not numbers.any():
            return ids
        behind = pa.array(np.where(numbers > 0, np.char.add("-", (numbers + 1).astype(str)), ""))
        return pc.binary_join_element_wise(ids, behind, "")

    def _numbers(self, keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
        """Return how many rows before each one, in this file, have its key."""
        distinct, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
        places = np.searchsorted(self._seen, distinct)
        known = np.zeros(len(distinct), bool)
        inside = places < len(self._seen)
        known[inside] = self._seen[places[inside]] == distinct[inside]
        before = np.zeros(len(distinct), np.int64)
        before[known] = self._counts[places[known]]
        self._counts[places[known]] += counts[known].astype(np.int32)
        self._seen = np.insert(self._seen, places[~known], distinct[~known])
        self._counts = np.insert(self._counts, places[~known], counts[~known].astype(np.int32))
        if len(distinct) == len(keys):
            return before[inverse]
        return before[inverse] + pd.Series(inverse).groupby(inverse, sort=False).cumcount().to_numpy()


def canonical(raw: pa.Array, type_: FieldType = FieldType.TEXT) -> pa.Array:
    """Return *raw* as bytes, the same ones however a reader gave the value: as text, or as a number or time.

    Args:
        raw: A raw column.
        type_: What it was read as; numbers are then one text, 1.50 as 1.5.
    """
    if pt.is_dictionary(raw.type):
        raw = raw.cast(raw.type.value_type)
    if type_ in _NUMBERS and not pt.is_integer(raw.type):
        raw = _numbers_as_text(raw)
    if pt.is_binary(raw.type):
        return raw
    if pt.is_large_binary(raw.type) or pt.is_null(raw.type):
        return raw.cast(pa.binary())
    return raw.cast(pa.string()).cast(pa.binary())


def _numbers_as_text(raw: pa.Array) -> pa.Array:
    try:
        text = raw.cast(pa.string()) if not pt.is_primitive(raw.type) else raw
        return text.cast(pa.float64()).cast(pa.string())
    except pa.ArrowInvalid:
        values = raw.dictionary_encode()
        texts = pa.array([_number_text(value) for value in values.dictionary.to_pylist()], pa.binary())
        return texts.take(values.indices)


def _number_text(value: bytes | str | None) -> bytes | None:
    text = value.encode() if isinstance(value, str) else value
    try:
        return None if text is None else pa.array([float(text)]).cast(pa.string())[0].as_py().encode()
    except ValueError:
        return text


def _texts(octets: bytes) -> pa.Array:
    """Return each digest in *octets* in hexadecimal."""
    rows, width = len(octets) // _BYTES, 2 * _BYTES
    offsets = np.arange(rows + 1, dtype=np.int64) * width
    if offsets[-1] >= 2**31:
        raise OverflowError("a chunk of more than 2 GiB of ids")
    buffers = [None, pa.py_buffer(offsets.astype(np.int32)), pa.py_buffer(octets.hex().encode())]
    return pa.Array.from_buffers(pa.string(), rows, buffers)
