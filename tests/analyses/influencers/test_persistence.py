"""The half-life of what somebody causes, and its interval, against delays that are known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize_scalar

from influence_graph.analyses.influencers.inputs import DAY, read
from influence_graph.analyses.influencers.persistence import _likelihood, half_life, watched
from influence_graph.analyses.influencers.world import world_of


def followed(half: float, seed: int, items: int = 60, followers: int = 30, days: float = 3650.0):
    """June takes up items on random days; some who see her follow with the half-life, strangers never."""
    rng = np.random.default_rng(seed)
    acts, ties = [], [(f"f{n}", "june") for n in range(followers)] + [("x", "y")]
    for i in range(items):
        day = rng.uniform(0, days)
        acts.append(("june", f"i{i}", day))
        for n in np.flatnonzero(rng.random(followers) < 0.2):
            later = day + rng.exponential(half / np.log(2))
            if later < days:
                acts.append((f"f{n}", f"i{i}", later))
    acts += [("x", "i0", 0.0), ("x", "end", days), ("y", "end", days)]
    actions = pd.DataFrame(acts, columns=["user", "item", "time"])
    inputs = read(
        pd.DataFrame(ties, columns=["source", "target"]), actions.assign(time=actions["time"] * DAY), None, None
    )
    world = world_of(inputs, np.zeros(inputs.graph.number_of_nodes, dtype=np.int64), (30.0, 365.0))
    return world, list(inputs.graph.ids).index("june")


@pytest.mark.parametrize("half", [10.0, 100.0, 1000.0])
def test_the_half_life_is_that_of_the_delays_though_the_records_end(half: float):
    inside, ratios = 0, []
    for seed in range(20):
        world, june = followed(half, seed)
        found = half_life(world, june, np.zeros(3))
        assert found.low < found.value < found.high
        inside += found.low <= half * DAY <= found.high
        ratios.append(found.value / half / DAY)
    assert np.median(ratios) == pytest.approx(1.0, abs=0.1)
    assert inside >= 17  # fewer in 0.3 % of trials of a 95 % interval


def test_the_half_life_is_at_least_so_long_where_the_records_are_short():
    world, june = followed(20_000.0, 1)
    found = half_life(world, june, np.zeros(3))
    assert np.isinf(found.high)
    assert found.low > 365 * DAY


@pytest.mark.parametrize("days", [0.5, 3.0, 60.0])
def test_records_of_days_are_enough_to_say_that_they_are_too_short(days: float):
    world, june = followed(days / 2, 3, days=days)
    found = half_life(world, june, np.zeros(3))
    assert 0 < found.low <= found.value <= found.high


def test_without_an_excess_there_is_no_half_life():
    world, june = followed(100.0, 1)
    assert np.isnan(half_life(world, june + 2, np.zeros(3)).value)  # y, whom nobody follows


def test_bins_are_watched_as_far_as_the_records_go():
    acts = pd.DataFrame({"user": ["june", "june", "x"], "item": ["a", "b", "a"], "time": [0.0, 80.0, 100.0]})
    inputs = read(pd.DataFrame({"source": ["x"], "target": ["june"]}), acts.assign(time=acts["time"] * DAY), None, None)
    world = world_of(inputs, np.zeros(2, dtype=np.int64), (30.0, 60.0))
    june = list(inputs.graph.ids).index("june")
    # Of 0-30, 30-60 and 60-100 days the records hold all, all and all after day 0; 20 of the first 30 after day 80.
    np.testing.assert_allclose(watched(world, june), [(1 + 20 / 30) / 2, 0.5, 0.5])


def test_the_number_of_followers_is_the_likeliest():
    rng = np.random.default_rng(5)
    usual, share = rng.uniform(0.5, 3.0, 8), rng.dirichlet(np.ones(8), 4)
    seen = rng.poisson(usual + 20 * share[0]).astype(float)
    logs, _ = _likelihood(seen, usual, share)
    for row, log in zip(share, logs, strict=True):

        def loss(number, row=row):
            mean = usual + number * row
            return (mean - seen * np.log(mean)).sum()

        assert log == pytest.approx(-minimize_scalar(loss, bounds=(0, 200), method="bounded").fun, abs=1e-6)
