"""A network that fails between us and the server, and a server that keeps us waiting."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import neo4j
import pytest

from influence_graph.errors import InputError, StoreUnreachable
from influence_graph.model.records import PEOPLE, Batch
from influence_graph.stores.base import Store
from influence_graph.stores.neo4j.database import Database
from influence_graph.stores.neo4j.driver import connection_to
from influence_graph.stores.neo4j.store import Neo4jStore
from influence_graph.stores.neo4j.waiting import KeptWaiting
from tests.stores.given import batch
from tests.stores.proxy import (
    BLACK_HOLE,
    COMMIT_ANSWERED,
    COMMIT_SENT,
    DRIP,
    PASS,
    RESET,
    STALL,
    TRUNCATE,
    Proxy,
)

pytestmark = pytest.mark.neo4j

CONNECTED = 900
"""Bytes that a server has sent when we have signed in, and few more."""
SECONDS, GRACE = 2.0, 5.0

Through = Callable[..., tuple[Neo4jStore, Proxy]]


@pytest.fixture
def through(neo4j_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Through]:
    """Return a function that gives a store behind a proxy, with what it takes of both."""
    connection = connection_to(neo4j_url)
    monkeypatch.setenv("NEO4J_USERNAME", connection.username)
    monkeypatch.setenv("NEO4J_PASSWORD", connection.password)
    with ExitStack() as stack:

        def make(fault: str = PASS, after: int | str = 0, **options: float) -> tuple[Neo4jStore, Proxy]:
            times = options.pop("times", None)
            proxy = stack.enter_context(Proxy(neo4j_url, fault, after, times=None if times is None else int(times)))
            store = Neo4jStore(proxy.url, cache=tmp_path / "mirror", **{"timeout": SECONDS, **options})
            stack.callback(store.close)
            return store, proxy

        yield make


def people(count: int, start: int = 0, name: str = "N") -> Batch:
    return batch(PEOPLE, *({"id": f"p{number}", "name": name} for number in range(start, start + count)))


def ends_soon(work: Callable[[], object], seconds: float = SECONDS) -> StoreUnreachable:
    """Return the error of *work*, which ends soon after its deadline."""
    started = time.monotonic()
    with pytest.raises(StoreUnreachable) as error:
        work()
    assert time.monotonic() - started < seconds + GRACE
    assert error.value.remedy
    return error.value


def test_a_server_that_falls_silent_in_mid_result_is_given_up_soon_after_the_timeout(through: Through) -> None:
    store, proxy = through(timeout=60.0)
    assert store.query("RETURN 1").rows == [(1,)]
    proxy.stalled.set()
    error = ends_soon(
        lambda: store.query("UNWIND range(1, 1000000) AS x RETURN x", timeout=1.0, max_rows=10_000_000), 1.0
    )
    assert "no answer within 1 s of waiting (--timeout)" in str(error)


@pytest.mark.parametrize(("fault", "scheme"), [(STALL, "neo4j"), (DRIP, "bolt")])
def test_connecting_ends_within_ten_seconds_whatever_comes(through: Through, fault: str, scheme: str) -> None:
    _, proxy = through(fault, 100)
    with Neo4jStore(proxy.url.replace("bolt", scheme)) as store:
        assert "no Neo4j answers at" in str(ends_soon(store.runs, 10.5 - GRACE))


@pytest.mark.parametrize("fault", [BLACK_HOLE, STALL, DRIP, RESET, TRUNCATE])
def test_connecting_ends_with_the_timeout_where_that_is_shorter(through: Through, fault: str) -> None:
    store, _ = through(fault, 100)
    assert "no Neo4j answers at" in str(ends_soon(store.counts))


VERBS: dict[str, Callable[[Store], object]] = {
    "counts": lambda store: store.counts(),
    "runs": lambda store: store.runs(),
    "append": lambda store: store.append("people", [people(3_000)]),
    "touchpoints": lambda store: store.touchpoints(),
    "migrate": lambda store: store.migrate(),
}


@pytest.mark.parametrize(("fault", "verb"), list(zip([STALL, DRIP, STALL, DRIP, STALL], VERBS, strict=True)))
def test_a_verb_ends_with_the_timeout_and_the_store_can_be_used_again(
    emptied: Callable[[], Store], through: Through, fault: str, verb: str
) -> None:
    ready = emptied()
    ready.migrate()
    VERBS[verb](ready)  # a server that has just started plans each statement first, and that may take longer
    store, proxy = through(fault, CONNECTED)
    error = ends_soon(lambda: VERBS[verb](store))
    assert isinstance(error, KeptWaiting)
    assert "no answer within 2 s of waiting (--timeout)" in str(error)
    proxy.fault = PASS
    VERBS[verb](store)


def test_a_server_that_takes_nothing_more_is_given_up(emptied: Callable[[], Store], through: Through) -> None:
    emptied().migrate()
    store, proxy = through()
    store.runs()
    proxy.deaf.set()
    assert isinstance(ends_soon(lambda: store.append("people", [people(10_000, name="n" * 2_000)])), KeptWaiting)


def test_closing_after_the_deadline_does_not_wait(through: Through) -> None:
    store, proxy = through()
    store.runs()
    proxy.stalled.set()
    ends_soon(store.runs)
    started = time.monotonic()
    store.close()
    assert time.monotonic() - started < 1.0


def test_what_ends_after_the_deadline_fails_at_once_where_all_waits_count_together(through: Through) -> None:
    store, proxy = through(in_all=True)
    started: list[float] = []

    def leased() -> None:
        with store.lease("a"):
            proxy.stalled.set()
            ends_soon(store.runs)
            started.append(time.monotonic())

    with pytest.raises(KeptWaiting):  # of releasing the lease
        leased()
    assert time.monotonic() - started[0] < 1.0


def test_a_library_call_has_the_whole_time_and_calls_in_all_share_it(neo4j_url: str) -> None:
    slow = "UNWIND range(1, 1000) AS x WITH x, [y IN range(1, 3000) | sqrt(x * y)] AS l RETURN sum(l[0])"
    each, together = Database(neo4j_url, timeout=30.0), Database(neo4j_url, timeout=30.0, in_all=True)
    left = []
    for database in (each, together):
        with database.session(neo4j.READ_ACCESS) as session:
            session.run(slow).consume()
        before = database.patience.left
        assert before < 30.0
        database.patience.begin()
        left.append((database.patience.left, before))
        database.close()
    assert left[0][0] == 30.0
    assert left[1][0] == left[1][1]


def test_each_thousand_records_start_the_count_anew_and_small_answers_do_not(neo4j_store: Store) -> None:
    database = Database(neo4j_store.url, timeout=30.0, in_all=True)
    neo4j_store.append("people", [people(2_500)])
    database.read("read-ledger")
    small = database.patience.left
    database.read("read-ledger")
    assert database.patience.left < small
    for _ in database.stream("read-people", after=0, upto=1 << 40):
        pass
    assert database.patience.left > small
    database.close()


def test_a_long_import_goes_on_where_each_batch_is_acknowledged(emptied: Callable[[], Store], through: Through) -> None:
    emptied()
    store, _ = through(timeout=8.0, in_all=True)
    database = store.database
    store.migrate()
    for number in range(6):
        store.append("people", [people(2_000, 2_000 * number)])
        assert database.patience.left > 7.0
    assert store.counts()["people"] == 12_000


@pytest.mark.parametrize("fault", [RESET, TRUNCATE])
@pytest.mark.parametrize("moment", [COMMIT_SENT, COMMIT_ANSWERED])
def test_a_connection_that_breaks_at_a_commit_loses_and_doubles_nothing(
    emptied: Callable[[], Store], through: Through, fault: str, moment: str
) -> None:
    calm = emptied()
    calm.migrate()
    store, proxy = through(fault, moment, times=3, timeout=60.0)
    report = store.append("people", [people(500), people(500, 300)])
    assert proxy.struck == 3
    assert (report.inserted, report.unchanged + report.updated) == (800, 200)
    assert calm.counts()["people"] == 800


@pytest.mark.parametrize("moment", [COMMIT_SENT, COMMIT_ANSWERED])
def test_a_stall_at_a_commit_ends_with_the_timeout_and_again_doubles_nothing(
    emptied: Callable[[], Store], through: Through, moment: str
) -> None:
    calm = emptied()
    calm.migrate()
    store, proxy = through(STALL, moment)
    ends_soon(lambda: store.append("people", [people(500)]))
    proxy.fault = PASS
    store, _ = through(timeout=30.0)
    store.append("people", [people(500)])  # when the server has ended what we gave up
    assert calm.counts()["people"] == 500


def test_a_connection_that_keeps_breaking_is_told_as_that(through: Through) -> None:
    store, _ = through(RESET, CONNECTED, timeout=3.0)
    assert "answered before, then the connection broke" in str(ends_soon(store.counts, 3.0))


@pytest.mark.parametrize("timeout", [0.0, -1.0, 1e10, float("nan"), float("inf")])
def test_a_timeout_out_of_its_limits_is_refused(timeout: float) -> None:
    with pytest.raises(InputError, match="timeout"):
        Neo4jStore("bolt://localhost:1", timeout=timeout)
