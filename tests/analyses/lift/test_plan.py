"""Plans, against simulation of the days to come and the test that will be made of them."""

from __future__ import annotations

import json

import numpy as np
import pytest

from influence_graph.analyses.lift.plan import lift_plan
from influence_graph.analyses.lift.predictive import fit
from influence_graph.analyses.lift.series import series_lift
from influence_graph.analyses.lift.window import design_of
from influence_graph.analyses.result import Result
from influence_graph.errors import InputError
from tests.analyses.lift.naive import daily, day, lasting


def history(seed: int = 0, days: int = 120) -> np.ndarray:
    return 100 + 3 * lasting(np.random.default_rng(seed), days, 0.5)


def test_the_promised_effect_is_shown_in_80_of_100_simulated_campaigns():
    values = history()
    plan = lift_plan(daily(values), days=7)
    first = daily(values)["date"].iloc[0].date()
    design, _ = design_of(first, 127, 120, (True, True))
    ahead = fit(values, design[:120]).ahead(design[120:])
    courses = ahead.draws(400, np.random.default_rng(1))
    total = ahead.of(np.ones((1, 7)))
    shown = [total.p_value([course.sum() + plan.smallest])[0] <= 0.05 for course in courses]
    assert np.mean(shown) == pytest.approx(0.8, abs=0.06)


def test_the_promised_effect_is_shown_by_the_test_of_new_series_in_about_80_of_100():
    shown = 0
    for seed in range(100):
        values = history(seed, 127)
        plan = lift_plan(daily(values[:120]), days=7)
        values[120:] += plan.smallest / 7
        shown += series_lift(daily(values), start=day(120), days=7).status == "higher"
    assert 70 <= shown <= 90  # of 100 at 0.8, by chance outside in 1 of 70


def test_power_rises_with_the_effect_and_days_needed_are_the_first_with_enough():
    frame = daily(history())
    powers = [lift_plan(frame, days=7, effect=effect).power for effect in (0.005, 0.02, 0.05, 0.2)]
    assert powers == sorted(powers)
    assert powers[0] < 0.3
    assert powers[-1] > 0.99
    plan = lift_plan(frame, days=3, effect=0.07)
    table = plan.to_frame()
    assert len(table) == 60  # half of the history
    enough = table[table["power"] >= 0.8]
    assert plan.days_needed == enough["days"].iloc[0] == 2
    at = lift_plan(frame, days=3, effect=table["smallest_percent"].iloc[2] / 100)
    assert at.power == pytest.approx(0.8, abs=1e-4)
    assert lift_plan(frame, days=3, effect=1e-4).days_needed is None


def test_what_is_expected_is_the_level_and_more_days_need_a_smaller_part():
    table = lift_plan(daily(history()), days=14).to_frame()
    assert list(table["days"]) == list(range(1, 15))
    assert table["expected"].to_numpy() == pytest.approx(100 * np.arange(1, 15), rel=0.05)
    assert table["smallest_percent"].to_numpy() == pytest.approx(100 * table["smallest"] / table["expected"])
    assert table["smallest_percent"].iloc[-1] < table["smallest_percent"].iloc[0]
    assert table["power"].isna().all()


def test_controls_sharpen_a_plan():
    rng = np.random.default_rng(3)
    shared = 50 + rng.standard_normal(120).cumsum()
    frame = daily(shared + rng.normal(size=120)).assign(other=shared)
    assert lift_plan(frame, days=7, controls=["other"]).smallest < lift_plan(frame, days=7).smallest / 2


def test_it_says_what_it_promises():
    plan = lift_plan(daily(history()), days=7, effect=0.1)
    assert isinstance(plan, Result)
    assert json.loads(json.dumps(dict(plan.parameters))) == plan.parameters
    first, second, third = plan.sentences()
    assert first.startswith("Over 7 days this history shows a rise of ")
    assert second == f"Over 7 days a rise of 10 % is shown with a chance of {100 * plan.power:.0f} %."
    assert third == f"To show a rise of 10 % in 4 of 5 campaigns takes {plan.days_needed} day."
    assert repr(plan).startswith("<LiftPlan: days 7, smallest ")
    none = lift_plan(daily(history()), days=7, effect=1e-5)
    assert none.sentences()[-1].endswith("takes more than this history allows.")


def test_growing_noise_is_said():
    values = 100 + np.linspace(1, 5, 200) * np.random.default_rng(1).normal(size=200)
    plan = lift_plan(daily(values), days=7)
    assert plan.noise_grows
    assert plan.sentences()[-1].startswith("The noise of the history grows")


def test_a_level_around_zero_has_no_percent():
    plan = lift_plan(daily(history() - 103), days=7)
    assert plan.smallest_percent is None
    assert "%" not in plan.sentences()[0]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"effect": 0}, "effect is 0, must be a part above 0"),
        ({"effect": "10%"}, "effect is 10%, must be a part above 0"),
        ({"days": 0}, "days is 0, must be a whole number"),
        ({"days": 61}, "120 days before .* must be at least 122; .* or declare at most 60 days"),
        ({"daily": daily(history()[:20])}, "20 days before .* must be at least 28"),
        ({"daily": daily(history() - 500), "effect": 0.1}, "what is expected without it is -.*, must be above 0"),
    ],
)
def test_what_cannot_be_planned_is_refused(changed, message):
    given = {"daily": daily(history()), "days": 7} | changed
    with pytest.raises(InputError, match=message):
        lift_plan(given.pop("daily"), **given)
