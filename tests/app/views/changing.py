"""Stores whose results are recalculated before and after a cause: the story, and a town in which one is planted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.app.recompute.recompute import recompute
from influence_graph.ingest.datasets import story_batches
from influence_graph.ingest.town.generate import generate_town
from influence_graph.ingest.town.parameters import TownParameters
from influence_graph.model.parameters import RecomputeParameters
from influence_graph.model.records import INTERACTIONS, Batch
from influence_graph.stores.base import Store

SCORES = RecomputeParameters(only=("score", "rank"))
TOWN = TownParameters(people=300, brands=12, days=60, seed=5, story=False)
END = datetime(TOWN.start.year, TOWN.start.month, TOWN.start.day, tzinfo=UTC) + timedelta(days=TOWN.days)
DAY = END - timedelta(days=1)


def told_twice(store: Store, batches: Iterable[Batch], later: datetime, *planted: dict[str, Any]) -> Store:
    """Fill *store* with *batches* up to *later*, recalculate, add the rest and what is *planted*, and recalculate."""
    store.migrate()
    held: list[Batch] = []
    for batch in batches:
        if batch.kind is not INTERACTIONS:
            store.append(batch.kind, [batch])
            continue
        after = pc.greater_equal(batch.table["at"], pa.scalar(later, pa.timestamp("us", tz="UTC")))
        for rows, part in ((pc.invert(after), None), (after, held)):
            chosen = Batch(batch.kind, batch.table.filter(rows), batch.lines.filter(rows), batch.file)
            if part is None:
                store.append(batch.kind, [chosen])
            else:
                part.append(chosen)
    recompute(store, SCORES)
    for batch in held:
        store.append(INTERACTIONS, [batch])
    if planted:
        store.append(INTERACTIONS, [records(*planted)])
    recompute(store, SCORES)
    return store


def records(*rows: dict[str, Any]) -> Batch:
    table = pa.Table.from_pylist([{n: row.get(n) for n in INTERACTIONS.names} for row in rows], INTERACTIONS.schema)
    return Batch(INTERACTIONS, table, pa.array(range(len(rows)), pa.int64()))


def story(store: Store) -> Store:
    """Recalculate before and after the fish of the story, and what followed on it."""
    return told_twice(store, story_batches(), datetime(2026, 6, 13, tzinfo=UTC))


def town_batches() -> Iterator[Batch]:
    return generate_town(TOWN).batches()


def town(store: Store, *planted: dict[str, Any]) -> Store:
    """Recalculate before and after the last day of a town, on which *planted* happens, too."""
    return told_twice(store, town_batches(), DAY, *planted)


def complaints(brand: str, people: list[str]) -> list[dict[str, Any]]:
    """Return one complaint of each of *people* about *brand* on the last day."""
    return [
        {
            "event_id": f"planted-{number}",
            "at": DAY + timedelta(minutes=10 * number),
            "consumer": person,
            "brand": brand,
            "kind": "complaint",
        }
        for number, person in enumerate(people, 1)
    ]
