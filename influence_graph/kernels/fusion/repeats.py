"""Which rows of a group come later than the first day of their slot in it."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def later_days(start, order, slot, day, slots):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return whether a row's day is after the first one of its group and slot.

    Args:
        start: Rows of group ``g`` are ``order[start[g]:start[g + 1]]``.
        order: Rows by group.
        slot: Slot of each row, below *slots*; -1: the row belongs to none.
        day: Day of each row.
        slots: Number of slots.

    Returns:
        bool array, one per row; false where the slot is -1.
    """
    later = np.zeros(slot.size, dtype=np.bool_)
    first = np.zeros(slots, dtype=np.int64)
    seen = np.full(slots, -1, dtype=np.int64)
    for g in range(start.size - 1):
        for k in range(start[g], start[g + 1]):
            row = order[k]
            s = slot[row]
            if s >= 0 and (seen[s] != g or day[row] < first[s]):
                seen[s] = g
                first[s] = day[row]
        for k in range(start[g], start[g + 1]):
            row = order[k]
            if slot[row] >= 0:
                later[row] = day[row] > first[slot[row]]
    return later
