"""A world as record batches."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import numpy as np
import pyarrow as pa

from influence_graph.ingest.batching import event_ids, make_batch, moments, sliced
from influence_graph.ingest.worlds.adoptions import SECONDS
from influence_graph.ingest.worlds.arrays import WorldArrays
from influence_graph.ingest.worlds.doings import BROADCASTS, KINDS, shops
from influence_graph.ingest.worlds.people import CITIES
from influence_graph.ingest.worlds.truth import planted_campaigns
from influence_graph.model.records import BRANDS, CAMPAIGNS, INTERACTIONS, PEOPLE, TIE_KINDS, TIES, Batch

_WORLD = "world"
_CATEGORIES = ("Knitwear", "Coats", "Boots", "Coffee", "Bakery", "Records", "Cosmetics", "Phones", "Bicycles", "Books")


def batches(world: WorldArrays, batch_rows: int) -> Iterator[Batch]:
    """Yield the records of *world* kind by kind."""
    for batch in (_people(world), _brands(world), _ties(world)):
        yield from sliced(batch, batch_rows)
    yield from _interactions(world, batch_rows)
    yield _campaigns(world)


def _people(world: WorldArrays) -> Batch:
    people = world.population
    values = {
        "id": world.person_ids,
        "kind": "consumer",
        "followers": world.seen.sizes(),
        "city": pa.array(CITIES).take(pa.array(people.city)),
    }
    return make_batch(PEOPLE, values, np.arange(1, people.size + 1), _WORLD)


def _brands(world: WorldArrays) -> Batch:
    items = world.parameters.items
    kinds = [_CATEGORIES[n % len(_CATEGORIES)] for n in range(items)]
    names = [f"{kind} {n // len(_CATEGORIES) + 1}" for n, kind in enumerate(kinds)]
    categories = [*(kind.lower() for kind in kinds), *("shop" for _ in shops())]
    values = {"id": world.brand_ids, "name": [*names, *shops()], "category": categories}
    return make_batch(BRANDS, values, np.arange(1, len(categories) + 1), _WORLD)


def _ties(world: WorldArrays) -> Batch:
    ties, people = world.bonds, pa.array(world.person_ids)
    values = {
        "source": people.take(pa.array(ties.source)),
        "target": people.take(pa.array(ties.target)),
        "kind": pa.array(TIE_KINDS).take(pa.array(ties.kind)),
        "since": moments(world.parameters.start, np.floor(ties.since * SECONDS).astype(np.int64)),
    }
    return make_batch(TIES, values, np.arange(1, len(ties) + 1), _WORLD)


def _interactions(world: WorldArrays, rows: int) -> Iterator[Batch]:
    """Yield adoptions and other interactions in order of time."""
    found, doings = world.uptake, world.doings
    second = np.concatenate([found.second, doings.second])
    order = np.argsort(second, kind="stable")
    user, item = np.concatenate([found.user, doings.user]), np.concatenate([found.item, doings.item])
    kind = np.concatenate([world.first_use, doings.kind])
    people, brands, kinds = pa.array(world.person_ids), pa.array(world.brand_ids), pa.array(KINDS)
    followers = world.seen.sizes()
    for start in range(0, len(order), rows):
        part = order[start : start + rows]
        spoken = np.isin(kind[part], BROADCASTS)
        values = {
            "event_id": event_ids(f"w{world.parameters.seed}", np.arange(start + 1, start + len(part) + 1)),
            "at": moments(world.parameters.start, second[part]),
            "consumer": people.take(pa.array(user[part])),
            "brand": brands.take(pa.array(item[part])),
            "kind": kinds.take(pa.array(kind[part])),
            "channel": pa.array(np.where(spoken, "online", "offline")),
            "reach": pa.array(np.where(spoken, followers[user[part]].astype(np.float64), np.nan), from_pandas=True),
        }
        yield make_batch(INTERACTIONS, values, np.arange(start + 1, start + len(part) + 1), _WORLD)


def _campaigns(world: WorldArrays) -> Batch:
    planned = planted_campaigns(world)
    days = [world.parameters.start + timedelta(days=int(day)) for day in world.campaigns.day]
    values = {
        "event_id": [one["event_id"] for one in planned],
        "at": [datetime.combine(day, time(), UTC) for day in days],
        "brand": [one["item"] for one in planned],
        "kind": "advert",
        "segment": [one["city"] or None for one in planned],
        "note": [f"{one['days']} days" for one in planned],
        "day": days,
    }
    return make_batch(CAMPAIGNS, values, np.arange(1, len(planned) + 1), _WORLD)
