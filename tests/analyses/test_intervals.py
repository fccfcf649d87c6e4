"""Intervals: published values, closed forms, and coverage on data whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from influence_graph.analyses.intervals import (
    Estimate,
    bootstrap,
    clustered_mean,
    estimate_text,
    mean_by,
    number_text,
    quantile,
    wilson,
)
from influence_graph.text import count_text


@pytest.mark.parametrize(("hits", "trials"), [(0, 10), (15, 50), (50, 50), (81, 263)])
def test_wilson_equals_scipy(hits: int, trials: int) -> None:
    peer = stats.binomtest(hits, trials).proportion_ci(method="wilson")
    found = wilson(hits, trials)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((peer.low, peer.high), abs=1e-12)


def test_the_difference_of_two_shares_is_newcombes_published_one() -> None:
    one_share, other = wilson(56, 70), wilson(48, 80)  # Newcombe 1998, table II (a), method 10
    assert one_share is not None
    assert other is not None
    found = one_share - other
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_fewer_than_ten_observations_are_too_few_to_tell() -> None:
    nine = np.arange(9.0)
    assert wilson(3, 9) is None
    assert quantile(nine, 0.5) is None
    assert clustered_mean(nine / 9, nine.astype(int)) is None
    assert bootstrap(9, lambda drawn: [float(drawn.sum())]) == [None]
    assert clustered_mean(np.ones(1000), np.arange(1000) % 9) is None
    assert estimate_text(None) == "too few observations"


def test_a_mean_of_independent_zeros_and_ones_has_wilsons_interval() -> None:
    values = np.repeat([1.0, 0.0], [30, 70])
    plain, found = wilson(30, 100), clustered_mean(values, np.arange(100))
    assert plain is not None
    assert found is not None
    assert found.value == plain.value
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high), abs=1e-3)


def test_repeating_every_answer_of_a_consumer_adds_no_certainty() -> None:
    values, who = np.repeat([1.0, -1.0], [30, 70]), np.arange(100)
    once = clustered_mean(values, who, (-1.0, 1.0))
    tenfold = clustered_mean(np.repeat(values, 10), np.repeat(who, 10), (-1.0, 1.0))
    assert once is not None
    assert tenfold is not None
    assert (tenfold.low, tenfold.high) == pytest.approx((once.low, once.high))
    assert once.value == pytest.approx(-0.4)


def test_agreement_of_all_still_has_an_interval() -> None:
    found = clustered_mean(np.full(40, -1.0), np.arange(40), (-1.0, 1.0))
    assert found is not None
    assert found.value == found.low == -1
    assert -1 < found.high < -0.8


def test_a_quantile_lies_between_two_of_the_values() -> None:
    found = quantile(np.arange(100.0), 0.5)
    assert found is not None
    assert found.value == 49.5
    assert (found.low, found.high) == pytest.approx((39, 60), abs=1)


def test_the_bootstrap_of_a_mean_agrees_with_its_standard_error() -> None:
    values = np.random.default_rng(3).normal(5, 2, 400)
    found = mean_by(values, np.arange(400))
    assert found is not None
    assert found.value == pytest.approx(values.mean())
    assert (found.high - found.low) / 3.92 == pytest.approx(values.std() / 20, rel=0.1)
    assert mean_by(values, np.arange(400)) == found


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    rng, held = np.random.default_rng(5), 0
    for _ in range(300):
        mood = rng.random(40) < 0.3
        who = rng.integers(0, 40, 200)
        said = np.where(rng.random(200) < 0.7, mood[who], rng.random(200) < 0.3).astype(float)
        found = clustered_mean(said, who)
        assert found is not None
        held += found.low <= 0.3 <= found.high
    assert 0.90 <= held / 300 <= 0.99


def test_numbers_are_written_short() -> None:
    assert [number_text(12345.6), number_text(0.12345, "+"), number_text(0.5, "{:.0%}")] == ["12,346", "+0.123", "50%"]
    assert [count_text(1, "bond"), count_text(1200, "bond")] == ["1 bond", "1,200 bonds"]
    assert estimate_text(Estimate(1.0, 0.5, 2.0, 30, "x")) == "1 (0.5 to 2)"


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.9])
@pytest.mark.parametrize("trials", [10, 40, 300])
def test_wilsons_interval_covers_the_share_of_a_binomial_about_as_often_as_it_says(share: float, trials: int) -> None:
    hits = np.arange(trials + 1)
    estimates = [wilson(int(count), trials) for count in hits]
    covered = [estimate is not None and estimate.low <= share <= estimate.high for estimate in estimates]
    exact = float(stats.binom.pmf(hits, trials, share)[covered].sum())
    assert 0.91 <= exact <= 0.995


@pytest.mark.parametrize("level", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("size", [20, 100])
def test_the_interval_of_a_quantile_covers_it_at_least_as_often_as_it_says(level: float, size: int) -> None:
    rng, held = np.random.default_rng(2), 0
    for _ in range(400):
        estimate = quantile(rng.random(size), level)
        assert estimate is not None
        held += estimate.low <= level <= estimate.high
    outside = (1 - level) ** size if level < 0.5 else level**size  # the quantile may lie beyond all values
    assert held / 400 >= 0.95 - 2 * outside - 3 * (0.95 * 0.05 / 400) ** 0.5


def test_the_difference_of_equal_estimates_is_symmetric_about_0() -> None:
    share = wilson(30, 100)
    assert share is not None
    difference = share - share
    assert difference.value == 0
    assert difference.low == -difference.high < 0


def test_the_difference_counts_the_fewer_observations() -> None:
    large, small = wilson(30, 100), wilson(5, 20)
    assert large is not None
    assert small is not None
    assert (large - small).count == (small - large).count == 20
