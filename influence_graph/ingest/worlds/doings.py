"""What people do besides taking up items: they speak of them, use them, and visit shops."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from influence_graph.ingest.town.random import Array, stream, weighted
from influence_graph.ingest.worlds.adoptions import SECONDS, Adoptions
from influence_graph.ingest.worlds.influence import Spoken
from influence_graph.ingest.worlds.parameters import WorldParameters
from influence_graph.ingest.worlds.people import CITIES, People
from influence_graph.ingest.worlds.roles import Roles

KINDS = ("purchase", "wear", "use", "recommend", "mention", "share", "review", "repeat_purchase", "visit")
"""Kinds of interactions in the worlds."""
FIRST_USES, BROADCASTS, LATER_USES, VISIT = (0, 1, 2), (3, 4, 5, 6), (1, 2, 7), 8
_FIRST_USE_SHARES = np.array([0.55, 0.25, 0.2])
SHOPS_PER_CITY = 5
_TALKERS_SHARE = 0.15
_TOLD_SHARE = 0.3
_USES_PER_ADOPTION = 0.5
_AT_BURST_SHARE = 0.35


@dataclass(frozen=True)
class Doings:
    """Interactions that are no adoption, in order of time.

    Attributes:
        user: int (r,), who.
        item: int (r,), an item, or for visits the number of items plus that of the shop.
        kind: int (r,), index into :data:`KINDS`.
        second: int (r,), from the start.
    """

    user: Array
    item: Array
    kind: Array
    second: Array

    def __len__(self) -> int:
        return len(self.user)


def first_use_kinds(parameters: WorldParameters, size: int) -> Array:
    """Return by which kind of interaction each of *size* adoptions is recorded."""
    return weighted(stream(parameters.seed, "world first uses"), _FIRST_USE_SHARES, size).astype(np.int8)


def do(parameters: WorldParameters, people: People, roles: Roles, found: Adoptions, spoken: Spoken) -> Doings:
    """Return all that people do besides adopting; silent influencers speak of nothing."""
    said = Doings(spoken.user, spoken.item, np.full(len(spoken.user), BROADCASTS[0], np.int8), spoken.second)
    parts = [said, _talk(parameters, roles, found), _uses(parameters, people, found), _visits(parameters, people)]
    joined = [np.concatenate([getattr(part, name) for part in parts]) for name in Doings.__dataclass_fields__]
    user, item, kind, second = joined
    inside = np.flatnonzero(second < parameters.days * SECONDS)
    order = inside[np.argsort(second[inside], kind="stable")]
    return Doings(user[order].astype(np.int32), item[order].astype(np.int32), kind[order], second[order])


def _talk(parameters: WorldParameters, roles: Roles, found: Adoptions) -> Doings:
    """Return what talkative people say; influencers have said all that they say."""
    rng = stream(parameters.seed, "world talk")
    talks = rng.random(parameters.people) < _TALKERS_SHARE
    talks[roles.influencer] = False
    rows = np.flatnonzero(talks[found.user] & (rng.random(len(found)) < _TOLD_SHARE))
    kind = rng.choice(np.array(BROADCASTS, np.int8), len(rows))
    second = found.second[rows] + (SECONDS * rng.exponential(3.0, len(rows))).astype(np.int64)
    return Doings(found.user[rows], found.item[rows], kind, second)


def _uses(parameters: WorldParameters, people: People, found: Adoptions) -> Doings:
    """Return uses of what was adopted, at any time after it, most of them when the person is active."""
    rng = stream(parameters.seed, "world uses")
    rows = rng.integers(0, len(found), round(_USES_PER_ADOPTION * len(found)))
    day = found.day[rows] + 0.5 + (parameters.days - found.day[rows]) * rng.random(len(rows))
    day = np.minimum(day, parameters.days)
    busiest = people.at_burst(found.user[rows], day)
    at_burst = (rng.random(len(rows)) < _AT_BURST_SHARE) & (busiest > found.day[rows] + 0.5)
    second = (np.where(at_burst, busiest, day) * SECONDS).astype(np.int64)
    kind = rng.choice(np.array(LATER_USES, np.int8), len(rows))
    return Doings(found.user[rows], found.item[rows], kind, second)


def _visits(parameters: WorldParameters, people: People) -> Doings:
    """Return visits to the shops of one's city, in proportion to how active one is in the period."""
    rng = stream(parameters.seed, "world visits")
    expected = people.activity * (parameters.visits_per_person * people.size / people.activity.sum())
    counts = rng.poisson(expected).ravel()
    place = np.repeat(np.arange(len(counts)), counts)
    period, user = place // people.size, place % people.size
    size = len(place)
    within = np.where(rng.random(size) < _AT_BURST_SHARE, people.burst[period, user], rng.random(size))
    second = ((period + within) * people.period_days * SECONDS).astype(np.int64)
    shop = people.city[user] * SHOPS_PER_CITY + rng.integers(0, SHOPS_PER_CITY, size)
    return Doings(user, parameters.items + shop, np.full(size, VISIT, np.int8), second)


def shops() -> list[str]:
    """Return the names of the shops, city by city."""
    return [f"{city} shop {number}" for city in CITIES for number in range(1, SHOPS_PER_CITY + 1)]
