"""Who sees whom across segments: the share of a segment's people who see somebody of a treated segment.

Ties point from who sees to who is seen: a follower sees whom they follow, friends see each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_FRIEND = "friend"


@dataclass(frozen=True, eq=False)
class Sights:
    """Who sees whom; arrays in, arrays out.

    Attributes:
        segment: Index of each person's segment, -1 for none; shape (people,).
        seer: The person who sees, of each tie and of each way of a friendship; shape (sights,).
        seen: The person who is seen; shape (sights,).
        segments: Names of the segments.
    """

    segment: Ints
    seer: Ints
    seen: Ints
    segments: tuple[str, ...]

    @property
    def sizes(self) -> Ints:
        """How many people each segment has."""
        return np.bincount(self.segment[self.segment >= 0], minlength=len(self.segments))

    def seeing(self, treated: NDArray[np.bool_]) -> Ints:
        """Return how many people of each segment see somebody of the *treated* ones.

        Args:
            treated: Shape (events, segments).

        Returns:
            Shape (events, segments).
        """
        whose = self.segment[self.seen]
        found = np.zeros(treated.shape, np.int64)
        for place, each in enumerate(treated):
            who = np.unique(self.seer[np.append(each, False)[whose]])  # the last one is "none", where -1 points
            own = self.segment[who]
            found[place] = np.bincount(own[own >= 0], minlength=each.size)
        return found

    def shares(self, treated: NDArray[np.bool_]) -> Floats:
        """Return :meth:`seeing` as shares of each segment's people, 0 for a segment without people."""
        return self.seeing(treated) / np.maximum(self.sizes, 1)


def sights_of(people: pd.DataFrame, ties: pd.DataFrame) -> Sights:
    """Return who sees whom.

    Args:
        people: id and segment of each person, a segment missing where it is not known.
        ties: source, target and kind; the source sees the target, and friends see each other.
    """
    segment, names = pd.factorize(people["segment"], sort=True)
    ids = pd.Index(people["id"])
    source, target = (ids.get_indexer(ties[name]).astype(np.int64) for name in ("source", "target"))
    friend = (ties["kind"] == _FRIEND).to_numpy()
    seer, seen = np.concatenate([source, target[friend]]), np.concatenate([target, source[friend]])
    known = (seer >= 0) & (seen >= 0) & (seer != seen)
    return Sights(segment.astype(np.int64), seer[known], seen[known], tuple(map(str, names)))
