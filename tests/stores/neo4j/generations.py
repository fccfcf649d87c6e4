"""Writers and readers at once: every answer must be one whole generation of results.

``python -m tests.stores.neo4j.generations write URL PEOPLE STOP KIND …`` writes generation after generation until the
file STOP is there; ``read URL PEOPLE POLLS WAY …`` asks in turn and prints its figures as JSON. ``together URL PEOPLE
TIMES`` writes all kinds at once, so many times; ``watch URL PEOPLE STOP`` looks at all of them in snapshots. The values
of a generation tell its number, and with it all the rows of it. The last two take the folder of an embedded store, too.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa

from influence_graph.errors import StoreError
from influence_graph.explore.catalogue import question
from influence_graph.model.recalculations import Recalculation
from influence_graph.model.records import KINDS, Batch
from influence_graph.model.results import kind_of
from influence_graph.model.runs import Run
from influence_graph.stores.base import Lease, Reader, Shown, Store, Written
from influence_graph.stores.embedded.store import EmbeddedStore
from influence_graph.stores.neo4j import sweeping
from influence_graph.stores.neo4j.store import Neo4jStore
from influence_graph.stores.neo4j.waiting import KeptWaiting

DAY = datetime(2026, 1, 1, tzinfo=UTC)
BRANDS = [f"b{i}" for i in range(5)]
PAUSE_SECONDS = 0.02  # between two reads of one snapshot
RECENT = 64  # generations whose rows are remembered
KEPT_SECONDS, ASKED_SECONDS = 6.0, 3.0  # there is something to sweep; a server ends a query up to two seconds late
WRITTEN = (("rank", "seeds"), ("score", "learn"))
"""The kinds that each writer writes."""
EVENTS = {"event_id": "string", "direction": "string", "touchpoint": "string", "valence": "double",
          "applied_points": "double", "returned_points": "double"}  # fmt: skip
ASSOCIATIONS = ("brand", "other", "strength", "events", "consumers")


def members(people: int, k: int) -> list[int]:
    """Return who is in generation *k*: another tenth is left out each time, and a few more in every other one."""
    return [i for i in range(people - 3 * (k % 2)) if i % 10 != k % 10]


def part(people: int, k: int, i: int) -> float:
    """Return a place in [0, 0.5), another order in each generation."""
    return ((i * 7919 + k * 31) % people) / (2 * people)


@lru_cache(RECENT)
def rank(people: int, k: int) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = [("Consumer", f"p{i}", k + part(people, k, i)) for i in members(people, k)]
    rows += [("Brand", brand, k + j / 10) for j, brand in enumerate(BRANDS[: 4 + k % 2])]
    return sorted(rows, key=lambda row: (-row[2], row[0], row[1]))


@lru_cache(RECENT)
def score(people: int, k: int) -> list[tuple[Any, ...]]:
    signed = [(i, (k + part(people, k, i)) * (1 if i % 3 else -1)) for i in members(people, k)]
    return sorted((f"p{i}", BRANDS[i % 5], value, float(k), 1.0, 0.5, DAY) for i, value in signed)


@lru_cache(RECENT)
def learn(people: int, k: int) -> list[tuple[Any, ...]]:
    return sorted((f"p{i}", f"p{j}", part(people, k, i), float(k)) for i in members(people, k) for j in {0, i - i % 7})


@lru_cache(RECENT)
def seeds(people: int, k: int) -> list[tuple[Any, ...]]:
    return [(place, f"p{(k * 13 + place) % people}", k + 1 - place / 100) for place in range(1, 41 + k % 2)]


TABLES: dict[str, Callable[[int, int], list[tuple[Any, ...]]]] = {
    "rank": rank, "score": score, "learn": learn, "seeds": seeds,
}  # fmt: skip


def associations(k: int) -> list[tuple[Any, ...]]:
    pairs = [(a, b) for a in BRANDS for b in BRANDS[: 4 + k % 2] if a != b]
    return [(a, b, k + 0.5, k, 1) for a, b in pairs]


def table(kind: str, people: int, k: int) -> pa.Table:
    """Return generation *k* of *kind*."""
    schema = kind_of(kind).schema
    columns = list(zip(*TABLES[kind](people, k), strict=True))
    return pa.table(
        [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)], schema=schema
    )


def generation(kind: str, people: int, k: int) -> Written:
    """Return generation *k* of *kind*."""
    shown = None
    if kind == "score":
        columns = zip(*associations(k), strict=True)
        events = pa.table({name: pa.array([], type_) for name, type_ in EVENTS.items()})
        shown = Shown(events, pa.table(dict(zip(ASSOCIATIONS, columns, strict=True))))
    run = Run(f"{kind}-20260101T000000-{k:08}", kind, "finished", DAY, None, "digest", "0", {"k": k})
    return Written(run, table(kind, people, k), shown)


def write_generation(store: Store, kind: str, people: int, k: int) -> None:
    """Write generation *k* of *kind*."""
    written = generation(kind, people, k)
    store.write(written.run, written.table, shown=written.shown)


def recalculation(k: int) -> Recalculation:
    """Return the recalculation that writes generation *k* of all kinds, for a tick of its own."""
    current = {kind: f"{kind}-20260101T000000-{k:08}" for kind in TABLES}
    return Recalculation(
        f"recalculation-{k:08}", DAY, DAY, "ledger", k, (), current, "0", f"every@{k}", parameters={"k": k}
    )


def write_all(store: Store, people: int, k: int, lease: Lease | None = None) -> bool:
    """Write generation *k* of all kinds at once."""
    return store.write_together(recalculation(k), [generation(kind, people, k) for kind in TABLES], lease)


def state_of(reader: Reader, people: int, rng: random.Random) -> int | None:
    """Return the generation that all answers of *reader* are of, whole; None where they are not of one."""
    kinds = rng.sample(list(TABLES), len(TABLES))
    found = {}
    for kind in kinds:
        found[kind] = reader.results(kind)
        time.sleep(rng.uniform(0, PAUSE_SECONDS))
    if any(each is None for each in found.values()):
        return None
    numbers = {each[0].parameters["k"] for each in found.values()}
    (last,) = reader.recalculations(1)
    (k,) = numbers if len(numbers) == 1 else (None,)
    if k is None or last.parameters != {"k": k}:
        return None
    finished = {run.kind: run.parameters["k"] for run in reader.runs() if run.status == "finished"}
    same = all(sorted(rows_in(each[1])) == sorted(TABLES[kind](people, k)) for kind, each in found.items())
    return k if same and finished == dict.fromkeys(TABLES, k) else None


def rows_in(of: pa.Table) -> list[tuple[Any, ...]]:
    """Return the rows of a table."""
    return list(zip(*(column.to_pylist() for column in of.columns), strict=True))


def people_of(number: int) -> Batch:
    """Return *number* people."""
    return _batch("people", [f"p{i}" for i in range(number)])


def brands() -> Batch:
    """Return the brands."""
    return _batch("brands", BRANDS)


def _batch(name: str, ids: list[str]) -> Batch:
    kind = KINDS[name]
    records = pa.Table.from_pylist([dict.fromkeys(kind.names) | {"id": id_} for id_ in ids], schema=kind.schema)
    return Batch(kind, records, pa.array(range(len(ids)), pa.int64()))


def answer(store: Neo4jStore, name: str, **given: Any) -> list[tuple[Any, ...]]:
    asked = question(name)
    return rows_of(store, asked.text, asked.bind(given))


def rows_of(store: Neo4jStore, text: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Ask *text*, again and again where the machine is so busy that it outlasts what is kept of a former run."""
    while True:
        try:
            return store.query(text, parameters, timeout=ASKED_SECONDS).rows
        except KeptWaiting:
            pass
        except StoreError as error:
            if "took longer" not in str(error):
                raise


RAW_BONDS = """
MATCH (current:Current {kind: 'score'}) WITH current.runId AS runId
MATCH (:Consumer)-[bond:BOND {runId: runId}]->(:Brand)
RETURN count(*), toInteger(min(bond.toBrand)), toInteger(max(bond.toBrand))
"""
RAW_RANKS = """
MATCH (current:Current {kind: 'rank'}) WITH current.runId AS runId
MATCH (part:Measure {runId: runId, label: 'Consumer'})
WITH part.ids AS ids, part.scores AS scores UNWIND range(0, size(ids) - 1) AS i
MATCH (person:Consumer {id: ids[i]})
RETURN count(*), toInteger(min(scores[i])), toInteger(max(scores[i]))
"""


def _one(rows: list[Any], expected: Callable[[int], list[Any]], k_of: Callable[[Any], float | None]) -> bool:
    first = k_of(rows[0]) if rows else None  # a null is a fault, too
    return first is not None and rows == expected(int(abs(first)))


@lru_cache(RECENT)
def _consumers(people: int, k: int) -> list[tuple[Any, ...]]:
    return [(id_, None, None, value) for label, id_, value in rank(people, k) if label == "Consumer"]


@lru_cache(RECENT)
def _bonds_of(people: int, k: int, brand: str) -> list[tuple[str, float]]:
    rows = [(row[0], row[2]) for row in score(people, k) if row[1] == brand]
    return sorted(rows, key=lambda row: (-row[1], row[0]))


@lru_cache(RECENT)
def _strained(people: int, k: int) -> list[tuple[str, float]]:
    rows = sorted((row[2], row[0]) for row in score(people, k) if row[2] < 0)
    return [(id_, value) for value, id_ in rows]


@lru_cache(RECENT)
def _leaders(people: int, k: int) -> list[tuple[str, int]]:
    bonds = [row[1] for row in score(people, k)]
    return sorted((brand, bonds.count(brand)) for brand in set(bonds))


@lru_cache(RECENT)
def _reached(people: int, k: int) -> list[tuple[str, float, float]]:
    rows = [(row[0], row[2], row[3]) for row in learn(people, k) if row[1] == "p0"]
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def _kept(kind: str) -> Callable[[Neo4jStore, int], bool]:
    def whole(store: Neo4jStore, people: int) -> bool:
        found = store.results(kind)
        if found is None or found[0].status != "finished" or found[0].finished_at is None:
            return False
        rows = list(zip(*(column.to_pylist() for column in found[1].columns), strict=True))
        return rows == TABLES[kind](people, found[0].parameters["k"])

    return whole


def _in_snapshot(store: Neo4jStore, people: int) -> bool:
    with store.snapshot() as view:
        twice = [view.results("rank") for _ in range(2)]
        if twice[0] is None or twice[0] is not twice[1]:
            return False
        rows = list(zip(*(column.to_pylist() for column in twice[0][1].columns), strict=True))
        return rows == rank(people, twice[0][0].parameters["k"])


def _runs(store: Neo4jStore, people: int) -> bool:
    finished = [run for run in store.runs() if run.status == "finished"]
    return sorted(run.kind for run in finished) == sorted(TABLES) and all(run.finished_at for run in finished)


def _raw(text: str, expected: Callable[[int, int], int]) -> Callable[[Neo4jStore, int], bool]:
    def whole(store: Neo4jStore, people: int) -> bool:
        ((rows, low, high),) = rows_of(store, text, {})
        return low is not None and low == high and rows == expected(people, low)

    return whole


WAYS: dict[str, dict[str, Callable[[Neo4jStore, int], bool]]] = {
    "results": {
        **{kind: _kept(kind) for kind in TABLES},
        "snapshot": _in_snapshot,
        "runs": _runs,
    },
    "questions": {
        "top-influencers": lambda s, n: _one(
            answer(s, "top-influencers", limit=10), lambda k: _consumers(n, k)[:10], lambda row: row[3]
        ),
        "top-by": lambda s, n: _one(answer(s, "top-by", limit=n), lambda k: _consumers(n, k), lambda row: row[3]),
        "top-brands": lambda s, n: _one(
            [(row[0], row[3]) for row in answer(s, "top-brands")],
            lambda k: [(id_, value) for label, id_, value in rank(n, k) if label == "Brand"],
            lambda row: row[1],
        ),
        "current-seeds": lambda s, n: _one(
            [(row[0], row[1], row[3]) for row in answer(s, "current-seeds")], lambda k: seeds(n, k), lambda row: row[2]
        ),
        "influenced-by": lambda s, n: _one(
            [(row[0], row[2], row[3]) for row in answer(s, "influenced-by", person="p0", limit=n)],
            lambda k: _reached(n, k),
            lambda row: row[2],
        ),
        "raw ranks": _raw(RAW_RANKS, lambda n, k: len(_consumers(n, k))),
    },
    "bonds": {
        "brand-bonds": lambda s, n: _one(
            [(row[0], row[2]) for row in answer(s, "brand-bonds", brand="b1", limit=n)],
            lambda k: _bonds_of(n, k, "b1"),
            lambda row: row[1],
        ),
        "strained-bonds": lambda s, n: _one(
            [(row[0], row[4]) for row in answer(s, "strained-bonds", limit=n)],
            lambda k: _strained(n, k),
            lambda row: row[1],
        ),
        "brand-leaderboard": lambda s, n: (
            sorted((row[0], row[3]) for row in answer(s, "brand-leaderboard")) in [_leaders(n, k) for k in range(20)]
        ),
        "co-associated": lambda s, n: _one(
            [(row[0], row[2]) for row in answer(s, "co-associated", brand="b0")],
            lambda k: sorted((b, strength) for a, b, strength, *_ in associations(k) if a == "b0"),
            lambda row: row[1],
        ),
        "raw bonds": _raw(RAW_BONDS, lambda n, k: len(members(n, k))),
    },
}  # fmt: skip


@contextmanager
def opened(url: str) -> Iterator[Any]:
    if "://" not in url:
        yield EmbeddedStore(Path(url))
        return
    with tempfile.TemporaryDirectory() as folder:
        store = Neo4jStore(url, cache=Path(folder))
        try:
            yield store
        finally:
            store.close()


def write(url: str, people: int, stop: Path, kinds: list[str]) -> None:
    """Write one generation of each of *kinds* after the other; print how many of each."""
    written, sweeping.KEPT_SECONDS = 0, KEPT_SECONDS
    with opened(url) as store:
        for k in count(1 + len(store.runs())):
            for kind in kinds:
                write_generation(store, kind, people, k)
            written = k
            if stop.exists():
                break
    sys.stdout.write(json.dumps(dict.fromkeys(kinds, written)))


def read(url: str, people: int, polls: int, way: str) -> None:
    """Poll all of *way* in turn; print polls and faults of each."""
    figures = {name: [0, 0] for name in WAYS[way]}
    with opened(url) as store:
        for turn in range(polls):
            name = list(WAYS[way])[turn % len(WAYS[way])]
            figures[name][0] += 1
            figures[name][1] += not WAYS[way][name](store, people)
    sys.stdout.write(json.dumps(figures))


def together(url: str, people: int, times: int) -> None:
    """Write all kinds at once, *times* times; print how often."""
    sweeping.KEPT_SECONDS = KEPT_SECONDS
    with opened(url) as store:
        first = 1 + len(store.runs())
        for k in range(first, first + times):
            write_all(store, people, k)
    sys.stdout.write(json.dumps(times))


def watch(url: str, people: int, stop: Path) -> None:
    """Look at all kinds in one snapshot after the other; print polls, faults and how many generations were seen."""
    rng, seen, polls, faults = random.Random(url), set(), 0, 0
    with opened(url) as store:
        while not stop.exists():
            with store.snapshot() as view:
                k = state_of(view, people, rng)
            polls, faults = polls + 1, faults + (k is None)
            seen.add(k)
    sys.stdout.write(json.dumps([polls, faults, len(seen)]))


if __name__ == "__main__":
    command, url, people_, third, *rest = sys.argv[1:]
    if command == "together":
        together(url, int(people_), int(third))
    elif command == "watch":
        watch(url, int(people_), Path(third))
    elif command == "write":
        write(url, int(people_), Path(third), rest)
    else:
        read(url, int(people_), int(third), rest[0])
