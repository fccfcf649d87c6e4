from __future__ import annotations

import math

import pytest

from influence_graph.analyses.intervals import Estimate
from influence_graph.analyses.lift.series_result import status_of
from influence_graph.analyses.lift.shares import in_percent, percent_text, scaled


def test_ends_of_a_share_are_those_of_the_effect():
    share = in_percent(Estimate(20.0, -30.0, 50.0, 7, "m"), 120.0)
    assert (share.value, share.low, share.high) == (20.0, pytest.approx(-20), pytest.approx(100 * 5 / 7))
    assert (share.count, share.method) == (7, "m")


def test_where_all_would_be_of_the_event_the_share_is_open_or_none():
    assert in_percent(Estimate(20.0, -math.inf, 120.0, 7, ""), 120.0).high == math.inf
    assert in_percent(Estimate(20.0, -math.inf, 120.0, 7, ""), 120.0).low == -100
    assert in_percent(Estimate(130.0, 1.0, 140.0, 7, ""), 120.0) is None
    assert percent_text(None) == ""


@pytest.mark.parametrize(
    ("effect", "p", "status"),
    [(1.0, 0.05, "higher"), (-1.0, 0.01, "lower"), (9.0, 0.051, "no clear change")],
)
def test_a_lift_is_clear_at_five_in_a_hundred(effect, p, status):
    assert status_of(effect, p) == status


def test_a_multiple_keeps_how_it_was_made():
    assert scaled(Estimate(1.0, -2.0, 3.0, 7, "m"), 4) == Estimate(4.0, -8.0, 12.0, 7, "m")
