"""Which interactions count, where records replace others, corrections are corrected and retractions taken back.

As known at a time K, a record *stands* where it is known by K and no retraction that stands at K takes it
back; so to take back a wrong correction revives what that replaced. A correction of a correction, instead,
stands in its place: what the first one replaced stays replaced. An interaction counts where it is known, is no
retraction, has happened, and no record that stands replaces it. When a correction itself happened (``at``) does
not matter, only when it became known. Of records that replace each other in a circle, the one that became known
last (ties: by id) is the last word: the correction of it from within the circle is ignored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.kernels import corrections as kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Corrections:
    """The records that replace another one or are replaced by one, in the order in which they became known.

    Attributes:
        event_id: The id of each record.
        row: Its row in the interactions that these were made of.
        known: µs since 1970 at which each became known; ascending, ties by event id.
        retracts: Whether each takes back what it replaces, and puts nothing in its place.
        target: The record that each one replaces, -1 for none, for one that is not there, and for a correction
            that is ignored because it closes a circle.
        ignored: Whether each record is such a correction.
        order: All records, each after those that replace it.
    """

    event_id: pa.Array
    row: NDArray[np.int64]
    known: NDArray[np.int64]
    retracts: NDArray[np.bool_]
    target: NDArray[np.int64]
    ignored: NDArray[np.bool_]
    order: NDArray[np.int64]

    @classmethod
    def of(
        cls, event_id: pa.Array, known: NDArray[np.int64], replaces: pa.Array, retracts: NDArray[np.bool_]
    ) -> Corrections:
        """Return the corrections among interactions.

        Args:
            event_id: Distinct ids.
            known: µs since 1970 at which each interaction became known.
            replaces: The id that each one replaces, null for none; never its own.
            retracts: Whether each is a retraction.
        """
        correcting = replaces.is_valid().to_numpy(zero_copy_only=False)
        named = replaces.drop_null()
        rows = np.flatnonzero(pc.is_in(event_id, named).to_numpy(zero_copy_only=False) | correcting)
        ids = event_id.take(pa.array(rows))
        by_time = pa.table({"known": known[rows], "id": ids})
        order = pc.sort_indices(by_time, [("known", "ascending"), ("id", "ascending")]).to_numpy()
        rows, ids = rows[order], ids.take(pa.array(order))
        names = pc.index_in(replaces.take(pa.array(rows)), value_set=ids)
        names = names.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
        target = kernel.without_circles(names)
        return cls(ids, rows, known[rows], retracts[rows], target, target != names, kernel.replacing_first(target))

    def __len__(self) -> int:
        return self.row.size

    def standing(self, known: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return which records stand, and which are not replaced, as known at *known*, µs since 1970."""
        return kernel.standing(self.known <= known, self.retracts, self.target, self.order)  # type: ignore[no-any-return]

    def first_replacing(self, records: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return for each record the first of *records* that replaces it, -1 where there is none."""
        first = np.full(len(self), -1)
        latest_first = np.flatnonzero(records & (self.target >= 0))[::-1]
        first[self.target[latest_first]] = latest_first
        return first

    def replacing(self, records: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return which records replace one of *records*, transitively: whether these count depends on them alone."""
        found = kernel.replacing(self.target, self.order, records)
        replaced: NDArray[np.bool_] = np.append(found, False)[self.target]
        return replaced


def replaced_from(event_id: pa.Array, replaces: pa.Array, start: pa.Array) -> pa.Array:
    """Return the ids of *start* and of all that they replace, transitively.

    Args:
        event_id: Distinct ids of corrections.
        replaces: The id that each of them replaces.
        start: Any ids.
    """
    if not len(start):
        return start
    ids = pa.concat_arrays([event_id, replaces, start]).unique()
    names = np.full(len(ids), -1)
    names[pc.index_in(event_id, value_set=ids).to_numpy()] = pc.index_in(replaces, value_set=ids).to_numpy()
    marked = pc.is_in(ids, value_set=start).to_numpy(zero_copy_only=False)
    return ids.filter(pa.array(kernel.replaced_from(names, marked)))
