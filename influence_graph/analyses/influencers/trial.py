"""How many items a randomized test of one person takes: half of them, drawn by lot, are given to the person."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from scipy.special import ndtri

if TYPE_CHECKING:
    from influence_graph.analyses.influencers.amount import Amount

LEVEL, POWER = 0.05, 0.8
"""Two-sided level of the test, and how often it shall see the effect."""


def trial_items(after: float, items: int, caused: float) -> int | None:
    """Return how many items to give and how many to withhold, each, to see an effect as large as *caused*.

    The adoptions of an item are counted in both halves. With means λ1 of those given and λ0 of those withheld, two
    Poisson rates differ at :data:`LEVEL` with :data:`POWER` from (z_{1-α/2} + z_{power})² (λ1 + λ0) / (λ1 - λ0)² on
    (Gu, Ng, Tang and Schucany 2008, https://doi.org/10.1002/bimj.200710403, the statistic W1 of equal groups). Counts
    of different items vary more than Poisson's, so it is a least number.

    Args:
        after: Adoptions of the audience after the person's own, of all items together.
        items: Items of the person.
        caused: Adoptions among them that are due to the person.

    Returns:
        Items in each half; None where nothing is caused.
    """
    if caused <= 0 or not items:
        return None
    with_, without = after / items, (after - caused) / items
    z = ndtri(1 - LEVEL / 2) + ndtri(POWER)
    return ceil(float(z**2 * (with_ + without) / (with_ - without) ** 2))


def trial_size(after: float, items: int, amount: Amount | None) -> tuple[int | None, int | None]:
    """Return the items of each half by the effect as estimated, and by the low end of its interval."""
    if amount is None:
        return None, None
    return trial_items(after, items, amount.value), trial_items(after, items, amount.low)
