"""Learning from a kept log gives what all interactions give; what it cannot be extended by is read in full."""

from __future__ import annotations

from typing import Any

import pytest

from influence_graph.app.recompute.recompute import recompute
from influence_graph.model.parameters import RecomputeParameters
from influence_graph.model.results import LEARN
from influence_graph.stores.base import Store
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.app.jobs.small import DAY, add

ONLY = RecomputeParameters(only=("learn",), verify=True)


def event(id_: str, who: str, brand: str, day: int, **more: Any) -> dict[str, Any]:
    plain = {"event_id": id_, "at": DAY.replace(day=day, hour=1), "consumer": who, "brand": brand}
    return {**plain, "direction": "to_brand", "touchpoint": "engagement", "points": 2.0, **more}


def learned(store: Store) -> str:
    """Learn, verified to differ by nothing from a full calculation; return by which method."""
    found = recompute(store, ONLY)
    assert found is not None
    step = next(step for step in found.steps if step.kind == "learn")
    assert (step.difference, step.total_difference) == (0.0, 0.0)
    return step.method


def test_only_what_is_new_is_read(embedded: EmbeddedStore) -> None:
    assert learned(embedded) == "full"
    first = embedded.results(LEARN)
    add(embedded, "interactions", event("n1", "dan", "acme", 20), event("n2", "bob", "acme", 21))
    add(embedded, "interactions", event("n3", "cid", "a new brand", 10), event("n4", "dan", "a new brand", 11))
    assert learned(embedded) == "incremental"
    again = embedded.results(LEARN)
    assert first is not None
    assert again is not None
    assert not again[1].equals(first[1])
    counts = {name: again[0].parameters[f"log_{name}"] for name in ("items", "actions", "repeated", "unknown_users")}
    assert counts == {"items": 5, "actions": 12, "repeated": 1, "unknown_users": 0}
    add(embedded, "interactions", event("n5", "dan", "cog", 22, direction="to_consumer"))  # what a brand did
    assert learned(embedded) == "incremental"


@pytest.mark.parametrize(
    "new",
    [
        event("n1", "dan", "acme", 20, replaces="cid-acme"),
        event("n1", "dan", "acme", 20, kind="retraction", replaces="cid-acme"),
        event("n1", "dan", "acme", 1, at=DAY.replace(year=2025)),
        event("n1", "a stranger", "acme", 20),
    ],
    ids=["a correction", "a retraction", "before all others", "of somebody without ties"],
)
def test_what_a_log_cannot_be_extended_by_is_read_in_full(embedded: EmbeddedStore, new: dict[str, Any]) -> None:
    learned(embedded)
    add(embedded, "interactions", new)
    assert learned(embedded) == "full"
    add(embedded, "interactions", event("n2", "fay", "acme", 23))
    learned(embedded)


def test_other_ties_are_learned_in_full(embedded: EmbeddedStore) -> None:
    learned(embedded)
    add(embedded, "ties", {"source": "fay", "target": "dan", "kind": "follows"})
    assert learned(embedded) == "full"
