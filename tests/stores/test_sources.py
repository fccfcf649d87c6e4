"""Which source each record came from, on both stores, against sets of sources kept beside them."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from influence_graph.errors import StoreError
from influence_graph.model.records import BRANDS, CAMPAIGNS, INTERACTIONS, KINDS, PEOPLE, SALES, TIES, RecordKind
from influence_graph.stores.base import Store
from tests.stores.given import DAY, batch, event, tie

Twin = dict[str, dict[tuple[Any, ...], set[int]]]


def give(store: Store, source: int | None, kind: RecordKind, *records: Mapping[str, Any]) -> None:
    store.append(kind, [replace(batch(kind, *records), source=source)])


def keys(store: Store, kind: RecordKind, *sources: int) -> list[tuple[Any, ...]]:
    only = store.brought_by(kind, sources).only
    assert only.column_names == list(kind.key)
    return sorted(zip(*(only[name].to_pylist() for name in kind.key), strict=True))


def test_the_same_contents_are_one_source_whatever_they_are_called(store: Store) -> None:
    assert store.sources() == []
    assert store.add_source("monday.csv", "a" * 32) == 1
    assert store.add_source("tuesday.csv", "b" * 32) == 2
    assert store.add_source("copy of monday.csv", "a" * 32) == 1
    store.count_source(2, 17)
    with store.snapshot() as view:
        first, second = view.sources()
        with pytest.raises(StoreError, match="read-only"):
            view.add_source("x", "c" * 32)
    assert (first.number, first.name, first.digest, first.rows) == (1, "monday.csv", "a" * 32, None)
    assert (second.name, second.rows) == ("tuesday.csv", 17)
    assert first.added_at.tzinfo is not None
    assert first.added_at <= second.added_at


def test_sources_change_neither_records_nor_their_digest(store: Store) -> None:
    give(store, None, INTERACTIONS, event("e1"))
    before, mark = store.digest(), None
    with store.snapshot() as view:
        mark = view.mark()
    number = store.add_source("a.csv", "a" * 32)
    report = store.append(INTERACTIONS, [replace(batch(INTERACTIONS, event("e1")), source=number)])
    assert (report.inserted, report.updated, report.unchanged) == (0, 0, 1)
    assert store.digest() == before
    with store.snapshot() as view:
        assert view.mark() == mark


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_record_of_two_sources_stays_when_one_is_taken_out(store: Store, kind: RecordKind) -> None:
    one = {
        "people": {"id": "ann"},
        "brands": {"id": "acme"},
        "ties": tie("ann", "bob"),
        "interactions": event("e1"),
        "campaigns": {"event_id": "k1", "at": DAY, "brand": "acme"},
        "sales": {"brand": "acme", "date": DAY.date(), "value": 1.0, "segment": ""},
    }[kind.name]
    first, second = store.add_source("1", "1" * 32), store.add_source("2", "2" * 32)
    give(store, first, kind, one, one)
    assert len(keys(store, kind, first)) == 1
    give(store, first, kind, one)
    assert len(keys(store, kind, first)) == 1
    give(store, second, kind, one)
    assert keys(store, kind, first) == keys(store, kind, second) == []
    assert store.brought_by(kind, [first]).shared == store.brought_by(kind, [second]).shared == 1
    assert len(keys(store, kind, first, second)) == 1
    store.drop_sources([first])
    assert [each.number for each in store.sources()] == [second]
    assert len(keys(store, kind, second)) == 1


@pytest.mark.parametrize(("kind", "change"), [(PEOPLE, "city"), (BRANDS, "category")])
def test_who_is_only_named_came_from_no_source_until_declared(store: Store, kind: RecordKind, change: str) -> None:
    one, two = store.add_source("1", "1" * 32), store.add_source("2", "2" * 32)
    give(store, one, INTERACTIONS, event("e1", "ann", "acme"))
    id_ = "ann" if kind is PEOPLE else "acme"
    assert keys(store, kind, one) == []
    give(store, two, kind, {"id": id_, change: "x"})
    assert keys(store, kind, two) == [(id_,)]
    assert store.brought_by(kind, [one]).shared == 0


def test_a_later_value_is_one_of_both_sources(store: Store) -> None:
    one, two = store.add_source("1", "1" * 32), store.add_source("2", "2" * 32)
    give(store, one, PEOPLE, {"id": "ann", "city": "Rome"})
    give(store, two, PEOPLE, {"id": "ann", "city": "Oslo"}, {"id": "bob"})
    assert store.brought_by(PEOPLE, [one]).shared == 1
    assert keys(store, PEOPLE, two) == [("bob",)]


def test_a_conflict_does_not_make_a_source_one_of_the_record(store: Store) -> None:
    one, two = store.add_source("1", "1" * 32), store.add_source("2", "2" * 32)
    give(store, one, INTERACTIONS, event("e1", points=1.0))
    give(store, two, INTERACTIONS, event("e1", points=2.0))
    assert keys(store, INTERACTIONS, one) == [("e1",)]
    assert store.brought_by(INTERACTIONS, [two]).shared == 0


def test_what_was_stored_without_a_source_is_nobodys(store: Store) -> None:
    give(store, None, INTERACTIONS, event("e1"))
    give(store, None, PEOPLE, {"id": "ann"})
    one = store.add_source("1", "1" * 32)
    give(store, one, INTERACTIONS, event("e1"), event("e2"))
    give(store, one, PEOPLE, {"id": "ann", "city": "Rome"})
    assert keys(store, INTERACTIONS, one) == [("e2",)]
    assert keys(store, PEOPLE, one) == []


def draw(rng: random.Random, kind: RecordKind) -> dict[str, Any]:
    number = rng.randrange(4)
    return {
        "people": {"id": f"p{number}", "city": rng.choice([None, "Rome", "Oslo"])},
        "ties": tie(f"p{number}", f"p{number + 1}", weight=rng.choice([1.0, 2.0])),
        "interactions": event(f"e{number}", f"p{number}"),
        "campaigns": {"event_id": f"k{number}", "at": DAY, "brand": "acme"},
        "sales": {"brand": "acme", "date": DAY.date(), "value": rng.random(), "segment": str(number)},
    }[kind.name]


@pytest.mark.parametrize("seed", range(2))
def test_all_that_only_some_sources_gave_is_found(store: Store, seed: int) -> None:
    rng = random.Random(seed)
    numbers = [store.add_source(str(n), f"{n:032}") for n in range(4)]
    kinds = [PEOPLE, TIES, INTERACTIONS, CAMPAIGNS, SALES]
    twin: Twin = defaultdict(lambda: defaultdict(set))
    for _ in range(25):
        kind, number = rng.choice(kinds), rng.choice(numbers)
        given = [draw(rng, kind) for _ in range(rng.randrange(1, 3))]
        give(store, number, kind, *given)
        for record in given:
            twin[kind.name][tuple(record[name] for name in kind.key)].add(number)
    for kind in kinds[:3]:
        for number in numbers[1:]:
            known = twin[kind.name]
            assert keys(store, kind, number) == sorted(key for key, of in known.items() if of == {number})
        for pair in ([1, 2], [2, 4]):
            certain = sorted(key for key, of in twin[kind.name].items() if of <= set(pair))
            assert keys(store, kind, *pair) == certain
