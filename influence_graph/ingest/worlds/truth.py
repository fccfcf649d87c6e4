"""The truth about a world, as JSON values: who was planted, and who caused what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np

from influence_graph.ingest.generated import plain_parameters
from influence_graph.ingest.town.random import Array
from influence_graph.ingest.worlds.adoptions import BOT, INFLUENCER, NOBODY, SECONDS, SHADOW, WHY
from influence_graph.ingest.worlds.arrays import WorldArrays
from influence_graph.ingest.worlds.influence import SHADOW_DELAY_DAYS, SHADOW_PROBABILITY
from influence_graph.ingest.worlds.items import HOLIDAY_LIFT, NATIONAL, SEASONS, SWING
from influence_graph.ingest.worlds.people import CITIES
from influence_graph.ingest.worlds.roles import STYLES


def truth(world: WorldArrays) -> dict[str, Any]:
    """Return parameters, influencers with what they caused, shadows, trend-spotters, bots, campaigns, seasons."""
    found = _Found(world)
    return {
        "parameters": plain_parameters(world.parameters),
        "influencers": [_influencer(world, found, place) for place in range(len(world.roles.influencer))],
        "shadows": _copiers(world, found, world.roles.shadow, world.roles.shadow_of, "of"),
        "trend_spotters": _spotters(world, found),
        "bots": _copiers(world, found, world.roles.bot, world.roles.copied, "copies"),
        "shadow_effect": {"probability": SHADOW_PROBABILITY, "mean_delay_days": SHADOW_DELAY_DAYS},
        "campaigns": planted_campaigns(world),
        "seasons": {
            "holiday_lift": HOLIDAY_LIFT,
            "swing": dict(zip(SEASONS, SWING.tolist(), strict=True)),
            "items": {
                item: SEASONS[which] for item, which in zip(world.brand_ids, world.goods.season.tolist(), strict=False)
            },
        },
        "launches": {
            item: (world.parameters.start + timedelta(days=int(day))).isoformat()
            for item, day in zip(world.brand_ids, world.goods.launch.tolist(), strict=False)
            if day > 0
        },
        "counts": _counts(world),
    }


class _Found:
    """Sums and rows by person, made once for all people."""

    def __init__(self, world: WorldArrays) -> None:
        found, drawn, size = world.uptake, world.chances, world.parameters.people
        ordinary = drawn.why == INFLUENCER
        late = drawn.second >= world.parameters.days * SECONDS
        self.adoptions = np.bincount(found.user, minlength=size)
        self.opportunities = np.bincount(drawn.cause[ordinary], minlength=size)
        self.successes = np.bincount(drawn.cause[ordinary & drawn.taken], minlength=size)
        self.late = np.bincount(drawn.cause[drawn.taken & late], minlength=size)
        self.in_time = np.bincount(drawn.cause[drawn.taken & ~late], minlength=size)
        rows = np.flatnonzero(found.cause != NOBODY)
        self._rows = rows[np.argsort(found.cause[rows], kind="stable")]
        self._starts = np.searchsorted(found.cause[self._rows], np.arange(size + 1))

    def caused(self, person: int) -> Array:
        """Return the rows of the adoptions that *person* caused, in order of time."""
        return self._rows[self._starts[person] : self._starts[person + 1]]


def _influencer(world: WorldArrays, found: _Found, place: int) -> dict[str, Any]:
    """Return one influencer: planted effect, whom it can influence, its chances, and what it caused."""
    people, roles, uptake = world.person_ids, world.roles, world.uptake
    person = int(roles.influencer[place])
    audience = world.seen.of(person)
    rows = found.caused(person)
    columns = (uptake.user[rows], uptake.item[rows], uptake.second[rows], uptake.why[rows])
    return {
        "id": people[person],
        "style": STYLES[int(roles.style[place])],
        "probability": world.parameters.probability,
        "mean_delay_days": round(float(roles.mean_delay[place]), 3),
        "audience": [people[viewer] for viewer in audience[~np.isin(audience, roles.influencer)].tolist()],
        "adoptions": int(found.adoptions[person]),
        "opportunities": int(found.opportunities[person]),
        "successes": int(found.successes[person]),
        "after_the_end": int(found.late[person]),
        "anticipated": int(found.in_time[person]) - len(rows),
        "caused_adoptions": len(rows),
        "caused": [
            [people[user], world.brand_ids[item], round(second / SECONDS, 5), WHY[why]]
            for user, item, second, why in zip(*(column.tolist() for column in columns), strict=True)
        ],
    }


def _copiers(world: WorldArrays, found: _Found, copier: Array, of: Array, name: str) -> list[dict[str, Any]]:
    """Return those who copy, whom, and how often."""
    people = world.person_ids
    return [
        {
            "id": people[one],
            name: people[other],
            "adoptions": int(found.adoptions[one]),
            "copied": int((world.uptake.user[found.caused(other)] == one).sum()),
        }
        for one, other in zip(copier.tolist(), of.tolist(), strict=True)
    ]


def _spotters(world: WorldArrays, found: _Found) -> list[dict[str, Any]]:
    people, taste = world.person_ids, world.population.taste
    spotters = []
    for person in world.roles.spotter.tolist():
        audience = world.seen.of(person)
        spotters.append(
            {
                "id": people[person],
                "taste": int(taste[person]),
                "audience": len(audience),
                "audience_of_this_taste": int((taste[audience] == taste[person]).sum()),
                "adoptions": int(found.adoptions[person]),
            }
        )
    return spotters


def planted_campaigns(world: WorldArrays) -> list[dict[str, Any]]:
    """Return each campaign with its event id, item, city (empty for everywhere) and days."""
    campaigns = world.campaigns
    return [
        {
            "event_id": f"w{world.parameters.seed}-campaign-{n + 1}",
            "item": world.brand_ids[int(campaigns.item[n])],
            "city": "" if campaigns.city[n] == NATIONAL else CITIES[int(campaigns.city[n])],
            "first_day": (world.parameters.start + timedelta(days=int(campaigns.day[n]))).isoformat(),
            "days": int(campaigns.days[n]),
        }
        for n in range(len(campaigns))
    ]


def _counts(world: WorldArrays) -> dict[str, Any]:
    why = np.bincount(world.uptake.why, minlength=len(WHY)).tolist()
    return {
        "people": world.parameters.people,
        "items": world.parameters.items,
        "communities": world.population.communities,
        "tastes": world.population.tastes,
        "ties": len(world.bonds),
        "adoptions": len(world.uptake),
        "caused_adoptions": why[INFLUENCER] + why[SHADOW],
        "bot_adoptions": why[BOT],
        "why": dict(zip(WHY, why, strict=True)),
        "other_interactions": len(world.doings),
    }
