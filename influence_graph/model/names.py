"""Display names of nodes, beside their ids: in sentences, and as columns of tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.text import one_line

CONSUMER, BRAND, CAMPAIGN = "Consumer", "Brand", "Campaign"
"""Labels of nodes: a person, whoever it is, a brand, and what a brand did, which has no name."""
_LONGEST = 60  # characters of a name in a sentence
_BY_LABEL = "id"
_LABEL_OF = {
    _BY_LABEL: CONSUMER,  # where the frame has no column label
    "consumer": CONSUMER,
    "brand": BRAND,
    "source": CONSUMER,
    "target": CONSUMER,
    "seeds": CONSUMER,
    "via": BRAND,
}
"""The columns that hold ids of nodes, and the label of those nodes."""


class NameTable(Mapping[str, str]):
    """Names by id in two columns, for a look-up of one id or of millions at once.

    Args:
        ids: Ids, each once.
        names: Their names.
    """

    def __init__(self, ids: pa.Array | pa.ChunkedArray, names: pa.Array | pa.ChunkedArray) -> None:
        self._ids, self._names = ids, names

    @classmethod
    def of(cls, names: Mapping[str, str]) -> NameTable:
        """Return *names* in columns."""
        if isinstance(names, cls):
            return names
        return cls(*(pa.array(list(texts), pa.large_string()) for texts in (names.keys(), names.values())))

    def __getitem__(self, id_: str) -> str:
        return self._by_id[id_]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._ids)

    def find(self, ids: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
        """Return the name of each of *ids*, null where it has none."""
        return self._names.take(pc.index_in(ids, value_set=self._ids.cast(ids.type)))

    @cached_property
    def _by_id(self) -> dict[str, str]:
        return dict(zip(self._ids.to_pylist(), self._names.to_pylist(), strict=True))


@dataclass(frozen=True)
class NodeNames:
    """Display names by label and id: a person and a brand may share an id.

    Attributes:
        consumers: Names of people by id, of those that have one.
        brands: Names of brands by id, likewise.
    """

    consumers: Mapping[str, str] = field(default_factory=dict)
    brands: Mapping[str, str] = field(default_factory=dict)

    def of(self, label: str, id_: object) -> str | None:
        """Return the name of the node *id_* of *label*, None where none is known."""
        return self._with(label).get(str(id_)) or None

    def text(self, label: str, id_: object) -> str:
        """Return how a sentence calls a node: its name with its id in parentheses where they differ, else its id.

        Example:
            >>> names = NodeNames(consumers={"singer": "Paul Simon"})
            >>> names.text(CONSUMER, "singer"), names.text(BRAND, "singer")
            ('Paul Simon (singer)', 'singer')
        """
        name = self.of(label, id_)
        return str(id_) if name is None or name == str(id_) else f"{one_line(name, _LONGEST)} ({id_})"

    def beside(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return *frame* with the names beside its ids, null where none is known.

        After the column ``id`` stands ``name``, after any other column of ids, such as ``consumer``, one with
        ``_name`` added.
        """
        shown = frame.copy(deep=False)
        for column in _columns(frame):
            name = "name" if column == _BY_LABEL else f"{column}_name"
            values = pd.Series(pd.array(self._column(frame, column), dtype="string"), frame.index)
            shown.insert(list(shown.columns).index(column) + 1, name, values)
        return shown

    def _column(self, frame: pd.DataFrame, column: str) -> pa.Array | pa.ChunkedArray:
        """Return the names of the ids in *column*."""
        ids = _texts(frame[column])
        names: Any = pa.nulls(len(ids), pa.large_string())
        for label, here in _by_label(frame, column):
            found = NameTable.of(self._with(label)).find(ids).cast(pa.large_string())
            known = pc.fill_null(pc.not_equal(found, ""), False)
            names = pc.if_else(pc.and_(here, known), found, names)
        return names

    def _with(self, label: str) -> Mapping[str, str]:
        return {CONSUMER: self.consumers, BRAND: self.brands}.get(label, {})


NO_NAMES = NodeNames()


def ids_in(frames: Iterable[pd.DataFrame]) -> dict[str, pa.Array]:
    """Return the ids of the nodes in *frames* by label, each once."""
    found: dict[str, list[pa.Array]] = {CONSUMER: [], BRAND: []}
    for frame in frames:
        for column in _columns(frame):
            ids = _texts(frame[column])
            for label, here in _by_label(frame, column):
                found[label].append(ids.filter(here).unique().drop_null())
    return {label: pa.chunked_array(parts, pa.large_string()).unique() for label, parts in found.items()}


def _columns(frame: pd.DataFrame) -> list[str]:
    return [column for column in frame.columns if column in _LABEL_OF]


def _texts(ids: pd.Series) -> pa.Array | pa.ChunkedArray:
    return pa.array(ids.astype("string")).cast(pa.large_string())


def _by_label(frame: pd.DataFrame, column: str) -> Iterator[tuple[str, Any]]:
    """Yield the labels that ids in *column* have, and which rows have them."""
    if column == _BY_LABEL and "label" in frame:
        labels = frame["label"].to_numpy()
        for label in (CONSUMER, BRAND):
            yield label, pa.array(labels == label)
    else:
        yield _LABEL_OF[column], pa.repeat(pa.scalar(True), len(frame))
