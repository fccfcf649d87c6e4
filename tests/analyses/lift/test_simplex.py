"""Weights of a synthetic control are the best there are: by enumeration, by the conditions of an optimum, by a peer."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import minimize

from influence_graph.analyses.lift import simplex
from influence_graph.analyses.lift.simplex import reduced, simplex_weights
from influence_graph.errors import NotConverged


def best_of_all_supports(target, donors):
    """Return the best weights by solving for each set of donors that may have any."""
    count, best = donors.shape[1], (np.inf, None)
    for size in range(1, count + 1):
        for support in combinations(range(count), size):
            part = donors[:, support]
            system = np.block([[part.T @ part, np.ones((size, 1))], [np.ones((1, size)), np.zeros((1, 1))]])
            solved = np.linalg.lstsq(system, np.append(part.T @ target, 1.0), rcond=None)[0][:size]
            if (solved >= -1e-12).all():
                weights = np.zeros(count)
                weights[list(support)] = solved
                best = min(best, (float(np.sum((target - donors @ weights) ** 2)), tuple(weights)))
    return np.array(best[1])


@pytest.mark.parametrize("seed", range(8))
def test_weights_are_those_of_the_best_set_of_donors(seed):
    rng = np.random.default_rng(seed)
    target, donors = rng.normal(size=9), rng.normal(size=(9, 5)) + rng.normal(size=5)
    np.testing.assert_allclose(simplex_weights(target, donors), best_of_all_supports(target, donors), atol=1e-9)


@pytest.mark.parametrize(("days", "count"), [(30, 8), (90, 60), (20, 60)])
def test_no_weight_can_be_moved_to_a_better_donor(days, count):
    rng = np.random.default_rng(days)
    target, donors = 50 + rng.normal(size=days).cumsum(), 50 + rng.normal(size=(days, count)).cumsum(axis=0)
    weights = simplex_weights(target, donors)
    slope = donors.T @ (donors @ weights - target)
    assert weights.min() >= 0
    assert weights.sum() == pytest.approx(1, abs=1e-12)
    scale = np.abs(slope).max() + 1
    assert np.ptp(slope[weights > 1e-9]) / scale < 1e-8
    assert (slope - slope[weights > 1e-9].min()).min() / scale > -1e-8


def test_a_general_optimizer_finds_nothing_better():
    rng = np.random.default_rng(3)
    target, donors = rng.normal(size=40), rng.normal(size=(40, 12))
    peer = minimize(
        lambda w: np.sum((target - donors @ w) ** 2),
        np.full(12, 1 / 12),
        bounds=[(0, 1)] * 12,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 1000},
    )
    ours = simplex_weights(target, donors)
    assert np.sum((target - donors @ ours) ** 2) <= peer.fun + 1e-10
    np.testing.assert_allclose(ours, peer.x, atol=1e-5)


@pytest.mark.parametrize(("days", "count"), [(40, 6), (5, 9)])
def test_fewer_rows_with_the_same_products_give_the_same_weights(days, count):
    rng = np.random.default_rng(1)
    columns = rng.normal(size=(days, count))
    rows = reduced(columns)
    assert rows.shape == (min(days, count), count)
    np.testing.assert_allclose(rows.T @ rows, columns.T @ columns, atol=1e-12)
    np.testing.assert_allclose(
        simplex_weights(rows[:, 0], rows[:, 1:]), simplex_weights(columns[:, 0], columns[:, 1:]), atol=1e-10
    )


def test_a_target_that_is_a_donor_or_a_mix_of_donors_is_matched():
    donors = np.array([[0.0, 4.0, 9.0], [1.0, 2.0, 0.0], [5.0, 1.0, 1.0]])
    np.testing.assert_allclose(simplex_weights(donors[:, 1], donors), [0, 1, 0], atol=1e-12)
    np.testing.assert_allclose(simplex_weights(donors @ [0.2, 0.3, 0.5], donors), [0.2, 0.3, 0.5], atol=1e-9)
    assert simplex_weights(np.ones(2), np.ones((2, 4))).tolist() == [0.25] * 4


def test_weights_do_not_depend_on_the_unit_of_what_is_counted():
    rng = np.random.default_rng(2)
    target, donors = rng.normal(size=20), rng.normal(size=(20, 6))
    for scale in (1e-9, 1e9):
        np.testing.assert_allclose(
            simplex_weights(scale * target, scale * donors), simplex_weights(target, donors), atol=1e-9
        )


def test_weights_that_do_not_settle_are_an_error(monkeypatch):
    def never(*_, **__):
        raise RuntimeError("Maximum number of iterations reached.")

    monkeypatch.setattr(simplex, "nnls", never)
    with pytest.raises(NotConverged, match="the weights of 2 donors do not settle in 60 steps; leave out donors"):
        simplex_weights(np.zeros(3), np.ones((3, 2)))
