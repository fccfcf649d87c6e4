"""Funnel limits by their formula, and percentiles by comparing every pair."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from influence_graph.analyses.brand.peers import (
    ABOVE,
    ALARM,
    BELOW,
    CANNOT_TELL,
    PEERS,
    WARNING,
    WITHIN,
    Funnel,
    funnel,
    percentiles,
    standing,
)


def test_limits_are_the_quantiles_of_the_normal_distribution() -> None:
    assert pytest.approx(stats.norm.ppf([0.975, 0.999])) == [WARNING, ALARM]
    low, high = Funnel(0.2, 1.0, 20).limits(np.array([100.0]), WARNING)
    assert (low[0], high[0]) == pytest.approx(stats.norm.interval(0.95, 0.2, np.sqrt(0.2 * 0.8 / 100)))
    wide = Funnel(0.2, 4.0, 20).limits(np.array([100.0]), WARNING)
    assert high[0] - 0.2 == pytest.approx((wide[1][0] - 0.2) / 2)
    assert Funnel(0.1, 1.0, 20).limits(np.array([3.0]), ALARM)[0][0] == 0.0


def test_chance_alone_leaves_about_one_in_five_hundred_outside() -> None:
    rng = np.random.default_rng(4)
    size = rng.integers(40, 4000, 20_000).astype(float)
    count = rng.binomial(size.astype(int), 0.4).astype(float)
    fan = funnel(count, size)
    assert fan.target == pytest.approx(count.sum() / size.sum())
    assert fan.dispersion == 1.0
    outside = np.isin(standing(fan.scores(count, size)), [ABOVE, BELOW]).mean()
    assert stats.binomtest(round(outside * 20_000), 20_000, 0.002).pvalue > 0.001


def test_brands_that_differ_anyway_widen_the_limits_and_one_that_is_unlike_them_still_stands_out() -> None:
    rng = np.random.default_rng(5)
    size = np.full(200, 500.0)
    count = np.round(size * np.clip(rng.normal(0.5, 0.06, 200), 0, 1))
    count[0] = 30
    fan = funnel(count, size)
    z = (count / size - fan.target) / np.sqrt(fan.target * (1 - fan.target) / size)
    ordered = np.sort(z)
    low, high = np.quantile(ordered, [0.1, 0.9])
    ordered[ordered < low], ordered[ordered > high] = low, high
    assert fan.dispersion == pytest.approx(np.mean(ordered**2))
    assert fan.dispersion > 3
    where = standing(fan.scores(count, size))
    assert where[0] == BELOW
    assert (where == WITHIN).mean() > 0.9


def test_a_brand_of_nine_bonds_is_nowhere_and_fewer_than_ten_brands_tell_nothing_of_dispersion() -> None:
    count, size = np.array([9.0, 90.0, 5.0, 0.0]), np.array([9.0, 100.0, 100.0, 0.0])
    fan = funnel(count, size)
    assert (fan.dispersion, fan.brands) == (1.0, 2)
    assert standing(fan.scores(count, size)).tolist() == [CANNOT_TELL, ABOVE, BELOW, CANNOT_TELL]


def test_alike_bonds_put_nobody_outside() -> None:
    size = np.full(12, 40.0)
    fan = funnel(size, size)
    assert fan.target == 1.0
    assert fan.scores(size, size).tolist() == [0.0] * 12


def test_percentiles_are_counted_among_the_nearest_in_size() -> None:
    rng = np.random.default_rng(6)
    size = rng.permutation(400).astype(float)
    value = rng.integers(0, 30, 400).astype(float)  # with equals
    value[rng.random(400) < 0.1] = np.nan
    found, peers = percentiles(value, size)
    known = [i for i in np.argsort(size) if not np.isnan(value[i])]
    for place, brand in enumerate(known):
        start = min(max(place - PEERS // 2, 0), len(known) - PEERS - 1)
        others = [i for i in known[start : start + PEERS + 1] if i != brand]
        lower = sum(value[i] < value[brand] for i in others) + sum(value[i] == value[brand] for i in others) / 2
        assert found[brand] == pytest.approx(lower / len(others))
        assert peers[brand] == PEERS
    assert np.isnan(found[np.isnan(value)]).all()


def test_fewer_than_ten_peers_tell_nothing() -> None:
    found, peers = percentiles(np.arange(10.0), np.arange(10.0))
    assert np.isnan(found).all()
    assert peers.tolist() == [9] * 10
    found, _ = percentiles(np.arange(11.0), np.arange(11.0))
    assert found.tolist() == pytest.approx([i / 10 for i in range(11)])
    assert np.isnan(percentiles(np.array([1.0]), np.array([1.0]))[0]).all()
