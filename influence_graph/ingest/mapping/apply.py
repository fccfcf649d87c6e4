"""A bound mapping applied to the raw columns of a chunk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.ingest.chunks import Chunk
from influence_graph.ingest.faults import Faults
from influence_graph.ingest.mapping.bind import Bound
from influence_graph.ingest.mapping.digest import Digests, canonical
from influence_graph.ingest.mapping.mapping import Rule
from influence_graph.model.records import FieldType


class Mapper:
    """Turns the chunks of one file, in order, from columns into fields.

    Attributes:
        skipped: How many rows were left out so far, by reason, such as ``Created at is empty``.
    """

    def __init__(self, bound: Bound) -> None:
        self.skipped: Counter[str] = Counter()
        self._bound = bound
        self._digests = Digests()

    def apply(self, chunk: Chunk) -> Chunk:
        """Return *chunk* by field, without the rows to leave out."""
        chunk = self._kept(chunk)
        columns = {name: self._values(name, rule, chunk) for name, rule in self._bound.rules.items()}
        faults = {name: _faults(rule, chunk) for name, rule in self._bound.rules.items()}
        return Chunk(columns, chunk.lines, {name: each for name, each in faults.items() if each}, chunk.skipped)

    def _kept(self, chunk: Chunk) -> Chunk:
        left_out = np.zeros(len(chunk.lines), dtype=bool)
        for column, values in self._bound.skip.items():
            for value in values:
                fitting = _fits(chunk.columns[column], value) & ~left_out
                if fitting.any():
                    reason = f"{column} is {value}" if value else f"{column} is empty"
                    self.skipped[reason] += int(fitting.sum())
                    left_out |= fitting
        return _rows(chunk, ~left_out) if left_out.any() else chunk

    def _values(self, field: str, rule: Rule, chunk: Chunk) -> pa.Array:
        rows = len(chunk.lines)
        if rule.constant is not None:
            places = pa.array(np.zeros(rows, np.int8))
            return pa.DictionaryArray.from_arrays(places, pa.array([rule.constant.encode()], pa.binary()))
        if rule.digest:
            return self._digests.of({name: chunk.columns[name] for name in self._bound.used}, self._bound.wanted)
        if len(rule.columns) == 1:
            return chunk.columns[rule.columns[0]]
        return _joined([chunk.columns[name] for name in rule.columns], self._bound.kind.by_name[field].type)


def _joined(columns: Sequence[pa.Array], type_: FieldType) -> pa.Array:
    """Return the values of *columns* joined, null where all are empty.

    Those of an id are joined by ``-``, and an empty one leaves its place empty: other parts are another id. Those of a
    text or a time are joined by spaces, without the empty ones.
    """
    texts = [_trimmed(column) for column in columns]
    if type_ in (FieldType.TEXT, FieldType.TIME):
        while len(texts) > 1:  # in pairs: the work does not grow with the square of the columns
            pairs = zip(texts[::2], texts[1::2], strict=False)
            texts = [_with_space(*pair) for pair in pairs] + texts[len(texts) // 2 * 2 :]
        return texts[0]
    joined = pc.binary_join_element_wise(*texts, b"-", null_handling="replace", null_replacement="")
    empty = b"-" * (len(columns) - 1)
    return pc.if_else(pc.equal(joined, pa.scalar(empty, pa.binary())), pa.scalar(None, pa.binary()), joined)


def _with_space(left: pa.Array, right: pa.Array) -> pa.Array:
    return pc.coalesce(pc.binary_join_element_wise(left, right, b" "), left, right)


def _trimmed(column: pa.Array) -> pa.Array:
    """Return *column* as bytes without surrounding spaces, where it is UTF-8."""
    raw = canonical(column)
    try:
        texts = pc.utf8_trim_whitespace(raw.cast(pa.string())).cast(pa.binary())
    except pa.ArrowInvalid:  # its rows are rejected later
        texts = raw
    return pc.if_else(pc.equal(texts, b""), pa.scalar(None, pa.binary()), texts)


def _fits(column: pa.Array, value: str) -> npt.NDArray[np.bool_]:
    """Return which rows of *column* have *value*, in any case and without surrounding spaces."""
    raw = canonical(column)
    try:
        texts = raw.cast(pa.string())
    except pa.ArrowInvalid:
        texts = pa.array([None if each is None else each.decode("utf-8", "replace") for each in raw.to_pylist()])
    texts = pc.utf8_lower(pc.utf8_trim_whitespace(texts.cast(pa.string())))
    wanted = pc.equal(texts.fill_null(""), value.strip().lower())
    return np.asarray(wanted.to_numpy(zero_copy_only=False), dtype=bool)


def _rows(chunk: Chunk, keep: npt.NDArray[np.bool_]) -> Chunk:
    """Return the rows *keep* of *chunk*."""
    mask, places = pa.array(keep), np.cumsum(keep) - 1
    faults = {
        name: {int(places[row]): fault for row, fault in each.items() if keep[row]}
        for name, each in chunk.faults.items()
    }
    columns = {name: column.filter(mask) for name, column in chunk.columns.items()}
    return Chunk(columns, chunk.lines[keep], faults, chunk.skipped)


def _faults(rule: Rule, chunk: Chunk) -> Faults:
    """Return the faults of the columns of *rule*; of several in one row that of the first column."""
    found: Faults = {}
    for column in reversed(rule.columns):
        found |= chunk.faults.get(column, {})
    return found
