"""Several results that become current at once, ticks, former results, states and renewed leases, on both stores."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from influence_graph.errors import InputError, LockHeld, NotFound, StoreError
from influence_graph.model.recalculations import Outcome, Recalculation, Step
from influence_graph.model.records import INTERACTIONS
from influence_graph.stores.base import Store, Written
from tests.stores.given import DAY, batch, bonds, event, ranks, run, seeds


def recalculation(number: int, tick: str | None = None, **more: Any) -> Recalculation:
    steps = (
        Step("score", Outcome.CALCULATED, "full", "3 new events", "abc", f"score-{number}", 0.5, 2**31, 1e-12),
        Step("learn", Outcome.SKIPPED, why="no ties"),
    )
    at = DAY + timedelta(hours=number)
    given = {
        "id": f"r-{number:04}", "started_at": at, "finished_at": at + timedelta(microseconds=1), "ledger": "token",
        "position": number, "steps": steps, "current": {"score": f"score-{number}", "rank": f"rank-{number}"},
        "version": "0", "tick": tick, "parameters": {"only": ["score"], "since": None},
    }  # fmt: skip
    return Recalculation(**{**given, **more})


def both(number: int) -> list[Written]:
    """Return scores and ranks of the generation *number*."""
    started = DAY + timedelta(hours=number)
    return [
        Written(replace(run("score", f"score-{number}"), started_at=started), bonds(("ann", "acme", float(number)))),
        Written(
            replace(run("rank", f"rank-{number}"), started_at=started),
            ranks(("Brand", "acme", number + 0.5), ("Consumer", "ann", float(number))),
        ),
    ]


@pytest.fixture
def filled(store: Store) -> Store:
    store.append(INTERACTIONS, [batch(INTERACTIONS, event("e1"))])
    return store


def current(store: Any) -> dict[str, str]:
    found = {kind: store.results(kind) for kind in ("score", "rank")}
    return {kind: each[0].id for kind, each in found.items() if each is not None}


def test_results_and_their_recalculation_become_current_together(filled: Store) -> None:
    assert filled.recalculations() == []
    new = recalculation(1, "nightly@2026-01-01T02:00:00+00:00", covers=("nightly@2025-12-31T02:00:00+00:00",))
    assert filled.write_together(new, both(1)) is True
    assert current(filled) == {"score": "score-1", "rank": "rank-1"}
    assert filled.recalculations() == [new]
    assert filled.write_together(recalculation(2), both(2)) is True
    assert current(filled) == {"score": "score-2", "rank": "rank-2"}
    assert filled.recalculations() == [recalculation(2), new]
    assert filled.recalculations(1) == [recalculation(2)]
    assert {r.id: r.status for r in filled.runs()} == {
        "score-1": "superseded", "rank-1": "superseded", "score-2": "finished", "rank-2": "finished",
    }  # fmt: skip
    found = filled.results("score")
    assert found is not None
    assert found[1].equals(bonds(("ann", "acme", 2.0)))


def test_a_tick_takes_effect_once_and_so_do_those_that_it_covers(filled: Store) -> None:
    assert filled.write_together(recalculation(1, "hourly@3", covers=("hourly@1", "hourly@2")), both(1))
    for late in ("hourly@3", "hourly@2"):
        assert filled.write_together(recalculation(2, late), both(2)) is False
    assert current(filled) == {"score": "score-1", "rank": "rank-1"}
    assert [each.id for each in filled.recalculations()] == ["r-0001"]
    assert {each.id for each in filled.runs() if each.status == "finished"} == {"score-1", "rank-1"}
    assert filled.write_together(recalculation(3, "hourly@4"), both(3))
    assert current(filled) == {"score": "score-3", "rank": "rank-3"}


def test_the_same_recalculation_again_changes_nothing_and_has_taken_effect(filled: Store) -> None:
    assert filled.write_together(recalculation(1, "hourly@1"), both(1))
    assert filled.write_together(recalculation(1, "hourly@1"), both(1)) is True
    assert len(filled.recalculations()) == 1
    assert len(filled.runs()) == 2


def test_a_recalculation_without_results_records_its_tick(filled: Store) -> None:
    assert filled.write_together(recalculation(1), both(1))
    assert filled.write_together(recalculation(2, "hourly@1"), []) is True
    assert filled.write_together(recalculation(3, "hourly@1"), both(3)) is False
    assert current(filled) == {"score": "score-1", "rank": "rank-1"}


def test_a_lost_lease_lets_nothing_become_current(filled: Store) -> None:
    assert filled.write_together(recalculation(1), both(1))
    with filled.lease("recalculation") as lease:
        for stale in (replace(lease, token=lease.token - 1), replace(lease, name="another")):
            with pytest.raises(LockHeld, match="nothing was written that a reader can see"):
                filled.write_together(recalculation(2, "hourly@1"), both(2), stale)
            with pytest.raises(LockHeld):
                filled.write_together(recalculation(2, "hourly@1"), [], stale)
            with pytest.raises(LockHeld):
                filled.set_state("alerts", {"a": 1}, stale)
        assert current(filled) == {"score": "score-1", "rank": "rank-1"}
        assert filled.state("alerts") is None
        assert filled.write_together(recalculation(3, "hourly@1"), both(3), lease)
    assert current(filled) == {"score": "score-3", "rank": "rank-3"}


def test_the_results_of_former_runs_are_kept(filled: Store) -> None:
    for number in (1, 2, 3):
        filled.write_together(recalculation(number), both(number))
    filled.write(run("seeds", "seeds-1"), seeds((1, "ann", 2.5)))
    filled.write(run("seeds", "seeds-2"), seeds())
    for number in (1, 2, 3):
        for written in both(number):
            found = filled.results_of(written.run.id)
            assert found[0].id == written.run.id
            assert found[0].status == ("finished" if number == 3 else "superseded")
            assert found[1].equals(written.table)
    assert filled.results_of("seeds-1")[1].equals(seeds((1, "ann", 2.5)))
    assert filled.results_of("seeds-2")[1].equals(seeds())
    with pytest.raises(NotFound, match="'score-9'"):
        filled.results_of("score-9")


def test_pruning_keeps_the_newest_of_each_kind_and_what_took_effect(filled: Store) -> None:
    for number in range(1, 6):
        filled.write_together(recalculation(number, "hourly@2" if number == 2 else None), both(number))
    filled.write(run("seeds", "seeds-1"), seeds((1, "ann", 2.5)))
    assert filled.prune() == 0
    assert filled.prune(2) == 6
    assert sorted(each.id for each in filled.runs()) == ["rank-4", "rank-5", "score-4", "score-5", "seeds-1"]
    assert [each.id for each in filled.recalculations()] == ["r-0005", "r-0004", "r-0002"]
    assert filled.write_together(recalculation(6, "hourly@2"), []) is False
    for number in (4, 5):
        assert filled.results_of(f"score-{number}")[1].equals(bonds(("ann", "acme", float(number))))
    with pytest.raises(NotFound):
        filled.results_of("score-3")
    assert filled.prune(1) == 2
    assert current(filled) == {"score": "score-5", "rank": "rank-5"}
    assert filled.prune(1) == 0
    with pytest.raises(InputError, match="keep 1 or more"):
        filled.prune(0)


def test_a_current_run_outlives_newer_ones(filled: Store) -> None:
    """Its clock was ahead, or theirs was set back: what is current stays."""
    filled.write_together(recalculation(5), both(5))
    for number in (1, 2, 3):
        filled.write_together(recalculation(number), both(number))
    assert [each.id for each in filled.recalculations()] == ["r-0003", "r-0002", "r-0001", "r-0005"]
    assert filled.prune(1) == 4
    assert current(filled) == {"score": "score-3", "rank": "rank-3"}
    assert sorted(each.id for each in filled.runs()) == ["rank-3", "rank-5", "score-3", "score-5"]


def test_a_snapshot_sees_one_state_of_all_results(filled: Store) -> None:
    filled.write_together(recalculation(1, "hourly@1"), both(1))
    with filled.snapshot() as view:
        found = view.results("score")
        assert found is not None
        filled.write_together(recalculation(2, "hourly@2"), both(2))
        filled.write_together(recalculation(3, "hourly@3"), both(3))
        assert current(view) == {"score": "score-1", "rank": "rank-1"}
        assert [each.id for each in view.recalculations()] == ["r-0001"]
        assert {each.id: each.status for each in view.runs()} == {"score-1": "finished", "rank-1": "finished"}
        assert view.results_of("rank-1")[1].equals(both(1)[1].table)
        with pytest.raises(StoreError, match="read-only"):
            view.write_together(recalculation(4), [])
    assert current(filled) == {"score": "score-3", "rank": "rank-3"}


def test_a_state_is_kept_by_name_until_it_is_deleted(filled: Store) -> None:
    assert filled.state("alerts") is None
    value = {"crossed": ["a", {"b": 1.5}], "none": None, "Ö 'n' \"": True}
    filled.set_state("alerts", value)
    filled.set_state("other", {})
    assert filled.state("alerts") == value
    with filled.snapshot() as view:
        assert view.state("alerts") == value
    filled.set_state("alerts", {"crossed": []})
    assert filled.state("alerts") == {"crossed": []}
    filled.set_state("alerts", None)
    assert (filled.state("alerts"), filled.state("other")) == (None, {})
    with filled.lease("recalculation") as lease:
        filled.set_state("alerts", value, lease)
    assert filled.state("alerts") == value


def test_a_renewed_lease_is_held_longer_with_the_same_token(filled: Store) -> None:
    with filled.lease("recalculation", ttl=0.5) as lease:
        longer = filled.renew(lease, ttl=60)
        assert (longer.name, longer.owner, longer.token) == (lease.name, lease.owner, lease.token)
        assert longer.expires_at > lease.expires_at + timedelta(seconds=50)
        time.sleep(0.6)
        filled.set_state("alerts", {}, lease)
        with pytest.raises(LockHeld), filled.lease("recalculation"):
            pass
    with pytest.raises(LockHeld, match="expired"):
        filled.renew(longer)
    with filled.lease("recalculation", ttl=0.05) as short:
        time.sleep(0.1)
        with pytest.raises(LockHeld, match="expired"):
            filled.renew(short)
        with filled.lease("recalculation") as other, pytest.raises(LockHeld, match="passed to another"):
            filled.renew(replace(short, expires_at=other.expires_at))


def test_who_finds_a_lease_held_hears_by_whom_since_when_and_until_when(filled: Store) -> None:
    with (
        filled.lease("recalculation", ttl=30) as lease,
        pytest.raises(LockHeld) as error,
        filled.lease("recalculation"),
    ):
        pass
    since, until = (lease.expires_at - timedelta(seconds=s) for s in (30, 0))
    said = str(error.value)
    assert f"held by {lease.owner} since {since:%Y-%m-%d %H:%M:%S} until {until:%Y-%m-%d %H:%M:%S} UTC" in said
    assert "\n" not in said
    assert abs(lease.ahead) < 1
