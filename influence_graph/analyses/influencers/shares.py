"""Everyone counts: the share of all influence by how many are exposed to a person.

Sums are signed: the excess of one person is mostly noise, and what is positive of it would be noise that adds up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.analyses.intervals import bootstrap, dot

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.intervals import Estimate

    Floats = NDArray[np.float64]

GROUPS = (("top 1 %", 0.01), ("next 9 %", 0.1), ("next 40 %", 0.5), ("lower half", 1.0))
_POINTS = 20


def shares(excess: Floats, following: NDArray[np.int64]) -> pd.DataFrame:
    """Return, by group of following, the people, their excess adoptions, and their share of all, with intervals.

    Args:
        excess: Adoptions beyond the background of each person, signed.
        following: How many are exposed to each person; people with nobody are left out.

    Returns:
        The columns group, people, excess, excess_low, excess_high, share, share_low, share_high; intervals by
        resampling people. Shares are missing where the excess of all is not clearly above 0.
    """
    order = _by_following(following)
    ends = [int(np.ceil(share * order.size)) for _, share in GROUPS]
    ends[-1] = order.size
    member = np.searchsorted(ends, np.arange(order.size), side="right")
    values = excess[order]
    parts = [np.where(member == g, values, 0.0) for g in range(len(GROUPS))]

    def statistics(times: Floats) -> list[float]:
        sums = [dot(times, part) for part in parts]
        total = sum(sums)
        return [*sums, total, *(each / total if total else 0.0 for each in sums)]

    estimates = bootstrap(order.size, statistics)
    total = estimates[len(GROUPS)]
    clear = total is not None and total.low > 0
    rows = []
    for g, (name, _) in enumerate(GROUPS):
        row = {"group": name, "people": int(np.count_nonzero(member == g))}
        row |= _columns("excess", estimates[g]) | _columns("share", estimates[len(GROUPS) + 1 + g] if clear else None)
        rows.append(row)
    return pd.DataFrame(rows)


def _columns(name: str, estimate: Estimate | None) -> dict[str, float]:
    value, low, high = (np.nan,) * 3 if estimate is None else (estimate.value, estimate.low, estimate.high)
    return {name: value, f"{name}_low": low, f"{name}_high": high}


def lorenz(excess: Floats, following: NDArray[np.int64]) -> pd.DataFrame:
    """Return the columns people and excess: shares of the people by rising following, and of the excess so far."""
    order = _by_following(following)[::-1]
    if not order.size:
        return pd.DataFrame({"people": [0.0], "excess": [0.0]})
    grown = np.concatenate([[0.0], np.cumsum(excess[order])])
    places = np.unique(np.linspace(0, order.size, _POINTS + 1).astype(np.int64))
    total = grown[-1] if grown[-1] > 0 else np.nan
    return pd.DataFrame({"people": places / order.size, "excess": grown[places] / total})


def _by_following(following: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return who has anybody, most first, equals in their order."""
    order = np.argsort(-following, kind="stable")
    return order[following[order] > 0]
