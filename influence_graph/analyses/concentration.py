"""How unevenly a sum is spread: shares of the top, Gini coefficient, Lorenz curve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_POINTS = 100


def top_share(drawn: NDArray[np.float64], value: NDArray[np.float64], share: float) -> float:
    """Return the part of the sum of *value*, in falling order, that the first *share* of those drawn hold."""
    amounts = drawn * value
    wanted = share * drawn.sum()
    before = np.cumsum(drawn) - drawn
    counted = np.clip(wanted - before, 0.0, drawn)
    total = float(amounts.sum())
    return float(counted @ value) / total if total > 0 else 0.0


def gini(count: NDArray[np.float64], value: NDArray[np.float64]) -> float:
    """Return the Gini coefficient of *value* ≥ 0 in falling order, each of them *count* times.

    It is 1 less twice the area under the Lorenz curve (Gini 1912). 0 where the sum is 0.
    """
    amount = count * value
    people, total = float(count.sum()), float(amount.sum())
    if total <= 0:
        return 0.0
    through = np.cumsum(amount) - amount / 2
    return float(2 * (count @ through) / (people * total) - 1)


def lorenz(score: NDArray[np.float64]) -> pd.DataFrame:
    """Return the Lorenz curve of *score*, in falling order: consumers and bond, at most 101 points from 0 to 1."""
    import pandas as pd

    if not score.size:
        return pd.DataFrame(columns=["consumers", "bond"], dtype=float)
    rising = np.concatenate([[0.0], np.cumsum(score[::-1])])
    place = np.unique(np.linspace(0, score.size, min(score.size, _POINTS) + 1).round().astype(np.int64))
    return pd.DataFrame({"consumers": place / score.size, "bond": rising[place] / rising[-1]})
