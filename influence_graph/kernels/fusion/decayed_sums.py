"""Exponentially decayed sums at given times, in one pass."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def decayed_sums(group, time, touchpoint, amount, half_life):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return the sum of a group's earlier amounts at each query, each decayed since its own time.

    Args:
        group: Group of each row; rows are sorted by group and time.
        time: Time of each row, in days.
        touchpoint: Index into *half_life* of each amount; -1 marks a query, which has no amount.
        amount: What each row adds.
        half_life: Days after which half of an amount is left, per touchpoint; may be infinite.

    Returns:
        float64: at each query the sum over the rows before it, NaN at the other rows.
    """
    out = np.full(group.size, np.nan)
    total = np.zeros(half_life.size)
    for row in range(group.size):
        if row > 0 and group[row] == group[row - 1]:
            elapsed = time[row] - time[row - 1]
            for k in range(half_life.size):
                total[k] *= 2.0 ** (-elapsed / half_life[k])
        else:
            total[:] = 0.0
        if touchpoint[row] < 0:
            out[row] = total.sum()
        else:
            total[touchpoint[row]] += amount[row]
    return out
