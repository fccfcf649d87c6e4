"""What a point is worth: metafor's printed answers, the restricted likelihood by another way, coverage, refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.linalg import null_space
from scipy.optimize import minimize_scalar
from scipy.stats import multivariate_normal

from benchmarks.lift_known import bcg
from benchmarks.lift_panels import points
from influence_graph.analyses.intervals import Z
from influence_graph.analyses.lift.meta import lift_per_point, regression, spread_interval
from influence_graph.errors import InputError

BCG = bcg()
LIFT, ERROR, LATITUDE = (BCG[name].to_numpy(dtype=float) for name in ("lift", "std_error", "points"))


def test_trials_of_a_vaccine_are_answered_as_metafor_prints():
    # https://github.com/wviechtb/metafor: rma(yi, vi, mods = ~ ablat, data=dat, test="knha")
    found = lift_per_point(BCG)
    slope, without = found.per_point, found.without
    assert (slope.value, slope.low, slope.high) == pytest.approx((-0.0291, -0.0472, -0.0111), abs=5e-5)
    assert (without.value, without.low, without.high) == pytest.approx((0.2515, -0.3735, 0.8764), abs=1e-4)
    assert found.spread.value == pytest.approx(0.2763, abs=5e-5)
    assert found.spread.value**2 == pytest.approx(0.0764, abs=1e-4)  # its search stops within 1e-5


def test_without_points_the_spread_and_its_interval_are_those_of_metafor():
    design = np.ones((13, 1))
    found = regression(LIFT, design, ERROR**2)
    assert (found.coefficients[0], found.spread**2) == pytest.approx((-0.7145, 0.3132), abs=5e-5)
    assert np.square(spread_interval(LIFT, design, ERROR**2)) == pytest.approx((0.1197, 1.1115), abs=5e-5)


@pytest.mark.parametrize("seed", range(4))
def test_the_spread_makes_what_the_line_leaves_most_likely(seed):
    rng = np.random.default_rng(seed)
    moved, variance = rng.gamma(2, 5, 12), rng.gamma(4, 0.25, 12) ** 2
    lift = 2 * moved + rng.normal(size=12) * 2 + rng.normal(size=12) * np.sqrt(variance)
    design = np.column_stack([np.ones(12), moved])
    contrasts = null_space(design.T).T  # what no line can change

    def loss(spread):
        covariance = contrasts @ np.diag(variance + spread**2) @ contrasts.T
        return -multivariate_normal(np.zeros(10), covariance).logpdf(contrasts @ lift)

    best = minimize_scalar(loss, bounds=(0, 20), method="bounded", options={"xatol": 1e-8})
    assert regression(lift, design, variance).spread == pytest.approx(best.x, rel=1e-4)


def test_where_lifts_vary_no_more_than_their_errors_say_there_is_no_spread():
    moved = np.arange(8.0)
    frame = pd.DataFrame({"campaign": range(8), "points": moved, "lift": 3 * moved + 1, "std_error": 2.0})
    found = lift_per_point(frame)
    assert (found.spread.value, found.spread.low) == (0, 0)
    error = 2 / np.sqrt(np.sum((moved - moved.mean()) ** 2))  # of the errors alone, for nothing is left over
    assert found.per_point.value == pytest.approx(3)
    assert found.per_point.high - 3 == pytest.approx(2.446911848 * error)


def test_intervals_hold_the_truth():
    cells = list(points(80))
    assert len(cells) == 16
    assert np.mean([cell["coverage"] for cell in cells]) >= 0.94
    assert min(cell["coverage"] for cell in cells) >= 0.88


def test_ends_of_an_interval_stand_for_an_error():
    ends = BCG.assign(low=LIFT - Z * ERROR, high=LIFT + Z * ERROR).drop(columns="std_error")
    assert lift_per_point(ends).per_point.value == pytest.approx(lift_per_point(BCG).per_point.value)
    assert lift_per_point(ends).per_point.low == pytest.approx(lift_per_point(BCG).per_point.low)


def test_campaigns_without_a_finite_error_are_left_out_and_named():
    more = pd.concat([BCG, pd.DataFrame({"campaign": [77], "points": [5.0], "lift": [1.0], "std_error": [np.inf]})])
    found = lift_per_point(more)
    assert found.left_out == ("77",)
    assert found.per_point == lift_per_point(BCG).per_point
    assert "Left out without a finite error: 77." in found.sentences()


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (BCG.head(5), "5 campaigns with a finite error, must be 6 or more"),
        (BCG.head(0), "0 campaigns with a finite error, must be 6 or more"),
        (BCG.assign(points=7), "all campaigns moved 7 points"),
    ],
)
def test_of_too_little_it_cannot_tell(frame, reason):
    found = lift_per_point(frame)
    assert (found.per_point, found.without, found.spread) == (None, None, None)
    assert found.reason == reason
    assert found.sentences() == [f"What a point is worth cannot be told: {reason}."]
    assert "cannot tell" in repr(found)
    assert len(found.to_frame()) == len(frame)


def test_an_interval_with_zero_in_it_is_no_finding():
    noisy = BCG.assign(std_error=5.0)
    assert (
        "Whether more points go with more lift cannot be told from 13 campaigns" in lift_per_point(noisy).sentences()[0]
    )
    assert "per point, from 13 campaigns." in lift_per_point(BCG).sentences()[0]


def test_the_frame_holds_what_was_expected_and_how_much_each_weighs():
    found = lift_per_point(BCG)
    frame = found.to_frame()
    assert frame.columns.tolist() == ["campaign", "points", "lift", "std_error", "expected", "weight"]
    assert frame["weight"].sum() == pytest.approx(1)
    np.testing.assert_allclose(frame["expected"], found.without.value + found.per_point.value * frame["points"])
    assert found._repr_html_().startswith("<figure")
    assert found.digest == lift_per_point(BCG.to_dict("list")).digest != lift_per_point(BCG.head(12)).digest


REFUSED = {
    "a column": (BCG.drop(columns="points"), "have no column 'points'"),
    "an error": (BCG.drop(columns="std_error"), "no column 'std_error', and not both 'low' and 'high'"),
    "text": (BCG.assign(lift="much"), "the values of lift are no numbers"),
    "a missing lift": (BCG.assign(lift=[np.nan, *LIFT[1:]]), "the lift of row 1 is missing or not finite"),
    "an error of 0": (BCG.assign(std_error=[0, *ERROR[1:]]), "the error of the campaign '0' is not above 0"),
    "a double campaign": (BCG.assign(campaign=[1, *range(1, 13)]), "the campaign '1' has several rows"),
    "no id": (BCG.assign(campaign=[None, *map(str, range(1, 13))]), "a campaign has no id"),
}


@pytest.mark.parametrize(("frame", "message"), REFUSED.values(), ids=REFUSED)
def test_campaigns_that_are_none_are_refused_in_one_line(frame, message):
    with pytest.raises(InputError, match=message) as caught:
        lift_per_point(frame)
    assert caught.value.remedy
