"""The lift of one series: published sets, planted effects, quiet series, and what is refused."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from influence_graph.analyses.lift.growth import growth_p
from influence_graph.analyses.lift.predictive import ERRORS, fit
from influence_graph.analyses.lift.quiet import quiet_windows
from influence_graph.analyses.lift.series import series_lift
from influence_graph.analyses.lift.window import design_of, window_of
from influence_graph.analyses.result import Displayed, Result
from influence_graph.errors import InputError
from influence_graph.model.parameters import SeriesLiftParameters
from tests.analyses.lift.naive import FIRST, daily, day, lasting
from tests.public_data import public_data


def noisy(seed: int, days: int = 104, rho: float = 0.4) -> np.ndarray:
    return 50 + lasting(np.random.default_rng(seed), days, rho)


def planted(seed: int = 3, size: float = 4.0) -> np.ndarray:
    values = noisy(seed)
    values[93:98] += size  # days 3 to 7 after the event on day 90
    return values


def test_causal_impact_on_its_own_data():
    """R's CausalImpact says 20.7 % (804) and 0.74 % (26.7), where 1 was planted on each of 30 days."""
    frame = pd.read_csv(public_data("causalimpact/causalimpact_google_data.csv")).rename(columns={"y": "value"})
    google = series_lift(frame, start="2020-03-02", days=30, controls=["x1", "x2"])
    assert google.relative.value == pytest.approx(21.3, abs=0.5)
    assert google.total.low < 804 < google.total.high
    assert google.status == "higher"
    frame = pd.read_csv(public_data("causalimpact/causalimpact_arma_data.csv")).rename(columns={"y": "value"})
    frame["date"] = pd.date_range(FIRST, periods=100)
    other = series_lift(frame, start=day(70), days=30, controls=["X"])
    assert other.relative.value == pytest.approx(0.69, abs=0.1)
    assert other.total.low < 30 < other.total.high
    assert other.status == "higher"


def test_a_planted_effect_is_found_with_its_size_and_its_start():
    lift = series_lift(daily(planted()), start=day(90), days=14)
    assert lift.status == "higher"
    assert lift.total.low < 20 < lift.total.high
    assert lift.p < 0.01
    assert lift.relative.value == pytest.approx(100 * lift.total.value / (14 * 50), rel=0.05)
    assert lift.onset.clear
    assert lift.onset.likeliest == 3
    assert lift.quiet_as_far == 0


def test_the_sign_of_the_series_is_the_sign_of_the_lift():
    values = planted()
    up, down = (series_lift(daily(each), start=day(90), days=14) for each in (values, 100 - values))
    assert down.status == "lower"
    assert down.total.value == pytest.approx(-up.total.value, rel=1e-9)
    assert (down.total.low, down.total.high) == pytest.approx((-up.total.high, -up.total.low), rel=1e-9)
    assert down.p == pytest.approx(up.p, rel=1e-6)


def test_adding_an_effect_moves_estimate_and_interval_by_its_total():
    quiet = noisy(8)
    raised = quiet + 2.5 * (np.arange(104) >= 90)
    one, other = (series_lift(daily(each), start=day(90), days=14).total for each in (quiet, raised))
    moved = np.array([other.value - one.value, other.low - one.low, other.high - one.high])
    assert moved == pytest.approx(35, rel=1e-9)


def test_the_table_adds_up_and_the_band_of_all_days_holds_that_of_each():
    lift = series_lift(daily(planted()), start=day(90), days=14)
    frame = lift.to_frame()
    after, before = frame[frame["day"] >= 0], frame[frame["day"] < 0]
    assert len(after) == 14
    assert len(before) == 90
    assert after["gap"].sum() == pytest.approx(lift.total.value)
    assert (after["actual"] - after["counterfactual"]).tolist() == pytest.approx(after["gap"].tolist())
    assert (after["all_low"] < after["gap_low"]).all()
    assert (after["gap_low"] < after["gap"]).all()
    assert (after["gap"] < after["gap_high"]).all()
    assert (after["gap_high"] < after["all_high"]).all()
    assert before[["gap_low", "all_low"]].isna().all().all()
    assert abs(before["gap"].mean()) < 0.5
    assert str(frame["date"].iloc[90]) == day(90)


def test_the_band_of_all_days_holds_quiet_courses_in_19_of_20():
    held = 0
    for seed in range(60):
        after = series_lift(daily(noisy(seed)), start=day(90), days=14).to_frame().iloc[90:]
        held += bool(((after["all_low"] <= 0) & (after["all_high"] >= 0)).all())
    assert held >= 52  # of 60 at 0.95, by chance fewer in 1 of 200


def test_quiet_series_are_seldom_said_to_have_moved():
    found = [series_lift(daily(noisy(seed, rho=0.8)), start=day(90), days=7).status for seed in range(80)]
    assert found.count("cannot tell") <= 4  # at a level of 0.01
    assert found.count("higher") + found.count("lower") <= 9  # of 80 at 0.05, by chance more in 1 of 100


def test_a_control_takes_out_what_both_share():
    rng = np.random.default_rng(4)
    shared = 30 + rng.standard_normal(104).cumsum()
    frame = daily(2 * shared + rng.normal(size=104) + 3.0 * (np.arange(104) >= 90)).assign(other=shared)
    alone = series_lift(frame, start=day(90), days=14)
    beside = series_lift(frame, start=day(90), days=14, controls=["other"])
    assert beside.total.low < 42 < beside.total.high
    assert beside.total.high - beside.total.low < (alone.total.high - alone.total.low) / 3
    assert beside.status == "higher"
    assert "did not touch the controls" in beside.sentences()[-1]


def test_days_after_the_declared_ones_are_not_used():
    values = planted()
    more = np.append(values, [999.0] * 5)
    one, other = (series_lift(daily(each), start=day(90), days=14) for each in (values, more))
    assert one.to_frame().equals(other.to_frame())
    assert one.total == other.total


def test_the_same_input_gives_the_same_bytes_and_another_seed_another_band():
    one, other = (series_lift(daily(planted()), start=day(90), days=14) for _ in range(2))
    assert one.to_frame().equals(other.to_frame())
    assert one.onset.p == other.onset.p
    seeded = series_lift(daily(planted()), start=day(90), days=14, options=SeriesLiftParameters(seed=1))
    assert not seeded.to_frame()["all_low"].equals(one.to_frame()["all_low"])
    assert seeded.total == one.total


def test_it_keeps_to_the_protocol_and_says_what_it_found():
    lift = series_lift(daily(planted()), start=day(90), days=14)
    assert isinstance(lift, Result)
    assert isinstance(lift, Displayed)
    assert json.loads(json.dumps(dict(lift.parameters))) == lift.parameters
    assert len(lift.digest) == 32
    assert repr(lift).startswith("<SeriesLift: status higher, total ")
    assert "<table" in lift._repr_html_()
    first, began, quiet, caution = lift.sentences()
    assert first.endswith("%; p = " + f"{lift.p:.2g}: higher.")
    assert f"over the 14 declared days from {day(90)}" in first
    assert began.startswith("It began on day 3 (")
    assert quiet == "Such a gap came up in 0 of 4 quiet windows before, which do not overlap."
    assert caution.startswith("Without controls")


def test_a_total_that_is_not_surely_above_zero_has_no_relative_lift():
    lift = series_lift(daily(noisy(1) - 50), start=day(90), days=14)
    assert lift.relative is None
    assert "%" not in lift.sentences()[0]


def test_noise_that_grows_cannot_be_told_and_noise_that_shrinks_can():
    rng = np.random.default_rng(2)
    noise = rng.normal(size=194)
    growing = series_lift(daily(20 + np.linspace(1, 4, 194) * noise), start=day(180), days=14)
    assert growing.status == "cannot tell"
    assert (growing.total, growing.p, growing.relative, growing.onset) == (None, None, None, None)
    assert growing.sentences() == [f"Over the 14 declared days from {day(180)} it cannot be told: {growing.reason}."]
    assert growing.to_frame().loc[180:, "gap"].isna().all()
    assert "total" not in repr(growing)
    shrinking = series_lift(daily(20 + np.linspace(4, 1, 194) * noise), start=day(180), days=14)
    assert shrinking.status != "cannot tell"


def test_p_of_growing_noise_is_uniform_where_it_does_not_grow():
    from scipy import stats

    rng = np.random.default_rng(6)
    p = [growth_p(rng.normal(size=80), ERRORS, int(rng.integers(0, 200))) for _ in range(300)]
    assert np.mean(np.array(p) <= 0.05) < 0.11
    white = 9  # ρ of 0.025, noise 0.95
    p = [growth_p(rng.normal(size=80), ERRORS, white) for _ in range(300)]
    assert stats.kstest(p, "uniform").pvalue > 0.01
    peer = stats.spearmanr(np.abs(rest := rng.normal(size=80)), np.arange(80), alternative="greater")
    assert growth_p(rest, ERRORS, white) == pytest.approx(peer.pvalue, abs=0.02)


def test_quiet_windows_are_judged_as_an_event_there_would_be():
    values = noisy(9, days=120)
    first, *_ = (each for each in quiet_windows(window_of_(values, 104, 14)).to_dict("records"))
    alone = series_lift(daily(values), start=first["start"], days=14)
    assert first["start"].isoformat() == day(90)
    assert first["total"] == pytest.approx(alone.total.value, rel=1e-7)
    assert (first["low"], first["high"]) == pytest.approx((alone.total.low, alone.total.high), rel=1e-6)
    assert first["p"] == pytest.approx(alone.p, rel=1e-6)


def window_of_(values: np.ndarray, start: int, days: int):
    from influence_graph.analyses.lift.daily import day_of, read_daily

    return window_of(read_daily(daily(values)), day_of(day(start), "start"), days, SeriesLiftParameters())


def test_quiet_windows_end_at_the_event_do_not_overlap_and_leave_enough_before():
    quiet = quiet_windows(window_of_(noisy(9, days=130), 120, 7))
    starts = [each.isoformat() for each in quiet["start"]]
    assert starts == [day(place) for place in range(113, 27, -7)]
    flat = noisy(9, days=130)
    flat[:50] = 3.0
    starts = [each.isoformat() for each in quiet_windows(window_of_(flat, 120, 7))["start"]]
    assert starts == [day(place) for place in range(113, 50, -7)]


def test_the_design_has_weekdays_that_repeat_and_a_trend_that_ends_with_the_days_before():
    import datetime as dt

    design, names = design_of(dt.date(2026, 1, 5), 30, 20, (True, True))  # a Monday
    assert len(names) == design.shape[1] == 8
    assert design[0, 1:7].tolist() == [0] * 6
    assert design[1, 1:7].tolist() == [1, 0, 0, 0, 0, 0]
    assert np.array_equal(design[:7, 1:7], design[7:14, 1:7])
    assert design[:20, 7].mean() == pytest.approx(0)
    assert np.diff(design[:, 7]) == pytest.approx(1 / 20)
    assert design_of(dt.date(2026, 1, 5), 30, 20, (False, False))[1] == ("the constant",)


def test_options_leave_out_weekdays_and_the_trend():
    values = planted()
    lift = series_lift(daily(values), start=day(90), days=14, options=SeriesLiftParameters(weekday=False, trend=False))
    ahead = fit(values[:90], np.ones((90, 1))).ahead(np.ones((14, 1)))
    assert lift.total.value == pytest.approx(values[90:].sum() - ahead.of(np.ones((1, 14))).mean[0], rel=1e-9)


SERIES = daily(noisy(0))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"start": day(27)}, "27 days before the event on 2026-01-28, must be at least 28; give more days before it$"),
        (
            {"start": day(30), "days": 16},
            "30 days before .* must be at least 32; give more days before it, or declare at most 15 days",
        ),
        ({"start": day(0)}, "the event on 2026-01-01 is not after the first day, 2026-01-01; give the days before it"),
        ({"start": "2025-12-01"}, "is not after the first day"),
        (
            {"days": 15},
            "the last declared day is 2026-04-15, the last day of the data 2026-04-14; declare at most 14 days",
        ),
        ({"start": day(200)}, "the last declared day is .*; give the days from the event on"),
        ({"days": 0}, "days is 0, must be a whole number of 1 or more"),
        ({"days": 2.5}, "days is 2.5, must be a whole number"),
        ({"start": None}, "start is missing"),
        ({"daily": SERIES.assign(value=7.0)}, "the outcome is 7 on all 90 days before the event"),
        ({"daily": SERIES.drop(index=5)}, "2026-01-06 has no row"),
        ({"daily": SERIES.assign(x=1.0), "controls": ["x"]}, "the control 'x' is 1 on all 90 days before the event"),
        (
            {"daily": SERIES.assign(x=SERIES.index**2, y=3.0 * SERIES.index**2 + 1), "controls": ["x", "y"]},
            "the control 'y' is 0, or a sum of the columns before it, on these days; leave it out",
        ),
        (
            {"daily": SERIES.assign(x=SERIES["value"] * 2), "controls": ["x"]},
            "explains the outcome of the days before exactly",
        ),
        ({"options": 5}, "options is 5, must be a SeriesLiftParameters"),
        ({"options": SeriesLiftParameters(draws=10)}, "draws is 10, must be a whole number from 1,000 to 100,000"),
        ({"options": SeriesLiftParameters(seed=-1)}, "seed is -1"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_one_line_with_its_reason(changed, message):
    given = {"daily": SERIES, "start": day(90), "days": 14} | changed
    with pytest.raises(InputError, match=message) as caught:
        series_lift(given.pop("daily"), **given)
    assert "\n" not in str(caught.value)
    assert caught.value.remedy
