from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from influence_graph.kernels.maximize import coverage
from influence_graph.kernels.maximize.rr_sets import RRSets
from tests.kernels.naive import quick


def random_sets(seed, nodes=9, count=60):
    """Return random sets, among them empty ones, as arrays and as a list."""
    rng = np.random.default_rng(seed)
    chance = rng.random(nodes) ** 2
    lists = [np.flatnonzero(rng.random(nodes) < chance).astype(np.int32) for _ in range(count)]
    offsets = np.concatenate([[0], np.cumsum([one.size for one in lists])]).astype(np.int64)
    return RRSets(offsets, np.concatenate(lists)), [set(one.tolist()) for one in lists]


def covered_by(lists, nodes):
    return {i for i, members in enumerate(lists) if not members.isdisjoint(nodes)}


def naive_greedy(lists, k, candidates, covered):
    """Return nodes and gains of greedy: every gain computed anew each time."""
    done, chosen, gains = set(covered), [], []
    for _ in range(k):
        rest = [v for v in candidates if v not in chosen]
        best = max(rest, key=lambda v: (len(covered_by(lists, [v]) - done), -v))
        chosen.append(best)
        gains.append(len(covered_by(lists, [best]) - done))
        done |= covered_by(lists, [best])
    return chosen, gains


@pytest.mark.parametrize("seed", range(30))
def test_greedy_is_that_of_the_definition_and_its_bound_holds(seed):
    sets, lists = random_sets(seed)
    rng = np.random.default_rng(seed)
    allowed = rng.random(9) < 0.8
    allowed[:3] = True
    candidates = np.flatnonzero(allowed).tolist()
    covered = rng.random(60) < (0.2 if seed % 2 else 0.0)
    found = coverage.greedy(sets, 9, 3, allowed, covered)
    before = set(np.flatnonzero(covered).tolist())
    chosen, gains = naive_greedy(lists, 3, candidates, before)
    assert found.chosen.tolist() == chosen
    assert found.gains.tolist() == gains
    best = max(len(covered_by(lists, some) - before) for some in combinations(candidates, 3))
    assert sum(gains) >= (1 - 1 / np.e) * best
    assert best <= found.upper <= sum(gains) / (1 - (1 - 1 / 3) ** 3) + 1e-9


@pytest.mark.parametrize("seed", range(6))
def test_greedy_of_many_nodes_is_that_of_the_definition(seed):
    sets, lists = random_sets(seed, nodes=200, count=150)  # more nodes than the pool holds
    found = coverage.greedy(sets, 200, 20, np.ones(200, bool))
    assert (found.chosen.tolist(), found.gains.tolist()) == naive_greedy(lists, 20, range(200), ())


def test_when_all_is_covered_the_lowest_indices_follow_with_gain_0():
    sets = RRSets(np.array([0, 1, 2]), np.array([3, 3], np.int32))
    allowed = np.array([True, False, True, True, True])
    found = coverage.greedy(sets, 5, 4, allowed)
    assert found.chosen.tolist() == [3, 0, 2, 4]
    assert found.gains.tolist() == [2, 0, 0, 0]
    assert found.upper == 2


def test_no_set_and_no_seed_are_fine():
    empty = RRSets(np.zeros(1, np.int64), np.empty(0, np.int32))
    assert coverage.greedy(empty, 3, 2, np.ones(3, bool)).gains.tolist() == [0, 0]
    assert coverage.greedy(random_sets(0)[0], 9, 0, np.ones(9, bool)).chosen.size == 0


@pytest.mark.parametrize("seed", range(30))
def test_a_choice_within_budget_keeps_to_it_and_to_its_guarantee(seed):
    sets, lists = random_sets(seed)
    rng = np.random.default_rng(seed)
    costs = rng.choice([0.5, 1.0, 1.7, 4.0], 9)
    allowed = rng.random(9) < 0.8
    allowed[0] = True
    most, k = 4.0, int(rng.integers(2, 9))
    candidates = np.flatnonzero(allowed)
    found = coverage.within_budget(sets, k, allowed, coverage.Budget(costs, most))
    assert costs[found.chosen].sum() <= most
    assert found.chosen.size <= k
    assert set(found.chosen.tolist()) <= set(candidates.tolist())
    assert found.gains.sum() == len(covered_by(lists, found.chosen.tolist()))
    affordable = [
        some
        for size in range(k + 1)
        for some in combinations(candidates.tolist(), size)
        if costs[list(some)].sum() <= most
    ]
    best = max(len(covered_by(lists, some)) for some in affordable)
    assert (1 - 1 / np.e) / 2 * best <= found.gains.sum() <= best <= found.upper


def test_one_expensive_node_beats_a_cheap_one_that_excludes_it():
    members = np.array([0] * 100 + [1] * 3, np.int32)
    sets = RRSets(np.arange(104), members)
    found = coverage.within_budget(sets, 2, np.ones(2, bool), coverage.Budget(np.array([10.0, 0.1]), 10.0))
    assert found.chosen.tolist() == [0]


@pytest.mark.parametrize("seed", range(10))
def test_hits_are_counted_for_the_first_of_the_ranks(seed):
    sets, lists = random_sets(seed)
    rank = np.full(9, 2)
    rank[[4, 1]] = 0, 1
    rank[7] = -1  # takes its sets out
    without = [members for members in lists if 7 not in members]
    expected = [sum(4 in m for m in without), sum(1 in m and 4 not in m for m in without)]
    assert coverage.first_hits(sets.offsets, sets.members, rank, 2).tolist() == expected
    wanted = np.isin(np.arange(9), [1, 4])
    assert np.flatnonzero(coverage.hit(sets.offsets, sets.members, wanted)).tolist() == sorted(
        covered_by(lists, [1, 4])
    )


@given(
    st.lists(st.tuples(st.integers(0, 20), st.sampled_from([0.25, 1.0, 1.5, 7.0])), min_size=1, max_size=8),
    st.floats(0.0, 20.0),
)
@quick
def test_the_most_that_a_budget_buys_of_divisible_nodes_is_that_of_the_linear_program(nodes, most):
    counts, costs = (np.array(column) for column in zip(*nodes, strict=True))
    best = linprog(-counts, A_ub=costs[None, :], b_ub=[most], bounds=(0, 1))
    assert coverage._knapsack(counts, costs, most) == pytest.approx(-best.fun, abs=1e-7)


@given(st.lists(st.integers(0, 9), min_size=1), st.integers(1, 12))
@quick
def test_the_largest_values_are_those_of_sorting(values, k):
    falling = sorted(values, reverse=True)
    assert coverage._sum_of_largest(np.array(values), k) == sum(falling[:k])
    assert coverage._kth_largest(np.array(values), k) == (falling[k - 1] if k <= len(values) else 0)
