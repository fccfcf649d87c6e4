"""Questions about people, ties, influence and campaigns on a graph small enough to answer by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

import influence_graph as ig
from influence_graph.app.jobs.job import run
from influence_graph.app.jobs.scores import ScoreJob
from influence_graph.app.views.ask import ask
from influence_graph.model.records import BRANDS, CAMPAIGNS, INTERACTIONS, PEOPLE, SALES, TIES
from influence_graph.model.results import INFLUENCERS, LEARN, LIFT, RANK, SEEDS, ResultKind
from influence_graph.model.runs import Run
from influence_graph.stores.base import Store
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.stores.given import DAY, batch, event, tie


def at(day: int) -> pd.Timestamp:
    return pd.Timestamp(DAY.replace(day=1 + day))


def keep(store: Store, kind: ResultKind, *rows: tuple[Any, ...]) -> None:
    table = pa.Table.from_pylist([dict(zip(kind.schema.names, row, strict=True)) for row in rows], schema=kind.schema)
    store.write(Run(f"{kind.kind}-1", kind.kind, "finished", DAY, DAY, "d", "0"), table)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedStore:
    """Ann speaks online, Bob was seen offline, Cid only answered by the brand, Dan says nothing, Eve knows nobody."""
    store = EmbeddedStore(Path(tmp_path_factory.mktemp("small")))
    store.append(PEOPLE, [batch(PEOPLE,
        {"id": "ann", "name": "Ann", "city": "Rome", "kind": "influencer", "style": "active", "followers": 900},
        {"id": "bob", "city": "Rome"}, {"id": "cid", "city": "Oslo"}, {"id": "dan", "name": "Dan", "city": "Oslo"},
        {"id": "eve"},
    )])  # fmt: skip
    store.append(BRANDS, [batch(BRANDS, {"id": "acme", "name": "Acme"}, {"id": "bolt", "name": "Bolt"})])
    ties = [
        tie("bob", "ann"),
        tie("ann", "bob"),
        tie("cid", "bob"),
        tie("dan", "ann", "friend"),
        tie("cid", "dan", "exposed"),
    ]
    store.append(TIES, [batch(TIES, *ties)])
    online, offline = {"channel": "online", "points": 2.0}, {"channel": "offline", "points": 1.0}
    store.append(INTERACTIONS, [batch(INTERACTIONS,
        event("e1", "ann", day=1, with_brands="bolt|acme", kind="wear", **online),
        event("e2", "ann", day=3, **{**online, "points": -1.0}),
        event("e3", "ann", "bolt", day=9, direction="to_consumer", **online),
        event("e4", "bob", day=4, kind="purchase", **offline),
        event("e5", "bob", "bolt", day=5, **offline),
        event("e6", "cid", day=6, direction="to_consumer", **offline),
        event("e7", "eve", day=7, **offline),
    )])  # fmt: skip
    store.append(
        CAMPAIGNS, [batch(CAMPAIGNS, {"event_id": "k", "at": DAY.replace(day=5), "brand": "acme", "kind": "concert"},
                          *({"event_id": id_, "at": DAY.replace(day=25), "brand": "bolt", "segment": segment}
                            for id_, segment in (("m2", "north"), ("m1", "south"))),
                          {"event_id": "m3", "at": DAY.replace(day=26), "brand": "bolt"},
                          {"event_id": "m0", "at": DAY.replace(day=24), "brand": "bolt", "kind": "ad"})]
    )  # fmt: skip
    sold = [(3, 10.0, None), (4, 5.0, "north"), (4, 2.5, "south"), (25, 1.0, None)]
    store.append(SALES, [batch(SALES, *({"brand": "acme", "date": date(2026, 1, 1 + d), "value": v, "segment": s}
                                        for d, v, s in sold))])  # fmt: skip
    run(ScoreJob(), store, ig.ScoreParameters(), write=True)
    keep(store, RANK, ("Consumer", "bob", 0.6), ("Consumer", "ann", 0.6), ("Brand", "acme", 0.9))
    keep(store, SEEDS, (1, "dan", 2.5), (2, "ann", 1.0), (3, "bob", 0.5))
    keep(
        store,
        INFLUENCERS,
        ("Consumer", "bob", 9.5, 4.0, 20.0, "passive", 1e-4, 0.01, 2, 5, 1.75, 90.0, 40.0, None, 0),
        ("Consumer", "dan", 3.5, 1.0, 7.0, "cannot be told", 2e-4, 0.02, 1, 4, 1.25, None, None, None, 1),
    )
    months = 40.0, 10.5, 69.5, 12.5, 3.0, 22.0, 0.01, "higher", 14, "sales", "few treated", 2, 1, 3, None
    vague = (
        -4.0,
        -30.0,
        22.0,
        None,
        None,
        None,
        0.75,
        "no clear change",
        14,
        "sales",
        "one series",
        None,
        None,
        None,
        None,
    )
    nothing = None, None, None, None, None, None, None, "cannot tell", 14, "sales", None, None, None, None, "too short"
    keep(
        store,
        LIFT,
        ("m2", *months, "m1", 0),
        ("m1", *months, "m1", 0),
        ("m0", *nothing, "m0", 0),
        ("m3", *vague, "m3", 1),
    )
    keep(store, LEARN, ("dan", "bob", 0.5, 60.0), ("dan", "ann", 0.25, 70.0), ("ann", "bob", 0.5, 80.0),
         ("bob", "cid", 0.5, 90.0), ("ann", "cid", 0.25, 100.0), ("cid", "eve", 1.0, 110.0),
         ("dan", "cid", 0.9, None))  # along which nobody was seen to follow  # fmt: skip
    return store


def answered(store: Store, name: str, **parameters: Any) -> list[tuple[Any, ...]]:
    frame = ask(store, name, parameters).frame
    assert list(frame.columns) == [column.name for column in ig.catalogue()[name].columns]
    rows = frame.astype(object).itertuples(index=False, name=None)
    return [tuple(None if not isinstance(v, list) and pd.isna(v) else v for v in row) for row in rows]


ANSWERS: list[tuple[str, dict[str, Any], list[tuple[Any, ...]]]] = [
    # Dan was found, but it cannot be told how; Ann's record says active, Bob was found passive.
    ("current-seeds", {}, [
        (1, "dan", "Dan", 2.5, "not on record", None), (2, "ann", "Ann", 1.0, "ask for a post", "declared"),
        (3, "bob", None, 0.5, "give the product", "found"),
    ]),
    ("top-influencers", {}, [("ann", "Ann", "active", 0.6), ("bob", None, None, 0.6)]),
    ("top-by", {"measure": "pageRank", "limit": 1}, [("ann", "Ann", "active", 0.6)]),
    ("influences", {"person": "dan"}, [("bob", None, 0.5, 60.0), ("ann", "Ann", 0.25, 70.0)]),
    ("influenced-by", {"person": "cid"}, [("bob", None, 0.5, 90.0), ("ann", "Ann", 0.25, 100.0)]),
    ("influence-paths", {"source": "dan", "target": "cid"}, [
        (0.25, 2, ["dan", "bob", "cid"], ["Dan", "bob", "cid"]),
        (0.0625, 2, ["dan", "ann", "cid"], ["Dan", "Ann", "cid"]),
        (0.0625, 3, ["dan", "ann", "bob", "cid"], ["Dan", "Ann", "bob", "cid"])]),
    ("influence-paths", {"source": "cid", "target": "dan"}, []),
    ("found-influencers", {}, [
        ("bob", None, "passive", "undeclared", 9.5, 4.0, 20.0, 0.01, 2, 0),
        ("dan", "Dan", "cannot be told", "undeclared", 3.5, 1.0, 7.0, 0.02, 1, 1),
    ]),
    ("found-not-declared", {"limit": 1}, [("bob", None, "passive", 9.5, 0.01)]),
    ("declared-not-found", {}, [("ann", "Ann", "active", 900)]),
    # Ann and Bob gave to Acme, Eve too: Ann follows Bob and is a friend of Dan, Eve knows nobody.
    ("found-of-brand", {"brand": "acme"}, [
        ("bob", None, "passive", 9.5, 1), ("dan", "Dan", "cannot be told", 3.5, 1),
    ]),
    # consumers who gave acme something: ann, bob, eve
    ("movers-of-brand", {"brand": "acme"}, [
        ("cid", None, None, 1.0, 1), ("dan", "Dan", None, 0.75, 2), ("ann", "Ann", "active", 0.5, 1)]),
    ("silent-movers", {"brand": "acme"}, [("cid", None, None, 1.0, 1, 0), ("dan", "Dan", None, 0.75, 2, 0)]),
    # only bob gave bolt something
    ("bridges", {"brand": "acme", "other": "bolt"}, [
        ("ann", "Ann", "active", 0.5, 0.5), ("dan", "Dan", None, 0.75, 0.5)]),
    ("paths-to-city", {"person": "dan", "city": "Oslo"}, [
        ("cid", None, 2, 0.25, ["dan", "bob", "cid"], ["Dan", "bob", "cid"])]),
    ("paths-to-city", {"person": "dan", "city": "Rome", "limit": 1}, [
        ("ann", "Ann", 1, 0.25, ["dan", "ann"], ["Dan", "Ann"])]),
    ("audience", {"person": "ann"}, [("bob", None, "FOLLOWS", 1.0), ("dan", "Dan", "KNOWS", 1.0)]),
    ("path", {"source": "cid", "target": "ann"}, [(2, ["cid", "bob", "ann"], ["cid", "bob", "Ann"])]),
    ("path", {"source": "cid", "target": "eve"}, []),
    ("path", {"source": "cid", "target": "cid"}, []),
    ("two-hops", {"person": "cid"}, [("bob", None, 1), ("dan", "Dan", 1), ("ann", "Ann", 2)]),
    ("mutual-ties", {"person": "ann"}, [("bob", None, "FOLLOWS"), ("dan", "Dan", "KNOWS")]),
    ("most-followed", {"limit": 3}, [
        ("ann", "Ann", "active", 2, 900), ("bob", None, None, 2, None), ("dan", "Dan", None, 2, None)]),
    ("connected-consumers", {"brand": "acme"}, [("bob", None, 2, 2), ("ann", "Ann", 1, 2), ("cid", None, 1, 2)]),
    ("unconnected-consumers", {"brand": "acme"}, [("eve", None, 1, at(7))]),
    ("gives-and-gets", {"person": "ann"}, [
        ("bolt", "Bolt", 1, 0.0, 2.0, at(9), at(9)), ("acme", "Acme", 2, 1.0, 0.0, at(1), at(3))]),
    ("years-of-person", {"person": "ann"}, [(2026, 3, 2, 1, 1.0, 2.0)]),
    ("shown-together", {"person": "ann"}, [("acme", "Acme", "bolt", "Bolt", 1, at(1))]),
    ("consumers-by-city", {"brand": "acme"}, [
        ("Rome", 2, 3, 1, pytest.approx(1 / 3)), ("Oslo", 1, 1, 0, 1.0), (None, 1, 1, 0, 1.0)]),
    ("declared-influencers", {}, [("ann", "Ann", "active", 900, 3, at(9))]),
    ("quiet-but-followed", {}, [("dan", "Dan", None, 1)]),
    ("campaign-echo", {"campaign": "k", "days": 2}, [("before", 1, 1, -1.0), ("after", 1, 0, 1.0)]),
    ("campaigns-of-brand", {"brand": "acme", "days": 30}, [("k", at(4), "concert", None, None, 2, 3)]),
    ("campaign-lift", {"brand": "bolt"}, [  # two records of one campaign are one row
        ("m1", at(24), None, None, 40.0, 10.5, 69.5, 12.5, 0.01, "higher", 2, 14, "sales", 0, None),
        ("m3", at(25), None, None, -4.0, -30.0, 22.0, None, 0.75, "no clear change", None, 14, "sales", 1, None),
        ("m0", at(23), "ad", None, None, None, None, None, None, "cannot tell", None, 14, "sales", 0, "too short"),
    ]),
    ("campaign-lift", {"brand": "acme"}, []),
    ("newcomers-after", {"campaign": "k", "days": 3}, [("bob", None, at(4), "purchase"), ("cid", None, at(6), None)]),
    ("sales-around", {"campaign": "k"}, [(date(2026, 1, 4), -1, 10.0), (date(2026, 1, 5), 0, 7.5)]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "parameters", "expected"), ANSWERS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_the_answer_is_what_one_counts_by_hand(
    small: EmbeddedStore, name: str, parameters: dict[str, Any], expected: list[tuple[Any, ...]]
) -> None:
    assert answered(small, name, **parameters) == expected


def test_without_results_the_answer_is_empty_and_says_what_is_missing(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "empty")
    store.append(BRANDS, [batch(BRANDS, {"id": "acme"}, {"id": "bolt"})])
    store.append(PEOPLE, [batch(PEOPLE, {"id": "ann"}, {"id": "bob"})])
    store.append(CAMPAIGNS, [batch(CAMPAIGNS, {"event_id": "k", "at": DAY, "brand": "acme"})])
    given = {"brand": "acme", "person": "ann", "campaign": "k", "text": "Rome"}
    for name, question in ig.catalogue().items():
        values = {each.name: given[each.type] for each in question.parameters if each.default is None}
        answer = ask(store, name, values)
        assert answer.frame.empty or name in ("share-of-voice",), name
        assert answer.missing == question.needs


def test_an_unknown_person_or_brand_is_answered_with_the_nearest(small: EmbeddedStore) -> None:
    with pytest.raises(ig.NotFound, match="did you mean 'ann'"):
        ask(small, "influences", {"person": "anne"})
    with pytest.raises(ig.NotFound, match="did you mean 'acme'"):
        ask(small, "movers-of-brand", {"brand": "acne"})
