"""The value of fading sums at given moments, in one walk over time."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def sums_at(group, time, touchpoint, amount, half_life):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return the sum of a group's earlier amounts at each moment, each faded since its own time.

    Args:
        group: Group of each row; rows are sorted by group and time.
        time: Time of each row, in days.
        touchpoint: Index into *half_life* of each amount; -1 marks a moment, which has no amount.
        amount: What each row adds.
        half_life: Days after which an amount counts half, per touchpoint; may be infinite.

    Returns:
        float64: at each moment the sum over the rows before it, NaN at the other rows.
    """
    out = np.full(group.size, np.nan)
    held = np.zeros(half_life.size)
    for row in range(group.size):
        if row > 0 and group[row] == group[row - 1]:
            passed = time[row] - time[row - 1]
            for k in range(half_life.size):
                held[k] *= 2.0 ** (-passed / half_life[k])
        else:
            held[:] = 0.0
        if touchpoint[row] < 0:
            out[row] = held.sum()
        else:
            held[touchpoint[row]] += amount[row]
    return out
