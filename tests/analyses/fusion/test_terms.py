"""Each term of a bond against the definition, on random ledgers."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.analyses.fusion.terms import Terms
from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.model.policy.policy import FusionPolicy
from tests.analyses.fusion import naive
from tests.analyses.fusion.events import CONSUMERS, START, corrected_ledgers, frame, policies, quick, with_rivals

times = st.integers(0, 12).map(lambda days: START + timedelta(days=days))


def terms_of(events, consumer, brand, policy, time):
    """Return the terms of one bond, None where the brand does not occur."""
    ledger = read_ledger(frame(events))
    names = ledger.brand.names.tolist()
    own = ledger.take(ledger.consumer.codes == ledger.consumer.names.tolist().index(consumer))
    return list(Terms(own.as_known_at(time), policy, time).of_brand(names.index(brand))) if brand in names else []


@quick
@given(corrected_ledgers(max_size=10), st.one_of(policies, with_rivals), times)
def test_every_term_is_that_of_the_definition(events, policy, time):
    expected = {(e, c, b, side): left for e, c, b, side, left in naive.terms(events, time, policy)}
    found = {}
    for consumer in CONSUMERS:
        if any(event["consumer"] == consumer for event in events):
            for brand in {event["brand"] for event in events} | {b for _, _, b, _ in expected}:
                for term in terms_of(events, consumer, brand, policy, time):
                    found[term["event_id"], consumer, brand, term["direction"]] = term["contribution"]
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-12)


@quick
@given(corrected_ledgers(max_size=10), policies, times)
def test_a_contribution_is_the_product_of_its_parts_and_terms_come_by_time(events, policy, time):
    for consumer, brand in {(event["consumer"], event["brand"]) for event in events}:
        terms = terms_of(events, consumer, brand, policy, time)
        assert [term["at"] for term in terms] == sorted(term["at"] for term in terms)
        for term in terms:
            assert term["contribution"] == pytest.approx(term["points"] * term["decay"] * term["share"], rel=1e-12)
            assert 0 <= term["decay"] <= 1
            assert abs(term["share"]) <= 1
            assert (term["term"] != "spillover") == (term["via"] == "") == (term["link_at"] is None)
            assert term["term"] == "spillover" or (term["share"], term["relation"]) == (1.0, 1.0)


def event(number, brand, named=None, at="2026-05-01T20:00:00Z"):
    fields = {"event_id": f"e{number}", "at": at, "consumer": "ann", "brand": brand, "points": 8.0}
    return {**fields, "with_brands": named}


def test_links_of_the_same_time_count_for_each_other_and_later_ones_do_not():
    policy, time = FusionPolicy(spillover=0.5), START + timedelta(days=300)
    together = [event(0, "nova"), event(1, "nova", "atlas")]
    assert [t["contribution"] for t in terms_of(together, "ann", "atlas", policy, time)] == [4.0, 4.0]
    later = [event(0, "nova"), event(1, "nova", "atlas", "2026-05-02T20:00:00Z")]
    assert [t["contribution"] for t in terms_of(later, "ann", "atlas", policy, time)] == [4.0]


def test_the_share_is_divided_among_the_brands_linked_so_far():
    policy = FusionPolicy(spillover=1.0, link_half_life_days=float("inf"))
    time = START + timedelta(days=300)
    events = [event(0, "nova", "atlas|orbit"), event(1, "nova", "atlas", "2026-05-02T20:00:00Z")]
    assert [t["share"] for t in terms_of(events, "ann", "atlas", policy, time)] == [1 / 2, 2 / 3]
    assert [t["share"] for t in terms_of(events, "ann", "orbit", policy, time)] == [1 / 2, 1 / 3]
