"""Few treated units: the published example, planted effects, exposed donors, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from benchmarks.lift_panels import spillover
from benchmarks.lift_worlds import TIED, PanelWorld, quiet_panel
from influence_graph.analyses.lift.panel import panel_lift
from influence_graph.analyses.lift.panel_result import ALL, CLEAN, PREDICTIVE
from influence_graph.analyses.lift.series_result import SeriesLift
from influence_graph.analyses.lift.synthetic import control
from influence_graph.errors import InputError, NotFound
from influence_graph.model.parameters import PanelLiftParameters
from tests.public_data import public_data

FIRST = pd.Timestamp("2026-01-01")
NO_PLACEBOS = PanelLiftParameters(placebos=False)


def frame_of(values, freq="D"):
    """Return the rows of a matrix (days, units); units are named u00, u01, …"""
    dates = pd.date_range(FIRST, periods=len(values), freq=freq)
    units = [f"u{unit:02}" for unit in range(values.shape[1])]
    wide = pd.DataFrame(values, index=pd.Index(dates, name="date"), columns=pd.Index(units, name="unit"))
    return wide.stack().rename("value").reset_index()


def made(donors=24, before=70, window=7, effect=0.0, seed=1):
    values = quiet_panel(PanelWorld(donors=donors, before=before, window=window), np.random.default_rng(seed))
    values[before:, 0] += effect
    return values


VALUES = made(effect=30.0)
PANEL = frame_of(VALUES)
START = "2026-03-12"


@pytest.fixture(scope="module")
def lift():
    return panel_lift(PANEL, treated="u00", start=START, days=7, exposed=["u03", "u05", "not a unit"])


def test_a_planted_effect_is_within_the_interval_and_clear(lift):
    assert lift.per_unit_day.low < 30 < lift.per_unit_day.high
    assert lift.status == "higher"
    assert lift.p <= 0.05
    assert lift.rank_p == 1 / 23
    assert lift.total.value == pytest.approx(7 * lift.per_unit_day.value)
    without = VALUES[70:, 0].mean() - lift.per_unit_day.value
    assert lift.relative.value == pytest.approx(100 * lift.per_unit_day.value / without)
    assert lift.relative.low == pytest.approx(
        100 * lift.per_unit_day.low / (VALUES[70:, 0].mean() - lift.per_unit_day.low)
    )


def test_the_days_add_up_to_the_total(lift):
    frame = lift.to_frame()
    assert len(frame) == 77
    assert frame["window"].sum() == 7
    assert frame.loc[frame["window"], "gap"].sum() == pytest.approx(lift.total.value)
    np.testing.assert_allclose(frame["actual"] - frame["counterfactual"], frame["gap"])
    assert frame.loc[~frame["window"], "gap"].mean() == pytest.approx(0, abs=1e-9)
    assert (frame["low"] < frame["gap"]).all()
    assert frame["date"].iloc[-1] == pd.Timestamp("2026-03-18")


def test_exposed_units_are_no_donors_and_the_estimate_with_them_stands_beside(lift):
    assert lift.left_out == ("u03", "u05")
    assert not {"u00", "u03", "u05"} & set(lift.weights["unit"])
    assert lift.weights["weight"].sum() == pytest.approx(1)
    estimates = lift.estimates.set_index("method")
    assert estimates["donors"].to_dict() == {CLEAN: 22, PREDICTIVE: 22, ALL: 24}
    everybody = panel_lift(PANEL, treated="u00", start=START, days=7, options=NO_PLACEBOS)
    assert estimates.loc[ALL, "total"] == everybody.total.value
    assert estimates.loc[ALL, "total_low"] == everybody.total.low
    assert estimates.loc[CLEAN, "total"] == lift.total.value
    assert ALL not in set(everybody.estimates["method"])


def test_where_the_predictive_cannot_tell_it_says_why():
    day = PANEL.groupby("unit").cumcount()
    noise = np.random.default_rng(2).normal(size=len(PANEL)) * np.exp(day / 12)
    rising = PANEL.assign(value=PANEL["value"] + np.where(PANEL["unit"] == "u00", noise, 0.0))
    lift = panel_lift(rising, treated="u00", start=START, days=7, options=NO_PLACEBOS)
    assert lift.beside.total is None
    assert list(lift.estimates["method"]) == [CLEAN]
    assert f"it cannot be told: {lift.beside.reason}." in " ".join(lift.sentences())
    short = panel_lift(PANEL, treated="u00", start="2026-01-22", days=7, options=NO_PLACEBOS)
    assert short.beside.startswith("21 days before the event")


def test_the_predictive_beside_is_the_series_with_the_mean_of_the_clean_donors(lift):
    assert isinstance(lift.beside, SeriesLift)
    row = lift.estimates.set_index("method").loc[PREDICTIVE]
    assert (row["total"], row["total_low"], row["p"]) == (lift.beside.total.value, lift.beside.total.low, lift.beside.p)
    assert row["total_low"] < 7 * 30 < row["total_high"]
    assert lift.beside.parameters["controls"] == ["the mean of the donors"]


def test_the_sentences_say_how_much_how_sure_and_of_what(lift):
    text = " ".join(lift.sentences())
    assert "over the 7 days from 2026-03-12 on" in text
    assert "Compared with" in text
    assert "units of 22" in text or "unit of 22" in text
    assert f"of {lift.quiet[1]} quiet windows before it" in text
    assert "the gap for its fit would be as large in 1 of 23" in text
    assert "By the predictive with the mean of the donors" in text
    assert "With the exposed among the donors" in text
    assert "Left out, as exposed: u03, u05." in text
    assert "higher" in repr(lift)
    assert lift._repr_html_().startswith("<figure")


def test_two_ways_that_disagree_are_said_to_be_weak_evidence(lift):
    weak = "Only one of these two ways finds a clear difference: the evidence is weak."
    assert weak not in lift.sentences()
    assert weak in replace(lift, p=0.2).sentences()
    rows = lift.estimates.assign(p=lift.estimates["p"].where(lift.estimates["method"] != PREDICTIVE, 0.2))
    assert weak in replace(lift, estimates=rows).sentences()
    assert weak not in replace(lift, estimates=rows, p=0.2).sentences()


def test_placebos_are_of_all_clean_donors_and_ranked(lift):
    assert lift.placebos["rank"].tolist() == list(range(1, 24))
    assert lift.placebos["unit"].iloc[0] == ""
    assert set(lift.placebos["unit"]) == {"", *lift.weights["unit"]}
    assert lift.placebo_gaps.shape == (77, 22)
    assert lift.placebo_gaps.index[0] == FIRST


def test_below_nineteen_donors_there_is_no_rank():
    eighteen, nineteen = (
        panel_lift(frame_of(VALUES[:, : 1 + donors]), treated="u00", start=START, days=7) for donors in (18, 19)
    )
    assert (eighteen.rank_p, nineteen.rank_p) == (None, 1 / 20)
    assert "No rank among placebos: 18 donors, of 19 or more a rank can be as low as 1 in 20." in eighteen.sentences()


def test_the_treated_are_the_mean_of_all_that_are_named():
    both = panel_lift(PANEL, treated=["u01", "u00"], start=START, days=7)
    target, donors = VALUES[:, :2].mean(axis=1), VALUES[:, 2:]
    gap = (target - control(target, donors, 70, demeaned=True).counterfactual)[70:].mean()
    assert both.per_unit_day.value == pytest.approx(gap)
    assert both.total.value == pytest.approx(14 * gap)
    assert both.parameters["treated"] == ["u00", "u01"]
    assert "varies less than a donor" in " ".join(both.sentences())


def test_one_donor_is_a_difference_in_differences():
    two = panel_lift(frame_of(VALUES[:, :2]), treated="u00", start=START, days=7)
    apart = VALUES[:, 0] - VALUES[:, 1]
    assert two.per_unit_day.value == pytest.approx(apart[70:].mean() - apart[:70].mean())
    assert two.placebos.empty
    assert two.rank_p is None


def test_rows_in_any_order_and_days_after_the_horizon_change_nothing(lift):
    later = pd.concat([PANEL, frame_of(np.full((80, 25), 1e6)).query("date > '2026-03-18'")])
    again = panel_lift(later.sample(frac=1, random_state=0), treated="u00", start=START, days=7, exposed=["u05", "u03"])
    assert again.digest != lift.digest
    pd.testing.assert_frame_equal(again.to_frame(), lift.to_frame(), check_exact=True)
    pd.testing.assert_frame_equal(again.estimates, lift.estimates, check_exact=True)
    pd.testing.assert_frame_equal(again.placebos, lift.placebos, check_exact=True)


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_another_unit_of_what_is_counted_changes_only_the_unit(scale):
    plain = panel_lift(PANEL, treated="u00", start=START, days=7, options=NO_PLACEBOS)
    scaled = panel_lift(
        PANEL.assign(value=PANEL["value"] * scale), treated="u00", start=START, days=7, options=NO_PLACEBOS
    )
    assert scaled.p == plain.p
    assert scaled.total.value == pytest.approx(plain.total.value * scale)
    assert scaled.total.low == pytest.approx(plain.total.low * scale, rel=1e-3)
    assert scaled.relative.value == pytest.approx(plain.relative.value)


def test_a_share_of_nothing_is_none_and_an_end_may_be_open():
    below = panel_lift(
        PANEL.assign(value=PANEL["value"] - 1000), treated="u00", start=START, days=7, options=NO_PLACEBOS
    )
    assert below.relative is None
    assert ") %" not in below.sentences()[0]
    plain = panel_lift(PANEL, treated="u00", start=START, days=7, options=NO_PLACEBOS).per_unit_day
    lower = VALUES[70:, 0].mean() - (plain.value + plain.high) / 2  # so that the upper end is above all that there was
    shifted = PANEL["value"] - np.where(PANEL["unit"] == "u00", lower, 0)
    near = panel_lift(PANEL.assign(value=shifted), treated="u00", start=START, days=7, options=NO_PLACEBOS)
    assert near.relative.high == np.inf


def test_weeks_and_years_have_no_predictive_beside_and_say_so():
    weekly = panel_lift(frame_of(VALUES, "7D"), treated="u00", start="2027-05-06", days=49, options=NO_PLACEBOS)
    yearly = PANEL.assign(date=(PANEL["date"] - FIRST).dt.days + 1900)
    numbered = panel_lift(yearly, treated="u00", start=1970, days=7, options=NO_PLACEBOS)
    assert weekly.total.value == numbered.total.value
    for each in (weekly, numbered):
        assert each.beside == "the dates are no days"
        assert "it cannot be told: the dates are no days." in " ".join(each.sentences())
    assert (weekly.parameters["days"], numbered.parameters["days"]) == ("49 days", "7 periods")


def test_geolift_is_answered_as_published():
    panel = pd.read_csv(public_data("geolift/GeoLift_Test.csv")).rename(columns={"location": "unit", "Y": "value"})
    lift = panel_lift(panel, treated=["chicago", "portland"], start="2021-04-01", days=15)
    assert lift.relative.value == pytest.approx(5.42, abs=0.005)
    assert lift.per_unit_day.value == pytest.approx(155.556, abs=0.0005)
    assert lift.total.value == pytest.approx(4667, abs=0.5)
    assert lift.p == pytest.approx(12 / 105)


REFUSED = {
    "nobody": ({"treated": []}, "no treated unit is named; name at least one"),
    "everybody": ({"treated": sorted(set(PANEL["unit"]))}, "all 25 units are treated"),
    "all others exposed": ({"exposed": sorted(set(PANEL["unit"]))}, "no clean donor is left: all 24 other units met"),
    "before the first row": ({"start": "2025-12-31"}, "start 2025-12-31 is before the first row"),
    "at the first row": ({"start": "2026-01-01"}, "0 dates before the start for 7 from it on, must be 13 or more"),
    "too few before": ({"start": "2026-01-31", "days": 40}, "30 dates before the start for 40 .* must be 40 or more"),
    "beyond the data": ({"days": 8}, "the horizon of 8 days ends on 2026-03-19, the rows on 2026-03-18"),
    "after the data": ({"start": "2027-01-01"}, "start 2027-01-01 is after the last row"),
    "no days": ({"days": 0}, "days is 0, must be a whole number of 1 or more"),
    "no date": ({"start": 7}, "start is 7, must be a date"),
}


@pytest.mark.parametrize(("given", "message"), REFUSED.values(), ids=REFUSED)
def test_designs_that_cannot_be_told_are_refused_in_one_line(given, message):
    with pytest.raises(InputError, match=message) as caught:
        panel_lift(PANEL, **{"treated": "u00", "start": START, "days": 7, **given})
    assert "\n" not in str(caught.value)
    assert caught.value.remedy


def test_an_unknown_treated_unit_gets_the_names_that_are_like_it():
    with pytest.raises(NotFound, match=r"the treated unit 'u0O' is none of the 25 units .*did you mean '"):
        panel_lift(PANEL, treated="u0O", start=START, days=7)


def test_one_unit_alone_and_constant_outcomes_are_refused():
    alone = PANEL[PANEL["unit"] == "u00"]
    with pytest.raises(InputError, match="the one unit is treated: there is nothing to compare with"):
        panel_lift(alone, treated="u00", start=START, days=7)
    constant = PANEL.assign(value=np.where(PANEL["unit"] == "u00", 5.0, PANEL["value"]))
    with pytest.raises(InputError, match=r"the treated .u00. have the same value, 5, on all 70 dates before the start"):
        panel_lift(constant, treated="u00", start=START, days=7)
    others = PANEL.assign(value=np.where(PANEL["unit"] == "u00", PANEL["value"], 5.0))
    with pytest.raises(InputError, match="the value of each of 24 donors is the same on all dates"):
        panel_lift(others, treated="u00", start=START, days=7)


def test_a_gap_and_a_double_row_are_refused():
    for rows, message in ((PANEL.drop(index=3), "has no row"), (pd.concat([PANEL, PANEL.head(1)]), "has 2 rows")):
        with pytest.raises(InputError, match=message):
            panel_lift(rows, treated="u00", start=START, days=7)


def test_dropping_exposed_donors_cuts_the_bias_and_costs_little_where_nothing_spills():
    spilled, quiet = spillover(800, 0.6, TIED), spillover(800, 0.0, TIED)
    known, two_thirds_known = spilled["bias cut"]
    assert known >= 0.8
    assert two_thirds_known >= 0.4
    assert quiet["rmse ratio"][0] <= 1.05


def test_few_windows_before_are_a_reason_for_doubt(lift):
    doubt = "With so few windows before it, interval and p are less sure than they say."
    assert doubt not in lift.sentences()
    assert doubt in panel_lift(PANEL, treated="u00", start="2026-03-05", days=14, options=NO_PLACEBOS).sentences()


def test_the_fit_is_the_share_of_what_the_control_follows(lift):
    past = lift.to_frame().query("not window")
    assert lift.fit == pytest.approx(1 - (past["gap"] ** 2).mean() / past["actual"].var(ddof=0))


def test_ids_may_be_numbers_and_one_alone():
    numbered = PANEL.assign(unit=PANEL["unit"].str[1:].astype(int))
    one = panel_lift(numbered, treated=[0], start=START, days=7, exposed="3", options=NO_PLACEBOS)
    assert one.left_out == ("3",)
    assert one.parameters["treated"] == ["0"]


def test_options_are_those_of_the_parameters(lift):
    assert {"demeaned": True, "placebos": True}.items() <= lift.parameters.items()
    plain = panel_lift(PANEL, treated="u00", start=START, days=7, options=replace(NO_PLACEBOS, demeaned=False))
    assert plain.method.startswith("synthetic control")
    target, donors = VALUES[:, 0], VALUES[:, 1:]
    gap = target - control(target, donors, 70, demeaned=False).counterfactual
    assert plain.total.value == pytest.approx(gap[70:].sum())
    assert plain.placebos.empty
