"""Kept sums beside real stores: the ledger answers what the sums do not hold."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest import mock

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from influence_graph.analyses.fusion.scores import fusion_scores
from influence_graph.app.jobs import kept_scores
from influence_graph.app.jobs.job import run
from influence_graph.app.jobs.kept_scores import LatestScores
from influence_graph.app.jobs.scores import ScoreJob
from influence_graph.model.parameters import ScoreParameters
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.stores.base import InteractionFilter, Store
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.analyses.fusion import chains
from tests.analyses.fusion.events import corrected_ledgers, quick, with_rivals
from tests.app.jobs.small import DAY, add
from tests.app.jobs.test_kept_scores import assert_same, batches, latest_scores

POLICY = FusionPolicy(half_life_days={"engagement": 9.0}, rivals={("acme", "bolt"): -0.5})


@pytest.fixture(autouse=True)
def replay() -> Iterator[None]:
    """Replay any share of the few consumers of these ledgers."""
    with mock.patch.object(kept_scores, "MOST_REPLAYED", 1.0):
        yield


def event(id_: str, who: str, brand: str, day: int, **more: Any) -> dict[str, Any]:
    plain = {"event_id": id_, "at": DAY.replace(day=day), "consumer": who, "brand": brand, "direction": "to_brand"}
    return {**plain, "touchpoint": "engagement", "points": 2.0, **more}


def scores(store: Store, *, keep: bool = True, policy: FusionPolicy = POLICY) -> LatestScores:
    """Return the scores, once they are proved equal to those of all interactions."""
    with store.snapshot() as view:
        found = latest_scores(view, policy, keep=keep)
        as_of = view.latest()
        expected = fusion_scores(view.interactions(InteractionFilter(as_of=as_of)), as_of, policy)
    assert_same(found.frame, expected)
    return found


def test_a_store_keeps_sums_and_reads_only_what_is_new(store: Store) -> None:
    assert not scores(store, keep=False).from_kept
    first = scores(store)
    assert (first.from_kept, first.is_kept) == (False, True)
    again = scores(store)
    assert (again.from_kept, again.is_kept, again.mark) == (True, True, first.mark)
    add(store, "interactions", event("new", "ann", "acme", 20), event("first", "gus", "egg", 21))
    assert not scores(store, keep=False).is_kept
    later = scores(store)
    assert later.from_kept
    assert later.mark != first.mark
    assert "gus" in later.frame["consumer"].tolist()


@pytest.mark.parametrize(
    "new",
    [
        event("late", "ann", "acme", 2, with_brands="bolt"),
        event("back", "eve", "acme", 22, kind="retraction", replaces="ann-bolt"),
        event("early", "eve", "acme", 1, replaces="to come"),
        event("moved", "fay", "cog", 3, replaces="bob-acme", recorded_at=DAY.replace(day=25)),
    ],
    ids=lambda row: row["event_id"],
)
def test_late_and_corrected_events_are_replayed(store: Store, new: dict[str, Any]) -> None:
    add(store, "interactions", event("link", "ann", "bolt", 12, with_brands="acme|cog"))
    scores(store)
    add(store, "interactions", new, event("other", "bob", "acme", 23))
    assert scores(store).from_kept
    add(store, "interactions", event("to come", "cid", "bolt", 24))
    assert scores(store).from_kept


def rows_of(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return *events* as a store takes them: times as such."""
    times = ("at", "recorded_at")
    return [{**row, **{name: row[name] and datetime.fromisoformat(row[name]) for name in times}} for row in events]


@settings(quick, max_examples=quick.max_examples // 4)
@given(corrected_ledgers(max_size=12), with_rivals, st.lists(st.integers(0, 12), max_size=3))
def test_after_every_batch_a_ledger_on_disk_gives_the_scores_of_a_full_calculation(
    events: list[dict[str, Any]], policy: FusionPolicy, places: list[int]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = EmbeddedStore(Path(folder))
        seen = 0
        for batch in batches(events, places):
            add(store, "interactions", *rows_of(batch))
            assert scores(store, policy=policy).from_kept == (seen > 0)
            seen += len(batch)


@pytest.mark.parametrize("seed", chains.SEEDS[::10])
def test_after_every_batch_of_chains_of_corrections_too(tmp_path: Path, seed: int) -> None:
    records, rng = chains.ledger(seed)
    store = EmbeddedStore(tmp_path)
    for number, batch in enumerate(chains.in_batches(records, rng)):
        add(store, "interactions", *rows_of(batch))
        assert scores(store).from_kept == (number > 0)


def test_a_ledger_restored_from_a_backup_has_its_own_scores(embedded: EmbeddedStore, tmp_path: Path) -> None:
    shutil.copy(embedded.path, tmp_path / "backup")
    add(embedded, "interactions", event("lost", "ann", "acme", 20))
    scores(embedded)
    shutil.copy(tmp_path / "backup", embedded.path)
    assert not scores(embedded, keep=False).from_kept
    add(embedded, "interactions", event("instead", "bob", "bolt", 20, points=-4.0))
    assert not scores(embedded, keep=False).from_kept


def test_sums_beside_another_ledger_are_not_used(embedded: EmbeddedStore, tmp_path: Path) -> None:
    scores(embedded)
    other = EmbeddedStore(tmp_path / "other")
    add(other, "interactions", event("e", "ann", "acme", 1))
    shutil.copytree(embedded.folder / "cache", other.folder / "cache")
    assert not scores(other).from_kept


def test_only_written_scores_keep_sums_and_all_record_one_digest(embedded: EmbeddedStore) -> None:
    path = embedded.folder / "cache" / kept_scores.FILE_NAME
    run(ScoreJob(), embedded, ScoreParameters())
    assert not path.exists()
    for _ in range(2):
        run(ScoreJob(), embedded, ScoreParameters(keep=True), write=True)
    assert path.exists()
    assert len({each.input_digest for each in embedded.runs()}) == 1
    add(embedded, "interactions", event("new", "ann", "acme", 20))
    run(ScoreJob(), embedded, ScoreParameters(), write=True)
    assert len({each.input_digest for each in embedded.runs()}) == 2


def test_events_are_found_by_id_with_what_replaces_them(store: Store) -> None:
    add(store, "interactions", event("back", "eve", "acme", 22, kind="retraction", replaces="ann-bolt"))

    def ids(where: InteractionFilter) -> list[str]:
        table: pa.Table = store.interactions(where)
        return table.column("event_id").to_pylist()

    wanted = ("ann-bolt", "cid-acme", "unknown")
    assert ids(InteractionFilter(events=wanted)) == ["cid-acme"]
    assert ids(InteractionFilter(events=wanted, history=True)) == ["ann-bolt", "cid-acme", "back"]
    assert ids(InteractionFilter(events=())) == []
    assert ids(InteractionFilter(events=wanted, consumers=("cid",))) == ["cid-acme"]
    assert ids(InteractionFilter(events=wanted, history=True, after=9)) == ["back"]
    add(store, "interactions", event("again", "fay", "dot", 23, kind="retraction", replaces="back"))
    assert ids(InteractionFilter(events=wanted)) == ["ann-bolt", "cid-acme"]
    assert ids(InteractionFilter(events=wanted, history=True)) == ["ann-bolt", "cid-acme", "back", "again"]
