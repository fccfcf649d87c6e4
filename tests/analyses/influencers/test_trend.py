"""Who is ahead of people who cannot see them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from influence_graph.analyses.influencers.inputs import DAY, read
from influence_graph.analyses.influencers.trend import trend_of
from influence_graph.analyses.influencers.world import world_of

DAYS_BEFORE_JUNE = {  # by item, of those who cannot see her
    "jeans": (3, -1, -2, -3, -4, -40),
    "hat": (30, 20, -1, -2, -3, -4, -5),
    "boots": (9, -1, -2, -3, -4),
    "scarf": (8, 7, -1, -2, -3, -4, -5, -6),
    "bag": (8, 6, -3, -5, -300),
}
FOLLOWERS = {"jeans": 3, "hat": 2, "boots": 1, "scarf": 1, "bag": 5}


def a_world(turned: int = 1):
    """June takes up each item on day 500; others so many days before, a few of her audience some days after."""
    acts = [("june", item, 500.0) for item in FOLLOWERS] + [("x", "other", 0.0), ("y", "other", 1000.0)]
    acts += [
        (f"{item}{n}", item, 500.0 - turned * day)
        for item, days in DAYS_BEFORE_JUNE.items()
        for n, day in enumerate(days)
    ]
    acts += [(f"first {item}", item, 100.0) for item in FOLLOWERS]
    acts += [(f"f{n}", item, 501.0 + n) for item, number in FOLLOWERS.items() for n in range(number)]
    people = sorted({user for user, _, _ in acts})
    ties = pd.DataFrame(
        {"source": [f"f{n}" for n in range(5)] + people, "target": ["june"] * 5 + people[1:] + people[:1]}
    )
    ties = ties[(ties["target"] != "june") | ties["source"].str.fullmatch("f[0-4]")]
    actions = pd.DataFrame(acts, columns=["user", "item", "time"])
    inputs = read(ties, actions.assign(time=actions["time"] * DAY), None, None)
    world = world_of(inputs, np.zeros(inputs.graph.number_of_nodes, dtype=np.int64), (30.0,))
    return world, inputs.log, list(inputs.graph.ids).index("june")


def test_the_share_after_and_p_are_those_of_the_weighted_balances():
    world, log, june = a_world()
    # Within 180 days before and after; bag has 4 near (its fifth is 300 days off): too few.
    balances = np.array([(5 - 1) / 6, (5 - 2) / 7, (4 - 1) / 5, (6 - 2) / 8])
    weights = np.array([3.0, 2.0, 1.0, 1.0])
    mean = (weights * balances).sum() / 7
    error = np.sqrt((weights**2 * (balances - mean) ** 2).sum() * 4 / 3) / 7
    effective = 7**2 / (weights**2).sum()
    found = trend_of(world, log, june)
    assert found.after == pytest.approx((1 + mean) / 2)
    assert found.p == pytest.approx(stats.t.sf(mean / error, effective - 1), rel=1e-9)
    assert found.p < 0.05


def test_who_comes_after_others_is_not_ahead():
    world, log, june = a_world(turned=-1)
    assert trend_of(world, log, june).p > 0.95


def test_with_fewer_than_four_items_it_cannot_be_told():
    world, log, june = a_world()
    some = next(n for n in range(world.people.stratum.size) if n != june)
    found = trend_of(world, log, some)
    assert np.isnan(found.after)
    assert found.p == 1.0
