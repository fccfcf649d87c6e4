"""Touchpoint weights estimated from logs with planted ones."""

import math
import sys
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from influence_graph.analyses.fusion.exposure_panel import build_panel
from influence_graph.analyses.fusion.touchpoint_weights import fit_touchpoint_weights
from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.errors import InputError, MissingExtra
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.records import TOUCHPOINTS
from tests.analyses.fusion.planted import WEIGHTS, plant_touchpoint_log

LOGS = 20


def least_hits(rate):
    """Return how many of LOGS hits are too few to be chance (1 in 10,000) where each comes at *rate*."""
    return int(stats.binom.ppf(1e-4, LOGS, rate))


@pytest.mark.parametrize("outcome", ["recommend", "loyalty"])
def test_planted_weights_are_inside_their_intervals(outcome):
    inside, estimates = np.zeros(5), []
    for seed in range(LOGS):
        log = plant_touchpoint_log(WEIGHTS, seed, outcome=outcome, consumers=250)
        fit = fit_touchpoint_weights(log, outcome)
        truth = fit.frame["touchpoint"].map(WEIGHTS)
        inside += (fit.frame["low"] <= truth) & (truth <= fit.frame["high"])
        estimates.append(fit.frame["weight"])
        assert fit.significant
        assert "data show" in fit.verdict
    assert (inside >= least_hits(0.95)).all()
    bias = np.mean(estimates, axis=0) - np.array([WEIGHTS[name] for name in TOUCHPOINTS])
    assert (np.abs(bias) < 4 * np.std(estimates, axis=0, ddof=1) / math.sqrt(LOGS) + 0.02).all()


@pytest.mark.parametrize("spread", [0.0, 0.5])
def test_without_signal_the_data_cannot_tell_even_if_busy_consumers_recommend_more(spread):
    fits = [
        fit_touchpoint_weights(plant_touchpoint_log({}, seed, consumers=250, pace=spread, frailty=spread))
        for seed in range(LOGS)
    ]
    assert sum(not fit.significant for fit in fits) >= least_hits(0.95)
    assert all(("cannot tell" in fit.verdict) != fit.significant for fit in fits)
    assert 0.1 < np.mean([fit.p_value for fit in fits]) < 0.9


def event(number, day, kind=None, consumer="ann", touchpoint=None, valence=None):
    at = pd.Timestamp("2026-01-01T00:00:00Z") + pd.Timedelta(days=day)
    return {"event_id": f"e{number}", "at": at, "consumer": consumer, "brand": "nova", "kind": kind,
            "touchpoint": touchpoint, "valence": valence}  # fmt: skip


def panel(events, outcome="recommend", exposure="count"):
    rows = [
        event(number, *one) if isinstance(one, tuple) else event(number, **one) for number, one in enumerate(events)
    ]
    return build_panel(read_ledger(pd.DataFrame(rows)), outcome, timedelta(days=10), exposure, FusionPolicy())


def test_a_row_holds_the_exposures_of_one_period_and_the_outcome_of_the_next():
    found = panel([(0, "wear"), (3, "wear"), (12, "live_chat"), (15, "recommend"), (25, "recommend"), (39.9, "wear")])
    assert found.exposure[:, TOUCHPOINTS.index("brand_experience")].tolist() == [2, 0]
    assert found.exposure[:, TOUCHPOINTS.index("executional_excellence")].tolist() == [0, 1]
    assert found.exposure.sum() == 3  # recommending, an engagement, is no exposure
    assert found.outcome.tolist() == [True, True]
    assert found.period.tolist() == [1, 2]


def test_the_clock_of_loyalty_starts_with_the_first_purchase_and_counts_purchases_after_it():
    found = panel([(0, "wear"), (11, "Purchase"), (13, "wear"), (22, "repeat purchase"), (45, "wear")], "loyalty")
    assert found.exposure[:, TOUCHPOINTS.index("brand_experience")].tolist() == [1, 0]
    assert found.outcome.tolist() == [True, False]


def test_exposures_in_points_are_signed_and_do_not_use_the_policys_weights():
    rows = [{"day": 0, "touchpoint": "problem_recovery", "valence": -1.0}, {"day": 30, "kind": "wear"}]
    found = panel(rows, exposure="points")
    assert found.exposure[0].tolist() == [0, 0, 0, 0, -2.25]


def test_the_suggestion_scales_the_largest_weight_to_1_and_has_no_negative_ones():
    fit = fit_touchpoint_weights(plant_touchpoint_log(WEIGHTS, 0))
    suggested = fit.suggestion(dict.fromkeys(TOUCHPOINTS, 1.0))
    assert max(suggested.values()) == suggested["engagement"] == 1.0
    assert suggested["problem_recovery"] == 0.0
    weights = fit.frame.set_index("touchpoint")["weight"]
    ratio = weights["brand_experience"] / weights["engagement"]
    assert suggested["brand_experience"] == pytest.approx(ratio)


def test_a_touchpoint_that_never_came_keeps_its_weight_and_has_no_estimate():
    log = plant_touchpoint_log(WEIGHTS, 0)
    log = log[log["touchpoint"] != "expediting"]
    fit = fit_touchpoint_weights(log)
    row = fit.frame.set_index("touchpoint").loc["expediting"]
    assert math.isnan(row["weight"])
    assert row["exposed"] == 0
    assert fit.suggestion(dict.fromkeys(TOUCHPOINTS, 0.7))["expediting"] == 0.7


def twinned():
    log = plant_touchpoint_log(WEIGHTS, 0)
    log = log[log["touchpoint"] != "expediting"]
    twins = log[log["touchpoint"] == "problem_recovery"].assign(touchpoint="expediting")
    return pd.concat([log, twins.assign(event_id="twin " + twins["event_id"])])


def without_outcomes():
    log = plant_touchpoint_log(WEIGHTS, 0)
    return log[log["kind"] != "recommend"]


SILENT = {
    "few": (lambda: plant_touchpoint_log(WEIGHTS, 0, consumers=10), "are needed"),
    "no outcomes": (without_outcomes, "0 of"),
    "one consumer": (lambda: plant_touchpoint_log(WEIGHTS, 0).assign(consumer="ann"), "needed"),
    "collinear": (twinned, "expediting and problem recovery always go together"),
    "no interactions": (lambda: plant_touchpoint_log(WEIGHTS, 0).head(0), "no interactions"),
    "only outcomes": (lambda: plant_touchpoint_log(WEIGHTS, 0).query("kind == 'recommend'"), "cannot tell"),
}


@pytest.mark.parametrize(("log", "said"), SILENT.values(), ids=SILENT)
def test_where_there_is_nothing_to_estimate_the_verdict_says_why_and_there_are_no_numbers(log, said):
    fit = fit_touchpoint_weights(log())
    assert not fit.significant
    assert said in fit.verdict.replace("_", " ")
    assert fit.frame["weight"].isna().all()
    assert math.isnan(fit.p_value)
    with pytest.raises(InputError, match="no weights to suggest"):
        fit.suggestion(dict.fromkeys(TOUCHPOINTS, 1.0))


def test_an_exposure_after_which_the_outcome_always_came_gets_no_number():
    log = plant_touchpoint_log({**WEIGHTS, "expediting": 60.0}, 0)
    fit = fit_touchpoint_weights(log)
    row = fit.frame.set_index("touchpoint").loc["expediting"]
    assert math.isnan(row["weight"])
    assert row["exposed"] > 1000
    assert "not to be estimated: expediting" in fit.verdict


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"outcome": "recomend"}, "'recommend'"),
        ({"window": timedelta(0)}, "above 0"),
        ({"window": math.nan}, "length of time"),
        ({"exposure": "euros"}, "points or count"),
    ],
)
def test_settings_outside_their_limits_are_refused(settings, said):
    with pytest.raises(InputError, match=said):
        fit_touchpoint_weights(plant_touchpoint_log({}, 0, consumers=5), **settings)


def test_interactions_without_kinds_are_refused():
    with pytest.raises(InputError, match="no column kind"):
        fit_touchpoint_weights(plant_touchpoint_log({}, 0, consumers=5).drop(columns="kind"))


def test_without_statsmodels_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "statsmodels.discrete.discrete_model", None)
    with pytest.raises(MissingExtra, match=r"influence-graph\[fit\]"):
        fit_touchpoint_weights(plant_touchpoint_log(WEIGHTS, 0))


def test_of_large_data_a_sample_of_consumers_is_used(monkeypatch):
    monkeypatch.setattr("influence_graph.analyses.fusion.touchpoint_weights.MAX_ROWS", 4000)
    fit = fit_touchpoint_weights(plant_touchpoint_log(WEIGHTS, 0))
    assert 150 < fit.n_consumers < 300
    assert fit.significant
