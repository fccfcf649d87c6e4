"""Campaigns that overlap, against dense algebra and planted effects."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from influence_graph.analyses.lift import lag_effects
from influence_graph.analyses.lift.overlap import repeated_lift
from influence_graph.analyses.result import Result
from influence_graph.errors import InputError
from tests.analyses.lift import naive
from tests.analyses.lift.naive import daily, day, lasting

LAGS = 7
EFFECTS = {"mail": np.array([5, 8, 6, 4, 2, 1, 0.5]), "concert": np.array([1, 3, 6, 9, 6, 3, 1.0])}


def campaigns(days: dict[str, list[int]]) -> pd.DataFrame:
    rows = [(kind, day(place)) for kind, places in days.items() for place in places]
    return pd.DataFrame(rows, columns=["kind", "date"])


def planted(seed: int, rho: float = 0.5, sd: float = 1.5, weeks: int = 20, number: int = 7):
    rng = np.random.default_rng(seed)
    values = 80 + sd * lasting(rng, 7 * weeks, rho)
    chosen = np.sort(rng.choice(np.arange(1, weeks - 1), number, replace=False)) * 7
    days = {}
    for kind, effect in EFFECTS.items():
        days[kind] = (chosen + rng.integers(0, 7, number)).tolist()
        for place in days[kind]:
            values[place : place + LAGS] += effect[: values.size - place]
    return values, campaigns(days)


def test_both_kinds_are_told_apart_where_one_at_a_time_is_far_off():
    inside, found = [], []
    for seed in range(12):
        values, frame = planted(seed)
        lift = repeated_lift(daily(values), frame, days=LAGS)
        totals = lift.totals.set_index("kind")
        assert (totals["status"] == "higher").all()
        for kind, effect in EFFECTS.items():
            inside.append(totals.loc[kind, "low"] <= effect.sum() <= totals.loc[kind, "high"])
            found.append(totals.loc[kind, "total"] - effect.sum())
        seen = lift.to_frame()
        truth = np.concatenate([EFFECTS[kind] for kind in ("concert", "mail")])
        assert np.mean((seen["low"] <= truth) & (truth <= seen["high"])) > 0.6
    assert np.mean(inside) >= 0.8
    assert abs(np.mean(found)) < 2
    values, frame = planted(5)
    alone = repeated_lift(daily(values), frame[frame["kind"] == "mail"], days=LAGS).totals["total"].iloc[0]
    assert alone > EFFECTS["mail"].sum() + 10


def test_totals_are_those_of_a_dense_normal_model(monkeypatch):
    smoothness = np.array([1e-3, 1e-1, 10.0])
    monkeypatch.setattr(lag_effects, "_SMOOTHNESS", smoothness)
    rng = np.random.default_rng(4)
    values = 20 + lasting(rng, 45, 0.3)
    values[12:14] += 6
    lagged = np.zeros((45, 6))
    for column, places in ((0, (5, 12, 30)), (3, (7, 20, 36))):
        for place in places:
            for lag in range(3):
                lagged[place + lag, column + lag] += 1
    design = np.column_stack([np.ones(45), np.arange(45)])
    mean, deviation = naive.totals_of_kinds(values, design, lagged, 3, smoothness)
    made = lag_effects.lag_effects(values, design, lagged, 3).of(np.repeat(np.eye(2), 3, axis=1))
    spread = made.scale**2 * made.freedom / (made.freedom - 2) + (made.location - made.mean) ** 2
    assert made.mean == pytest.approx(mean, rel=1e-6)
    assert np.sqrt(made.weight @ spread) == pytest.approx(deviation, rel=1e-6)


def test_what_all_campaigns_did_is_the_sum_over_the_days_of_the_data():
    values, frame = planted(2, sd=0.5)
    frame = pd.concat([frame, campaigns({"mail": [138]})])  # two of seven days are in the data
    values[138:] += EFFECTS["mail"][:2]
    lift = repeated_lift(daily(values), frame, days=LAGS)
    planted_ = 7 * sum(effect.sum() for effect in EFFECTS.values()) + EFFECTS["mail"][:2].sum()
    assert lift.together.low < planted_ < lift.together.high
    assert lift.totals["campaigns"].tolist() == [7, 8]


def test_it_keeps_to_the_protocol_and_says_what_it_found():
    values, frame = planted(1)
    lift = repeated_lift(daily(values), frame, days=LAGS)
    assert isinstance(lift, Result)
    assert json.loads(json.dumps(dict(lift.parameters))) == lift.parameters
    assert repr(lift).startswith("<RepeatedLift: concert ")
    concert, mail, together = lift.sentences()
    assert concert.startswith("A campaign of the kind concert: +")
    assert mail.endswith("; 7 campaigns): higher.")
    assert together.startswith("All campaigns together: +")
    assert list(lift.to_frame().columns) == ["kind", "day", "effect", "low", "high"]
    again = repeated_lift(daily(values), frame.iloc[::-1], days=LAGS)
    assert again.to_frame().equals(lift.to_frame())


def test_noise_that_grows_cannot_be_told():
    values, frame = planted(3)
    values += np.linspace(0, 12, values.size) * np.random.default_rng(0).normal(size=values.size)
    lift = repeated_lift(daily(values), frame, days=LAGS)
    assert (lift.totals["status"] == "cannot tell").all()
    assert lift.together is None
    assert lift.totals["total"].isna().all()
    assert lift.to_frame()["effect"].isna().all()
    assert lift.sentences() == [f"What the campaigns did cannot be told: {lift.reason}."]


VALUES = 50 + lasting(np.random.default_rng(0), 140, 0.3)


@pytest.mark.parametrize(
    ("days", "changed", "message"),
    [
        (
            {"a": [20, 50, 90], "b": [22, 52, 92]},
            {},
            "each 'b' is 2 days after a 'a': their effects cannot be told apart; count them as one kind",
        ),
        ({"a": [20, 50], "b": [20, 50]}, {}, "each 'b' is on the day of a 'a'"),
        ({"a": [22], "b": [20]}, {}, "each 'b' is 2 days before a 'a'"),
        ({"a": list(range(0, 140, 7))}, {"days": 5}, "the effects of the campaigns by lag cannot be told apart"),
        ({"a": [139]}, {}, "the effects of the campaigns by lag cannot be told apart"),
        ({"a": list(range(0, 120, 6))}, {}, "the number of days without a campaign is 1., must be at least 28"),
        ({"a": [20, 200]}, {}, "the campaign on 2026-07-20 is not on a day from 2026-01-01 to 2026-05-20"),
        ({"a": [-3]}, {}, "the campaign on 2025-12-29 is not on a day from"),
        ({}, {}, "there are no campaigns"),
        ({"a": [20, 50]}, {"days": 1}, "days is 1, must be a whole number of 2 or more"),
    ],
)
def test_what_cannot_be_told_apart_is_refused_in_one_line(days, changed, message):
    with pytest.raises(InputError, match=message) as caught:
        repeated_lift(daily(VALUES), campaigns(days), **({"days": LAGS} | changed))
    assert "\n" not in str(caught.value)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (daily(np.full(140, 3.0)), "the outcome is 3 on all 140 days; give a series that changes"),
        (daily(VALUES).assign(x=1.0), "the control 'x' is 0, or a sum of the columns before it"),
        (daily(VALUES).drop(index=7), "2026-01-08 has no row"),
    ],
)
def test_what_is_no_series_is_refused(frame, message):
    controls = ["x"] if "x" in frame else []
    with pytest.raises(InputError, match=message):
        repeated_lift(frame, campaigns({"a": [20, 50]}), days=LAGS, controls=controls)


def test_the_same_gap_beyond_the_declared_days_is_no_overlap():
    values = VALUES.copy()
    lift = repeated_lift(daily(values), campaigns({"a": [20, 60, 100], "b": [30, 70, 110]}), days=LAGS)
    assert lift.totals["kind"].tolist() == ["a", "b"]
