from collections import defaultdict
from datetime import datetime

import pytest
from hypothesis import given

from influence_graph.analyses.fusion.bond_sums import Sums
from influence_graph.analyses.fusion.points import points_of
from influence_graph.analyses.fusion.spillover import EarlierLinks, links_of, spilled
from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.model.policy.policy import FusionPolicy
from tests.analyses.fusion import naive
from tests.analyses.fusion.events import START, frame, ledgers, quick, with_rivals

LATER = START.replace(month=6)


def spilled_of(events, policy):
    ledger = read_ledger(frame(events))
    points = points_of(ledger, policy, LATER)
    rows, links = spilled(ledger, points, policy, points.side)
    return ledger, rows, links


@quick
@given(ledgers(max_size=10, late=False), with_rivals)
def test_what_spills_over_is_the_definition(events, policy):
    ledger, rows, _ = spilled_of(events, policy)
    found = defaultdict(float)
    for consumer, brand, side, amount in zip(*rows, strict=True):
        bond = ledger.consumer.names[consumer], ledger.brand.names[brand]
        found[(*bond, ("to_brand", "to_consumer")[side])] += amount
    expected = defaultdict(float)
    own = {event["event_id"]: event["brand"] for event in events}
    for event, consumer, brand, direction, amount in naive.terms(events, LATER, policy):
        if brand != own[event]:
            expected[consumer, brand, direction] += amount
    for bond in {*found, *expected}:
        assert found[bond] == pytest.approx(expected[bond], rel=1e-9, abs=1e-9)


@quick
@given(ledgers(max_size=10, late=False, declared=True))
def test_no_consumer_spills_more_than_the_policy_allows(events):
    _, rows, _ = spilled_of(events, FusionPolicy(spillover=0.25))
    assert abs(rows.amount).sum() <= 0.25 * sum(abs(event["points"]) for event in events) + 1e-9


@quick
@given(ledgers(max_size=10, late=False))
def test_a_link_counts_once_in_either_direction(events):
    ledger, _, links = spilled_of(events, FusionPolicy(link_half_life_days=float("inf")))
    named = sum(len(naive.others(event)) for event in events)
    key, other, time = links_of(ledger)
    assert key.size == other.size == time.size == 2 * named
    assert links.value.sum() == 2 * named


@pytest.mark.parametrize(
    ("half_life", "given"), [(float("inf"), {"y": 4.0, "z": 4.0}), (1.0, {"y": 8.0 / 3, "z": 16.0 / 3})]
)
def test_earlier_links_share_with_later_ones(half_life, given):
    day = {"consumer": "a", "points": 8.0, "direction": "to_brand"}
    first = {**day, "event_id": "1", "at": "2026-05-01T00:00:00Z", "brand": "x", "with_brands": "y"}
    later = {**day, "event_id": "2", "at": "2026-05-02T00:00:00Z", "brand": "x", "with_brands": "z"}
    ledger = read_ledger(frame([first, later]))
    policy = FusionPolicy(spillover=1.0, link_half_life_days=half_life)
    _, links = spilled(ledger.take(ledger.at < ledger.at.max()), points_at(ledger, policy, first), policy, side(ledger))
    only = ledger.take(ledger.at == ledger.at.max())
    points = points_of(only, policy, LATER)
    rows, _ = spilled(only, points, policy, points.side, EarlierLinks(links, int(ledger.at.min())))
    given_to = {ledger.brand.names[brand]: amount for brand, amount in zip(rows.brand, rows.amount, strict=True)}
    assert given_to == pytest.approx(given)


def points_at(ledger, policy, event):
    moment = datetime.fromisoformat(event["at"])
    return points_of(ledger.as_known_at(moment), policy, moment)


def side(ledger):
    return points_of(ledger, FusionPolicy(), LATER).side[:1]


def test_without_links_nothing_spills():
    _, rows, links = spilled_of([], FusionPolicy())
    assert rows.amount.size == 0
    assert len(links) == len(Sums.empty(1)) == 0
