"""The people of the town and their ties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from influence_graph.ingest.town.random import Array, ranges, stream

if TYPE_CHECKING:
    from influence_graph.ingest.town.parameters import TownParameters

FOLLOWS, FRIEND, EXPOSED = 0, 1, 2
ORDINARY, ACTIVE, PASSIVE = 0, 1, 2
MEAN_DELAY_DAYS = np.array([3.0, 2.0, 6.0])
"""Mean days from cause to adoption, by the style of the influencer."""

_COMMUNITY_SIZE = 100
_OWN_COMMUNITY_SHARE = 0.75
_EXPOSED_PEOPLE = 40


@dataclass(frozen=True)
class Population:
    """People 0 to n-1 and their ties; ``number`` is the public number of each person.

    Within a community the first members are its hubs, so public numbers are a permutation.
    ``source`` follows, knows or is exposed to ``target``; influence flows from target to source
    (both ways for friends).
    """

    community: Array
    style: Array
    number: Array
    source: Array
    target: Array
    kind: Array

    @property
    def size(self) -> int:
        """Number of people."""
        return len(self.community)

    def followers(self) -> Array:
        """Return how many people follow each person."""
        return np.bincount(self.target[self.kind == FOLLOWS], minlength=self.size)


def populate(parameters: TownParameters) -> Population:
    """Return the people and ties of *parameters*."""
    n = parameters.people
    groups = max(4, n // _COMMUNITY_SIZE)
    community = np.arange(n) * groups // n
    starts = np.searchsorted(community, np.arange(groups + 1))
    style = _styles(parameters, starts)
    parts = [
        _follows(parameters, starts, community),
        _friends(parameters, starts, community),
        _exposures(parameters, starts, style),
    ]
    source, target, kind = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    first = np.unique((source * n + target) * 3 + kind, return_index=True)[1]
    number = stream(parameters.seed, "numbers").permutation(n)
    return Population(community, style, number, source[first], target[first], kind[first])


def _styles(parameters: TownParameters, starts: Array) -> Array:
    """Plant influencers: the hub of some communities (active), an average member of others (passive)."""
    style = np.zeros(parameters.people, np.int8)
    order = stream(parameters.seed, "influencers").permutation(len(starts) - 1)
    half = min(parameters.planted, len(order) // 2)
    style[starts[order[:half]]] = ACTIVE
    passive = order[half : 2 * half]
    style[(starts[passive] + starts[passive + 1]) // 2] = PASSIVE
    return style


def _follows(parameters: TownParameters, starts: Array, community: Array) -> tuple[Array, Array, Array]:
    """Return who follows whom: mostly members of the same community, and mostly its hubs."""
    rng = stream(parameters.seed, "follows")
    degree = 1 + rng.poisson(parameters.ties_per_person - 1, parameters.people)
    source = np.repeat(np.arange(parameters.people), degree)
    groups = len(starts) - 1
    any_group = (groups * rng.random(len(source)) ** 2.5).astype(np.int64)
    group = np.where(rng.random(len(source)) < _OWN_COMMUNITY_SHARE, community[source], any_group)
    target = starts[group] + ((starts[group + 1] - starts[group]) * rng.random(len(source)) ** 2).astype(np.int64)
    kept = source != target
    return source[kept], target[kept], np.full(int(kept.sum()), FOLLOWS, np.int8)


def _friends(parameters: TownParameters, starts: Array, community: Array) -> tuple[Array, Array, Array]:
    """Return friendships, about one per person, within communities, source before target."""
    rng = stream(parameters.seed, "friends")
    left = rng.integers(0, parameters.people, parameters.people)
    group = community[left]
    right = starts[group] + ((starts[group + 1] - starts[group]) * rng.random(parameters.people)).astype(np.int64)
    low, high = np.minimum(left, right), np.maximum(left, right)
    kept = low != high
    return low[kept], high[kept], np.full(int(kept.sum()), FRIEND, np.int8)


def _exposures(parameters: TownParameters, starts: Array, style: Array) -> tuple[Array, Array, Array]:
    """Return who is exposed to each passive influencer, and to as many ordinary people (decoys)."""
    rng = stream(parameters.seed, "exposures")
    seen = np.concatenate([np.flatnonzero(style == PASSIVE), _decoys(rng, starts, style)])
    group = np.searchsorted(starts, seen, side="right") - 1
    group_size = starts[group + 1] - starts[group]
    counts = np.minimum(_EXPOSED_PEOPLE, group_size // 2)
    offset = np.repeat(rng.integers(0, group_size), counts) + ranges(np.ones(len(seen), np.int64), counts)
    source = np.repeat(starts[group], counts) + offset % np.repeat(group_size, counts)
    target = np.repeat(seen, counts)
    kept = source != target
    return source[kept], target[kept], np.full(int(kept.sum()), EXPOSED, np.int8)


def _decoys(rng: np.random.Generator, starts: Array, style: Array) -> Array:
    """Return ordinary people with the exposure of passive influencers, as many as these and two or more."""
    wanted = max(2, int((style == PASSIVE).sum()))
    groups = rng.permutation(len(starts) - 1)[:wanted]
    people: Array = (starts[groups] + 2 * starts[groups + 1]) // 3
    ordinary: Array = people[style[people] == ORDINARY]
    return ordinary
