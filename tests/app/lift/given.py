"""Markets and hand-made brands for the tests of lift from a store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from influence_graph.ingest.markets import Market, MarketParameters, generate_market
from influence_graph.model.records import BRANDS, CAMPAIGNS, PEOPLE, SALES, TIES, RecordKind
from influence_graph.stores.base import Store
from tests.stores.given import batch

FIRST = date(2026, 1, 5)
SMALL = MarketParameters(people=600, segments=12, brands=3, days=200, campaigns=6, repeated=0, seed=5)
TOWNS = ("east", "north", "south", "west")


def market_in(store: Store, parameters: MarketParameters = SMALL) -> Market:
    """Return a market that was put into *store*."""
    market = generate_market(parameters)
    for each in market.batches():
        store.append(each.kind, [each])
    return market


def put(store: Store, kind: RecordKind, rows: Iterable[dict[str, Any]]) -> None:
    store.append(kind, [batch(kind, *rows)])


def moment(day: int) -> datetime:
    """Return noon of the day *day* days after the first one."""
    return datetime.combine(FIRST + timedelta(days=day), datetime.min.time(), UTC) + timedelta(hours=12)


def sales(
    brand: str, segments: Sequence[str], days: int = 80, rise: dict[str, float] | None = None, start: int = 60
) -> list[dict[str, Any]]:
    """Return daily sales around 100, with a common up and down, and more from *start* on where *rise* says so."""
    rng = np.random.default_rng([len(brand), days, len(segments)])
    common = 10 * np.sin(np.arange(days))
    made = []
    for name in segments:
        value = 100 + common + rng.normal(0, 2, days)
        value[start:] += (rise or {}).get(name, 0.0)
        dates = (FIRST + timedelta(days=day) for day in range(days))
        made += [
            {"brand": brand, "date": day, "value": round(float(each), 2), "segment": name}
            for day, each in zip(dates, value, strict=True)
        ]
    return made


def campaign(id_: str, day: int = 60, segment: str | None = "north", **more: Any) -> dict[str, Any]:
    return {"event_id": id_, "at": moment(day), "brand": "acme", "kind": "concert", "segment": segment, **more}


def acme(store: Store, *campaigns: dict[str, Any], segments: Sequence[str] = TOWNS, **more: Any) -> None:
    """Put the brand acme, with a rise of 20 a day in the north, into *store*, and *campaigns*."""
    put(store, BRANDS, [{"id": "acme", "name": "Acme & Co"}])
    put(store, SALES, sales("acme", segments, rise={"north": 20.0}, **more))
    put(store, CAMPAIGNS, campaigns or [campaign("k1")])


def people(store: Store, ties: Sequence[tuple[str, str, str]], towns: Sequence[str] = TOWNS, each: int = 10) -> None:
    """Put *each* people per town into *store*, named by town and number, with *ties*."""
    put(store, PEOPLE, [{"id": f"{town}{n}", "city": town} for town in towns for n in range(each)])
    put(store, TIES, [{"source": source, "target": target, "kind": kind} for source, target, kind in ties])


def did(who: Sequence[str], days: Iterable[int], kind: str = "follow", **more: Any) -> list[dict[str, Any]]:
    """Return an interaction with acme of each of *who* on each of *days*."""
    return [
        {"event_id": f"{kind}-{day}-{name}", "at": moment(day), "consumer": name, "brand": "acme", "kind": kind, **more}
        for day in days
        for name in who
    ]
