"""Staggered designs: published figures, planted effects, coverage, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from benchmarks.lift_known import MPDTA, card_krueger, mpdta
from benchmarks.lift_panels import staggered
from influence_graph.analyses.lift.staggered import staggered_lift
from influence_graph.errors import InputError, NotFound
from influence_graph.model.parameters import StaggeredLiftParameters
from tests.public_data import public_data

NOT_YET = StaggeredLiftParameters(controls="not yet")
UNITS = [f"u{unit:02}" for unit in range(20)]
STARTS = {**dict.fromkeys(UNITS[:4], "2026-01-15"), **dict.fromkeys(UNITS[4:9], "2026-01-20")}


def panel(effect=5.0, seed=1, days=30):
    rng = np.random.default_rng(seed)
    dates = pd.date_range("2026-01-01", periods=days)
    values = 100 + rng.normal(size=20) * 10 + rng.normal(size=(days, 1)) * 5 + rng.normal(size=(days, 20))
    for unit, start in STARTS.items():
        values[dates >= start, int(unit[1:])] += effect
    wide = pd.DataFrame(values, index=pd.Index(dates, name="date"), columns=pd.Index(UNITS, name="unit"))
    return wide.stack().rename("value").reset_index()


PANEL = panel()


def test_teens_and_minimum_wages_are_answered_as_published():
    public_data("causal/mpdta.csv")
    frame, starts = mpdta(public_data("causal").parent)
    lift = staggered_lift(frame, starts=starts)
    np.testing.assert_allclose(lift.table["effect"], MPDTA, atol=5e-5)
    assert lift.table["group"].tolist() == [2004] * 4 + [2006] * 4 + [2007] * 4
    assert lift.table["date"].tolist() == [2004, 2005, 2006, 2007] * 3
    np.testing.assert_allclose(lift.dynamic["effect"][3:], [-0.0199, -0.0510, -0.1373, -0.1008], atol=5e-5)
    assert lift.over_time.value == pytest.approx(-0.0772, abs=5e-5)
    assert lift.over_groups.value == pytest.approx(-0.031, abs=5e-5)
    assert lift.pretrend_p == pytest.approx(0.16812, abs=5e-6)
    assert lift.table["std_error"][0] * np.sqrt(329 / 328) == pytest.approx(0.0232865, abs=5e-8)
    assert lift.over_groups.high - lift.over_groups.value == pytest.approx(1.97 * 0.0126, rel=0.03)


def test_restaurants_are_answered_as_published():
    public_data("causal/card_krueger_njmin3.csv")
    frame, starts = card_krueger(public_data("causal").parent)
    lift = staggered_lift(frame, starts=starts)
    assert lift.per_unit_day.value == pytest.approx(2.75, abs=0.005)
    assert len(lift.table) == 1


def test_of_one_group_and_two_dates_it_is_a_regression_of_the_changes_with_robust_errors():
    two = PANEL[PANEL["date"].isin(pd.to_datetime(["2026-01-14", "2026-01-15"]))]
    starts = dict.fromkeys(UNITS[:4], "2026-01-15")
    lift = staggered_lift(two, starts=starts)
    change = two.pivot_table(index="unit", columns="date", values="value").diff(axis=1).iloc[:, 1]
    met = np.array([unit in starts for unit in change.index], dtype=float)
    fitted = sm.OLS(change.to_numpy(), sm.add_constant(met)).fit(cov_type="HC0")
    assert lift.per_unit_day.value == pytest.approx(fitted.params[1])
    assert lift.table["std_error"][0] == pytest.approx(fitted.bse[1])


@pytest.fixture(scope="module")
def lift():
    return staggered_lift(PANEL, starts=STARTS, days=7)


def test_a_planted_effect_is_found_and_counted(lift):
    assert lift.per_unit_day.low < 5 < lift.per_unit_day.high
    assert lift.status == "higher"
    assert lift.total.value == pytest.approx(lift.per_unit_day.value * 9 * 7)
    for each in (lift.over_time, lift.over_groups):  # of equal horizons all means are one
        assert each.value == pytest.approx(lift.per_unit_day.value)
    assert lift.dynamic["after"].tolist() == list(range(-7, 7))
    assert lift.groups["group"].tolist() == [pd.Timestamp("2026-01-15"), pd.Timestamp("2026-01-20")]
    met = PANEL[(PANEL["unit"].isin(UNITS[:4]) & PANEL["date"].between("2026-01-15", "2026-01-21"))]
    later = PANEL[(PANEL["unit"].isin(UNITS[4:9]) & PANEL["date"].between("2026-01-20", "2026-01-26"))]
    actual = pd.concat([met, later])["value"].mean()
    each = lift.per_unit_day.value
    assert lift.relative.value == pytest.approx(100 * each / (actual - each))


def test_a_band_of_all_dates_is_wider_than_that_of_one(lift):
    frame = lift.dynamic
    assert (frame["band_low"] < frame["low"]).all()
    assert (frame["band_high"] > frame["high"]).all()
    again = staggered_lift(PANEL, starts=STARTS, days=7)
    pd.testing.assert_frame_equal(again.dynamic, frame, check_exact=True)


def test_the_sentences_say_how_much_of_whom_and_whether_they_moved_alike(lift):
    text = " ".join(lift.sentences())
    assert "per unit and date" in text
    assert "Chosen for 9 units in 2 groups of one start each, and 11 units without the event." in text
    assert "against units that never met it" in text
    assert "cannot be tested: too few units for so many dates" in text
    few = staggered_lift(PANEL, starts=STARTS, days=2)
    assert "Before the event the groups" in " ".join(few.sentences())
    assert "higher" in repr(lift)
    assert lift._repr_html_().startswith("<figure")


def test_groups_that_did_not_move_alike_are_told():
    drifting = PANEL.assign(
        value=PANEL["value"] + np.where(PANEL["unit"].isin(STARTS), PANEL["date"].dt.day_of_year * 3.0, 0.0)
    )
    lift = staggered_lift(drifting, starts=STARTS, days=2)
    assert lift.pretrend_p < 0.001
    assert "did not move alike" in " ".join(lift.sentences())


def test_units_are_compared_with_others_until_their_own_event():
    never, not_yet = (staggered_lift(PANEL, starts=STARTS, days=5, options=each) for each in (None, NOT_YET))
    assert not_yet.per_unit_day.value != never.per_unit_day.value
    assert not_yet.per_unit_day.low < 5 < not_yet.per_unit_day.high
    assert "have not yet met it" in not_yet.method
    everybody = dict.fromkeys(UNITS[9:], "2026-01-28") | STARTS
    with pytest.raises(InputError, match=r'fewer than 2 clean units never meet the event; .*controls="not yet"'):
        staggered_lift(PANEL, starts=everybody)
    with pytest.raises(InputError, match="fewer than 2 clean units are without the event from 2026-01-28 on"):
        staggered_lift(PANEL, starts=everybody, options=NOT_YET)


def test_the_base_may_be_a_week_and_then_narrows_the_interval():
    one, week = (
        staggered_lift(PANEL, starts=STARTS, days=7, options=StaggeredLiftParameters(before=before))
        for before in (1, 7)
    )
    assert week.per_unit_day.high - week.per_unit_day.low < one.per_unit_day.high - one.per_unit_day.low
    assert week.per_unit_day.low < 5 < week.per_unit_day.high


def test_exposed_units_are_compared_with_nobody_and_the_estimate_with_them_stands_beside(lift):
    exposed = ["u15", "u16", "u00", "unknown"]  # a treated unit stays treated
    without = staggered_lift(PANEL, starts=STARTS, days=7, exposed=exposed)
    assert without.with_exposed.value == lift.per_unit_day.value
    assert without.per_unit_day.value != lift.per_unit_day.value
    dropped = staggered_lift(PANEL[~PANEL["unit"].isin(exposed[:2])], starts=STARTS, days=7)
    assert without.per_unit_day.value == pytest.approx(dropped.per_unit_day.value)
    assert without.parameters["exposed"] == 2
    assert "Compared with exposed units, too" in " ".join(without.sentences())


def test_units_without_a_start_or_with_a_later_one_never_meet_it_here():
    more = {**STARTS, "u12": None, "u13": "2026-03-01"}
    assert staggered_lift(PANEL, starts=more, days=7).total == staggered_lift(PANEL, starts=STARTS, days=7).total


def test_rows_in_any_order_give_the_same_bytes(lift):
    again = staggered_lift(PANEL.sample(frac=1, random_state=1), starts=dict(reversed(STARTS.items())), days=7)
    pd.testing.assert_frame_equal(again.table, lift.table, check_exact=True)
    assert again.digest == lift.digest


REFUSED = {
    "nobody": ({"starts": {}}, "no unit meets the event within the dates"),
    "later": ({"starts": dict.fromkeys(UNITS[:3], "2027-01-01")}, "no unit meets the event within the dates"),
    "before": (
        {"starts": dict.fromkeys(UNITS[:3], "2025-12-31")},
        "the start of 'u00', 2025-12-31 is before",
    ),
    "at once": (
        {"starts": dict.fromkeys(UNITS[:3], "2026-01-01")},
        "0 dates before the start on 2026-01-01",
    ),
    "a base too long": ({"options": StaggeredLiftParameters(before=15)}, "14 dates before the start on 2026-01-15"),
    "alone": ({"starts": {"u00": "2026-01-15"}}, "the start on 2026-01-15 is of 'u00' alone, must be of 2 units"),
    "beyond": ({"days": 12}, "the horizon of the start on 2026-01-20 ends after the last row, 2026-01-30"),
    "no control": ({"exposed": UNITS[9:]}, "fewer than 2 clean units never meet the event"),
    "unknown controls": ({"options": StaggeredLiftParameters(controls="no")}, "controls is 'no', must be one of never"),
    "no base": ({"options": StaggeredLiftParameters(before=0)}, "before is 0, must be a whole number of 1 or more"),
    "constant": ({"panel": PANEL.assign(value=1.0)}, "the outcome is the same on all dates"),
}


@pytest.mark.parametrize(("given", "message"), REFUSED.values(), ids=REFUSED)
def test_designs_that_cannot_be_told_are_refused_in_one_line(given, message):
    chosen = {"panel": PANEL, "starts": STARTS, **given}
    with pytest.raises(InputError, match=message) as caught:
        staggered_lift(chosen.pop("panel"), **chosen)
    assert caught.value.remedy


def test_an_unknown_unit_is_refused():
    with pytest.raises(NotFound, match="the unit 'u99' is none of the 20 units"):
        staggered_lift(PANEL, starts={**STARTS, "u99": "2026-01-15"})


def test_too_many_numbers_are_refused_before_they_are_made(monkeypatch):
    monkeypatch.setattr("influence_graph.analyses.lift.staggered._MOST", 1000)
    with pytest.raises(InputError, match="2 groups, 30 dates and 20 units are too many; name a shorter horizon"):
        staggered_lift(PANEL, starts=STARTS)


def test_intervals_hold_the_truth_also_of_small_groups():
    for cell in staggered(60):
        assert cell["coverage"] >= 0.87, cell
