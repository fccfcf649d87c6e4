"""Snapshots: one state for all reads, whatever others write meanwhile; on both stores."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from influence_graph.errors import LockHeld, NotFound, StoreError
from influence_graph.model.graph import GraphKind
from influence_graph.model.records import INTERACTIONS, KINDS, PEOPLE, TIES
from influence_graph.model.results import RANK, ResultKind
from influence_graph.stores.base import InteractionFilter, Reader, Snapshot, Store
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.stores.given import DAY, batch, bonds, event, ranks, rows, run, tie


def fill(store: Store) -> None:
    store.append(PEOPLE, [batch(PEOPLE, {"id": "loner", "name": "Lone"})])
    store.append(TIES, [batch(TIES, tie("bob", "ann"), tie("ann", "cid", "friend"))])
    store.append(INTERACTIONS, [batch(INTERACTIONS, event("e2", "bob"), event("e1", day=3, replaces="e0"))])
    store.write(run("rank", "rank-1"), ranks(("Consumer", "ann", 1.0)))


def answers(reader: Reader) -> dict[str, Any]:
    """Return what every verb of *reader* answers."""
    return {
        "graphs": [reader.graph(kind).digest for kind in GraphKind],
        "records": {name: rows(reader, kind) for name, kind in KINDS.items()},
        "interactions": reader.interactions().to_pylist(),
        "names": [reader.names(kind) for kind in ("people", "brands")],
        "touchpoints": reader.touchpoints(),
        "kinds": reader.kinds(),
        "currency": reader.currency(),
        "latest": reader.latest(),
        "results": current(reader, "rank"),
        "runs": [each.id for each in reader.runs()],
        "counts": reader.counts(),
        "digest": reader.digest(),
    }


def current(reader: Reader, kind: ResultKind | str) -> tuple[str, list[dict[str, Any]]] | None:
    found = reader.results(kind)
    return None if found is None else (found[0].id, found[1].to_pylist())


def in_thread(work: Callable[[], Any]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_every_verb_of_a_snapshot_answers_as_the_store_does(store: Store) -> None:
    with store.snapshot() as view:
        assert answers(view) == answers(store)
    fill(store)
    with store.snapshot() as view:
        assert answers(view) == answers(store)
        assert view.url == store.url


def test_a_snapshot_keeps_the_state_of_its_start_while_another_appends(store: Store) -> None:
    fill(store)
    before = answers(store)
    more = batch(INTERACTIONS, event("e3", "dan", day=9), event("e4", "ann", "bolt", replaces="e2"))
    with store.snapshot() as view:
        assert current(view, "rank") == before["results"]
        assert len(view.runs()) == 1
        mark = view.mark()
        writer = in_thread(lambda: store.append(INTERACTIONS, [more]))
        writer.join(0.5 if isinstance(store, EmbeddedStore) else 60)  # the embedded store's writer waits for the block
        assert answers(view) == before
        assert view.mark() == mark
    writer.join(60)
    after = answers(store)
    assert after["counts"] == {**before["counts"], "interactions": 4, "people": 5, "brands": 2}
    assert [row["event_id"] for row in after["interactions"]] == ["e4", "e1", "e3"]


def test_results_and_runs_stay_the_same_in_a_snapshot_though_a_run_is_written(store: Store) -> None:
    fill(store)
    with store.snapshot() as view:
        before = current(view, "rank"), current(view, "score"), view.runs()

        def write() -> None:
            store.write(run("rank", "rank-2"), ranks(("Consumer", "bob", 2.0)))
            store.write(run("score", "score-1"), bonds(("ann", "acme", 1.0)))

        writer = in_thread(write)
        writer.join(0.5 if isinstance(store, EmbeddedStore) else 60)
        assert (current(view, "rank"), current(view, "score"), view.runs()) == before
    writer.join(60)
    assert current(store, "rank") == ("rank-2", [{"label": "Consumer", "id": "bob", "score": 2.0}])
    assert sorted(each.id for each in store.runs()) == ["rank-1", "rank-2", "score-1"]


def test_a_snapshot_may_be_taken_inside_another_and_shared_by_threads(store: Store) -> None:
    fill(store)
    expected = store.digest()
    found: list[str] = []
    with store.snapshot() as outer, store.snapshot() as inner:
        threads = [in_thread(lambda view=view: found.append(view.digest())) for view in (outer, inner, outer)]
        for thread in threads:
            thread.join()
    assert found == [expected] * 3


def test_a_half_read_answer_disturbs_neither_the_next_one_nor_the_next_writer(store: Store) -> None:
    fill(store)
    with store.snapshot() as view:
        tables = view.records("people", batch_rows=1)
        first = next(tables)
        assert view.counts()["people"] == 4
        assert [row["id"] for table in (first, *tables) for row in table.to_pylist()] == ["ann", "bob", "cid", "loner"]
        left_over = view.records("people", batch_rows=1)
        next(left_over)
    store.append(PEOPLE, [batch(PEOPLE, {"id": "new"})])
    assert store.counts()["people"] == 5
    with pytest.raises(StoreError, match="has ended"):
        next(left_over)


USES: dict[str, Callable[[Snapshot], object]] = {
    "records": lambda view: list(view.records("people")),
    "graph": lambda view: view.graph("ties"),
    "interactions": lambda view: view.interactions(),
    "latest": lambda view: view.latest(),
    "results": lambda view: view.results("rank"),
    "runs": lambda view: view.runs(),
    "counts": lambda view: view.counts(),
    "digest": lambda view: view.digest(),
    "mark": lambda view: view.mark(),
}


@pytest.mark.parametrize("closed", [False, True], ids=["after its block", "after the store was closed"])
def test_a_snapshot_that_has_ended_says_so_in_one_line(store: Store, closed: bool) -> None:
    fill(store)
    with store.snapshot() as view:
        assert view.results("rank") is not None
        if closed:
            store.close()
            refused(store, view)
    refused(store, view)
    assert store.counts()["people"] == 4


def refused(store: Store, view: Snapshot) -> None:
    for use in USES.values():
        with pytest.raises(StoreError) as caught:
            use(view)
        assert str(caught.value).startswith(f"the snapshot of {store.url} has ended")
        assert "store.snapshot()" in str(caught.value)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("verb", ["append", "write", "migrate", "rehearsal", "lease"])
def test_a_snapshot_is_not_written_to(store: Store, verb: str) -> None:
    fill(store)
    with store.snapshot() as view, pytest.raises(StoreError) as caught:
        getattr(view, verb)(PEOPLE, [])
    assert str(caught.value).startswith("a snapshot is read-only")
    assert "\n" not in str(caught.value)


def test_after_gives_what_was_appended_since_a_mark_whatever_its_time(store: Store) -> None:
    store.append(INTERACTIONS, [batch(INTERACTIONS, event("e2", day=5), event("e3", day=6))])
    with store.snapshot() as view:
        mark = view.mark()
        assert view.interactions(InteractionFilter(after=mark.position)).num_rows == 0
    late = [event("e1", "bob", day=0), event("e2", day=5), event("e4", "cid", day=9, replaces="e3")]
    store.append(INTERACTIONS, [batch(INTERACTIONS, *late)])

    def found(**more: Any) -> list[str]:
        where = InteractionFilter(after=mark.position, **more)
        ids: list[str] = store.interactions(where)["event_id"].to_pylist()
        return ids

    assert found() == ["e1", "e4"]
    assert found(consumers=["bob"]) == ["e1"]
    assert found(as_of=DAY.replace(day=2)) == ["e1"]
    assert found(history=True, consumers=["ann"]) == ["e4"]
    assert store.interactions(InteractionFilter(after=0)) == store.interactions()
    assert found(upto=mark.position + 1) == ["e1"]
    assert found(upto=mark.position) == []
    before = InteractionFilter(upto=mark.position, history=True)
    assert store.interactions(before)["event_id"].to_pylist() == ["e2", "e3"]


def test_a_mark_names_a_state_and_still_proves_it_after_more_is_appended(store: Store) -> None:
    with store.snapshot() as view:
        assert view.mark().position == 0
    store.append(INTERACTIONS, [batch(INTERACTIONS, event("e1"), event("e2", "bob", points=2.0))])
    with store.snapshot() as view:
        mark = view.mark()
        assert mark.position == 2
        assert view.mark(1) != mark
        assert view.mark(99) == mark
    store.append(INTERACTIONS, [batch(INTERACTIONS, event("e3", "cid", "bolt"))])
    store.append(PEOPLE, [batch(PEOPLE, {"id": "new"}, {"id": "ann", "name": "Ann"})])
    with store.snapshot() as view:
        assert view.mark(2) == mark
        assert view.mark() != mark
        assert view.mark().ledger == mark.ledger
        assert view.mark().position == 3


@pytest.mark.parametrize("name", ["ties", "interactions", "all"])
def test_a_graph_may_be_named_by_text(store: Store, name: str) -> None:
    fill(store)
    assert store.graph(name).digest == store.graph(GraphKind(name)).digest
    assert store.graph("ties").number_of_nodes == 4


def test_records_and_results_may_be_named_by_text(store: Store) -> None:
    fill(store)
    assert rows(store, "people") == rows(store, PEOPLE)
    assert current(store, "rank") == current(store, RANK)
    report = store.append("people", [batch(PEOPLE, {"id": "new"})])
    assert (report.kind, report.inserted) == ("people", 1)


@pytest.mark.parametrize(
    ("use", "nearest"),
    [
        (lambda reader: reader.graph("tie"), "'ties'"),
        (lambda reader: reader.records("peple"), "'people'"),
        (lambda reader: reader.results("rnk"), "'rank'"),
        (lambda reader: reader.graph(""), "ties, interactions, all"),
    ],
)
def test_a_wrong_text_is_answered_with_the_nearest_names(store: Store, use: Any, nearest: str) -> None:
    with store.snapshot() as view:
        for reader in (store, view):
            with pytest.raises(NotFound) as caught:
                use(reader)
            assert nearest in str(caught.value)
            assert "\n" not in str(caught.value)


def test_a_store_is_shown_in_short_and_closes_itself(store: Store) -> None:
    fill(store)
    with store as same:
        assert same is store
        with store.snapshot() as view:
            assert repr(view) == f"<{type(view).__name__} of {store.url}>"
    assert repr(store) == f"<{type(store).__name__} {store.url}>"
    assert store.counts()["people"] == 4


def test_marks_of_equal_contents_have_equal_proofs_and_another_ledger(tmp_path: Path) -> None:
    stores = [EmbeddedStore(tmp_path / name) for name in ("one", "two", "other order", "other payload")]
    for each, events in zip(
        stores,
        [
            [event("e1"), event("e2", "bob")],
            [event("e1"), event("e2", "bob")],
            [event("e2", "bob"), event("e1")],
            [event("e1"), event("e2", "bob", points=1.0)],
        ],
        strict=True,
    ):
        for row in events:
            each.append(INTERACTIONS, [batch(INTERACTIONS, row)])
    marks = [marked(each) for each in stores]
    assert marks[0].proof == marks[1].proof
    assert len({mark.proof for mark in marks}) == 3
    assert len({mark.ledger for mark in marks}) == 4


def test_an_edited_ledger_no_longer_proves_its_mark(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    store.append(INTERACTIONS, [batch(INTERACTIONS, event("e1"), event("e2", "bob"), event("e3", "cid"))])
    seen = {marked(store).proof}
    for by_hand in (
        "UPDATE people SET id = 'eve' WHERE id = 'bob'",
        "UPDATE interactions SET points = 1 WHERE event_id = 'e1'",
        "DELETE FROM interactions WHERE event_id = 'e2'",
    ):
        with store._write() as connection:
            connection.execute(by_hand)
        mark = marked(store)
        assert mark.position == 3  # no place is given twice
        seen.add(mark.proof)
    assert len(seen) == 4


def marked(store: Store) -> Any:
    with store.snapshot() as view:
        return view.mark()


def test_an_embedded_snapshot_opens_the_file_once_whatever_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import duckdb

    store = EmbeddedStore(tmp_path / "store")
    opened: list[object] = []
    original = duckdb.connect
    monkeypatch.setattr(duckdb, "connect", lambda *a, **k: (opened.append(a), original(*a, **k))[1])
    with pytest.raises(NotFound, match="there is no store in"), store.snapshot():
        pass
    assert opened == []
    assert not store.folder.exists()
    fill(store)
    opened.clear()
    with store.snapshot() as view:
        answers(view)
        answers(view)
        view.mark()
    assert opened == [(str(store.path),)]


def test_writing_to_the_file_inside_a_snapshot_waits_until_that_has_moved_to_a_copy(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "store")
    fill(store)
    with store.snapshot() as view:
        before = answers(view)
        store.append(PEOPLE, [batch(PEOPLE, {"id": "new"})])
        store.write(run("rank", "rank-2"), ranks())
        assert answers(view) == before
        assert store.counts()["people"] == 5
    assert store.counts()["people"] == 5
    assert [path.name for path in store.folder.iterdir()] == ["ledger.duckdb"]


def test_writing_inside_a_snapshot_that_cannot_move_fails_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # where there is no program that copies
    store = EmbeddedStore(tmp_path / "store", lock_wait=1.5)
    fill(store)
    with store.snapshot() as view:
        with pytest.raises(LockHeld) as caught:
            store.append(PEOPLE, [batch(PEOPLE, {"id": "new"})])
        assert "a snapshot is open" in str(caught.value)
        assert "\n" not in str(caught.value)
        assert view.counts()["people"] == 4
    store.append(PEOPLE, [batch(PEOPLE, {"id": "new"})])
    assert store.counts()["people"] == 5


def test_reading_while_this_process_writes_waits_and_fails_with_the_reason(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path, lock_wait=0.2)
    fill(store)
    with store._write(), pytest.raises(LockHeld, match="is being written to by this process"):
        store.counts()
    assert store.counts()["people"] == 4


def test_a_dry_run_keeps_nobody_out_and_leaves_nothing(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "store", lock_wait=0.2)
    fill(store)
    with store.rehearsal() as rehearsal:
        report = rehearsal.append(PEOPLE, [batch(PEOPLE, {"id": "new"}, {"id": "ann"})])
        assert (report.inserted, report.unchanged) == (1, 1)
        store.append(PEOPLE, [batch(PEOPLE, {"id": "other"})])
    assert store.counts()["people"] == 5
    assert [path.name for path in store.folder.iterdir()] == ["ledger.duckdb"]


def test_the_cache_lies_in_the_folder_and_is_made_by_its_first_user(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "store")
    fill(store)
    with store.snapshot() as view:
        assert view.cache == tmp_path / "store" / "cache"
        assert not view.cache.exists()
