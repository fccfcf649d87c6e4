"""What every store must do; each test runs on the embedded store and on a real Neo4j."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from influence_graph.app.jobs.job import run as run_job
from influence_graph.app.jobs.scores import ScoreJob
from influence_graph.app.views.ask import ask
from influence_graph.errors import InputError, LockHeld, NotFound, StoreError
from influence_graph.explore.catalogue import question as load
from influence_graph.model.graph import GraphKind
from influence_graph.model.parameters import ScoreParameters
from influence_graph.model.records import BRANDS, CAMPAIGNS, INTERACTIONS, KINDS, PEOPLE, SALES, TIES, Batch, RecordKind
from influence_graph.model.results import RESULTS, Measure, Shape, kind_of, of_nodes
from influence_graph.model.touchpoints import KindRule, TouchpointTable
from influence_graph.stores.base import Appender, AppendReport, InteractionFilter, Store
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.stores.given import DAY, batch, bonds, counted, event, influences, measured, ranks, rows, run, seeds, tie

MEASURES = [row.kind for row in RESULTS.values() if row.shape is Shape.NODES]


FULL = {
    "people": {
        "id": "ann", "name": "Ann Ö", "kind": "influencer", "style": "passive", "followers": 2**40,
        "platform": "town", "city": "Rome", "joined": DAY,
    },
    "brands": {"id": "acme", "name": "Acme 'n' \"Co\"", "category": "tools"},
    "ties": {"source": "ann", "target": "bob", "kind": "exposed", "weight": 0.25, "since": DAY},
    "interactions": {
        "event_id": "e1", "at": DAY.replace(microsecond=123456), "consumer": "ann", "brand": "acme",
        "direction": "to_consumer", "kind": "giveaway", "touchpoint": "brand_experience", "points": -3.25,
        "valence": -0.5, "weight": 2.0, "channel": "offline", "platform": "shop", "reach": 1e5, "confidence": 0.5,
        "blame": 0.75,
        "with_brands": "bolt|cog", "recorded_at": DAY.replace(day=2), "replaces": "e0", "value": 17.5,
        "currency": "EUR", "paid": True, "recognized": False, "item": "jeans 501",
    },
    "campaigns": {
        "event_id": "k1", "at": DAY, "brand": "acme", "kind": "concert", "segment": "young", "note": "x",
        "day": DAY.date() - timedelta(days=1),
    },
    "sales": {"brand": "acme", "date": DAY.date(), "value": 12.5, "segment": "young"},
}  # fmt: skip
LEAN = {
    "people": {"id": "zoe"},
    "brands": {"id": "zed"},
    "ties": tie("zoe", "bob"),
    "interactions": event("e2", "zoe", "zed"),
    "campaigns": {"event_id": "k2", "at": DAY, "brand": "zed"},
    "sales": {"brand": "zed", "date": DAY.date(), "value": 0.0, "segment": ""},
}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_field_of_every_kind_survives_and_null_stays_null(store: Store, kind: RecordKind) -> None:
    full, lean = FULL[kind.name], LEAN[kind.name]
    assert counted(store, kind, batch(kind, full, lean)) == (2, 0, 0, 0)
    expected = [{name: row.get(name) for name in kind.names} for row in (full, lean)]
    assert [r for r in rows(store, kind) if r in expected] == expected
    assert counted(store, kind, batch(kind, full, lean)) == (0, 0, 2, 0)


@pytest.mark.parametrize("value", [True, False, None])
@pytest.mark.parametrize("name", ["paid", "recognized"])
def test_a_truth_is_true_false_or_not_stated(store: Store, name: str, value: bool | None) -> None:
    store.append(INTERACTIONS, [batch(INTERACTIONS, event("e1", **{name: value}))])
    assert rows(store, INTERACTIONS)[0][name] is value
    assert store.interactions()[name].to_pylist() == [value]
    assert counted(store, INTERACTIONS, batch(INTERACTIONS, event("e1", **{name: value}))) == (0, 0, 1, 0)
    other = event("e1", **{name: None if value else True})
    assert counted(store, INTERACTIONS, batch(INTERACTIONS, other)) == (0, 0, 0, 1)


def test_the_touchpoint_table_belongs_to_the_store_until_it_is_taken_back(store: Store) -> None:
    built_in = TouchpointTable.load()
    assert store.touchpoints() == built_in
    table = TouchpointTable({**built_in.kinds, "jingle": KindRule(touchpoint="expediting", valence=-0.5)})
    store.set_touchpoints(table)
    assert store.touchpoints() == table
    with store.snapshot() as view:
        assert view.touchpoints() == table
        with pytest.raises(StoreError, match="read-only"):
            view.set_touchpoints(None)
    store.set_touchpoints(None)
    assert store.touchpoints() == built_in


def test_what_a_record_does_not_state_is_that_of_its_kind_in_the_table_of_now(store: Store) -> None:
    lean = {"direction": None, "touchpoint": None}
    given = [
        event("1", "ann", kind="jingle", **lean),
        event("2", "bob", kind="giveaway", **lean),
        event("3", "cat", kind="jingle", direction="to_brand", touchpoint=None),
        event("4", "dan", **lean),
    ]
    store.append(INTERACTIONS, [batch(INTERACTIONS, *given)])
    before, digest = rows(store, INTERACTIONS), store.digest()
    assert [row["direction"] for row in before] == [None, None, "to_brand", None]
    assert [row["touchpoint"] for row in before] == [None] * 4
    to_brand = {("ann", "acme"), ("cat", "acme"), ("dan", "acme")}
    assert set(edges(store.graph(GraphKind.INTERACTIONS))) == {*to_brand, ("acme", "bob")}
    rule = KindRule(direction="to_consumer", valence=-1.0)
    store.set_touchpoints(TouchpointTable({"jingle": rule}, KindRule(direction="to_consumer")))
    turned = {("acme", "ann"), ("acme", "bob"), ("cat", "acme"), ("acme", "dan")}
    assert set(edges(store.graph(GraphKind.INTERACTIONS))) == turned
    assert (rows(store, INTERACTIONS), store.digest()) == (before, digest)
    assert counted(store, INTERACTIONS, batch(INTERACTIONS, *given)) == (0, 0, 4, 0)
    with store.rehearsal() as rehearsal:
        assert rehearsal.append(INTERACTIONS, [batch(INTERACTIONS, *given)]).unchanged == 4
    assert counted(store, INTERACTIONS, batch(INTERACTIONS, {**given[0], "direction": "to_consumer"})) == (0, 0, 0, 1)


def test_the_same_event_with_another_payload_is_a_conflict_and_the_first_stays(store: Store) -> None:
    store.append(INTERACTIONS, [batch(INTERACTIONS, event("e1", points=1.0))])
    report = store.append(
        INTERACTIONS,
        [batch(INTERACTIONS, event("e1", points=1.0), event("e1", points=2.0), event("e2"), first_line=10)],
    )
    assert (report.inserted, report.unchanged, len(report.conflicts)) == (1, 1, 1)
    conflict = report.conflicts[0]
    assert (conflict.file, conflict.line, conflict.column, conflict.value) == ("interactions.csv", 11, "event_id", "e1")
    assert conflict.remedy == "record a correction: a new event with replaces=e1"
    assert [row["points"] for row in rows(store, INTERACTIONS)] == [1.0, None]


@pytest.mark.parametrize(
    "change",
    [
        {"consumer": "bob"},
        {"brand": "bolt"},
        {"direction": "to_consumer"},
        {"at": DAY.replace(day=9)},
        {"item": "coat"},
        {"item": None},
    ],
)
def test_a_conflict_is_found_wherever_the_payload_differs(store: Store, change: dict[str, Any]) -> None:
    store.append(INTERACTIONS, [batch(INTERACTIONS, event("e1", item="hat"))])
    change = {"item": "hat", **change}
    assert counted(store, INTERACTIONS, batch(INTERACTIONS, event("e1", **change))) == (0, 0, 0, 1)
    assert store.counts()["interactions"] == 1


def test_repeats_inside_one_batch_count_once_and_the_first_payload_wins(store: Store) -> None:
    one = batch(INTERACTIONS, event("e1", points=1.0), event("e1", points=1.0), event("e1", points=9.0))
    assert counted(store, INTERACTIONS, one) == (1, 0, 1, 1)
    assert [row["points"] for row in rows(store, INTERACTIONS)] == [1.0]


def test_an_upsert_keeps_what_the_new_row_does_not_say(store: Store) -> None:
    store.append(PEOPLE, [batch(PEOPLE, {"id": "ann", "name": "Ann", "followers": 5})])
    new = batch(PEOPLE, {"id": "ann", "followers": 6}, {"id": "ann", "city": "Rome"}, {"id": "bob"})
    assert counted(store, PEOPLE, new) == (1, 1, 1, 0)
    assert {k: v for k, v in rows(store, PEOPLE)[0].items() if v is not None} == {
        "id": "ann", "name": "Ann", "followers": 6, "city": "Rome",
    }  # fmt: skip
    assert counted(store, PEOPLE, new) == (0, 0, 3, 0)


def test_a_file_of_known_and_new_people_leaves_the_graph_readable(store: Store) -> None:
    store.append(PEOPLE, [batch(PEOPLE, {"id": "ann"}, {"id": "bob"})])
    assert counted(store, PEOPLE, batch(PEOPLE, {"id": "ann"}, {"id": "bob"}, {"id": "cy"})) == (1, 0, 2, 0)
    store.append(INTERACTIONS, [batch(INTERACTIONS, event("e1", "cy"), event("e2", "dan"))])
    assert store.graph(GraphKind.ALL).ids.tolist() == ["ann", "bob", "cy", "dan", "acme"]
    assert store.interactions()["consumer"].to_pylist() == ["cy", "dan"]


def test_a_restated_sale_replaces_the_former_value(store: Store) -> None:
    sale = {"brand": "acme", "date": DAY.date(), "value": 1.0, "segment": ""}
    assert counted(store, SALES, batch(SALES, sale)) == (1, 0, 0, 0)
    assert counted(store, SALES, batch(SALES, {**sale, "value": 2.0}, {**sale, "segment": "a"})) == (1, 1, 0, 0)
    assert [(row["segment"], row["value"]) for row in rows(store, SALES)] == [("", 2.0), ("a", 1.0)]


def test_endpoints_that_no_file_declares_become_placeholders_that_a_file_can_fill(store: Store) -> None:
    report = store.append(INTERACTIONS, [batch(INTERACTIONS, event("e1"), event("e2", "bob"))])
    assert report.placeholders == 3
    assert counted(store, PEOPLE, batch(PEOPLE, {"id": "ann"}, {"id": "bob", "name": "Bob"})) == (0, 1, 1, 0)


def test_a_consumer_and_a_brand_may_share_an_id(store: Store) -> None:
    store.append(INTERACTIONS, [batch(INTERACTIONS, event("e1", "x", "x"))])
    graph = store.graph(GraphKind.ALL)
    assert list(zip(graph.labels, graph.ids, strict=True)) == [("Consumer", "x"), ("Brand", "x")]
    assert graph.number_of_edges == 1


def test_a_rehearsal_reports_exactly_what_appending_does_and_writes_nothing(store: Store) -> None:
    store.append(INTERACTIONS, [batch(INTERACTIONS, event("e1"))])
    before = store.digest()
    batches = [batch(INTERACTIONS, event("e1"), event("e2")), batch(INTERACTIONS, event("e2", points=1.0), event("e3"))]
    people = [batch(PEOPLE, {"id": "ann"}, {"id": "zoe"})]

    def append(target: Appender) -> list[AppendReport]:
        return [target.append(INTERACTIONS, batches), target.append(PEOPLE, people), target.append(PEOPLE, people)]

    with store.rehearsal() as rehearsal:
        promised = append(rehearsal)
    assert store.digest() == before
    assert append(store) == promised
    assert (promised[0].inserted, promised[0].unchanged, len(promised[0].conflicts)) == (2, 1, 1)
    assert [(report.inserted, report.unchanged) for report in promised[1:]] == [(1, 1), (0, 2)]


def test_the_digest_depends_on_contents_only(store: Store, tmp_path: Any) -> None:
    store.append(INTERACTIONS, [batch(INTERACTIONS, event("e1"), event("e2", "bob", points=0.1))])
    other = EmbeddedStore(tmp_path / "other")
    other.append(INTERACTIONS, [batch(INTERACTIONS, event("e2", "bob", points=0.1))])
    assert other.digest() != store.digest()
    other.append(INTERACTIONS, [batch(INTERACTIONS, event("e1"))])
    assert other.digest() == store.digest()


def test_the_digest_of_records_without_an_item_is_that_of_before_there_were_items(store: Store, tmp_path: Any) -> None:
    before = "8b09a03a17bb23d83675da45d5e1e0b1"  # as the version before V0009__items gave it
    events = [event("e1", kind="wear"), event("e2", "bob", points=0.1, with_brands="bolt")]
    store.append(INTERACTIONS, [batch(INTERACTIONS, *events)])
    assert store.digest() == before
    found = {before}
    for item in ("hat", "coat"):
        other = EmbeddedStore(tmp_path / item)
        other.append(INTERACTIONS, [batch(INTERACTIONS, {**events[0], "item": item}, events[1])])
        found.add(other.digest())
    assert len(found) == 3


def test_the_tie_graph_has_friends_both_ways_and_isolates(store: Store) -> None:
    store.append(PEOPLE, [batch(PEOPLE, {"id": "loner"})])
    ties = batch(TIES, tie("a", "b", weight=2.0), tie("a", "c", "friend"), tie("b", "a", "exposed", weight=0.5))
    store.append(TIES, [ties])
    graph = store.graph(GraphKind.TIES)
    assert list(graph.ids) == ["a", "b", "c", "loner"]
    assert edges(graph) == {("a", "b"): 2.0, ("a", "c"): 1.0, ("c", "a"): 1.0, ("b", "a"): 0.5}


def test_the_interaction_graph_sums_weights_in_each_direction(store: Store) -> None:
    there = [event("e1", weight=2.0), event("e2"), event("e3", "bob")]
    store.append(INTERACTIONS, [batch(INTERACTIONS, *there, event("e4", direction="to_consumer"))])
    graph = store.graph(GraphKind.INTERACTIONS)
    assert edges(graph) == {("ann", "acme"): 3.0, ("bob", "acme"): 1.0, ("acme", "ann"): 1.0}
    assert list(graph.labels) == ["Consumer", "Consumer", "Brand"]


def test_two_hops_over_undirected_ties_are_found(store: Store) -> None:
    from influence_graph.analyses.traversal import shortest_path

    store.append(TIES, [batch(TIES, tie("a", "b"), tie("c", "b"), tie("c", "d", "friend"))])
    path = shortest_path(store.graph(GraphKind.TIES), "a", "d")
    assert list(path["id"]) == ["a", "b", "c", "d"]


def test_as_of_uses_only_what_had_happened_and_was_known(store: Store) -> None:
    late = event("late", "bob", day=1, recorded_at=DAY.replace(day=20))
    store.append(INTERACTIONS, [batch(INTERACTIONS, event("e1", day=0), late, event("e3", day=5))])
    store.append(TIES, [batch(TIES, tie("a", "b", since=DAY.replace(day=8)), tie("a", "c"))])
    known = store.interactions(InteractionFilter(as_of=DAY.replace(day=7)))
    assert known["event_id"].to_pylist() == ["e1", "e3"]
    assert edges(store.graph(GraphKind.INTERACTIONS, DAY.replace(day=7))) == {("ann", "acme"): 2.0}
    assert edges(store.graph(GraphKind.TIES, DAY.replace(day=7))) == {("a", "c"): 1.0}
    assert len(store.interactions()) == 3


CORRECTED = (
    event("wrong", "ann", day=0),
    event("right", "bob", "bolt", day=0, recorded_at=DAY.replace(day=5), replaces="wrong"),
    event("better", "cy", day=0, recorded_at=DAY.replace(day=9), replaces="right"),
    event("other", "ann", day=1, weight=4.0),
    event("back", "dan", day=11, kind="Retraction", replaces="other"),
    event("early", "dan", day=2, replaces="not stored yet"),
)


@pytest.mark.parametrize(
    ("as_of", "valid_at", "counting"),
    [
        (None, None, ["better", "early"]),
        (DAY.replace(day=4), None, ["wrong", "other", "early"]),
        (DAY.replace(day=5), None, ["right", "other", "early"]),
        (DAY.replace(day=9), None, ["better", "other", "early"]),
        (DAY.replace(day=12), None, ["better", "early"]),
        (None, DAY.replace(day=2), ["better"]),
        (DAY.replace(day=9), DAY.replace(day=2), ["better", "other"]),
    ],
)
def test_a_replaced_event_counts_until_its_correction_is_known(
    store: Store, as_of: datetime | None, valid_at: datetime | None, counting: list[str]
) -> None:
    store.append(INTERACTIONS, [batch(INTERACTIONS, *reversed(CORRECTED))])
    found = store.interactions(InteractionFilter(as_of=as_of, valid_at=valid_at))
    assert found["event_id"].to_pylist() == sorted(counting, key=lambda id_: (when(id_), id_))


def when(id_: str) -> datetime:
    found: datetime = next(row["at"] for row in CORRECTED if row["event_id"] == id_)
    return found


def test_a_correction_on_another_consumer_and_brand_is_found_by_every_filter(store: Store) -> None:
    store.append(INTERACTIONS, [batch(INTERACTIONS, *CORRECTED)])
    assert store.interactions(InteractionFilter(consumers=["ann"])).num_rows == 0
    assert store.interactions(InteractionFilter(consumers=["ann"], brands=["acme"])).num_rows == 0
    assert edges(store.graph(GraphKind.INTERACTIONS)) == {("cy", "acme"): 1.0, ("dan", "acme"): 1.0}
    assert edges(store.graph(GraphKind.INTERACTIONS, DAY.replace(day=5))) == {
        ("ann", "acme"): 4.0, ("bob", "bolt"): 1.0, ("dan", "acme"): 1.0,
    }  # fmt: skip


def test_history_holds_what_was_replaced_and_what_replaced_it(store: Store) -> None:
    store.append(INTERACTIONS, [batch(INTERACTIONS, *CORRECTED)])
    past = store.interactions(InteractionFilter(consumers=["ann"], history=True))
    assert sorted(past["event_id"].to_pylist()) == ["back", "better", "other", "right", "wrong"]
    early = store.interactions(InteractionFilter(consumers=["ann"], history=True, as_of=DAY.replace(day=5)))
    assert sorted(early["event_id"].to_pylist()) == ["other", "right", "wrong"]
    assert store.interactions(InteractionFilter(history=True)).num_rows == len(CORRECTED)


CHAIN = (  # c, known before it happened, takes b back, and d takes c back; x, y and z form a circle until u takes y out
    event("a", "ann", day=0),
    event("b", "bob", "bolt", day=1, replaces="a"),
    event("c", "cy", day=8, kind="retraction", recorded_at=DAY.replace(day=4), replaces="b"),
    event("d", "dan", "cog", day=9, kind="retraction", replaces="c"),
    event("x", "ann", day=0, replaces="z"),
    event("y", "ann", day=1, replaces="x"),
    event("z", "ann", "cog", day=0, recorded_at=DAY.replace(day=6), replaces="y"),
    event("u", "eve", "cog", day=11, kind="retraction", replaces="y"),
)


@pytest.mark.parametrize(
    ("as_of", "valid_at", "counting"),
    [
        (DAY, None, ["a", "x"]),
        (DAY.replace(day=2), None, ["b", "y"]),
        (DAY.replace(day=4), None, ["a", "y"]),
        (DAY.replace(day=6), None, ["a", "z"]),
        (DAY.replace(day=10), None, ["z", "b"]),
        (None, None, ["x", "z", "b"]),
        (None, DAY, ["x", "z"]),
        (DAY.replace(day=6), DAY, ["a", "z"]),
    ],
)
def test_a_correction_taken_back_revives_what_it_replaced(
    store: Store, as_of: datetime | None, valid_at: datetime | None, counting: list[str]
) -> None:
    for each in reversed(CHAIN):
        store.append(INTERACTIONS, [batch(INTERACTIONS, each)])
    found = store.interactions(InteractionFilter(as_of=as_of, valid_at=valid_at))
    assert found["event_id"].to_pylist() == counting
    assert found.filter(pc.equal(found["event_id"], "x"))["replaces"].to_pylist() == [None] * ("x" in counting)
    if valid_at is None:
        graph = store.graph(GraphKind.INTERACTIONS, as_of)
        assert graph.edge_weights().sum() == len(counting)


def test_the_history_of_a_consumer_holds_whole_chains_of_corrections(store: Store) -> None:
    store.append(INTERACTIONS, [batch(INTERACTIONS, *CHAIN)])
    past = store.interactions(InteractionFilter(consumers=["ann"], history=True))
    assert sorted(past["event_id"].to_pylist()) == ["a", "b", "c", "d", "u", "x", "y", "z"]
    assert past.filter(pc.equal(past["event_id"], "x"))["replaces"].to_pylist() == ["z"]
    early = InteractionFilter(consumers=["ann"], brands=["acme"], history=True, as_of=DAY.replace(day=5))
    assert sorted(store.interactions(early)["event_id"].to_pylist()) == ["a", "b", "c", "x", "y"]
    none = store.interactions(InteractionFilter(consumers=["dan"], history=True))
    assert none["event_id"].to_pylist() == ["d"]


def test_names_are_by_kind_and_id_and_who_has_none_is_left_out(store: Store) -> None:
    assert store.names("people") == store.names(BRANDS, ["ann"]) == {}
    store.append(PEOPLE, [batch(PEOPLE, {"id": "ann", "name": "Ann"}, {"id": "bob"}, {"id": "cat", "name": "Cat Ö"})])
    store.append(BRANDS, [batch(BRANDS, {"id": "ann", "name": "Ann & Co"}, {"id": "acme"})])
    store.append(INTERACTIONS, [batch(INTERACTIONS, event("e1", "dan", "bolt"))])
    assert store.names("people") == {"ann": "Ann", "cat": "Cat Ö"}
    assert store.names(BRANDS) == {"ann": "Ann & Co"}
    assert store.names(PEOPLE, ["cat", "bob", "dan", "nobody", "cat"]) == {"cat": "Cat Ö"}
    assert store.names(PEOPLE, []) == {}
    many = [f"nobody {n}" for n in range(2000)]
    assert store.names(PEOPLE, [*many, "ann"]) == {"ann": "Ann"}
    store.append(PEOPLE, [batch(PEOPLE, {"id": "ann", "name": "Ann B."}, {"id": "dan", "name": "Dan"})])
    with store.snapshot() as view:
        assert view.names("people") == {"ann": "Ann B.", "cat": "Cat Ö", "dan": "Dan"}
        assert view.names(BRANDS, ["ann", "bolt"]) == {"ann": "Ann & Co"}
    with pytest.raises(NotFound, match="people"):
        store.names("person")
    with pytest.raises(InputError, match="ties have no names; name people or brands"):
        store.names("ties")


def test_kinds_are_counted_as_they_count_at_a_time(store: Store) -> None:
    assert store.kinds() == {}
    kinds = ("wear", "odd", None, "odd", "Odd", "retraction", "retraction")
    replaces = (None, None, None, "2", None, "1", "5")
    given = [
        event(str(n), day=n, kind=kind, replaces=other)
        for n, (kind, other) in enumerate(zip(kinds, replaces, strict=True))
    ]
    store.append(INTERACTIONS, [batch(INTERACTIONS, *given)])
    assert list(store.kinds().items()) == [("odd", 2), ("Odd", 1), ("wear", 1)]
    assert store.kinds(DAY.replace(day=3)) == {"": 1, "odd": 1, "wear": 1}
    assert store.kinds(DAY.replace(day=6)) == {"odd": 1, "Odd": 1, "wear": 1}
    assert store.kinds(DAY.replace(year=2020)) == {}


def test_the_currency_is_that_of_the_values(store: Store) -> None:
    assert store.currency() is None
    store.append(INTERACTIONS, [batch(INTERACTIONS, event("1", currency="USD"), event("2", value=3.0))])
    assert store.currency() is None
    store.append(INTERACTIONS, [batch(INTERACTIONS, event("3", value=3.0, currency="EUR"))])
    assert store.currency() == "EUR"


def test_reciprocity_that_is_not_on_record_is_null_and_never_nan(store: Store) -> None:
    one_way = event("1", kind="wear", day=1)
    both = event("2", "bob", kind="wear", day=2), event("3", "bob", kind="giveaway", direction="to_consumer", day=3)
    store.append(INTERACTIONS, [batch(INTERACTIONS, one_way, *both)])
    run_job(ScoreJob(), store, ScoreParameters(), write=True)
    found = store.results("score")
    assert found is not None
    ann, bob = (found[1].filter(pc.equal(found[1]["consumer"], who))["reciprocity"] for who in ("ann", "bob"))
    assert (ann.null_count, ann.to_pylist()) == (1, [None])
    assert 0 < bob[0].as_py() <= 1
    if isinstance(store, EmbeddedStore):
        return
    held = store.query("MATCH (c)-[bond:BOND]->() RETURN c.id, bond.reciprocity IS NULL, 'reciprocity' IN keys(bond)")
    assert sorted(held.rows) == [("ann", True, False), ("bob", False, True)]
    shown = {
        row[0]: row[5]
        for row in store.query(load("brand-bonds").text, load("brand-bonds").bind({"brand": "acme"})).rows
    }
    assert shown["ann"] is None
    assert shown["bob"] == bob[0].as_py()


def test_interactions_can_be_narrowed_to_consumers_and_brands(store: Store) -> None:
    store.append(INTERACTIONS, [batch(INTERACTIONS, event("e1"), event("e2", "bob"), event("e3", "bob", "bolt"))])
    assert store.interactions(InteractionFilter(consumers=["bob"]))["event_id"].to_pylist() == ["e2", "e3"]
    both = store.interactions(InteractionFilter(consumers=["bob"], brands=["bolt"]))
    assert both["brand"].to_pylist() == ["bolt"]
    assert both["at"].type == pa.timestamp("us", tz="UTC")


def test_around_a_brand_are_all_interactions_of_those_who_met_or_named_it(store: Store) -> None:
    given = [
        event("met", "ann", "acme"),
        event("elsewhere", "ann", "bolt", day=1),
        event("named", "bob", "bolt", day=2, with_brands="acme|core"),
        event("also", "bob", "core", day=3),
        event("stranger", "cat", "bolt", day=4, with_brands="core"),
    ]
    store.append(INTERACTIONS, [batch(INTERACTIONS, *given)])
    found = store.interactions(InteractionFilter(around=["acme"]))
    assert found["event_id"].to_pylist() == ["met", "elsewhere", "named", "also"]
    assert store.interactions(InteractionFilter(around=["nobody"])).num_rows == 0


def test_an_empty_store_answers_every_question(store: Store) -> None:
    assert store.counts() == dict.fromkeys(KINDS, 0)
    assert store.graph(GraphKind.ALL).number_of_nodes == 0
    assert len(store.interactions()) == 0
    assert store.runs() == []
    assert store.results("score") is None
    assert all(rows(store, kind) == [] for kind in KINDS.values())


HOSTILE = [
    "🧣 'quoted\" `tick`",
    "}) DETACH DELETE n //",
    "=cmd|' /C calc'!A0",
    "<script>",
    "../../etc",
    "__proto__",
    "\\u0060",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_plain_data(store: Store, name: str) -> None:
    store.append(INTERACTIONS, [batch(INTERACTIONS, event(name, name, name, kind=name, with_brands=name, item=name))])
    store.append(PEOPLE, [batch(PEOPLE, {"id": name, "name": name})])
    row = rows(store, INTERACTIONS)[0]
    assert [row[field] for field in ("event_id", "consumer", "brand", "kind", "with_brands", "item")] == [name] * 6
    assert store.counts()["people"] == 1


def test_results_are_switched_over_to_the_newest_run(store: Store) -> None:
    store.append(INTERACTIONS, [batch(INTERACTIONS, event("e1"), event("e2", "bob"))])
    store.write(run("score", "score-1"), bonds(("ann", "acme", 1.5), ("bob", "acme", -2.0)))
    store.write(run("score", "score-2"), bonds(("ann", "acme", 0.25)))
    found = store.results("score")
    assert found is not None
    assert found[0].id == "score-2"
    assert found[1].to_pylist() == bonds(("ann", "acme", 0.25)).to_pylist()
    assert {r.id: r.status for r in store.runs()} == {"score-1": "superseded", "score-2": "finished"}
    assert found[0].parameters == {"damping_factor": 0.85, "name": "x"}


@pytest.mark.parametrize("kind", MEASURES)
def test_a_measure_of_nodes_comes_back_as_written_and_the_next_replaces_it(store: Store, kind: str) -> None:
    store.append(INTERACTIONS, [batch(INTERACTIONS, event("e1"), event("e2", "bob"))])
    store.write(run(kind, "first"), measured(kind, ("Consumer", "ann", 0.25), ("Brand", "acme", 0.75)))
    table = measured(kind, ("Consumer", "bob", 2.5), ("Brand", "acme", 0.125))
    store.write(run(kind, "second"), table)
    found = store.results(kind)
    assert found is not None
    assert (found[0].id, found[0].kind) == ("second", kind)
    assert table_of(found[1], "label") == table_of(table, "label")
    assert all(store.results(other) is None for other in RESULTS if other != kind)


def test_measures_of_several_kinds_stand_side_by_side(store: Store) -> None:
    store.append(INTERACTIONS, [batch(INTERACTIONS, event("e1"))])
    for number, kind in enumerate(MEASURES):
        store.write(run(kind, f"{kind}-1"), measured(kind, ("Consumer", "ann", float(number))))
    for number, kind in enumerate(MEASURES):
        found = store.results(kind)
        assert found is not None
        assert (found[0].id, found[1]["score"].to_pylist()) == (f"{kind}-1", [float(number)])


def test_learned_influences_are_switched_over_to_the_newest_run(store: Store) -> None:
    store.append(TIES, [batch(TIES, tie("bob", "ann"), tie("cid", "ann"), tie("cid", "bob"))])
    store.write(run("learn", "learn-1"), influences(("ann", "bob", 0.5, 60.0), ("ann", "cid", 0.125, None)))
    newest = influences(("ann", "cid", 1.0, 0.25), ("bob", "cid", 0.0, None))
    store.write(run("learn", "learn-2"), newest)
    found = store.results("learn")
    assert found is not None
    assert found[0].id == "learn-2"
    assert table_of(found[1], "source") == table_of(newest, "source")
    assert store.counts()["ties"] == 3
    assert edges(store.graph(GraphKind.TIES)) == {("bob", "ann"): 1.0, ("cid", "ann"): 1.0, ("cid", "bob"): 1.0}


def test_seeds_keep_their_order_and_the_next_run_replaces_them(store: Store) -> None:
    store.append(PEOPLE, [batch(PEOPLE, {"id": "ann"}, {"id": "bob"}, {"id": "cid"})])
    store.write(run("seeds", "seeds-1"), seeds((1, "ann", 9.0)))
    table = seeds((1, "cid", 3.5), (2, "ann", 1.25), (3, "bob", 1.0))
    store.write(run("seeds", "seeds-2"), table)
    found = store.results("seeds")
    assert found is not None
    assert found[0].id == "seeds-2"
    assert table_of(found[1], "rank") == table.to_pylist()


def test_a_kind_that_is_added_to_the_table_needs_nothing_else(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    measure = Measure("toys", "influence_graph.analyses.ranking.degree:strength")
    monkeypatch.setitem(RESULTS, "toy", of_nodes("toy", "Toy", "toyScore", ("ties",), measure))
    store.append(PEOPLE, [batch(PEOPLE, {"id": "ann"}, {"id": "bob"}, {"id": "cid"})])
    store.write(run("toy", "toy-1"), ranks(("Consumer", "cid", 9.0)))
    table = ranks(("Consumer", "bob", 2.0), ("Consumer", "ann", 1.0))
    store.write(run("toy", "toy-2"), table)
    found = store.results("toy")
    assert found is not None
    assert (found[0].id, found[0].kind, found[1].to_pylist()) == ("toy-2", "toy", table.to_pylist())
    assert {each.id: each.status for each in store.runs()} == {"toy-1": "superseded", "toy-2": "finished"}
    if isinstance(store, EmbeddedStore):
        return
    for name in ("toy", "toys", "toyScore"):
        best = store.query(load("top-by").text, {"measure": name, "limit": 20}).rows
        assert [(row[0], row[3]) for row in best] == [("bob", 2.0), ("ann", 1.0)]


def test_results_without_rows_are_results(store: Store) -> None:
    for kind in RESULTS:
        store.write(run(kind, f"{kind}-1"), kind_of(kind).schema.empty_table())
        found = store.results(kind)
        assert found is not None
        assert (found[0].id, found[1].num_rows) == (f"{kind}-1", 0)


def table_of(table: pa.Table, *by: str) -> list[dict[str, Any]]:
    """Return the rows of *table*, ordered by the columns *by* and then by the rest."""
    order = [*by, *(name for name in table.column_names if name not in by)]
    found: list[dict[str, Any]] = table.sort_by([(name, "ascending") for name in order]).to_pylist()
    return found


def test_results_leave_the_records_and_their_digest_alone(store: Store) -> None:
    store.append(INTERACTIONS, [batch(INTERACTIONS, event("e1"))])
    before = store.digest()
    store.write(run("rank", "rank-1"), ranks(("Consumer", "ann", 1.0)))
    store.write(run("score", "score-1"), bonds(("ann", "acme", 1.0)))
    assert store.digest() == before
    assert counted(store, INTERACTIONS, batch(INTERACTIONS, event("e1"))) == (0, 0, 1, 0)


def test_a_lease_is_held_once_and_a_later_grant_has_a_greater_token(store: Store) -> None:
    with store.lease("recompute") as first, pytest.raises(LockHeld, match="recompute"), store.lease("recompute"):
        pass
    with store.lease("recompute") as second:
        assert second.token > first.token


def test_a_write_with_an_expired_lease_is_refused_and_changes_nothing(store: Store) -> None:
    store.append(INTERACTIONS, [batch(INTERACTIONS, event("e1"))])
    store.write(run("score", "score-1"), bonds(("ann", "acme", 1.0)))
    with store.lease("recompute", ttl=0.05) as old:
        pass
    with store.lease("recompute") as current:
        for stale in (old, replace(current, token=current.token - 1)):
            with pytest.raises(LockHeld, match="nothing was written"):
                store.write(run("score", "score-2"), bonds(("ann", "acme", 9.0)), stale)
        store.write(run("score", "score-3"), bonds(("ann", "acme", 2.0)), current)
    found = store.results("score")
    assert found is not None
    assert found[1]["fusion_score"].to_pylist() == [2.0]


def test_migrating_twice_applies_nothing_the_second_time(store: Store) -> None:
    store.migrate()
    assert store.migrate() == []


def test_splitting_a_batch_changes_nothing(store: Store, tmp_path: Any) -> None:
    events = [event(f"e{i}", f"c{i % 3}", f"b{i % 2}", day=i % 9, points=i / 7) for i in range(40)]
    store.append(INTERACTIONS, [batch(INTERACTIONS, e) for e in events[:10]] + [batch(INTERACTIONS, *events[5:])])
    whole = EmbeddedStore(tmp_path / "whole")
    whole.append(INTERACTIONS, [batch(INTERACTIONS, *events)])
    assert store.digest() == whole.digest()
    assert store.counts() == whole.counts()


def test_campaigns_never_change_either(store: Store) -> None:
    campaign = {"event_id": "k1", "at": DAY, "brand": "acme", "kind": "concert"}
    store.append(CAMPAIGNS, [batch(CAMPAIGNS, campaign)])
    assert counted(store, CAMPAIGNS, batch(CAMPAIGNS, campaign, {**campaign, "note": "late"})) == (0, 0, 1, 1)


BEFORE, AFTER = DAY.date() - timedelta(days=1), DAY.date() + timedelta(days=1)


def campaign(day: date | None = None, **more: Any) -> Batch:
    return batch(CAMPAIGNS, {"event_id": "k1", "at": DAY, "brand": "acme", "day": day, **more})


def test_the_digest_of_campaigns_without_a_day_of_their_own_is_that_of_before_there_were_days(
    store: Store, tmp_path: Any
) -> None:
    before = "cc88c4bbdb00202995444ce2a94c5849"  # as the version before V0010__days gave it
    first = {"event_id": "k1", "at": DAY, "brand": "acme", "kind": "concert"}
    second = {"event_id": "k2", "at": DAY.replace(hour=3), "brand": "acme", "note": "x"}
    store.append(CAMPAIGNS, [batch(CAMPAIGNS, first, {**second, "day": DAY.date()})])
    assert store.digest() == before
    found = {before}
    for day in (BEFORE, AFTER):
        other = EmbeddedStore(tmp_path / str(day))
        other.append(CAMPAIGNS, [batch(CAMPAIGNS, first, {**second, "day": day})])
        found.add(other.digest())
    assert len(found) == 3


@pytest.mark.parametrize("stored", [None, DAY.date(), BEFORE])
@pytest.mark.parametrize("given", [None, DAY.date()])
def test_the_date_in_utc_is_no_other_day_than_the_stored_one(
    store: Store, stored: date | None, given: date | None
) -> None:
    store.append(CAMPAIGNS, [campaign(stored)])
    digest = store.digest()
    assert counted(store, CAMPAIGNS, campaign(given)) == (0, 0, 1, 0)
    assert rows(store, CAMPAIGNS)[0]["day"] == stored
    assert store.digest() == digest


@pytest.mark.parametrize("stored", [None, DAY.date()])
def test_a_campaign_takes_a_day_of_its_own_once(store: Store, stored: date | None) -> None:
    store.append(CAMPAIGNS, [campaign(stored), batch(CAMPAIGNS, {"event_id": "k2", "at": DAY, "brand": "acme"})])
    assert rows(store, CAMPAIGNS)[0]["day"] == stored  # a mirror of a server has read it now
    assert counted(store, CAMPAIGNS, campaign(BEFORE, kind="concert")) == (0, 0, 0, 1)
    assert counted(store, CAMPAIGNS, campaign(BEFORE)) == (0, 1, 0, 0)
    assert [row["day"] for row in rows(store, CAMPAIGNS)] == [BEFORE, None]
    assert counted(store, CAMPAIGNS, campaign(BEFORE)) == (0, 0, 1, 0)
    report = store.append(CAMPAIGNS, [campaign(AFTER)])
    assert [each.reason for each in report.conflicts] == ["event_id 'k1' is already stored with another day"]
    assert rows(store, CAMPAIGNS)[0]["day"] == BEFORE
    assert store.counts()["campaigns"] == 2


def test_within_a_batch_the_first_day_of_its_own_is_taken(store: Store) -> None:
    plain = {"event_id": "k1", "at": DAY, "brand": "acme"}
    days = (None, DAY.date(), BEFORE, AFTER, None, BEFORE)
    once = batch(CAMPAIGNS, *({**plain, "day": day} for day in days))
    assert counted(store, CAMPAIGNS, once) == (1, 1, 3, 1)
    assert [row["day"] for row in rows(store, CAMPAIGNS)] == [BEFORE]


def test_the_order_of_days_leaves_the_same_store(store: Store, tmp_path: Any) -> None:
    other = EmbeddedStore(tmp_path / "other")
    for each, days in ((store, (None, BEFORE)), (other, (BEFORE, None))):
        for day in days:
            each.append(CAMPAIGNS, [campaign(day)])
    assert store.digest() == other.digest()


def test_sales_around_a_campaign_are_those_around_its_own_day(store: Store) -> None:
    store.append(CAMPAIGNS, [campaign(BEFORE), batch(CAMPAIGNS, {"event_id": "k2", "at": DAY, "brand": "acme"})])
    sold = ({"brand": "acme", "date": BEFORE + timedelta(days=day), "value": day, "segment": ""} for day in range(3))
    store.append(SALES, [batch(SALES, *sold)])
    found = {id_: ask(store, "sales-around", {"campaign": id_, "days": 1}).frame for id_ in ("k1", "k2")}
    offsets = {id_: list(frame["dayFromCampaign"]) for id_, frame in found.items()}
    assert offsets == {"k1": [0, 1], "k2": [-1, 0, 1]}


def test_brands_are_upserted_like_people(store: Store) -> None:
    store.append(BRANDS, [batch(BRANDS, {"id": "acme"})])
    assert counted(store, BRANDS, batch(BRANDS, {"id": "acme", "name": "Acme"})) == (0, 1, 0, 0)


def edges(graph: Any) -> dict[tuple[str, str], float]:
    return {(a, b): data["weight"] for a, b, data in graph.to_networkx().edges(data=True)}


def test_the_latest_time_counts_what_became_known_late(store: Store) -> None:
    assert store.latest() is None
    late = event("e1", day=1, recorded_at=DAY.replace(day=20))
    store.append(INTERACTIONS, [batch(INTERACTIONS, late, event("e2", day=5))])
    assert store.latest() == DAY.replace(day=20)
