"""The times at which a bond's score may have changed: at no other time does it change without decay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.analyses.fusion.explain import BondPast
from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.errors import NotFound
from influence_graph.model.policy.policy import FusionPolicy
from tests.analyses.fusion.events import START, corrected_ledgers, frame, ledgers, quick

END = START + timedelta(days=30)
INSTANT = timedelta(microseconds=1)
FOREVER = FusionPolicy(spillover=1.0)
TIMES = [START + timedelta(hours=12 * half) for half in range(24)]


def past_of(events):
    """Return the past of the first event's bond."""
    first = min(events, key=lambda event: event["event_id"])
    return BondPast(frame(events), (first["consumer"], first["brand"]), FOREVER)


@given(st.one_of(ledgers(), corrected_ledgers()).filter(bool))
@quick
def test_without_decay_the_score_changes_at_change_times_alone(events):
    past = past_of(events)
    points = past.change_times(END)
    assert points == sorted(set(points))
    scores = {time: past.at(time).score for time in sorted({*TIMES, *points})}
    for earlier, later in zip(list(scores), list(scores)[1:], strict=False):
        if later not in points:
            assert scores[later] == pytest.approx(scores[earlier], abs=1e-9)


@given(ledgers().filter(bool), st.integers(0, 12))
@quick
def test_points_after_the_end_are_left_out(events, days):
    past = past_of(events)
    until = START + timedelta(days=days)
    assert past.change_times(until) == [point for point in past.change_times(END) if point <= until]
    assert past.change_times(START - INSTANT) == []


@given(ledgers(late=False).filter(bool))
@quick
def test_before_its_first_turning_point_a_bond_has_no_score(events):
    past = past_of(events)
    first = past.change_times(END)[0]
    assert past.at(first - INSTANT).score == 0.0


def test_an_event_counts_from_when_it_happened_and_was_known():
    events = [
        {"event_id": "late", "at": "2026-01-02T00:00:00+00:00", "consumer": "annie", "brand": "nova", "points": 1.0,
         "recorded_at": "2026-01-09T00:00:00+00:00"},
        {"event_id": "other", "at": "2026-01-05T00:00:00+00:00", "consumer": "annie", "brand": "zest", "points": 1.0},
    ]  # fmt: skip
    past = BondPast(frame(events), ("annie", "nova"), FOREVER)
    assert past.change_times(END) == [START + timedelta(days=8)]
    assert past.at(START + timedelta(days=8) - INSTANT).score == 0.0
    assert past.at(START + timedelta(days=8)).score == 1.0


def test_a_bond_of_strangers_is_refused():
    events = [{"event_id": "e", "at": "2026-01-02T00:00:00+00:00", "consumer": "annie", "brand": "nova"}]
    for bond in (("ann", "nova"), ("annie", "novae")):
        with pytest.raises(NotFound, match="did you mean"):
            BondPast(frame(events), bond, FOREVER)
    assert len(read_ledger(frame(events))) == 1
