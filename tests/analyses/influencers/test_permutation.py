"""The check by permutation, against all permutations of a small world and the planted influencers of a larger one."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pandas as pd
import pytest

from influence_graph.analyses.influencers.inputs import DAY, read
from influence_graph.analyses.influencers.permutation import permutation_p
from influence_graph.analyses.influencers.world import world_of

ACTS = [
    ("june", "a", 1),
    ("f", "a", 2),
    ("g", "a", 3),
    ("x", "a", 400),
    ("june", "b", 5),
    ("f", "b", 7),
    ("x", "b", 300),
]


def small_world():
    actions = pd.DataFrame(ACTS, columns=["user", "item", "time"])
    ties = pd.DataFrame({"source": ["f", "g", "x"], "target": ["june", "june", "f"]})
    inputs = read(ties, actions.assign(time=actions["time"] * DAY), None, None)
    world = world_of(inputs, np.zeros(inputs.graph.number_of_nodes, dtype=np.int64), (30.0,))
    return world, list(inputs.graph.ids).index("june")


def test_mean_and_variance_are_those_of_all_permutations():
    """All ways to deal the times of a to four and those of b to three, counted one by one."""
    from scipy.stats import gamma

    counts = []
    times = [[t for _, item, t in ACTS if item == name] for name in "ab"]
    for a, b in product(permutations(times[0]), permutations(times[1])):
        (june_a, f_a, g_a, _), (june_b, f_b, _) = a, b
        counts.append(
            sum(0 < follower - june <= 180 for follower, june in ((f_a, june_a), (g_a, june_a), (f_b, june_b)))
        )
    mean, variance = np.mean(counts), np.var(counts)
    expected = gamma.sf(3 - 0.5, mean**2 / variance, scale=variance / mean)
    world, june = small_world()
    assert permutation_p(world, 20_000, 1)[june] == pytest.approx(expected, rel=0.03)


def test_who_has_fewer_than_three_followers_has_no_p():
    world, june = small_world()
    found = permutation_p(world, 10, 1)
    assert np.isnan(np.delete(found, june)).all()


def test_it_is_small_for_most_of_the_planted(world, found):
    planted = {one["id"] for one in world.truth["influencers"]}
    frame = found.to_frame().set_index("id")["p_permuted"]
    assert (frame[list(planted)] < 0.01).mean() >= 0.7
    assert (frame.drop(list(planted)).dropna() < 0.01).mean() < 0.05
