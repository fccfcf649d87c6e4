"""Corrections of corrections: a functional graph, since each record replaces at most one other.

Records are numbered in the order in which they became known, ties by id. In a circle the last record is the
last word: the correction of it from within the circle is ignored. What is left is a forest, so that one pass
from those that nobody replaces to what they replace, each after all that replace it, decides who stands.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def without_circles(names):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return what each record replaces, once the correction of the last record of each circle is ignored.

    Args:
        names: For each record the one that it names, -1 for none; no record names itself.

    Returns:
        int64 targets: *names*, with -1 for what is ignored.
    """
    target = names.copy()
    walk = np.full(names.size, -1)  # from which record each was first reached
    for start in range(names.size):
        record = start
        while record >= 0 and walk[record] < 0:
            walk[record] = start
            record = names[record]
        if record >= 0 and walk[record] == start:  # on a circle
            last, other = record, names[record]
            while other != record:
                last, other = max(last, other), names[other]
            while names[record] != last:
                record = names[record]
            target[record] = -1
    return target


@njit(cache=True, nogil=True)
def replacing_first(target):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return int64 all records, each after those that replace it; *target* is of :func:`without_circles`."""
    waits = np.zeros(target.size, np.int64)
    for record in range(target.size):
        if target[record] >= 0:
            waits[target[record]] += 1
    order = np.empty(target.size, np.int64)
    size = 0
    for start in range(target.size):
        record = start
        while record >= 0 and waits[record] == 0:
            waits[record] = -1  # is in the order
            order[size] = record
            size += 1
            record = target[record]
            if record >= 0:
                waits[record] -= 1
    return order


@njit(cache=True, nogil=True)
def standing(known, retracts, target, order):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return which records stand, and which are not replaced.

    Args:
        known: For each record, whether it is known.
        retracts: For each record, whether it takes back what it replaces; else it stands in its place.
        target: The record that each one replaces, -1 for none; see :func:`without_circles`.
        order: All records, each after those that replace it; see :func:`replacing_first`.

    Returns:
        bool for each record: whether it is known and no standing retraction takes it back, and whether it is
        known and no standing record replaces it.
    """
    stands, is_last = known.copy(), known.copy()
    for record in order:
        if stands[record] and target[record] >= 0:
            is_last[target[record]] = False
            if retracts[record]:
                stands[target[record]] = False
    return stands, is_last


@njit(cache=True, nogil=True)
def replaced_from(names, marked):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return the *marked* records and all that they replace, transitively.

    Args:
        names: For each record the one that it names, -1 for none.
        marked: Whether each record is one to start from.

    Returns:
        bool for each record.
    """
    out = marked.copy()
    for start in range(names.size):
        if marked[start]:
            record = names[start]
            while record >= 0 and not out[record]:
                out[record] = True
                record = names[record]
    return out


@njit(cache=True, nogil=True)
def replacing(target, order, marked):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return the *marked* records and all that replace them, transitively.

    Args:
        target: The record that each one replaces, -1 for none; see :func:`without_circles`.
        order: All records, each after those that replace it; see :func:`replacing_first`.
        marked: Whether each record is one to start from.

    Returns:
        bool for each record.
    """
    out = marked.copy()
    for place in range(order.size - 1, -1, -1):
        record = order[place]
        if target[record] >= 0 and out[target[record]]:
            out[record] = True
    return out
