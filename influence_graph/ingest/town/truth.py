"""The ground truth of a town, as JSON values."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np

from influence_graph.ingest.generated import plain_parameters
from influence_graph.ingest.town.events import BROADCASTS, KINDS, RECOMMEND_BASE, RESPONSES
from influence_graph.ingest.town.parameters import brand_ids, person_ids
from influence_graph.ingest.town.people import ACTIVE, EXPOSED, FOLLOWS, MEAN_DELAY_DAYS
from influence_graph.ingest.town.sales import SEGMENTS
from influence_graph.ingest.town.world import World


def truth(town: World) -> dict[str, Any]:
    """Return the parameters, each influencer with its effect, each concert with its lift, the effects of responses."""
    adoptions = town.adoptions
    return {
        "parameters": plain_parameters(town.parameters),
        "influencers": _influencers(town),
        "ordinary": {
            "probability": town.parameters.ordinary_probability,
            "mean_delay_days": float(MEAN_DELAY_DAYS[0]),
        },
        "concerts": planted_concerts(town),
        "recommend": {"base_probability": RECOMMEND_BASE, "raised_by": dict(RESPONSES)},
        "counts": {
            "adoptions": len(adoptions),
            "caused_adoptions": int((adoptions.cause >= 0).sum()),
            "interactions": len(town.events),
            "ties": len(town.population.source),
        },
    }


def _influencers(town: World) -> list[dict[str, Any]]:
    """Return each planted influencer: style, planted effect, whom it can influence, and what resulted."""
    people = town.population
    ids = np.array(person_ids(town.parameters))[people.number]
    caused = np.bincount(town.adoptions.cause[town.adoptions.cause >= 0], minlength=people.size)
    public = np.isin(town.events.kind, [KINDS.index(kind) for kind in BROADCASTS])
    broadcasts = np.bincount(town.events.user[public], minlength=people.size)
    own = np.bincount(town.adoptions.user, minlength=people.size)
    influencers = []
    for person in np.flatnonzero(people.style).tolist():
        active = people.style[person] == ACTIVE
        through = (people.target == person) & (people.kind == (FOLLOWS if active else EXPOSED))
        influencers.append(
            {
                "id": str(ids[person]),
                "style": "active" if active else "passive",
                "probability": town.parameters.active_probability if active else town.parameters.passive_probability,
                "mean_delay_days": float(MEAN_DELAY_DAYS[people.style[person]]),
                "can_influence": sorted(ids[people.source[through]].tolist()),
                "adoptions": int(own[person]),
                "caused_adoptions": int(caused[person]),
                "broadcasts": int(broadcasts[person]),
            }
        )
    return sorted(influencers, key=lambda one: str(one["id"]))


def planted_concerts(town: World) -> list[dict[str, Any]]:
    """Return each concert with its event id, its segment, and its lift per day."""
    brands, concerts = brand_ids(town.parameters), town.concerts
    return [
        {
            "event_id": f"t{town.parameters.seed}-concert-{n + 1}",
            "brand": brands[int(concerts.brand[n])],
            "segment": SEGMENTS[int(concerts.segment[n])],
            "first_day": (town.parameters.start + timedelta(days=int(concerts.day[n]) + 1)).isoformat(),
            "days": concerts.days,
            "per_day": float(concerts.per_day[n]),
        }
        for n in range(len(concerts))
    ]
