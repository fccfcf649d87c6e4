"""Who follows, knows or is exposed to whom, and since when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from influence_graph.ingest.town.random import Array, stream
from influence_graph.ingest.worlds.parameters import WorldParameters
from influence_graph.ingest.worlds.people import CITIES, People
from influence_graph.ingest.worlds.pools import Pools

FOLLOWS, FRIEND, EXPOSED = 0, 1, 2
_EXPOSED_SHARE = 0.15
_FRIENDS_SHARE = 0.25
_BEFORE_THE_START = 0.6
EARLIEST_DAYS = 1826.0
_CIRCLE, _COMMUNITY, _TASTE, _CITY = 0.2, 0.42, 0.18, 0.1
_UNIQUE = 1.22
"""How many more ties are drawn, because some coincide."""


@dataclass(frozen=True)
class Ties:
    """Ties as they are recorded: *source* follows, knows or is exposed to *target* since the day *since*.

    Of a friendship *source* is the smaller number; each of the two sees the other.
    """

    source: Array
    target: Array
    kind: Array
    since: Array

    def __len__(self) -> int:
        return len(self.source)

    def seen(self) -> Ties:
        """Return who sees whom: friendships in both directions."""
        friends = self.kind == FRIEND
        return Ties(
            np.concatenate([self.source, self.target[friends]]),
            np.concatenate([self.target, self.source[friends]]),
            np.concatenate([self.kind, self.kind[friends]]),
            np.concatenate([self.since, self.since[friends]]),
        )


@dataclass(frozen=True)
class Audiences:
    """Who sees each person: ``viewer[indptr[u]:indptr[u+1]]`` see u since ``since[...]``; each viewer once."""

    indptr: Array
    viewer: Array
    since: Array

    def sizes(self) -> Array:
        """Return how many people see each person."""
        return np.diff(self.indptr)

    def of(self, person: int) -> Array:
        """Return who sees *person*, in ascending order."""
        return self.viewer[self.indptr[person] : self.indptr[person + 1]]


def make_ties(parameters: WorldParameters, people: People) -> Ties:
    """Return the ties among *people*: mostly in their community, some by taste, some with the famous anywhere."""
    rng = stream(parameters.seed, "world ties")
    share = parameters.reciprocity
    mean = parameters.ties_per_person * _UNIQUE * (2 - share) / 2
    source = np.repeat(np.arange(people.size), rng.poisson(mean * rng.gamma(4.0, 0.25, people.size)))
    source, target = unique_pairs(source, _targets(rng, people, source), people.size)
    since = _since(rng, parameters, len(source))
    mutual = _holds(source * people.size + target, target * people.size + source)
    wanted = (share * len(source) - mutual.sum()) / (
        2 - share
    )  # so that the share of mutual ties is that of the parameters
    answered = np.flatnonzero(~mutual & (rng.random(len(source)) < wanted / (~mutual).sum()))
    friends = rng.random(len(answered)) < _FRIENDS_SHARE
    kind = np.where(rng.random(len(source)) < _EXPOSED_SHARE, EXPOSED, FOLLOWS)
    kind[answered[friends]] = FRIEND
    returned = answered[~friends]
    later = since[returned] + rng.exponential(60.0, len(returned))
    return recorded(
        Ties(
            np.concatenate([source, target[returned]]),
            np.concatenate([target, source[returned]]),
            np.concatenate([kind, np.full(len(returned), FOLLOWS)]),
            np.concatenate([since, np.where(later < parameters.days, later, since[returned])]),
        ),
        people.size,
    )


def _targets(rng: np.random.Generator, people: People, source: Array) -> Array:
    """Return whom each *source* chooses."""
    size = len(source)
    way = np.searchsorted(np.cumsum([_CIRCLE, _COMMUNITY, _TASTE, _CITY]), rng.random(size), side="right")
    everywhere = np.zeros(people.size, np.int64)
    groups = (
        (people.community * people.tastes + people.taste, people.communities * people.tastes),
        (people.community, people.communities),
        (people.taste, people.tastes),
        (people.city, len(CITIES)),
        (everywhere, 1),
    )
    target = np.empty(size, np.int64)
    for place, (group, count) in enumerate(groups):
        chosen = np.flatnonzero(way == place)
        target[chosen] = Pools(group, people.fame, count).draw(rng, group[source[chosen]])
    return target


def unique_pairs(source: Array, target: Array, size: int) -> tuple[Array, Array]:
    """Return each pair of different people once."""
    keys = np.sort((source * size + target)[source != target])
    keys = keys[_first_of_each(keys)]
    return keys // size, keys % size


def _since(rng: np.random.Generator, parameters: WorldParameters, size: int) -> Array:
    moment = rng.random(size)
    before = rng.random(size) < _BEFORE_THE_START
    since: Array = np.where(before, -moment * EARLIEST_DAYS, moment * parameters.days)
    return since


def recorded(ties: Ties, size: int) -> Ties:
    """Return *ties* as they are recorded: friends in one order, each pair and kind once, the first one of it."""
    swap = (ties.kind == FRIEND) & (ties.source > ties.target)
    source, target = np.where(swap, ties.target, ties.source), np.where(swap, ties.source, ties.target)
    keys = (source * size + target) * 3 + ties.kind
    order = np.argsort(keys, kind="stable")
    first = order[_first_of_each(keys[order])]
    return Ties(source[first], target[first], ties.kind[first], ties.since[first])


def with_ties(ties: Ties, source: Array, target: Array, since: Array, size: int) -> Ties:
    """Return *ties* and those in which *source* follows *target*; one that is there stays as it is."""
    return recorded(
        Ties(
            np.concatenate([ties.source, source]),
            np.concatenate([ties.target, target]),
            np.concatenate([ties.kind, np.full(len(source), FOLLOWS)]),
            np.concatenate([ties.since, since]),
        ),
        size,
    )


def audiences(ties: Ties, size: int) -> Audiences:
    """Return who sees whom, since the earliest of their ties."""
    seen = ties.seen()
    pairs = seen.target * size + seen.source
    order = np.argsort(pairs, kind="stable")
    ordered = pairs[order]
    first = np.flatnonzero(_first_of_each(ordered))
    since = np.minimum.reduceat(seen.since[order], first) if len(first) else seen.since
    target, viewer = ordered[first] // size, ordered[first] % size
    indptr = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(target, minlength=size), out=indptr[1:])
    return Audiences(indptr, viewer, since)


def _first_of_each(ordered: Array) -> Array:
    """Return whether each of the *ordered* values differs from the one before it."""
    return np.concatenate([np.ones(min(1, len(ordered)), bool), ordered[1:] != ordered[:-1]])


def _holds(ordered: Array, wanted: Array) -> Array:
    """Return whether each of *wanted* is among the *ordered* values."""
    held: Array = ordered[np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)] == wanted
    return held
