"""Questions about bonds, brands and care on a ledger small enough to answer by hand, on both stores."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

import influence_graph as ig
from influence_graph.app.ingest import import_dataset
from influence_graph.app.jobs.job import run
from influence_graph.app.jobs.scores import ScoreJob
from influence_graph.app.views.ask import ask
from influence_graph.explore.catalogue import catalogue
from influence_graph.ingest.importers import IMPORTERS, ImportOptions
from influence_graph.model.parameters import BrandParameters
from influence_graph.model.records import BRANDS, CAMPAIGNS, INTERACTIONS, PEOPLE
from influence_graph.model.results import RANK
from influence_graph.model.runs import Run
from influence_graph.stores.base import InteractionFilter, Store
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.cypher.answers import same
from tests.stores.conftest import store  # noqa: F401 - the fixture
from tests.stores.given import DAY, batch, event

LASTING = ig.FusionPolicy(half_life_days=math.inf, paid=1.0)
BACK = {"direction": "to_consumer"}
EVENTS = [
    event("a1", day=2, points=4.0),
    event("a2", day=12, points=3.0, paid=True, channel="online", platform="photos"),
    event("a4", day=13, points=2.0, **BACK),
    event("a3", day=26, points=1.0),
    event("x1", brand="bolt", day=10, points=1.0),
    event("b1", "bob", day=14, points=1.0),
    event("b2", "bob", day=25, points=5.0, paid=False, channel="offline"),
    event("c1", "cid", day=28, points=2.0, kind="visit"),
    event("d1", "dan", day=3, points=-2.0, valence=-0.5, kind="Complaint", reach=100.0, channel="online"),
    event("d2", "dan", day=5, points=1.0, kind="recovery", **{**BACK, "touchpoint": "problem_recovery"}),
    event("d3", "dan", day=8, points=2.0, kind="purchase"),
    event("d4", "dan", day=24, points=-1.0, kind="blame"),
    event("e1", "eve", day=1, points=-3.0, touchpoint="problem_recovery", reach=50.0),
    event("e2", "eve", day=29, points=-1.0, kind="complaint"),
    event("x2", "fay", "bolt", day=30, points=1.0, with_brands="bolt|cog"),
    event("x3", "fay", "dot", day=30, points=1.0, with_brands="dot|eel"),
    event("x4", "fay", "cog", day=30, points=1.0, with_brands="cog|hub"),
]


def at(day: int) -> pd.Timestamp:
    return pd.Timestamp(DAY) + pd.Timedelta(days=day)


NOW = at(30)


@pytest.fixture
def small(store: Store) -> Store:  # noqa: F811
    """Ann slips, Bob warms, Cid is new, Dan complained twice and was answered once, Eve twice and never."""
    store.append(PEOPLE, [batch(PEOPLE, {"id": "ann", "name": "Ann"}, {"id": "dan", "name": "Dan"})])
    named = ({"id": "acme", "name": "Acme", "category": "tools"}, {"id": "bolt", "name": "Bolt"})
    store.append(BRANDS, [batch(BRANDS, *named)])
    store.append(INTERACTIONS, [batch(INTERACTIONS, *EVENTS)])
    taken_back = event("z1", "cid", day=1, points=-9.0, kind="complaint")
    retraction = event("z2", "cid", day=2, kind="retraction", replaces="z1")
    store.append(INTERACTIONS, [batch(INTERACTIONS, taken_back, retraction)])
    run(ScoreJob(), store, ig.ScoreParameters(LASTING), write=True)
    ranks = [("Brand", "acme", 0.25), ("Brand", "bolt", 0.5), ("Consumer", "ann", 0.25)]
    table = pa.Table.from_pylist([dict(zip(RANK.schema.names, row, strict=True)) for row in ranks], RANK.schema)
    store.write(Run("rank-1", RANK.kind, "finished", DAY, DAY, "d", "0"), table)
    return store


def answered(of: Store, name: str, **parameters: Any) -> list[list[Any]]:
    rows = ask(of, name, parameters).frame.astype(object).itertuples(index=False, name=None)
    return [[None if not isinstance(v, list) and pd.isna(v) else v for v in row] for row in rows]


ACME = {"brand": "acme"}
ANSWERS: dict[str, tuple[dict[str, Any], list[tuple[Any, ...]]]] = {
    "brand-bonds": ({**ACME, "limit": 2}, [
        ("ann", "Ann", 10.0, 8.0, 2.0, 0.4, NOW), ("bob", None, 6.0, 6.0, 0.0, None, NOW)]),
    "consumer-bonds": ({"consumer": "ann"}, [
        ("acme", "Acme", 10.0, 8.0, 2.0, 0.4, NOW), ("bolt", "Bolt", 1.0, 1.0, 0.0, None, NOW)]),
    "strained-bonds": ({}, [("eve", None, "acme", "Acme", -4.0, NOW)]),
    "slipping-bonds": ({**ACME, "days": 10}, [("ann", "Ann", 10.0, 5.0, 1.0, -4.0, at(26), NOW)]),
    "warming-bonds": ({**ACME, "days": 10}, [("bob", None, 6.0, 1.0, 5.0, 4.0, at(25), NOW)]),
    "new-bonds": ({**ACME, "days": 10}, [("cid", None, at(28), "visit", 1, 2.0, NOW)]),
    "quiet-bonds": ({**ACME, "days": 3}, [
        ("ann", "Ann", 10.0, at(26), 4.0, NOW), ("bob", None, 6.0, at(25), 5.0, NOW)]),
    "one-sided-bonds": (ACME, [
        ("bob", None, "consumer", 6.0, 0.0, None, NOW), ("eve", None, "brand", -4.0, 0.0, None, NOW),
        ("cid", None, "consumer", 2.0, 0.0, None, NOW), ("dan", "Dan", "brand", -1.0, 1.0, 0.0, NOW)]),
    "what-moved": ({**ACME, "person": "ann", "days": 20}, [
        (at(12), "a2", None, "to_brand", "engagement", 3.0, 0.0, 1.0),
        (at(13), "a4", None, "to_consumer", "engagement", 2.0, 0.0, 1.0),
        (at(26), "a3", None, "to_brand", "engagement", 1.0, 0.0, 1.0)]),
    "share-of-voice": ({"days": 10}, [
        ("acme", "Acme", "tools", 5, 5, 5 / 8, NOW), ("bolt", "Bolt", None, 1, 1, 1 / 8, NOW),
        ("cog", None, None, 1, 1, 1 / 8, NOW), ("dot", None, None, 1, 1, 1 / 8, NOW)]),
    "paid-or-meant": (ACME, [
        ("not on record", 9, 5, 9 / 11, 1.5 / 9, 3.0, NOW), ("no", 1, 1, 1 / 11, 1.0, 5.0, NOW),
        ("yes", 1, 1, 1 / 11, 1.0, 3.0, NOW)]),
    "audience-overlap": (ACME, [("bolt", "Bolt", 1, 5, 2, 1 / 5, 1 / 6)]),
    "shared-consumers": ({**ACME, "other": "bolt"}, [("ann", "Ann", 4, 1)]),
    "co-associated": ({"brand": "cog"}, [("bolt", "Bolt", 1.0, 1, 1), ("hub", None, 1.0, 1, 1)]),
    "co-association-groups": ({}, [
        (["bolt", "cog", "hub"], ["Bolt", "cog", "hub"], 3, 2, 2.0), (["dot", "eel"], ["dot", "eel"], 2, 1, 1.0)]),
    "brand-leaderboard": ({"limit": 1}, [("acme", "Acme", "tools", 5, 3, 1, 14.0, 2.8, NOW)]),
    "bad-news": (ACME, [
        (at(3), "d1", "dan", "Dan", "Complaint", -0.5, -2.0, 100.0, None),
        (at(1), "e1", "eve", None, None, -1.0, -3.0, 50.0, None),
        (at(29), "e2", "eve", None, "complaint", -1.0, -1.0, None, None),
        (at(24), "d4", "dan", "Dan", "blame", -1.0, -1.0, None, None)]),
    "channels-of-brand": (ACME, [
        (None, None, 8, 5, 3, 0.25), ("offline", None, 1, 1, 0, 1.0), ("online", "photos", 1, 1, 0, 1.0),
        ("online", None, 1, 1, 1, -0.5)]),
    "brand-health": (ACME, [(date(2026, 1, 1), 13, 4, 5.5 / 13)]),
    "touchpoint-mix": (ACME, [
        ("engagement", None, "to_brand", 5, 1.0), ("engagement", "Complaint", "to_brand", 1, -0.5),
        ("engagement", "blame", "to_brand", 1, -1.0), ("engagement", "complaint", "to_brand", 1, -1.0),
        ("engagement", "purchase", "to_brand", 1, 1.0), ("engagement", "visit", "to_brand", 1, 1.0),
        ("engagement", None, "to_consumer", 1, 1.0), ("problem_recovery", "recovery", "to_consumer", 1, 1.0),
        ("problem_recovery", None, "to_brand", 1, -1.0)]),
    "top-brands": ({}, [("bolt", "Bolt", None, 0.5), ("acme", "Acme", "tools", 0.25)]),
    "recent-events": ({**ACME, "limit": 2}, [
        (at(29), "e2", "eve", None, "to_brand", "complaint", -1.0, -1.0, None),
        (at(28), "c1", "cid", None, "to_brand", "visit", 2.0, 1.0, None)]),
    "open-complaints": (ACME, [
        (at(1), "e1", "eve", None, None, -1.0, -3.0, 29.0, 1),
        (at(24), "d4", "dan", "Dan", "blame", -1.0, -1.0, 6.0, 1),
        (at(29), "e2", "eve", None, "complaint", -1.0, -1.0, 1.0, 1)]),
    "owed-today": ({**ACME, "days": 10}, [
        ("dan", "Dan", 1, at(24), 4.0, -1.0, 0.0, NOW), ("eve", None, 1, at(29), 9.0, -1.0, -4.0, NOW)]),
    "recovered-complaints": (ACME, [(at(3), "d1", "dan", "Dan", "Complaint", at(5), "recovery", 2.0)]),
    "complaints-by-kind": ({**ACME, "days": 10}, [
        ("Complaint", 1, 1, 1, 1, 1.0, 1), ("blame", 1, 1, 0, 0, None, 1), ("complaint", 1, 1, 0, 0, None, 1),
        (None, 1, 1, 1, 0, 0.0, 1)]),
    "complaints-by-channel": ({**ACME, "days": 10}, [(None, 3, 2, 1, 0, 0.0, 1), ("online", 1, 1, 1, 1, 1.0, 1)]),
    "repeat-complainers": (ACME, [
        ("dan", "Dan", 2, 1, at(3), at(24), -1.0), ("eve", None, 2, 2, at(1), at(29), -1.0)]),
    "came-back": (ACME, [("dan", "Dan", at(5), at(8), "purchase", 3.0, NOW)]),
}  # fmt: skip
"""What each question answers, calculated by hand."""


def test_every_question_of_these_topics_is_calculated() -> None:
    assert ANSWERS.keys() == {each.name for each in catalogue().values() if each.topic in ("bonds", "brands", "care")}


def test_the_answers_are_what_one_calculates_by_hand(small: Store) -> None:
    found = {name: answered(small, name, **given) for name, (given, _) in ANSWERS.items()}
    assert {name: rows for name, rows in found.items() if not same(rows, [list(row) for row in ANSWERS[name][1]])} == {}


def test_where_no_recovery_is_on_record_the_rate_cannot_be_told(store: Store) -> None:  # noqa: F811
    complaints = [event("1", day=1, kind="complaint", valence=-1.0), event("2", "bob", day=25, kind="visit")]
    store.append(INTERACTIONS, [batch(INTERACTIONS, *complaints)])
    run(ScoreJob(), store, ig.ScoreParameters(LASTING), write=True)
    assert answered(store, "complaints-by-kind", brand="acme", days=7) == [["complaint", 1, 1, 1, 0, None, 0]]
    assert [row[-1] for row in answered(store, "open-complaints", brand="acme")] == [0]
    assert answered(store, "came-back", brand="acme") == []


def test_care_counts_the_complaints_and_recoveries_that_brand_counts(tmp_path: Any) -> None:
    own = EmbeddedStore(tmp_path / "own")
    import_dataset(own, IMPORTERS["town"], None, ImportOptions(people=80, seed=5))
    run(ScoreJob(), own, ig.ScoreParameters(), write=True)
    complaints = 0
    for brand in ask(own, "brand-leaderboard").frame["brand"]:
        history = own.interactions(InteractionFilter(history=True))
        judged = ig.brand_view(history, brand).judgment.recovery
        days = round(BrandParameters.recovery.total_seconds() / 86400)
        for name in ("complaints-by-kind", "complaints-by-channel"):
            told = ask(own, name, {"brand": brand, "days": days}).frame
            totals = [int(told[column].sum()) for column in ("complaints", "followed", "recovered")]
            assert totals == [judged.complaints, judged.followed, judged.recovered], (name, brand)
            assert set(told["recoveries"]) <= {judged.answers}
        complaints += judged.complaints
    assert complaints > 0


def test_an_unknown_campaign_is_answered_with_the_nearest(store: Store) -> None:  # noqa: F811
    store.append(CAMPAIGNS, [batch(CAMPAIGNS, {"event_id": "spring-26", "at": DAY, "brand": "acme"})])
    with pytest.raises(ig.NotFound, match="no campaign 'spring26'; did you mean 'spring-26'"):
        ask(store, "campaign-echo", {"campaign": "spring26"})
