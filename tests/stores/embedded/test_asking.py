"""SQL on the embedded store: what it sees, what it takes, and what it says where it cannot answer."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from influence_graph.errors import InfluenceGraphError, InputError, NotFound, StoreError
from influence_graph.model.records import BRANDS, CAMPAIGNS, INTERACTIONS, KINDS, PEOPLE, SALES, TIES
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.stores.given import DAY, batch, bonds, event, influences, ranks, rows, run, seeds, tie


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedStore:
    store = EmbeddedStore(tmp_path / "it's a store")
    store.append(PEOPLE, [batch(PEOPLE, {"id": "zoe", "name": "Zoe", "joined": DAY}, {"id": "ann", "followers": 3})])
    store.append(BRANDS, [batch(BRANDS, {"id": "acme", "category": "shoes"})])
    store.append(TIES, [batch(TIES, tie("zoe", "ann", weight=2.0, since=DAY), tie("ann", "zoe"))])
    events = [event("e1", "zoe", day=2, value=1.5, paid=True), event("e2", "ann", "bolt", with_brands="acme|bolt")]
    store.append(INTERACTIONS, [batch(INTERACTIONS, *events)])
    store.append(CAMPAIGNS, [batch(CAMPAIGNS, {"event_id": "c1", "at": DAY, "brand": "acme", "note": "a"})])
    store.append(SALES, [batch(SALES, {"brand": "acme", "date": DAY.date(), "value": 2.0, "segment": ""})])
    return store


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_record_is_a_table_with_the_columns_of_its_files(store: EmbeddedStore, kind: str) -> None:
    answer = store.query(f"SELECT * FROM {kind}")
    key = KINDS[kind].key
    found = sorted(
        (dict(zip(answer.columns, row, strict=True)) for row in answer.rows), key=lambda r: [r[k] for k in key]
    )
    assert answer.columns == KINDS[kind].names
    assert found == rows(store, kind)
    assert found


def test_results_are_those_of_the_current_runs(store: EmbeddedStore) -> None:
    names = ("bonds", "influences", "ranks", "seeds", "runs")
    empty = {name: store.query(f"SELECT * FROM {name}") for name in names}
    assert all(answer.columns and not answer.rows for answer in empty.values())
    store.write(run("rank", "rank-1"), ranks(("Consumer", "ann", 0.1)))
    store.write(run("rank", "rank-2"), ranks(("Consumer", "ann", 0.75), ("Brand", "acme", 0.25)))
    store.write(run("in-degree", "in-degree-1"), ranks(("Consumer", "zoe", 2.0)))
    store.write(run("score", "score-1"), bonds(("ann", "acme", 3.0)))
    store.write(run("learn", "learn-1"), influences(("ann", "zoe", 0.5, None)))
    store.write(run("seeds", "seeds-1"), seeds((1, "ann", 2.5)))
    full = {name: store.query(f"SELECT * FROM {name} ORDER BY ALL") for name in names}
    assert {name: answer.columns for name, answer in full.items()} == {n: answer.columns for n, answer in empty.items()}
    assert full["ranks"].rows == [
        ("in-degree", "Consumer", "zoe", 2.0), ("rank", "Brand", "acme", 0.25), ("rank", "Consumer", "ann", 0.75),
    ]  # fmt: skip
    assert full["bonds"].rows == [("ann", "acme", 3.0, 1.0, 0.0, 0.5, DAY)]
    assert full["influences"].rows == [("ann", "zoe", 0.5, None)]
    assert full["seeds"].rows == [(1, "ann", 2.5)]
    runs = store.query("SELECT id, status FROM runs WHERE kind = 'rank' ORDER BY id").rows
    assert runs == [("rank-1", "superseded"), ("rank-2", "finished")]


@pytest.mark.parametrize(
    "value",
    [1, -(2**63), 2.5, True, None, "a'b", "ä\n", [1, 2], ["a", None], {"a": 1, "b": [2]}, date(2026, 1, 2), DAY],
)
def test_values_go_in_and_come_out_as_they_are(store: EmbeddedStore, value: Any) -> None:
    assert store.query("SELECT $x AS x", {"x": value}).rows == [(value,)]


def test_times_are_utc_and_numbers_are_numbers(store: EmbeddedStore) -> None:
    later = datetime.fromisoformat("2026-01-03T01:00:00+01:00")
    assert store.query('SELECT event_id FROM interactions WHERE "at" >= $t', {"t": later}).rows == [("e1",)]
    answer = store.query(
        "SELECT sum(x), avg(x), 1.5, 2::DECIMAL(9,2), INTERVAL 1 DAY, now() > '2000-01-01', {'a': MAP {'b': 1}},"
        " MAP {'b': 1}, TIME '10:00', 'a'::BLOB, TIMESTAMP '2026-01-01', 2::HUGEINT FROM (VALUES (1), (2)) t(x)"
    ).rows[0]
    assert answer[:4] == (3, 1.5, 1.5, 2.0)
    assert [type(value) for value in answer[:4]] == [int, float, float, float]
    assert answer[4:] == ("P0M1DT0S", True, {"a": [["b", 1]]}, {"b": 1}, "10:00:00", "61", DAY, 2)


@pytest.mark.parametrize(
    ("text", "parameters", "said"),
    [
        ("", {}, "the query is empty"),
        ("-- nothing", {}, "the query is empty"),
        ("MATCH (n) RETURN n", {}, "does not speak Cypher; `influence-graph neo4j up --load`"),
        ("CREATE (n:Consumer)", {}, "does not speak Cypher"),
        ("// a comment\nMATCH (n) RETURN n", {}, "does not speak Cypher"),
        ("SELECT * FROM poeple", {}, "no table poeple; did you mean 'people'"),
        ("SELECT nam FROM people", {}, r'Candidate bindings: "name'),
        ("SELEC 1", {}, "ask in SQL"),
        ("SELECT 1; SELECT 2", {}, "holds 2 statements"),
        ("DELETE FROM people", {}, r"would write \(DELETE\)"),
        ("WITH x AS (DELETE FROM ledger.people RETURNING *) FROM x", {}, r"would write \(DELETE\)"),
        ("PIVOT people ON kind", {}, "PIVOT without IN"),
        ("EXPLAIN DROP VIEW people", {}, r"would write \(DROP\)"),
        ("SELECT * FROM read_csv('x')", {}, r"reads from read_csv\(\)"),
        ("SELECT current_setting('threads')", {}, "does more than calculate"),
        ("SELECT $x", {}, "not provided for the following parameters: x"),
        ("SELECT 1", {"x": 1}, "mismatch"),
        ("SELECT $x", {"x": [1, "a"]}, "cannot be sent"),
        ("SELECT $x", {"x": 2**70}, "cannot be sent"),
        ("SELECT $x", {"x": "\ud800"}, "cannot be sent"),
        ("SELECT range FROM range(6)", {}, "more than 5 rows"),
        ("SELECT repeat('x', 100000000)", {}, "more than 64 MiB"),
        ("SELECT list(range) FROM range(1000000000)", {}, "more memory than it has"),
        ("SELECT 'x'::INT", {}, "Could not convert"),
    ],
)
def test_what_cannot_be_answered_is_said_in_one_line(
    store: EmbeddedStore, text: str, parameters: dict[str, Any], said: str
) -> None:
    with pytest.raises(InfluenceGraphError, match=said) as refused:
        store.query(text, parameters, max_rows=5)
    assert refused.value.remedy
    assert "\n" not in str(refused.value)


def test_exactly_as_many_rows_as_allowed_are_an_answer(store: EmbeddedStore) -> None:
    assert len(store.query("SELECT * FROM range(3000)", max_rows=3000).rows) == 3000
    assert store.query("SELECT 1 AS x WHERE false").columns == ["x"]


@pytest.mark.parametrize("text", [
    "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range * b.range = -1",
    "SELECT levenshtein(repeat('a', 1000000), repeat('b', 1000000))",  # one step, which no interrupt ends
])  # fmt: skip
def test_a_query_that_takes_too_long_is_ended_with_its_process(store: EmbeddedStore, text: str) -> None:
    with pytest.raises(StoreError, match="longer than the timeout of 3 s"):
        store.query(text, timeout=3.0)
    assert store.append(PEOPLE, [batch(PEOPLE, {"id": "new"})]).inserted == 1  # the file is free again


@pytest.mark.parametrize(("timeout", "max_rows"), [(0, 1), (-1, 1), (float("nan"), 1), (1e9, 1), (1, 0)])
def test_limits_have_limits(store: EmbeddedStore, timeout: float, max_rows: int) -> None:
    with pytest.raises(InputError, match=r"a timeout of|at most 0 rows"):
        store.query("SELECT 1", timeout=timeout, max_rows=max_rows)


def test_plans_are_drawn(store: EmbeddedStore) -> None:
    for text in (
        "EXPLAIN SELECT name FROM people",
        "/* a */ explain analyze SELECT name FROM people",
        "PROFILE FROM people",
    ):
        plan = store.query(text)
        assert plan.is_plan
        assert plan.columns == ["plan"]
        assert any("people" in line for (line,) in plan.rows)


def test_a_query_may_not_write_and_needs_a_store(store: EmbeddedStore, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="takes no query that writes"):
        store.query("SELECT 1", write=True)
    with pytest.raises(NotFound, match="there is no store"):
        EmbeddedStore(tmp_path / "none").query("SELECT 1")
    assert not (tmp_path / "none").exists()


def test_queries_at_once_and_inside_a_snapshot_are_answered(store: EmbeddedStore) -> None:
    found: list[Any] = []
    ask = [
        threading.Thread(target=lambda: found.append(store.query("SELECT count(*) FROM people").rows)) for _ in range(3)
    ]
    with store.snapshot():
        for thread in ask:
            thread.start()
        for thread in ask:
            thread.join()
    assert found == [[(2,)]] * 3


def test_the_process_that_answers_can_open_nothing(tmp_path: Path) -> None:
    tried = """
import socket
from influence_graph.stores.embedded import answering
answering._confine(5)
for attempt in (lambda: open("/etc/hostname"), lambda: open("NEW", "w"), socket.socket):
    try:
        attempt()
    except OSError as error:
        print(error.errno)
"""
    done = subprocess.run(
        [sys.executable, "-c", tried], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == ["24"] * 3  # too many open files: none is allowed
    assert not (tmp_path / "NEW").exists()
