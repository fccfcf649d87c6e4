"""How unevenly a sum is spread: shares of the top, Gini coefficient, Lorenz curve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.analyses.intervals import dot

if TYPE_CHECKING:
    from numpy.typing import NDArray

_POINTS = 100


def top_share(count: NDArray[np.float64], value: NDArray[np.float64], share: float) -> float:
    """Return the part of a sum that its largest terms hold.

    Args:
        count: How many terms there are of each value.
        value: Terms ≥ 0, in falling order.
        share: Which part of the terms is meant, 0 to 1; the last one counts in part.
    """
    total = dot(count, value)
    if total <= 0:
        return 0.0
    through = np.cumsum(count)
    wanted = share * through[-1]
    last = min(int(np.searchsorted(through, wanted)), value.size - 1)
    part = wanted - (through[last] - count[last])
    return (dot(count[:last], value[:last]) + float(part * value[last])) / total


def gini(count: NDArray[np.float64], value: NDArray[np.float64]) -> float:
    """Return the Gini coefficient of *value* ≥ 0 in falling order, each of them *count* times.

    It is 1 less twice the area under the Lorenz curve (Gini 1912). 0 where the sum is 0.
    """
    amount = count * value
    people, total = float(count.sum()), float(amount.sum())
    if total <= 0:
        return 0.0
    return 2 * dot(count, np.cumsum(amount) - amount / 2) / (people * total) - 1


def lorenz(score: NDArray[np.float64]) -> pd.DataFrame:
    """Return the Lorenz curve of *score*, in falling order: consumers and bond, at most 101 points from 0 to 1."""
    if not score.size:
        return pd.DataFrame(columns=["consumers", "bond"], dtype=float)
    rising = np.concatenate([[0.0], np.cumsum(score[::-1])])
    place = np.unique(np.linspace(0, score.size, min(score.size, _POINTS) + 1).round().astype(np.int64))
    return pd.DataFrame({"consumers": place / score.size, "bond": rising[place] / rising[-1]})
