"""Six people, four brands, nine interactions and a campaign."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from influence_graph.model.parameters import RankParameters
from influence_graph.model.records import KINDS, Batch
from influence_graph.stores.base import Store

DAY = datetime(2026, 1, 1, tzinfo=UTC)
# bob follows ann, cid follows bob, dan follows cid; eve and fay are friends: influence runs ann, bob, cid, dan.
TIES = [
    ("bob", "ann", "follows"), ("cid", "bob", "follows"), ("dan", "cid", "follows"), ("eve", "fay", "friend")
]  # fmt: skip
# ann before bob on two of her four brands, bob before cid on one of his two.
ACTIONS = [
    ("ann", "acme", 1), ("bob", "acme", 2), ("cid", "acme", 4), ("ann", "bolt", 1), ("bob", "bolt", 3),
    ("ann", "cog", 5), ("ann", "dot", 6), ("eve", "cog", 7), ("fay", "dot", 9),
]  # fmt: skip


def filled(store: Store) -> Store:
    event = {"direction": "to_brand", "touchpoint": "engagement", "points": 1.0}
    add(store, "ties", *({"source": s, "target": t, "kind": k} for s, t, k in TIES))
    add(
        store,
        "interactions",
        *(
            {**event, "event_id": f"{who}-{brand}", "at": DAY.replace(day=day), "consumer": who, "brand": brand}
            for who, brand, day in ACTIONS
        ),
    )
    add(store, "campaigns", {"event_id": "launch", "at": DAY, "brand": "acme"})
    return store


def add(store: Store, name: str, *rows: dict[str, Any]) -> None:
    kind = KINDS[name]
    table = pa.Table.from_pylist([{n: row.get(n) for n in kind.names} for row in rows], schema=kind.schema)
    store.append(kind, [Batch(kind, table, pa.array(range(len(rows)), pa.int64()))])


def seeded(by: str) -> RankParameters:
    """Return the parameters of the measure *by*, with a seed where it draws random numbers."""
    return RankParameters(by=by, seed=7 if by == "reach" else None)
