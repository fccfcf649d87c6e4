"""Estimates of many groups at once are those of each group alone."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from influence_graph.analyses.group_intervals import Columns, clustered_each, parts_of_all, student_each, wilson_each
from influence_graph.analyses.intervals import Estimate, clustered_mean, wilson

GROUPS = 12


def agree(columns: Columns, group: int, alone: Estimate | None) -> None:
    found = [float(each[group]) for each in columns]
    if alone is None:
        assert np.isnan(found).all()
    else:
        assert found == pytest.approx([alone.value, alone.low, alone.high], abs=1e-12)


def events(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the group, the cluster and the success of each event; small groups and constant ones among them."""
    rng = np.random.default_rng(seed)
    group = np.minimum(rng.geometric(0.25, 900) - 1, GROUPS - 1)
    cluster = rng.integers(0, 80, group.size)
    success = rng.random(group.size) < np.where(group == 1, 1.0, 0.1 + 0.07 * group)
    return group, cluster, success


def test_wilson_of_each_group_is_wilson() -> None:
    successes, trials = np.array([0, 3, 9, 40, 5]), np.array([0, 9, 10, 40, 77])
    columns = wilson_each(successes.astype(float), trials.astype(float))
    for group in range(1, 5):
        agree(columns, group, wilson(int(successes[group]), int(trials[group])))
    assert np.isnan(columns.value[0])


@pytest.mark.parametrize("seed", range(5))
def test_clustered_shares_of_each_group_are_those_of_its_events(seed: int) -> None:
    group, cluster, success = events(seed)
    pairs, place = np.unique(group * 1000 + cluster, return_inverse=True)
    total, count = np.bincount(place, success), np.bincount(place).astype(float)
    columns = clustered_each(total, count, pairs // 1000, GROUPS)
    for each in range(GROUPS):
        here = group == each
        agree(columns, each, clustered_mean(success[here].astype(float), cluster[here]))


@pytest.mark.parametrize("seed", range(5))
def test_parts_of_all_are_the_clustered_means_of_belonging(seed: int) -> None:
    group, cluster, _ = events(seed)
    pairs, place = np.unique(group * 1000 + cluster, return_inverse=True)
    columns = parts_of_all(np.bincount(place).astype(float), pairs % 1000, pairs // 1000, GROUPS)
    for each in range(GROUPS):
        agree(columns, each, clustered_mean((group == each).astype(float), cluster))
    assert columns.value.sum() == pytest.approx(1.0)


def test_means_have_the_t_interval_of_scipy() -> None:
    rng = np.random.default_rng(1)
    group, values = rng.integers(0, 4, 60), rng.normal(3, 5, 60)
    group[:51], group[51:] = rng.integers(0, 3, 51), 3  # the last one is too small
    columns = student_each(values, group, 4)
    for each in range(3):
        own = values[group == each]
        low, high = stats.t.interval(0.95, own.size - 1, own.mean(), stats.sem(own))
        assert [float(column[each]) for column in columns] == pytest.approx([own.mean(), low, high])
    assert np.isnan([column[3] for column in columns]).all()


def test_nothing_gives_nothing() -> None:
    none = np.empty(0)
    for columns in (
        wilson_each(none, none),
        clustered_each(none, none, np.empty(0, np.int64), 0),
        parts_of_all(none, np.empty(0, np.int64), np.empty(0, np.int64), 0),
        student_each(none, np.empty(0, np.int64), 0),
    ):
        assert [each.size for each in columns] == [0, 0, 0]
