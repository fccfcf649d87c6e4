"""What people take up without influence, and when: fads, tastes, campaigns and the market.

An adoption is drawn as a reason with an item and a day; it is kept as often as the season of the item
allows, and given to somebody whom the reason reaches, in proportion to how active people are in that
period. So people of one community or taste take up the same items at the same times.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from influence_graph.ingest.town.random import Array, stream, weighted, zipf_weights
from influence_graph.ingest.worlds.items import NATIONAL, Campaigns, Fads, Items, season
from influence_graph.ingest.worlds.parameters import WorldParameters
from influence_graph.ingest.worlds.people import CITIES, People
from influence_graph.ingest.worlds.pools import Pools

WHY = ("community", "taste", "campaign", "market", "early", "influencer", "shadow", "bot")
"""Why an item is taken up; of the last three somebody else is the cause."""
COMMUNITY, TASTE, CAMPAIGN, MARKET, EARLY, INFLUENCER, SHADOW, BOT = range(len(WHY))
NOBODY = -1
SECONDS = 86_400
_SHARES = np.array([0.3, 0.3, 0.1, 0.3])
_DIFFUSION_DAYS = 250.0
_AT_BURST_SHARE = 0.8
_EARLY_SHARE = 0.7
_EARLY_WIDTHS = 1.6
_ROUNDS = 6
_FIRST_YIELD = 0.4
_CHUNK = 1_000_000
_MOST_SECONDS = 20_000 * SECONDS
"""More than any second; times the most people and items it is below 2**64."""


@dataclass(frozen=True)
class Adoptions:
    """Who takes up what, and why: ``second`` from the start, ``cause`` a person or ``NOBODY``, ``why`` in WHY."""

    user: Array
    item: Array
    second: Array
    cause: Array
    why: Array

    def __len__(self) -> int:
        return len(self.user)

    @property
    def day(self) -> Array:
        """Days from the start."""
        days: Array = self.second / SECONDS
        return days

    def where(self, chosen: Array) -> Adoptions:
        """Return the *chosen* rows."""
        return Adoptions(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


def own_choice(user: Array, item: Array, day: Array, why: Array | int) -> Adoptions:
    """Return adoptions of which nobody else is the cause."""
    nobody = np.full(len(user), NOBODY)
    return Adoptions(user, item, (day * SECONDS).astype(np.int64), nobody, np.broadcast_to(why, len(user)))


def earliest(parts: list[Adoptions], items: int) -> Adoptions:
    """Return the first adoption of each person and item, by person and item; at one instant that of the first part."""
    joined = Adoptions(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in Adoptions.__dataclass_fields__)
    )
    keys = joined.user * items + joined.item
    moments = keys.astype(np.uint64) * np.uint64(_MOST_SECONDS) + joined.second.astype(np.uint64)
    order = np.argsort(moments, kind="stable")
    ordered = keys[order]
    return joined.where(order[np.concatenate([np.ones(min(1, len(ordered)), bool), ordered[1:] != ordered[:-1]])])


class Background:
    """The adoptions without influence.

    Args:
        parameters: of the world.
        people: who adopts.
        items: what can be adopted.
        fads: those of communities and those of tastes.
        campaigns: what raises adoptions of an item in a city.
        spotters: people who are early in the fads of their taste.
    """

    def __init__(
        self,
        parameters: WorldParameters,
        people: People,
        items: Items,
        fads: tuple[Fads, Fads],
        campaigns: Campaigns,
        spotters: Array,
    ) -> None:
        self._parameters, self._people, self._items = parameters, people, items
        self._fads, self._campaigns, self._spotters = fads, campaigns, spotters
        everyone = np.zeros(people.size, np.int64)
        self._groups = (
            (people.community, people.communities),
            (people.taste, people.tastes),
            (people.city, len(CITIES)),
            (everyone, 1),
        )
        total = people.activity.sum(axis=0)
        self._pools = [Pools(group, people.activity, count) for group, count in self._groups]
        self._is_spotter = np.zeros(people.size, bool)
        self._is_spotter[spotters] = True
        self._weights = [np.bincount(group, total, count) for group, count in self._groups]

    def draw(self) -> Adoptions:
        """Return about ``people * adoptions_per_person`` adoptions, and those of the spotters."""
        rng = stream(self._parameters.seed, "world adoptions")
        wanted = round(self._parameters.people * self._parameters.adoptions_per_person)
        found = self._early(stream(self._parameters.seed, "world spotters' adoptions"))
        rate = _FIRST_YIELD
        for _ in range(_ROUNDS):
            missing = wanted - len(found)
            if missing <= wanted // 200:
                break
            before, size = len(found), round(missing / rate)
            parts = [self._round(rng, min(_CHUNK, size - start)) for start in range(0, size, _CHUNK)]
            found = earliest([found, *parts], self._parameters.items)
            rate = max((len(found) - before) / size, 0.02)
        return found

    def _early(self, rng: np.random.Generator) -> Adoptions:
        """Return what the spotters take up before those who share their taste."""
        fads = self._fads[1]
        user = np.repeat(self._spotters, fads.per_group)
        place = self._people.taste[user] * fads.per_group + np.tile(np.arange(fads.per_group), len(self._spotters))
        ahead = fads.middle[place] - fads.width[place] * (_EARLY_WIDTHS + 0.2 * rng.standard_normal(len(user)))
        first = self._items.first_day(fads.item[place]) + rng.exponential(5.0, len(user))
        kept = (rng.random(len(user)) < _EARLY_SHARE) & (np.maximum(ahead, first) < self._parameters.days)
        return own_choice(user[kept], fads.item[place[kept]], np.maximum(ahead, first)[kept], EARLY)

    def _round(self, rng: np.random.Generator, size: int) -> Adoptions:
        """Return what *size* draws give."""
        why = weighted(rng, _SHARES, size)
        group, item, day = np.zeros(size, np.int64), np.empty(size, np.int64), np.empty(size)
        for reason in range(len(_SHARES)):
            rows = np.flatnonzero(why == reason)
            group[rows], item[rows], day[rows] = self._reason(rng, reason, len(rows))
        possible = (day >= self._items.first_day(item)) & (day < self._parameters.days)
        likely = season(self._parameters, self._items, item, day)
        kept = np.flatnonzero(possible & (rng.random(size) < likely))
        why, group, item, day = why[kept], group[kept], item[kept], day[kept]
        user = self._people_reached(rng, why, group, day)
        busiest = self._people.at_burst(user, day)
        # As often as the season allows, so that moving leaves the seasons as they are.
        likely = _AT_BURST_SHARE * season(self._parameters, self._items, item, busiest)
        moved = (rng.random(len(day)) < likely) & (why != CAMPAIGN)
        moved &= (busiest >= self._items.first_day(item)) & (busiest < self._parameters.days)
        found = own_choice(user, item, np.where(moved, busiest, day), why)
        return found.where(~((why == TASTE) & self._is_spotter[user]))

    def _reason(self, rng: np.random.Generator, reason: int, size: int) -> tuple[Array, Array, Array]:
        """Return the groups that *size* adoptions for *reason* come from, their items and days."""
        if reason in (COMMUNITY, TASTE):
            group = weighted(rng, self._weights[reason], size)
            fads = self._fads[reason]
            place = group * fads.per_group + weighted(rng, zipf_weights(fads.per_group, 0.5), size)
            return group, fads.item[place], fads.middle[place] + fads.width[place] * rng.standard_normal(size)
        if reason == CAMPAIGN:
            campaigns = self._campaigns
            place = rng.integers(0, len(campaigns), size)
            anywhere = weighted(rng, self._weights[CAMPAIGN], size)
            city = np.where(campaigns.city[place] == NATIONAL, anywhere, campaigns.city[place])
            return city, campaigns.item[place], campaigns.day[place] + campaigns.days[place] * rng.random(size)
        item = weighted(rng, self._items.popularity, size)
        first = self._items.first_day(item)
        any_day = first + (self._parameters.days - first) * rng.random(size)
        spread = first + rng.exponential(_DIFFUSION_DAYS, size)
        new = (self._items.launch[item] > 0) & (rng.random(size) < 0.5)
        return np.zeros(size, np.int64), item, np.where(new, spread, any_day)

    def _people_reached(self, rng: np.random.Generator, why: Array, group: Array, day: Array) -> Array:
        """Return who adopts: somebody of the *group*, in proportion to activity in the period of *day*."""
        user = np.empty(len(why), np.int64)
        for reason, pools in enumerate(self._pools):
            rows = np.flatnonzero(why == reason)
            user[rows] = pools.draw(rng, group[rows], self._people.period(day[rows]))
        return user
