"""Group-time effects are differences of four means; influence functions are derivatives by the weight of a unit."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ttest_ind

from influence_graph.analyses.lift.group_time import (
    NEVER,
    Design,
    by_group,
    by_time,
    group_time,
    mean_of,
    stacked,
    weighted,
)

UNITS, DATES = 24, 9
RNG = np.random.default_rng(11)
VALUES = RNG.normal(size=(DATES, UNITS)).cumsum(axis=0)
FIRST = np.array([3] * 4 + [5] * 6 + [8] * 3 + [NEVER] * 11)
EVERYBODY = np.ones(UNITS, dtype=bool)


def design(not_yet=False, base=1, horizon=DATES, control=EVERYBODY):
    return Design(FIRST, control, base, horizon, not_yet)


def naive(values, first, weight, made):
    """Return group, dates after, and effect of each cell by weighted means."""
    found = {}
    for group in sorted(set(first.tolist()) - {NEVER}):
        for time in range(made.base, values.shape[0]):
            if not group - made.horizon <= time < group + made.horizon:
                continue
            start = min(time, group)
            rise = values[time] - values[start - made.base : start].mean(axis=0)
            free = (first > time) & (first != group) if made.not_yet else first == NEVER
            free &= made.control
            if free.sum() < 2:
                continue
            treated = first == group
            mean = [np.average(rise[who], weights=weight[who]) for who in (treated, free)]
            found[group, time - group] = mean[0] - mean[1]
    return found


def shares(first, weight):
    return {group: weight[first == group].sum() / weight.sum() for group in set(first.tolist())}


def naive_weighted(cells, first, weight):
    share = shares(first, weight)
    return sum(share[group] * effect for (group, _), effect in cells.items()) / sum(share[group] for group, _ in cells)


def naive_over_time(cells, first, weight):
    later = sorted({after for _, after in cells if after >= 0})
    parts = ({each: effect for each, effect in cells.items() if each[1] == after} for after in later)
    return np.mean([naive_weighted(part, first, weight) for part in parts])


def naive_over_groups(cells, first, weight):
    groups = sorted({group for group, _ in cells})
    means = {
        (group, 0): np.mean([effect for (of, after), effect in cells.items() if of == group and after >= 0])
        for group in groups
    }
    return naive_weighted(means, first, weight)


@pytest.mark.parametrize("not_yet", [False, True])
@pytest.mark.parametrize(("base", "horizon"), [(1, DATES), (3, DATES), (1, 2)])
def test_each_cell_is_a_difference_of_four_means(not_yet, base, horizon):
    made = design(not_yet, base, horizon)
    cells = group_time(VALUES, made)
    expected = naive(VALUES, FIRST, np.ones(UNITS), made)
    assert list(zip(cells.group.tolist(), cells.after.tolist(), strict=True)) == list(expected)
    np.testing.assert_allclose(cells.effect, list(expected.values()), atol=1e-12)


def test_units_that_are_no_control_are_compared_with_nobody():
    control = EVERYBODY.copy()
    control[-4:] = False
    cells = group_time(VALUES, design(control=control))
    changed = VALUES.copy()
    changed[:, -4:] = 1e9
    np.testing.assert_array_equal(cells.effect, group_time(changed, design(control=control)).effect)
    few = group_time(VALUES, design(control=np.arange(UNITS) == UNITS - 1))
    assert few.effect.size == 0


SUMS = {
    "a cell": (lambda cells, _: cells[np.arange(cells.effect.size) == 4], lambda cells, *_: list(cells.values())[4]),
    "by cells": (
        lambda cells, first: weighted(cells[cells.after >= 0], first),
        lambda cells, first, weight: naive_weighted({k: v for k, v in cells.items() if k[1] >= 0}, first, weight),
    ),
    "over time": (
        lambda cells, first: mean_of(by_time(cells[cells.after >= 0], first)),
        naive_over_time,
    ),
    "over groups": (lambda cells, first: weighted(by_group(cells), first), naive_over_groups),
}


@pytest.mark.parametrize("not_yet", [False, True])
@pytest.mark.parametrize(("ours", "by_definition"), SUMS.values(), ids=SUMS)
def test_an_influence_is_the_derivative_by_the_weight_of_a_unit(ours, by_definition, not_yet):
    made = design(not_yet)
    found = ours(group_time(VALUES, made), FIRST)

    def effect(weight):
        return by_definition(naive(VALUES, FIRST, weight, made), FIRST, weight)

    step = 1e-5
    slope = [
        (effect(np.ones(UNITS) + step * one) - effect(np.ones(UNITS) - step * one)) / (2 * step)
        for one in np.eye(UNITS)
    ]
    assert found.effect[0] == pytest.approx(effect(np.ones(UNITS)))
    np.testing.assert_allclose(found.influence[0] / UNITS, slope, atol=1e-8)
    assert found.std_error[0] == pytest.approx(np.sqrt(np.sum(np.square(slope))))
    assert found.influence[0].sum() == pytest.approx(0, abs=1e-9)


def test_with_one_group_and_one_date_degrees_of_freedom_are_those_of_welch():
    first = np.array([1] * 5 + [NEVER] * 9)
    values = RNG.normal(size=(2, 14)) * np.where(first == 1, 3.0, 1.0)
    cells = group_time(values, Design(first, np.ones(14, dtype=bool), 1, 2, False))
    rise = values[1] - values[0]
    test = ttest_ind(rise[:5], rise[5:], equal_var=False)
    variance = rise[:5].var() / 5, rise[5:].var() / 9  # influence functions divide by n
    expected = sum(variance) ** 2 / (variance[0] ** 2 / 4 + variance[1] ** 2 / 8)
    assert cells.freedom(first)[0] == pytest.approx(expected)
    assert cells.freedom(first)[0] == pytest.approx(test.df, rel=0.1)
    assert cells.std_error[0] == pytest.approx(np.sqrt(sum(variance)))


def test_dates_of_one_unit_may_be_correlated_in_any_way():
    first = np.array([2] * 10 + [NEVER] * 30)
    level = RNG.normal(size=40)
    same = np.vstack([np.zeros((2, 40)), np.tile(level, (4, 1))])  # four dates that say the same
    cells = group_time(same, Design(first, np.ones(40, dtype=bool), 1, 6, False))
    later = cells[cells.after >= 0]
    assert weighted(later, first).std_error[0] == pytest.approx(later.std_error[0])


def test_parts_are_put_together_in_their_order():
    cells = group_time(VALUES, design())
    halves = [cells[cells.group == 3], cells[cells.group != 3]]
    np.testing.assert_array_equal(stacked(halves).effect, cells.effect)
    assert group_time(VALUES, Design(np.full(UNITS, NEVER), EVERYBODY, 1, 3, False)).effect.size == 0
