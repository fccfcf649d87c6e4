"""What the results of fusion and of the brand view have in common."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given

import influence_graph as ig
from influence_graph.analyses.fusion.explain import BondPast
from influence_graph.analyses.fusion.touchpoint_weights import fit_touchpoint_weights
from influence_graph.analyses.interactions.digest import digest_of
from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.analyses.result import Displayed, Result
from influence_graph.model.policy.policy import FusionPolicy
from tests.analyses.brand.events import START, crowd
from tests.analyses.fusion import naive
from tests.analyses.fusion.events import corrected_ledgers, frame, quick

RECORDS = crowd(20)
POLICY = FusionPolicy(half_life_days=60.0)
START_AT, END_AT = START + timedelta(days=50), START + timedelta(days=150)
RESULTS = {
    "explain": lambda: ig.explain(RECORDS, "c1", "acme", policy=POLICY),
    "explain_change": lambda: ig.explain_change(RECORDS, "c1", "acme", START_AT, END_AT, POLICY),
    "brand_view": lambda: ig.brand_view(RECORDS, "acme", policy=POLICY),
    "fit_touchpoint_weights": lambda: fit_touchpoint_weights(RECORDS, policy=POLICY),
}


@pytest.fixture(scope="module", params=RESULTS)
def result(request):
    return RESULTS[request.param]()


def test_it_keeps_to_the_protocol(result):
    assert isinstance(result, Result)
    assert isinstance(result, Displayed)
    parameters = dict(result.parameters)
    assert json.loads(json.dumps(parameters, allow_nan=False)) == parameters
    assert FusionPolicy.from_dict(parameters["policy"]).half_life("engagement") == 60
    assert len(result.digest) == 32


def test_it_is_a_table_one_line_and_html(result):
    assert len(result.to_frame()) > 0
    assert len(repr(result)) <= 150
    assert "\n" not in repr(result)
    assert type(result).__name__ in result._repr_html_()


def test_the_parts_of_a_brand_view_are_one_line_each():
    view = RESULTS["brand_view"]()
    parts = [view.health, view.judgment, view.judgment.recovery, view.profit, view.carriers, view.neighbors]
    for part in [
        *parts,
        ig.BrandRecords(people={"id": RECORDS["consumer"]}),
        read_ledger(RECORDS),
        BondPast(RECORDS, ("c1", "acme")),
    ]:
        assert len(repr(part)) <= 150
        assert "\n" not in repr(part)
        assert type(part).__name__ in repr(part)


def test_the_times_of_an_explanation_are_among_its_parameters():
    told = ig.explain(RECORDS, "c1", "acme", END_AT, without=["e3", "e1"], valid_at=START_AT)
    chosen = {name: told.parameters[name] for name in ("consumer", "brand", "as_of", "valid_at", "without")}
    assert chosen == {
        "consumer": "c1",
        "brand": "acme",
        "as_of": END_AT.isoformat(),
        "valid_at": START_AT.isoformat(),
        "without": ["e1", "e3"],
    }


def test_an_explanation_of_nothing_has_no_times():
    empty = frame([{"event_id": "e", "at": datetime(2026, 5, 1, tzinfo=UTC), "consumer": "a", "brand": "b"}])
    told = ig.explain(empty, "a", "b", as_of=START)
    assert told.parameters["as_of"] == START.isoformat()
    assert told.to_frame().empty


def test_the_digest_of_a_view_and_of_a_fit_is_that_of_the_interactions():
    assert RESULTS["brand_view"]().digest == digest_of(RECORDS)
    assert RESULTS["fit_touchpoint_weights"]().digest == digest_of(RECORDS)


def test_the_window_and_the_recovery_time_are_seconds():
    assert RESULTS["fit_touchpoint_weights"]().parameters["window"] == timedelta(days=30).total_seconds()
    view = ig.brand_view(RECORDS, "acme", recovery=timedelta(hours=36))
    assert view.parameters["recovery"] == timedelta(hours=36).total_seconds()


def chain_of(events, ids):
    """Return *ids* and those of all records that replace one of them, transitively, but for what closes a circle."""
    found, count = set(ids), 0
    while len(found) > count:
        count = len(found)
        found |= {name for name, other in naive.targets(events).items() if other in found}
    return found


@quick
@given(corrected_ledgers())
def test_the_digest_of_a_bond_is_that_of_the_rows_it_depends_on(events):
    whole = frame(events)
    for consumer, brand in sorted({(event["consumer"], event["brand"]) for event in events}):
        own = {event["event_id"] for event in events if event["consumer"] == consumer}
        on_chains = chain_of(events, own)
        needed = [e["event_id"] in on_chains for e in events]
        part, told = whole[needed], ig.explain(whole, consumer, brand)
        assert ig.explain(part, consumer, brand).digest == told.digest == digest_of(part)
        assert ig.explain_change(whole, consumer, brand, START, END_AT).digest == told.digest


def test_another_event_of_the_consumer_changes_the_digest_and_one_of_another_does_not():
    last = RECORDS.iloc[-1]
    other = "c1" if last["consumer"] != "c1" else "c2"
    shorter = RECORDS.iloc[:-1]
    assert ig.explain(RECORDS, other, "acme").digest == ig.explain(shorter, other, "acme").digest
    assert ig.explain(RECORDS, last["consumer"], "acme").digest != ig.explain(shorter, last["consumer"], "acme").digest
