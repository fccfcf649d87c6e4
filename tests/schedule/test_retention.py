"""A scheduler erases by age: after a tick, under its lease, once a day, and on record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from influence_graph.app.recompute.held import held
from influence_graph.app.recompute.recompute import recompute
from influence_graph.errors import LockHeld
from influence_graph.model.parameters import RecomputeParameters
from influence_graph.model.recalculations import Recalculation
from influence_graph.model.records import CAMPAIGNS, INTERACTIONS
from influence_graph.schedule.events import Event
from influence_graph.schedule.expiring import STATE, last_erased, retaining
from influence_graph.schedule.metrics import Metrics
from influence_graph.schedule.observed import Observers
from influence_graph.stores.base import Store
from tests.stores.conftest import store  # noqa: F401 - a fixture
from tests.stores.given import batch

AGE = timedelta(days=100)
NOW = datetime.now(UTC)
ONLY = RecomputeParameters(only=("rank",))


def happened(days: int, number: int) -> dict[str, Any]:
    at = NOW - timedelta(days=days)
    return {"event_id": f"e{number}", "at": at, "consumer": f"c{number}", "brand": "acme", "kind": "wear"}


def fill(given: Store) -> None:
    """Three events and a campaign older than 100 days, and two events that are not."""
    events = [happened(days, number) for number, days in enumerate((400, 300, 101, 99, 1))]
    given.append(INTERACTIONS, [batch(INTERACTIONS, *events)])
    old = {"event_id": "k1", "at": NOW - timedelta(days=200), "brand": "acme", "kind": "ad"}
    given.append(CAMPAIGNS, [batch(CAMPAIGNS, {name: old.get(name) for name in CAMPAIGNS.names})])


def acts(given: Store, age: timedelta = AGE, tick: str = "n@2026-01-01T00:00:00+00:00") -> tuple[list[Event], str]:
    """Recalculate and erase as a scheduler does; return what was told, and the id of the tick's recalculation."""
    told: list[Event] = []
    with held(given) as lease:
        done = recompute(given, ONLY, tick=tick, lease=lease)
        assert isinstance(done, Recalculation)
        retaining(given, age, told.append, notify=lambda _: None)(done, lease)
    return told, done.id


def test_what_is_too_old_goes_once_a_day_and_is_on_record(store: Store) -> None:  # noqa: F811
    fill(store)
    assert last_erased(store) is None
    (event,), _ = acts(store)
    counts = store.counts()
    assert (counts["interactions"], counts["campaigns"]) == (2, 0)
    assert counts["people"] > 0
    left = {row["event_id"] for row in store.interactions().to_pylist()}
    assert left == {"e3", "e4"}
    assert (event.name, event.is_error) == ("retention", False)
    assert {kind: event.fields[kind] for kind in ("interactions", "campaigns", "sales")} == {
        "interactions": 3,
        "campaigns": 1,
        "sales": 0,
    }
    (latest, *_) = store.recalculations()
    assert latest.id == event.fields["recalculation"]
    assert (latest.parameters["older_than"], latest.tick) == (AGE.total_seconds(), None)
    line = last_erased(store)
    assert line == event.line
    assert "3 interactions, 1 campaigns older than 100d erased at" in line
    before = store.digest()
    assert acts(store, tick="n@2026-01-02T00:00:00+00:00")[0] == []  # not again today
    assert store.digest() == before
    (again,), _ = acts(store, timedelta(days=50), "n@2026-01-03T00:00:00+00:00")  # another age is looked at at once
    assert (again.fields["interactions"], store.counts()["interactions"]) == (1, 1)


def test_where_nothing_is_too_old_nothing_is_written_but_that(store: Store) -> None:  # noqa: F811
    fill(store)
    before = len(store.recalculations())
    (event,), _ = acts(store, timedelta(days=9_999))
    assert (event.fields["interactions"], event.fields["recalculation"]) == (0, "")
    assert len(store.recalculations()) == before + 1  # that of the tick
    assert store.counts()["interactions"] == 5
    assert "nothing older than 9999d erased" in event.line


def test_it_is_looked_at_again_a_day_later(store: Store) -> None:  # noqa: F811
    fill(store)
    acts(store, timedelta(days=9_999))
    state = dict(store.state(STATE) or {})
    yesterday = (NOW - timedelta(days=1, minutes=1)).isoformat()
    store.set_state(STATE, {**state, "at": yesterday})
    assert len(acts(store, timedelta(days=9_999), "n@2026-01-02T00:00:00+00:00")[0]) == 1


def test_a_lost_lease_erases_nothing(store: Store) -> None:  # noqa: F811
    fill(store)
    with held(store) as lost:
        done = recompute(store, ONLY, tick="n@2026-01-01T00:00:00+00:00", lease=lost)
        assert done is not None
    with held(store), pytest.raises(LockHeld):
        retaining(store, AGE, lambda _: None, notify=lambda _: None)(done, lost)
    assert store.counts()["interactions"] == 5


def test_what_was_erased_is_counted() -> None:
    metrics = Metrics()
    fields = {"interactions": 3, "campaigns": 1, "sales": 0, "tick": "n@x", "recalculation": ""}
    Observers(None, metrics, None).tell(Event("retention", "x", fields=fields))
    text = metrics.text()[0].decode()
    assert 'influence_graph_erased_records_total{kind="interactions"} 3.0' in text
    assert 'influence_graph_erased_records_total{kind="sales"} 0.0' in text
