"""One lag of several events, against products of windows fitted one by one, and planted effects."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

import influence_graph as ig
from benchmarks.lift import planted
from influence_graph.analyses.lift.predictive import fit
from influence_graph.analyses.lift.window import design_of
from influence_graph.analyses.result import Result
from influence_graph.errors import InputError
from tests.analyses.lift import naive
from tests.analyses.lift.naive import daily, day


def series(seed: int, lag: int, size: float, days: int = 6) -> np.ndarray:
    values = 20 + naive.lasting(np.random.default_rng(seed), 60 + days, 0.4)
    values[60 + lag : 60 + lag + 3] += size
    return values


def test_the_chances_are_products_of_those_of_windows_fitted_one_by_one():
    import datetime as dt

    events = [series(1, 2, 1.5), series(2, 2, 1.0), series(3, 2, 2.0)]
    found = ig.pooled_lag([ig.series_lift(daily(each), start=day(60), days=6) for each in events])
    design, _ = design_of(dt.date.fromisoformat(naive.FIRST), 66, 60, (True, True))
    expected = np.ones(6)
    for values in events:
        expected = expected * naive.chances_of_lags(fit(values[:60], design[:60]).ahead(design[60:]), values[60:])
    assert found.chances == pytest.approx(expected / expected.sum(), rel=1e-6)
    assert found.likeliest == np.argmax(expected)


def test_one_event_alone_has_its_own_lags():
    lift = ig.series_lift(daily(series(4, 1, 3.0)), start=day(60), days=6)
    found = ig.pooled_lag([lift])
    assert (found.likeliest, found.lags) == (lift.onset.likeliest, lift.onset.lags)
    assert found.chances == pytest.approx(lift.onset.chances, rel=1e-12)
    assert found.p == pytest.approx(lift.onset.p)


def test_four_events_of_two_standard_deviations_have_their_lag_within_a_day():
    near, inside, alone, clear = 0, 0, 0, 0
    for trial in range(20):
        rng = np.random.default_rng([11, trial])
        lifts = [planted(rng, 0.5, trial % 8, 2.0)[0] for _ in range(4)]
        found = ig.pooled_lag(lifts)
        near += abs(found.likeliest - trial % 8) <= 1
        inside += trial % 8 in found.lags
        alone += sum(abs(each.onset.likeliest - trial % 8) <= 1 for each in lifts if each.onset)
        clear += found.clear
    assert clear >= 17
    assert near >= 18
    assert inside >= 18
    assert alone / 80 < near / 20


def test_without_effects_there_is_seldom_anything_to_date():
    rng = np.random.default_rng(12)
    clear = sum(ig.pooled_lag([planted(rng, 0.3, 0, 0.0)[0] for _ in range(3)]).clear for _ in range(20))
    assert clear <= 4  # of 20 at a level of 0.05, by chance more in 1 of 300


def test_it_keeps_to_the_protocol_and_says_what_it_found():
    lifts = [
        ig.series_lift(daily(series(seed, 3, 4.0, days)), start=day(60), days=days) for seed, days in ((5, 6), (6, 9))
    ]
    found = ig.pooled_lag(iter(lifts))
    assert isinstance(found, Result)
    assert found.chances.size == 6
    assert found.sentences() == ["The effects of 2 events began on day 3 (3 to 3); day 0 is that of the event."]
    assert found.to_frame()["agrees"].all()
    assert json.loads(json.dumps(found.parameters)) == found.parameters == {"events": 2, "days": 6}
    assert repr(found).startswith("<PooledLag: lag 3 (3 to 3), p ")
    assert "<table" in found._repr_html_()
    assert len(found.digest) == 32


def test_an_event_with_another_lag_and_one_that_cannot_be_told_are_named():
    early = ig.series_lift(daily(series(7, 0, 6.0)), start=day(60), days=6)
    late = [ig.series_lift(daily(series(seed, 3, 8.0)), start=day(60), days=6) for seed in (8, 9)]
    untold = replace(ig.series_lift(daily(series(10, 0, 1.0)), start=day(60), days=6).untold("no"), digest="other")
    found = ig.pooled_lag([early, *late, untold])
    assert found.likeliest == 3
    assert found.to_frame()["agrees"].tolist() == [False, True, True]
    assert found.sentences()[1:] == [
        "In 1 of them the lag is none of their own: they may not be of one kind.",
        "1 event could not be told.",
    ]
    with pytest.raises(InputError, match="of 1 event there is none of which anything can be told"):
        ig.pooled_lag([untold])


def test_what_is_no_lift_or_twice_the_same_is_refused():
    lift = ig.series_lift(daily(series(1, 0, 1.0)), start=day(60), days=6)
    for given, message in (
        ([], "there are no events to pool; give results of series_lift"),
        ([lift, 5], "lifts hold a int, must be SeriesLift"),
        ([lift, lift], f"the event on {day(60)} is given twice; give each event once"),
    ):
        with pytest.raises(InputError, match=message) as caught:
            ig.pooled_lag(given)
        assert caught.value.remedy
