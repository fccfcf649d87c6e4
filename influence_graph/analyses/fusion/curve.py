"""At which times a sum of decaying points is looked at, so that its curve shows every step that can be seen."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.interactions.ledger import Ledger

COLUMNS = 300
"""Steps of a curve at most: one in each of as many equal parts of its span, about three pixels of a page."""
_GAPS = 48  # parts of the span, each of which holds a sample at least, where points decay


class Samples(NamedTuple):
    """Times in their order (µs since 1970 UTC), and whether the sum just before each is meant, or from it on."""

    time: NDArray[np.int64]
    before: NDArray[np.bool_]


def changes_of(rows: Ledger, amount: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the times (µs) at which the *amount* of each of *rows* may be added or taken back, and about how much.

    An event counts from when it had happened and was known; it may be taken back or revived when a correction of
    it, or of such a correction, becomes known.
    """
    appears = np.maximum(rows.at, rows.known)
    if rows.corrections is None or rows.correction is None:
        return appears, amount
    corrections = rows.corrections
    of_record = np.zeros(len(corrections) + 1)  # the last one is "none", where -1 points
    of_record[rows.correction] = amount
    of_record[-1] = 0.0
    replacing = np.flatnonzero(rows.replacing(np.ones(len(rows), np.bool_)))
    taken_back = -of_record[corrections.target[replacing]]
    return np.concatenate([appears, corrections.known[replacing]]), np.concatenate([amount, taken_back])


def steps_of(time: NDArray[np.int64], size: NDArray[np.float64], end: int, columns: int = COLUMNS) -> NDArray[np.int64]:
    """Return the different times up to *end* at which a curve steps, ascending.

    Of more than *columns* of them, the first one is returned and, of each of so many equal parts of the span
    from it to *end*, the one with the largest step.

    Args:
        time: When each amount is added, µs since 1970; any order, repeated times add up.
        size: The amount.
        end: The last time.
        columns: 1 or more.
    """
    kept = time <= end
    different, place = np.unique(time[kept], return_inverse=True)
    if different.size <= columns:
        return different
    step = np.abs(np.bincount(place, size[kept]))
    part = (different - different[0]) * columns // (end - different[0] + 1)
    order = np.lexsort((different, -step, part))
    largest = order[np.append(True, np.diff(part[order]) > 0)]
    return np.union1d(different[largest], different[:1])


def samples_of(steps: NDArray[np.int64], end: int, *, smooth: bool) -> Samples:
    """Return where to look at a curve: just before and at each of *steps*, at *end*, and between where it is *smooth*.

    Without steps only *end* is returned.
    """
    looked = [(int(step), before) for step in steps for before in (True, False)]
    if not steps.size or steps[-1] < end:
        looked.append((end, False))
    if smooth and steps.size:
        span = max(end - int(steps[0]), 1)
        for low, high in pairwise([*steps.tolist(), end]):
            parts = -(-(high - low) * _GAPS // span)
            looked += [(low + (high - low) * part // parts, False) for part in range(1, parts)]
    looked.sort(key=lambda each: (each[0], not each[1]))
    return Samples(np.array([time for time, _ in looked], np.int64), np.array([early for _, early in looked], np.bool_))
