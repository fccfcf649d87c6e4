"""The people of a market: the segments in which they live, and whom they see there and in neighboring segments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from influence_graph.ingest.markets.parameters import MarketParameters
from influence_graph.ingest.town.random import Array, stream, weighted
from influence_graph.ingest.worlds.pools import Pools
from influence_graph.ingest.worlds.ties import EARLIEST_DAYS, FOLLOWS, FRIEND, Ties, recorded, unique_pairs

_SEGMENTS_PER_REGION = 6
_NEIGHBORS_WITHIN = 0.6
_NEIGHBORS_BEYOND = 1.0
"""How often segments of one region are neighbors; and mean neighbors of a segment in all other regions together."""
_AT_HOME = 0.6
_FRIENDS_SHARE = 0.25


@dataclass(frozen=True)
class People:
    """People 0 to n-1 in segments 0 to s-1.

    Attributes:
        segment: int (n,), where each lives.
        region: int (s,), the region of each segment; those of one region move alike.
        neighbors: bool (s, s), which segments have ties, strays aside; symmetric.
        ties: who follows or knows whom.
        seer: int (m,), each pair of a person and a segment once in which it sees somebody: the person.
        seen: int (m,), the segment.
    """

    segment: Array
    region: Array
    neighbors: Array
    ties: Ties
    seer: Array
    seen: Array

    @property
    def sizes(self) -> Array:
        """People per segment."""
        return np.bincount(self.segment, minlength=len(self.region))

    def reached(self, treated: Array) -> Array:
        """Return the share of each segment's people who see somebody of a *treated* segment, shape (s,); 0 for these.

        Args:
            treated: bool (s,).
        """
        found = np.unique(self.seer[treated[self.seen]])
        share: Array = np.bincount(self.segment[found], minlength=len(self.region)) / self.sizes
        share[treated] = 0.0
        return share


def populate(parameters: MarketParameters) -> People:
    """Return the people of *parameters* and their ties."""
    rng = stream(parameters.seed, "market people")
    count = parameters.segments
    sizes = rng.gamma(9.0, 1.0, count)
    segment = np.concatenate([np.arange(count), weighted(rng, sizes / sizes.sum(), parameters.people - count)])
    region = np.arange(count) % max(2, count // _SEGMENTS_PER_REGION)
    neighbors = _neighbors(stream(parameters.seed, "market neighbors"), region)
    ties = _ties(parameters, segment, neighbors)
    both = ties.seen()
    pairs = np.unique(both.source * count + segment[both.target])
    return People(segment, region, neighbors, ties, pairs // count, pairs % count)


def _neighbors(rng: np.random.Generator, region: Array) -> Array:
    """Return which segments have ties with which."""
    count = len(region)
    likely = np.where(region[:, None] == region, _NEIGHBORS_WITHIN, _NEIGHBORS_BEYOND / count)
    one_way = np.triu(rng.random((count, count)) < likely, 1)
    neighbors: Array = one_way | one_way.T
    return neighbors


def _ties(parameters: MarketParameters, segment: Array, neighbors: Array) -> Ties:
    rng = stream(parameters.seed, "market ties")
    source = np.repeat(np.arange(len(segment)), rng.poisson(parameters.ties_per_person, len(segment)))
    target = _targets(rng, parameters, segment, neighbors, source)
    source, target = unique_pairs(source, target, len(segment))
    kind = np.where(rng.random(len(source)) < _FRIENDS_SHARE, FRIEND, FOLLOWS)
    return recorded(Ties(source, target, kind, -EARLIEST_DAYS * rng.random(len(source))), len(segment))


def _targets(
    rng: np.random.Generator, parameters: MarketParameters, segment: Array, neighbors: Array, source: Array
) -> Array:
    """Return whom each *source* chooses: somebody at home, of a neighboring segment, or anybody."""
    count = parameters.segments
    close = np.where(neighbors, rng.gamma(2.0, 0.5, neighbors.shape), 0.0)
    total = close.sum(axis=1, keepdims=True)
    close = close / np.where(total > 0, total, 1.0) * (1 - _AT_HOME)
    close[np.diag_indices(count)] = 1 - close.sum(axis=1)
    home = segment[source]
    ends = np.cumsum(close, axis=1) + np.arange(count)[:, None]  # of row r from r to r + 1
    place = np.searchsorted(ends.ravel(), home + rng.random(len(source)), side="right")
    chosen = np.clip(place - home * count, 0, count - 1)
    person = Pools(segment, np.ones(len(segment)), count).draw(rng, chosen)
    strays = rng.random(len(source)) < parameters.strays
    anybody = rng.integers(0, len(segment), len(source))
    target: Array = np.where(strays, anybody, person)
    return target
