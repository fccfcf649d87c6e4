"""Writing several results at once on a server: lost answers, lost leases, ticks taken meanwhile, what is swept."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import neo4j
import pytest
from neo4j.exceptions import ServiceUnavailable

from influence_graph.errors import LockHeld, NotFound, StoreDamaged, StoreError
from influence_graph.stores import archive
from influence_graph.stores.neo4j import books, currents, database, leases, results, sweeping
from influence_graph.stores.neo4j.store import Neo4jStore
from tests.stores.neo4j import generations

pytestmark = pytest.mark.neo4j
PEOPLE = 50


@pytest.fixture
def filled(neo4j_store: Neo4jStore) -> Neo4jStore:
    """Return a store with people, brands and generation 0."""
    neo4j_store.append("people", [generations.people_of(PEOPLE)])
    neo4j_store.append("brands", [generations.brands()])
    assert generations.write_all(neo4j_store, PEOPLE, 0)
    return neo4j_store


def current(store: Any) -> set[int]:
    return {store.results(kind)[0].parameters["k"] for kind in generations.TABLES}


@pytest.mark.parametrize("lock", ["lock-books", "lock-runs", "lock-current"])
def test_what_locks_is_waited_for(filled: Neo4jStore, lock: str) -> None:
    run_id = filled.runs()[0].id
    ended: list[str] = []

    def second() -> None:
        with filled.database.session(neo4j.WRITE_ACCESS) as session, session.begin_transaction() as tx:
            database.run(tx, lock, kind="rank", runId=run_id)
            ended.append("second")

    with filled.database.session(neo4j.WRITE_ACCESS) as session, session.begin_transaction() as tx:
        database.run(tx, lock, kind="rank", runId=run_id)
        waiting = threading.Thread(target=second)
        waiting.start()
        waiting.join(1.0)
        ended.append("first")
        tx.rollback()
    waiting.join()
    assert ended == ["first", "second"]


def test_who_waited_for_the_pointers_reads_what_they_are_then(filled: Neo4jStore) -> None:
    seen: list[currents.Currents] = []

    def second() -> None:
        with filled.database.session(neo4j.WRITE_ACCESS) as session, session.begin_transaction() as tx:
            seen.append(currents.locked(tx))

    with filled.database.session(neo4j.WRITE_ACCESS) as session, session.begin_transaction() as tx:
        changed = replace(currents.locked(tx), ids={"rank": "another"})
        waiting = threading.Thread(target=second)
        waiting.start()
        waiting.join(1.0)
        database.run(tx, "set-runs", runs=changed.entries())
        tx.commit()
    waiting.join()
    assert seen == [changed]


def test_the_lost_answer_of_every_commit_changes_nothing(filled: Neo4jStore, monkeypatch: pytest.MonkeyPatch) -> None:
    original, lost = database.Database._write_once, []

    def committed_but_unheard(self: database.Database, work: Callable[..., Any]) -> Any:
        answer = original(self, work)
        if work not in lost:
            lost.append(work)
            raise ServiceUnavailable("the connection was reset")
        return answer

    monkeypatch.setattr(database, "wait", lambda _: None)
    monkeypatch.setattr(database.Database, "_write_once", committed_but_unheard)
    assert generations.write_all(filled, PEOPLE, 1) is True
    filled.set_state("alerts", {"n": 1})
    generations.write_generation(filled, "rank", PEOPLE, 2)
    monkeypatch.setattr(database.Database, "_write_once", original)
    assert len(lost) > 20
    assert [each.id[-1] for each in filled.recalculations()] == ["1", "0"]
    for kind in generations.TABLES:
        found = filled.results(kind)
        assert found is not None
        assert sorted(generations.rows_in(found[1])) == sorted(
            generations.TABLES[kind](PEOPLE, 2 if kind == "rank" else 1)
        )
        assert filled.results_of(found[0].id)[1].equals(found[1])
    assert filled.query("MATCH (t:Tick) RETURN t.name ORDER BY t.name").rows == [("every@0",), ("every@1",)]
    assert generations.write_all(filled, PEOPLE, 1) is True  # it took effect
    assert filled.state("alerts") == {"n": 1}


def test_a_run_that_another_has_superseded_since_its_lost_answer_was_current(
    filled: Neo4jStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    original, first = database.Database._write_once, iter([1])

    def unheard(self: database.Database, work: Callable[..., Any]) -> Any:
        answer = original(self, work)
        if getattr(work, "func", None) is results._finish and next(first, None):
            generations.write_generation(filled, "seeds", PEOPLE, 2)
            raise ServiceUnavailable("the connection was reset")
        return answer

    monkeypatch.setattr(database.Database, "_write_once", unheard)
    generations.write_generation(filled, "seeds", PEOPLE, 1)
    found = filled.results("seeds")
    assert found is not None
    assert found[0].parameters == {"k": 2}


def test_a_lease_lost_before_any_of_the_transactions_lets_nothing_become_current(
    filled: Neo4jStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = database.Database.write
    allowed, said = 0, "refused"
    while said:
        allowed += 6
        left = iter(range(allowed))
        with filled.lease(f"write-{allowed}") as lease:

            def counted(self: database.Database, work: Callable[..., Any], left: Any = left) -> Any:
                if getattr(work, "func", None) is not books._move and next(left, None) is None:
                    self.execute("MATCH (l:Lease) SET l.token = l.token + 1")
                return original(self, work)

            monkeypatch.setattr(database.Database, "write", counted)
            try:
                generations.write_all(filled, PEOPLE, allowed, lease)
                said = ""
            except LockHeld as error:
                said = str(error)
            monkeypatch.setattr(database.Database, "write", original)
        assert not said or "nothing was written that a reader can see" in said
        assert current(filled) == {0 if said else allowed}
        assert [each.parameters["k"] for each in filled.recalculations()] == ([0] if said else [allowed, 0])
    assert allowed > 12


def test_a_tick_that_another_took_meanwhile_leaves_its_results(
    filled: Neo4jStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    original, later = results.prepare, iter([1])

    def overtaken(*arguments: Any) -> None:
        original(*arguments)
        if next(later, None):
            other = replace(generations.recalculation(2), tick="every@1")
            written = [generations.generation(kind, PEOPLE, 2) for kind in ("rank", "seeds")]
            assert filled.write_together(other, written) is True

    monkeypatch.setattr(results, "prepare", overtaken)
    kinds = ("score", "learn")
    mine = [generations.generation(kind, PEOPLE, 1) for kind in kinds]
    assert filled.write_together(generations.recalculation(1), mine) is False
    assert {filled.results(kind)[0].parameters["k"] for kind in kinds} == {0}  # type: ignore[index]
    assert {run.id for run in filled.runs() if run.status == "abandoned"} == {each.run.id for each in mine}


def test_results_that_a_former_version_left_in_the_graph_are_kept_before_they_are_swept(
    filled: Neo4jStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.database.execute("MATCH (a:Archive) DELETE a")
    filled.database.execute("MATCH (r:Run) REMOVE r.number")
    monkeypatch.setattr(sweeping, "KEPT_SECONDS", 0.0)
    for k in (1, 2):
        assert generations.write_all(filled, PEOPLE, k)
    assert filled.query("MATCH ()-[b:BOND]->() WHERE b.runId ENDS WITH '00000000' RETURN count(b)").rows == [(0,)]
    for kind in generations.TABLES:
        found = filled.results_of(f"{kind}-20260101T000000-00000000")
        assert found[0].status == "superseded"
        assert sorted(generations.rows_in(found[1])) == sorted(generations.TABLES[kind](PEOPLE, 0))


def test_a_pruned_run_is_hidden_at_once_and_swept_when_nobody_can_be_reading_it(
    filled: Neo4jStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with filled.snapshot() as view:
        assert view.results("rank") is not None
        for k in (1, 2):
            assert generations.write_all(filled, PEOPLE, k)
        assert filled.prune(1) == 8
        assert sorted(run.kind for run in filled.runs()) == sorted(generations.TABLES)
        bonds = "MATCH ()-[b:BOND]->() RETURN DISTINCT toInteger(right(b.runId, 8)) AS k ORDER BY k"
        assert filled.query(bonds).rows == [(0,), (1,), (2,)]
        with pytest.raises(NotFound):
            filled.results_of("score-20260101T000000-00000000")
        with pytest.raises(StoreError, match="pruned while it was to be read"):
            view.results("score")
    monkeypatch.setattr(sweeping, "KEPT_SECONDS", 0.0)
    assert generations.write_all(filled, PEOPLE, 3)
    assert filled.query(bonds).rows == [(2,), (3,)]
    assert filled.query("MATCH (r:Run) RETURN count(r)").rows == [(8,)]
    filled.verify()


def test_a_snapshot_reads_results_from_the_archive_once_they_are_swept(
    filled: Neo4jStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "KEPT_SECONDS", 0.0)
    with filled.snapshot() as view:
        view.results("rank")
        for k in (1, 2, 3):
            assert generations.write_all(filled, PEOPLE, k)
        assert current(view) == {0}
        assert {run.parameters["k"] for run in view.runs()} == {0}


def test_parts_are_put_together_in_order_and_damage_is_named(
    filled: Neo4jStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "PART_BYTES", 100)
    assert generations.write_all(filled, PEOPLE, 1)
    assert generations.write_all(filled, PEOPLE, 2)
    id_ = "score-20260101T000000-00000001"
    (parts,) = filled.query("MATCH (a:Archive {runId: $id}) RETURN count(a)", {"id": id_}).rows[0]
    assert parts > 10
    filled.database.execute("MATCH (r:Run {id: $id}) SET r.sweptAt = datetime()", id=id_)
    assert generations.rows_in(filled.results_of(id_)[1]) == generations.TABLES["score"](PEOPLE, 1)
    filled.database.execute("MATCH (a:Archive {runId: $id, part: 1}) DELETE a", id=id_)
    with pytest.raises(StoreDamaged, match="score results of a former run are damaged"):
        filled.results_of(id_)
    with pytest.raises(StoreDamaged, match=r"results of a run with a part missing \(1\)"):
        filled.verify()


def test_what_a_commit_shows_late_is_waited_for(filled: Neo4jStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neo4j applies what a transaction has written one after the other."""
    original, late = database.Database.read, iter([1, 1])
    filled.database.execute("MATCH (r:Run) SET r.status = 'running', r.number = 0")

    def applied_later(self: database.Database, name: str, /, **parameters: Any) -> Any:
        return [] if name == "recalculations" and next(late, None) else original(self, name, **parameters)

    monkeypatch.setattr(database.Database, "read", applied_later)
    with filled.snapshot() as view:
        assert [each.parameters["k"] for each in view.recalculations(1)] == [0]
        assert current(view) == {0}
        assert {run.status for run in view.runs()} == {"finished"}
    assert current(filled) == {0}
    assert next(late, None) is None


def test_what_says_which_runs_are_current_is_made_anew_where_it_was_deleted(filled: Neo4jStore) -> None:
    filled.database.execute("MATCH (c:CurrentRuns) DELETE c")
    generations.write_generation(filled, "rank", PEOPLE, 1)
    assert {kind: filled.results(kind)[0].parameters["k"] for kind in generations.TABLES} == {  # type: ignore[index]
        kind: int(kind == "rank") for kind in generations.TABLES
    }
    assert len(filled.runs()) == 5
    assert len(filled.recalculations()) == 1


def test_the_clock_of_the_server_decides_and_a_different_one_here_is_told(
    filled: Neo4jStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ahead:
        @staticmethod
        def time() -> float:
            return time.time() + 3_600

    with filled.lease("here", 30) as lease:
        assert abs(lease.ahead) < 1
    monkeypatch.setattr(leases, "time", Ahead)
    with filled.lease("write", 30) as lease:
        assert -3_601 < lease.ahead < -3_599
        assert abs(lease.expires_at.timestamp() - time.time() - 30) < 10
        assert filled.renew(lease, 60).ahead < -3_599
        with pytest.raises(LockHeld, match=r"the store's clock is 3600 s behind this machine's"), filled.lease("write"):
            pass


def test_the_bytes_of_an_archive_are_shown_by_their_beginning(filled: Neo4jStore) -> None:
    (shown,) = filled.query("MATCH (a:Archive) RETURN a.data LIMIT 1").rows[0]
    assert shown.startswith(b"PAR1".hex())
    assert shown.endswith("bytes)")
    assert len(shown) < 100
