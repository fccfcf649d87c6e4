"""Days that are not used: in one series, in a panel, in a plan, and what is refused."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import influence_graph as ig
from influence_graph.analyses.lift.panel_result import PREDICTIVE
from influence_graph.analyses.lift.predictive import fit
from influence_graph.analyses.lift.series_result import SeriesLift
from influence_graph.analyses.lift.skipped import NOTHING, number_of_day, skipped_days
from influence_graph.errors import InputError
from tests.analyses.lift import naive
from tests.analyses.lift.naive import daily, day

SPANS = [(day(30), day(43)), (day(80), day(83))]
LEFT_OUT = np.r_[30:44, 80:84]


def noisy(seed: int, days: int = 104) -> np.ndarray:
    return 50 + naive.lasting(np.random.default_rng(seed), days, 0.5)


def disturbed(values: np.ndarray, size: float = 20.0) -> np.ndarray:
    out = values.copy()
    out[LEFT_OUT] += size
    return out


def test_missing_days_are_those_that_have_a_column_of_their_own():
    rng = np.random.default_rng(1)
    values = noisy(1, 66)
    design = np.column_stack([np.ones(66), np.arange(66.0), rng.normal(size=66)])
    left_out = np.r_[0, 11:18, 40, 58:60]
    seen = ~np.isin(np.arange(60), left_out)
    own = np.zeros((66, left_out.size))
    own[left_out, np.arange(left_out.size)] = 1
    missing = fit(np.where(seen, values[:60], 1e9), design[:60], seen=seen)
    dummies = fit(values[:60], np.column_stack([design, own])[:60])
    assert missing.freedom == dummies.freedom == 60 - 11 - 3
    assert missing.weight == pytest.approx(dummies.weight, rel=1e-8, abs=1e-15)
    assert np.ptp(missing.log_likelihood - dummies.log_likelihood) < 1e-8
    assert missing.coefficients == pytest.approx(dummies.coefficients[:, :3], rel=1e-8, abs=1e-9)
    one, other = missing.ahead(design[60:]), dummies.ahead(np.column_stack([design, own])[60:])
    assert one.location == pytest.approx(other.location, rel=1e-8)
    assert one.covariance == pytest.approx(other.covariance, rel=1e-7, abs=1e-12)


def test_what_happened_on_skipped_days_changes_nothing():
    values = noisy(2)
    one, other = (
        ig.series_lift(daily(each), start=day(90), days=14, skip=SPANS) for each in (values, disturbed(values, 1e4))
    )
    assert one.to_frame().equals(other.to_frame())
    assert (one.total, one.p, one.onset.p) == (other.total, other.p, other.onset.p)
    assert one.quiet.equals(other.quiet)
    assert one.digest != other.digest


def test_an_earlier_event_does_not_hide_a_later_one():
    values = disturbed(noisy(3), 8.0)
    values[90:] += 3.0
    hidden = ig.series_lift(daily(values), start=day(90), days=14)
    found = ig.series_lift(daily(values), start=day(90), days=14, skip=SPANS)
    assert hidden.status != "higher"
    assert found.status == "higher"
    assert found.total.low < 42 < found.total.high
    assert found.total.count == 90 - LEFT_OUT.size


def test_intervals_over_missing_days_hold_what_they_say():
    inside = 0
    for seed in range(80):
        lift = ig.series_lift(daily(disturbed(noisy(1000 + seed))), start=day(90), days=14, skip=SPANS)
        inside += lift.total is None or lift.total.low <= 0 <= lift.total.high
    assert inside >= 70  # of 80 at 0.95, by chance fewer in 1 of 100


def test_quiet_windows_and_rows_have_no_skipped_day_and_the_sentences_say_how_many():
    lift = ig.series_lift(daily(noisy(4, 164)), start=day(150), days=14, skip=SPANS)
    assert [each.isoformat() for each in lift.quiet["start"]] == [day(place) for place in (136, 122, 108, 94, 66, 52)]
    frame = lift.to_frame()
    assert len(frame) == 164 - LEFT_OUT.size
    assert set(frame["day"]) == set(range(-150, 14)) - set((LEFT_OUT - 150).tolist())
    assert "Not used, since something else happened on them: 18 days before it." in lift.sentences()
    assert json.loads(json.dumps(lift.parameters)) == lift.parameters
    assert lift.parameters["skip"] == [list(each) for each in SPANS]
    assert not any("Not used" in each for each in ig.series_lift(daily(noisy(4)), start=day(90), days=14).sentences())


def test_spans_that_adjoin_or_overlap_are_one_and_their_order_does_not_matter():
    found = skipped_days([(day(9), day(12)), (day(3), day(5)), (day(6), day(7)), (day(10), day(10))])
    assert found.texts == ((day(3), day(7)), (day(9), day(12)))
    first = number_of_day(pd.Timestamp(day(0)).date())
    used = found.used(first + np.arange(14))
    assert np.flatnonzero(~used).tolist() == [3, 4, 5, 6, 7, 9, 10, 11, 12]
    assert NOTHING.used(np.arange(3)).all()


def test_a_plan_is_made_of_the_days_that_are_left():
    values = noisy(5, 90)
    plans = [ig.lift_plan(daily(each), days=7, effect=0.1, skip=SPANS) for each in (values, disturbed(values))]
    assert plans[0].table.equals(plans[1].table)
    assert plans[0].table["days"].max() == (90 - LEFT_OUT.size) // 2
    assert ig.lift_plan(daily(disturbed(values)), days=7).smallest > 2 * plans[0].smallest


def panel(values: np.ndarray) -> pd.DataFrame:
    dates = pd.date_range(naive.FIRST, periods=len(values))
    units = [f"u{unit}" for unit in range(values.shape[1])]
    rows = {"unit": np.repeat(units, len(dates)), "date": np.tile(dates, len(units)), "value": values.T.ravel()}
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def values():
    rng = np.random.default_rng(6)
    shared = naive.lasting(rng, 104, 0.7)
    made = 40 + shared[:, None] * rng.uniform(0.5, 2, 24) + rng.normal(size=(104, 24))
    made[90:, 0] += 2.0
    made[LEFT_OUT, 0] += 15.0
    return made


def test_a_panel_is_that_of_the_dates_that_are_left(values):
    found = ig.panel_lift(panel(values), treated="u0", start=day(90), days=14, skip=SPANS)
    left = np.setdiff1d(np.arange(104), LEFT_OUT)
    rows = panel(values)
    kept = rows[rows["date"].isin(pd.date_range(naive.FIRST, periods=104)[left])]
    periods = kept.assign(date=np.tile(np.arange(left.size), 24))
    same = ig.panel_lift(periods, treated="u0", start=int(left.size) - 14, days=14)
    assert (found.total, found.p, found.rank_p, found.fit) == (same.total, same.p, same.rank_p, same.fit)
    assert found.weights.equals(same.weights)
    assert found.placebos.equals(same.placebos)
    drop = ["date"]
    assert found.to_frame().drop(columns=drop).equals(same.to_frame().drop(columns=drop))
    assert found.to_frame()["date"].tolist() == pd.date_range(naive.FIRST, periods=104)[left].tolist()
    assert found.status == "higher"
    assert found.total.low < 28 < found.total.high
    assert found.parameters["before"] == 72
    assert "Not used, since something else happened on them: 18 dates before it." in found.sentences()


def test_the_predictive_beside_a_panel_skips_the_same_days(values):
    found = ig.panel_lift(panel(values), treated="u0", start=day(90), days=14, skip=SPANS)
    frame = daily(values[:, 0]).assign(other=values[:, 1:].mean(axis=1))
    same = ig.series_lift(frame, start=day(90), days=14, controls=["other"], skip=SPANS)
    assert isinstance(found.beside, SeriesLift)
    assert found.beside.total.value == pytest.approx(same.total.value, rel=1e-9)
    pd.testing.assert_frame_equal(found.beside.quiet, same.quiet)
    assert PREDICTIVE in set(found.estimates["method"])


def test_quiet_windows_of_a_panel_are_dates_in_a_row(values):
    found = ig.panel_lift(panel(values), treated="u0", start=day(90), days=7, skip=SPANS)
    assert found.quiet[1] == 5 + 4  # of days 44 to 79 and of 0 to 29; those of 84 to 89 are too few


def test_periods_are_skipped_by_their_numbers(values):
    rows = panel(values).assign(date=np.tile(np.arange(104), 24))
    found = ig.panel_lift(rows, treated="u0", start=90, days=14, skip=[(30, 43), (80, 83)])
    same = ig.panel_lift(panel(values), treated="u0", start=day(90), days=14, skip=SPANS)
    assert (found.total, found.p) == (same.total, same.p)
    assert found.parameters["skip"] == [["30", "43"], ["80", "83"]]


def test_the_door_hands_them_on_and_refuses_them_for_a_staggered_design(values):
    asked = {"start": day(90), "days": 14, "skip": SPANS}
    series = daily(values[:, 0])
    assert ig.lift(series, **asked).total == ig.series_lift(series, **asked).total
    rows = panel(values)
    same = ig.panel_lift(rows, treated="u0", **asked)
    assert ig.lift(rows, treated="u0", **asked).total == same.total
    assert ig.lift(rows, **asked | {"start": {"u0": day(90)}}).total == same.total
    with pytest.raises(InputError, match="days to skip are given, and units begin on 2 dates; leave skip out"):
        ig.lift(rows, **asked | {"start": {"u0": day(90), "u1": day(91)}})


@pytest.mark.parametrize(
    ("skip", "message"),
    [
        (
            [(day(85), day(90))],
            "the days to skip from 2026-03-27 to 2026-04-01 touch the declared days, 2026-04-01 to 20",
        ),
        ([(day(85), day(90))], "; end them before the event, or name both as one event$"),
        ([(day(97), day(200))], "touch the declared days, .*; shorten the horizon, or name both as one event$"),
        ([(day(9), day(8))], "the days to skip end on 2026-01-09, before they begin, on 2026-01-10; give each as"),
        ([(day(9), None)], "a last day to skip is missing"),
        ([(9, 10)], "a first day to skip is .*9, must be a date|a first day to skip is the number 9, must be a date"),
        ([day(9)], "skip holds '2026-01-10', which is no pair of days"),
        (day(9), "skip is '2026-01-10', must be a list of spans of days"),
        ([(day(0), day(62))], "27 days before the event on 2026-04-01 that are not skipped, must be at least 28"),
    ],
)
def test_what_cannot_be_skipped_is_refused_in_one_line(skip, message):
    with pytest.raises(InputError, match=message) as caught:
        ig.series_lift(daily(noisy(7)), start=day(90), days=14, skip=skip)
    assert "\n" not in str(caught.value)
    assert caught.value.remedy


def test_a_panel_refuses_the_same_and_too_few_dates(values):
    rows = panel(values)
    for skip, message in (
        ([(day(97), day(99))], "touch the declared days, 2026-04-01 to 2026-04-14; shorten the horizon"),
        ([(day(0), day(80))], "9 dates before the start that are not skipped for 14 from it on, must be 14 or more"),
        ([(3, 4)], "a first day to skip is 3, must be a date"),
    ):
        with pytest.raises(InputError, match=message):
            ig.panel_lift(rows, treated="u0", start=day(90), days=14, skip=skip)


def test_spans_beyond_the_data_and_after_the_declared_days_change_nothing():
    frame = daily(noisy(8, 120))
    same = ig.series_lift(frame, start=day(90), days=14)
    found = ig.series_lift(frame, start=day(90), days=14, skip=[("2020-01-01", "2020-02-01"), (day(104), day(110))])
    assert found.to_frame().equals(same.to_frame())
    assert found.parameters["skipped"] == 0
