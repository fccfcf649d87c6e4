"""Whether a found person moves others by what they say or by what they do.

The test is made twice: on the items that the person spoke of, from then on, and on those they never spoke of.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from influence_graph.analyses.influencers.amount import excess
from influence_graph.analyses.influencers.attribution import common
from influence_graph.kernels.influencers.audience import detail

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.influencers.evidence import Evidence
    from influence_graph.analyses.influencers.inputs import Inputs
    from influence_graph.kernels.influencers.audience import World

ACTIVE, PASSIVE, UNKNOWN = "active", "passive", "cannot be told"
SIGNIFICANT = 0.05
MOST_SPOKEN = 0.1
"""A passive influencer owes less than this share of the excess to what they spoke of."""


@dataclass(frozen=True)
class Style:
    """The style of a found person: p on what they spoke of and on the rest, and the share of the excess by speaking."""

    style: str
    spoken_p: float
    unspoken_p: float
    spoken_share: float


def style_of(world: World, evidence: Evidence, inputs: Inputs, v: int) -> Style:
    """Return the style of *v*; without records of what was spoken of it cannot be told."""
    if inputs.spoken is None:
        return Style(UNKNOWN, np.nan, np.nan, np.nan)
    begin = first_spoken(world, inputs.spoken, v)
    said = np.where(np.isinf(begin), np.nan, begin)
    unsaid = np.where(np.isinf(begin), -np.inf, np.nan)
    sums = [detail(world, v, begin=part)[0].sum(axis=0)[None] for part in (said, unsaid)]
    spoken_p, unspoken_p = (float(evidence.p_of(part)[0]) for part in sums)
    spoken, unspoken = (max(float(excess(part, evidence.baselines).sum()), 0.0) for part in sums)
    share = spoken / (spoken + unspoken) if spoken + unspoken > 0 else np.nan
    if unspoken_p <= SIGNIFICANT and share < MOST_SPOKEN:
        return Style(PASSIVE, spoken_p, unspoken_p, share)
    return Style(ACTIVE if spoken_p <= SIGNIFICANT else UNKNOWN, spoken_p, unspoken_p, share)


def first_spoken(
    world: World, spoken: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]], v: int
) -> NDArray[np.float64]:
    """Return when *v* first spoke of each item that they took up, ∞ for never."""
    users, items, times = spoken
    mine = np.flatnonzero(users == v)
    taken = world.taken.items[world.taken.start[v] : world.taken.start[v + 1]]
    first = np.full(taken.size, np.inf)
    place, said = common(taken, items[mine])
    np.minimum.at(first, place, times[mine][said])
    return first
