"""Touchpoint weights estimated from logs with planted ones."""

import math
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from influence_graph.analyses.fusion.touchpoint_weights import fit_touchpoint_weights
from influence_graph.errors import InputError
from influence_graph.model.records import TOUCHPOINTS
from tests.analyses.fusion.null_logs import FLAGGED, NULLS, null_log
from tests.analyses.fusion.planted import EFFECTS, WEIGHTS, plant_touchpoint_log

LOGS = 16
WEEK = timedelta(days=6)


def least_hits(rate):
    """Return how many of LOGS hits are too few to be chance (1 in 10,000) where each comes at *rate*."""
    return int(stats.binom.ppf(1e-4, LOGS, rate))


def fits_of(effect, outcome="recommend"):
    return [
        fit_touchpoint_weights(plant_touchpoint_log(effect, seed, outcome=outcome), outcome, WEEK, None, "count")
        for seed in range(LOGS)
    ]


@pytest.mark.parametrize("outcome", ["recommend", "loyalty"])
def test_planted_weights_are_inside_their_intervals(outcome):
    fits = fits_of(WEIGHTS, outcome)
    truth = fits[0].frame["touchpoint"].map(WEIGHTS).fillna(0.0)
    assert all(fit.significant and "data show" in fit.verdict for fit in fits)
    assert (sum((fit.frame["low"] <= truth) & (truth <= fit.frame["high"]) for fit in fits) >= least_hits(0.95)).all()
    estimates = np.array([fit.frame["weight"] for fit in fits])
    bias = estimates.mean(axis=0) - truth
    assert (np.abs(bias) < 4 * estimates.std(axis=0, ddof=1) / math.sqrt(LOGS) + 0.02).all()


@pytest.mark.parametrize("name", [*TOUCHPOINTS, "recovery above all, complaints deter"])
def test_a_planted_cause_has_its_sign_and_is_never_written_as_0(name):
    strongest = name if name in TOUCHPOINTS else "problem_recovery"
    found = [fit for fit in fits_of(EFFECTS[name]) if fit.significant]
    assert len(found) >= least_hits(0.95)
    rows = [fit.frame.set_index("touchpoint").loc[strongest] for fit in found]
    assert all(row["weight"] > 0 for row in rows)
    assert sum(row["low"] > 0 for row in rows) >= least_hits(0.9)
    suggested = [fit.suggestion(dict.fromkeys(TOUCHPOINTS, 1.0)) for fit in found if (fit.frame["low"][:5] > 0).any()]
    assert all(weights[strongest] > 0 for weights in suggested)


@pytest.mark.parametrize("name", NULLS)
def test_without_signal_the_data_cannot_tell_whatever_else_brings_contacts_and_outcomes_together(name):
    """The same at length: ``python -m benchmarks.policy_fit --sets 200``."""
    logs = [null_log(name, seed) for seed in range(LOGS)]
    for days in (1, 6, 30):
        fits = [fit_touchpoint_weights(log, "recommend", timedelta(days=days)) for log in logs]
        assert sum(not fit.significant for fit in fits) >= least_hits(0.95)
        assert all(("cannot tell" in fit.verdict) != fit.significant for fit in fits)
        assert all(fit.frame["weight"].isna().all() != fit.significant for fit in fits)
        assert 0.2 < np.mean([fit.p_value for fit in fits]) < 0.8


def test_a_finding_that_rests_on_complaints_and_recoveries_says_so():
    fits = [fit_touchpoint_weights(null_log(FLAGGED, seed, bonds=12_000), window=WEEK) for seed in range(6)]
    found = [fit for fit in fits if fit.significant]
    assert len(found) >= 3  # of 6 at the level: 1 in 500
    assert sum("rests on complaints and recoveries" in fit.verdict for fit in found) >= len(found) - 1
    other = fit_touchpoint_weights(plant_touchpoint_log(EFFECTS["engagement"], 0), window=WEEK)
    assert "rests on" not in other.verdict


def test_where_all_contacts_do_the_same_it_cannot_be_told_from_activity():
    assert sum(fit.significant for fit in fits_of(EFFECTS["all the same"])) <= LOGS - least_hits(0.95)


def test_the_suggestion_scales_the_largest_weight_to_1_and_a_clearly_negative_one_to_0():
    fit = fit_touchpoint_weights(
        plant_touchpoint_log({**WEIGHTS, "problem_recovery": -1.5}, 0, bonds=2000), window=WEEK
    )
    suggested = fit.suggestion(dict.fromkeys(TOUCHPOINTS, 1.0))
    rows = fit.frame.set_index("touchpoint")
    clear = rows.index[rows["low"] > 0]
    top = rows.loc[clear, "weight"].max()
    assert max(suggested.values()) == 1.0
    assert rows.loc["problem_recovery", "high"] < 0
    assert suggested["problem_recovery"] == 0.0
    assert suggested["engagement"] == pytest.approx(rows.loc["engagement", "weight"] / top)


def test_where_the_interval_includes_0_the_base_stays_as_far_as_the_interval_allows():
    fit = fit_touchpoint_weights(plant_touchpoint_log(EFFECTS["engagement"], 0), window=WEEK)
    row = fit.frame.set_index("touchpoint").loc["brand_experience"]
    top = fit.frame["weight"].max()
    assert row["low"] < 0 < row["high"]
    assert fit.suggestion(dict.fromkeys(TOUCHPOINTS, 1.0))["brand_experience"] == pytest.approx(row["high"] / top)
    assert fit.suggestion(dict.fromkeys(TOUCHPOINTS, 0.001))["brand_experience"] == 0.001


def test_a_touchpoint_that_never_came_keeps_its_weight_and_has_no_estimate():
    log = plant_touchpoint_log(WEIGHTS, 0)
    fit = fit_touchpoint_weights(log[log["kind"] != "fast_delivery"], window=WEEK)
    row = fit.frame.set_index("touchpoint").loc["expediting"]
    assert math.isnan(row["weight"])
    assert row["exposed"] == 0
    assert "not to be estimated: expediting" in fit.verdict
    assert fit.suggestion(dict.fromkeys(TOUCHPOINTS, 0.7))["expediting"] == 0.7


def twinned():
    log = plant_touchpoint_log(WEIGHTS, 0)
    log = log[log["kind"] != "fast_delivery"]
    twins = log[log["kind"] == "recovery"].assign(kind="fast_delivery")
    return pd.concat([log, twins.assign(event_id="twin " + twins["event_id"])])


def planted_without(kind):
    log = plant_touchpoint_log(WEIGHTS, 0)
    return log[log["kind"] != kind]


SILENT = {
    "few": (lambda: plant_touchpoint_log(WEIGHTS, 0, bonds=20), "are needed"),
    "no outcomes": (lambda: planted_without("recommend"), "only 0 outcomes"),
    "one consumer": (lambda: plant_touchpoint_log(WEIGHTS, 0).assign(consumer="ann"), "needed"),
    "always together": (twinned, "expediting and problem recovery always go together"),
    "no interactions": (lambda: plant_touchpoint_log(WEIGHTS, 0).head(0), "no interactions"),
    "only outcomes": (lambda: plant_touchpoint_log(WEIGHTS, 0).query("kind == 'recommend'"), "too few contacts"),
    "one kind": (lambda: plant_touchpoint_log(WEIGHTS, 0).query("kind in ['recommend', 'wear']"), "only brand"),
}


@pytest.mark.parametrize(("log", "said"), SILENT.values(), ids=SILENT)
def test_where_there_is_nothing_to_estimate_the_verdict_says_why_and_there_are_no_numbers(log, said):
    fit = fit_touchpoint_weights(log(), window=WEEK, exposure="count")
    assert not fit.significant
    assert said in fit.verdict.replace("_", " ")
    assert fit.frame["weight"].isna().all()
    assert math.isnan(fit.p_value)
    with pytest.raises(InputError, match="no weights to suggest"):
        fit.suggestion(dict.fromkeys(TOUCHPOINTS, 1.0))


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
        fit_touchpoint_weights(plant_touchpoint_log({}, 0, bonds=10), **settings)


def test_interactions_without_kinds_are_refused():
    with pytest.raises(InputError, match="no column kind"):
        fit_touchpoint_weights(plant_touchpoint_log({}, 0, bonds=10).drop(columns="kind"))


def test_of_many_outcomes_a_random_part_is_used(monkeypatch):
    monkeypatch.setattr("influence_graph.analyses.fusion.exposure_panel.MAX_CASES", 300)
    fit = fit_touchpoint_weights(plant_touchpoint_log(EFFECTS["engagement"], 0), window=WEEK)
    assert 250 < fit.n_outcomes <= 300
    assert fit.significant
