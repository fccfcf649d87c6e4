"""Splits at random: published answers, statsmodels and scipy as peers, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.stats import ttest_ind

from benchmarks.lift_known import LALONDE, hillstrom, lalonde
from influence_graph.analyses.lift.randomized import randomized_lift, randomized_panel_lift
from influence_graph.errors import InputError, NotFound
from tests.public_data import public_data

RNG = np.random.default_rng(3)
TREATED = np.arange(60) % 3 == 0
BEFORE = RNG.normal(size=60)
VALUE = 50 + 4 * BEFORE + 2 * TREATED + RNG.normal(size=60) * np.where(TREATED, 3.0, 1.0)
RECORDS = pd.DataFrame({"unit": range(60), "treated": TREATED, "value": VALUE, "before": BEFORE})


def test_earnings_after_a_training_are_answered_as_published():
    public_data("causal/nsw_mixtape.csv")
    people = lalonde(public_data("causal").parent)
    lift = randomized_lift(people)
    assert lift.per_unit.value == pytest.approx(1794.3, abs=0.05)
    robust = sm.OLS(people["value"], sm.add_constant(people["treated"])).fit(cov_type="HC2")
    assert lift.std_error == pytest.approx(robust.bse["treated"])
    adjusted = randomized_lift(people, covariates=LALONDE)
    known = people[LALONDE] - people[LALONDE].mean()
    crossed = known.mul(people["treated"], axis=0).add_prefix("with ")
    design = sm.add_constant(pd.concat([people[["treated"]], known, crossed], axis=1))
    peer = sm.OLS(people["value"], design).fit(cov_type="HC2", use_t=True)
    assert adjusted.per_unit.value == pytest.approx(peer.params["treated"])
    assert adjusted.std_error == pytest.approx(peer.bse["treated"])
    assert adjusted.p == pytest.approx(peer.pvalues["treated"])
    assert (adjusted.per_unit.low, adjusted.per_unit.high) == pytest.approx(tuple(peer.conf_int().loc["treated"]))
    assert "The arms differed in nodegree before, by -0.30 standard deviations" in " ".join(adjusted.sentences())


def test_visits_after_a_mail_are_answered_as_published():
    public_data("hillstrom/hillstrom.csv.gz")
    lift = randomized_lift(hillstrom(public_data("hillstrom").parent))
    np.testing.assert_allclose(lift.arms["mean"], [0.1514, 0.1062], atol=5e-5)
    assert lift.per_unit.value == pytest.approx(0.1514 - 0.10617, abs=5e-5)
    assert lift.arms["units"].tolist() == [21387, 21306]


def test_without_covariates_it_is_welch():
    lift = randomized_lift(RECORDS)
    peer = ttest_ind(VALUE[TREATED], VALUE[~TREATED], equal_var=False)
    interval = peer.confidence_interval()
    assert lift.per_unit.value == pytest.approx(VALUE[TREATED].mean() - VALUE[~TREATED].mean())
    assert (lift.per_unit.low, lift.per_unit.high) == pytest.approx((interval.low, interval.high))
    assert lift.p == pytest.approx(peer.pvalue)
    assert lift.total.value == pytest.approx(20 * lift.per_unit.value)
    assert lift.method == "Welch"


def test_what_was_known_before_narrows_the_interval():
    plain, adjusted = randomized_lift(RECORDS), randomized_lift(RECORDS, covariates=["before"])
    assert adjusted.std_error < 0.8 * plain.std_error
    assert adjusted.per_unit.low < 2 < adjusted.per_unit.high
    assert adjusted.balance["covariate"].tolist() == ["before"]
    spread = np.sqrt((BEFORE[TREATED].var(ddof=1) + BEFORE[~TREATED].var(ddof=1)) / 2)
    apart = (BEFORE[TREATED].mean() - BEFORE[~TREATED].mean()) / spread
    assert adjusted.balance["difference"][0] == pytest.approx(apart)


@pytest.mark.parametrize("covariates", [(), ("before",)])
def test_the_interval_of_the_share_holds_the_truth_in_ninety_five_of_a_hundred(covariates):
    hits = []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        known = rng.normal(size=200)
        drawn = rng.permutation(200) < 100
        value = (20 + 3 * known + rng.normal(size=200) * 5) * np.where(drawn, 1.1, 1.0)
        frame = pd.DataFrame({"treated": drawn, "value": value, "before": known})
        share = randomized_lift(frame, covariates=covariates).relative
        hits.append(share.low <= 10 <= share.high)
    assert 0.91 <= np.mean(hits) <= 0.98


def test_where_nothing_would_have_been_there_is_no_share():
    lift = randomized_lift(RECORDS.assign(value=VALUE - 100))
    assert lift.relative is None
    assert " %" not in lift.sentences()[0]


def test_a_panel_is_compared_by_the_mean_of_the_horizon_less_what_was_before():
    days = pd.date_range("2026-01-01", periods=20)
    values = 30 + BEFORE + RNG.normal(size=(20, 60)) + np.outer(np.arange(20) >= 14, 2.0 * TREATED)
    ids = [f"u{unit:02}" for unit in range(60)]
    wide = pd.DataFrame(values, index=pd.Index(days, name="date"), columns=pd.Index(ids, name="unit"))
    panel = wide.stack().rename("value").reset_index()
    drawn = [ids[unit] for unit in np.flatnonzero(TREATED)]
    lift = randomized_panel_lift(panel, treated=drawn, start="2026-01-15", days=5)
    frame = pd.DataFrame({"treated": TREATED, "value": values[14:19].mean(0), "before": values[:14].mean(0)})
    by_hand = randomized_lift(frame, covariates=["before"])
    assert lift.per_unit.value == pytest.approx(by_hand.per_unit.value)
    assert lift.std_error == pytest.approx(by_hand.std_error)
    assert lift.total.value == pytest.approx(20 * 5 * lift.per_unit.value)
    assert lift.per_unit.low < 2 < lift.per_unit.high
    at_once = randomized_panel_lift(panel[panel["date"] >= "2026-01-15"], treated=drawn, start="2026-01-15", days=5)
    assert at_once.method == "Welch"
    assert at_once.per_unit.value == pytest.approx(randomized_lift(frame).per_unit.value)
    with pytest.raises(NotFound, match="the treated unit 'x' is none of the 60 units"):
        randomized_panel_lift(panel, treated=["x"], start="2026-01-15", days=5)
    with pytest.raises(InputError, match="the horizon of 7 days ends on 2026-01-21"):
        randomized_panel_lift(panel, treated=drawn, start="2026-01-15", days=7)


def test_the_result_says_what_was_compared():
    lift = randomized_lift(RECORDS, covariates=["before"])
    text = " ".join(lift.sentences())
    assert "in 20 units with the event" in text
    assert "in 40 without" in text
    assert "dealt at random" in text
    assert "adjusted for before, HC2" in text
    assert lift.to_frame().columns.tolist() == ["arm", "units", "mean", "std_error"]
    assert lift.parameters == {"covariates": ["before"], "units": 60, "treated": 20, "dates": 1}
    assert lift.digest == randomized_lift(RECORDS.to_dict("list"), covariates=["before"]).digest
    assert "higher" in repr(lift)
    assert lift._repr_html_().startswith("<figure")


REFUSED = {
    "no arm": ({"treated": False}, "0 units with the event and 60 without; give 10 units or more, 2 or more in each"),
    "text": ({"treated": "yes"}, "treated is 'yes' in a row, must be true or false"),
    "a third arm": ({"treated": np.arange(60) % 3}, "treated is '2' in a row"),
    "a missing value": ({"value": [None, *VALUE[1:]]}, "the value of row 1 is missing or not finite .1 such rows."),
    "text values": ({"value": ["a"] * 60}, "the values of value are no numbers"),
    "a missing covariate": ({"before": [np.nan, *BEFORE[1:]]}, "the before of row 1 is missing"),
    "constant": ({"value": 1.0}, "the value is the same for all units of an arm, 1"),
    "a constant covariate": ({"before": 1.0}, "columns of the regression are collinear"),
    "a double unit": ({"unit": [0, *range(59)]}, "the unit '0' has several rows"),
}


@pytest.mark.parametrize(("given", "message"), REFUSED.values(), ids=REFUSED)
def test_records_that_cannot_be_compared_are_refused_in_one_line(given, message):
    with pytest.raises(InputError, match=message) as caught:
        randomized_lift(RECORDS.assign(**given), covariates=["before"])
    assert caught.value.remedy


def test_few_units_and_missing_columns_are_refused():
    with pytest.raises(InputError, match="3 units with the event and 6 without; give 10 units or more"):
        randomized_lift(RECORDS.head(9))
    with pytest.raises(InputError, match="have no column 'age'"):
        randomized_lift(RECORDS, covariates=["age"])
