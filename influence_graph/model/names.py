"""Display names of nodes, beside their ids: in sentences, and as columns of tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from influence_graph.text import one_line

if TYPE_CHECKING:
    from typing import Any

CONSUMER, BRAND = "Consumer", "Brand"
"""Labels of nodes: a person, whoever it is, and a brand."""
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
            values = self._column(frame, column)
            shown.insert(list(shown.columns).index(column) + 1, name, values.set_axis(frame.index))
        return shown

    def _column(self, frame: pd.DataFrame, column: str) -> pd.Series:
        """Return the names of the ids in *column*: each id is looked up once per label, as there may be millions."""
        names = pd.Series(pd.NA, range(len(frame)), dtype="string")
        for label, ids in _by_label(frame.reset_index(drop=True), column):
            codes, distinct = pd.factorize(ids)
            known = pd.Series([self.of(label, id_) for id_ in distinct.tolist()], dtype="string")
            names.iloc[ids.index] = known.take(codes)
        return names

    def _with(self, label: str) -> Mapping[str, str]:
        return {CONSUMER: self.consumers, BRAND: self.brands}.get(label, {})


NO_NAMES = NodeNames()


def ids_in(frames: Iterable[pd.DataFrame]) -> dict[str, set[str]]:
    """Return the ids of the nodes in *frames* by label."""
    found: dict[str, set[str]] = {CONSUMER: set(), BRAND: set()}
    for frame in frames:
        for column in _columns(frame):
            for label, ids in _by_label(frame, column):
                found.setdefault(label, set()).update(ids.unique().tolist())
    return found


def _columns(frame: pd.DataFrame) -> list[str]:
    return [column for column in frame.columns if column in _LABEL_OF]


def _by_label(frame: pd.DataFrame, column: str) -> Iterable[tuple[Any, pd.Series]]:
    """Yield the ids in *column* by label."""
    if column == _BY_LABEL and "label" in frame:
        yield from frame.groupby("label", observed=True)[column]
    else:
        yield _LABEL_OF[column], frame[column]
