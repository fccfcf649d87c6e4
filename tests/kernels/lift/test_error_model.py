"""The filter against the dense correlation matrix."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import solve_triangular

from influence_graph.kernels.lift.error_model import Errors, filtered, whitened
from tests.kernels.naive import quick, seeds


def covariance(days: int, model: tuple[float, ...]) -> np.ndarray:
    """Return the covariance matrix of the errors by their definition: a sum of the start and of all innovations."""
    rho, fresh, noise, start = model
    effect = np.tril(float(rho) ** np.maximum(np.arange(days)[:, None] - np.arange(days), 0))
    return effect @ np.diag([start, *[fresh] * (days - 1)]) @ effect.T + noise * np.eye(days)


def arrays(*models: tuple[float, ...]) -> Errors:
    """Return the models as the kernel takes them."""
    return Errors(*np.array(models, dtype=np.float64).T)


def stationary(rho: float, share: float) -> tuple[float, ...]:
    """Return the model of variance 1."""
    return rho, (1 - share) * (1 - rho**2), share, 1 - share


models = st.one_of(
    st.builds(stationary, st.floats(0, 0.99), st.floats(0.01, 1)),
    st.builds(lambda noise: (1.0, 1 - noise, noise, 1.0), st.floats(0, 0.95)),
    st.builds(stationary, st.floats(0, 0.99), st.just(0.0)),
)


@quick
@given(seeds, st.integers(1, 40), st.integers(1, 4), models)
def test_the_sums_are_those_of_the_cholesky_factor(seed, days, width, model):
    columns = np.random.default_rng(seed).normal(size=(days, width))
    matrix = covariance(days, model)
    factor = np.linalg.cholesky(matrix)
    dense = solve_triangular(factor, columns, lower=True)
    ends = np.unique([1, (days + 1) // 2, days])
    errors = arrays(stationary(0.3, 0.5), model)
    sums = filtered(columns, errors, ends)
    for place, end in enumerate(ends):
        gram = dense[:end].T @ dense[:end]
        assert sums.gram[place, 1] == pytest.approx(gram, rel=1e-9, abs=1e-9 * np.abs(gram).max())
        assert sums.log_det[place, 1] == pytest.approx(2 * np.log(np.diag(factor)[:end]).sum(), abs=1e-9)
        part = matrix[:end, :end]
        lasting = part[-1] - model[2] * np.eye(end)[-1]  # the covariance of a on the last day with all days
        assert sums.state[place, 1] == pytest.approx(lasting @ np.linalg.solve(part, columns[:end]), abs=1e-7)
        spread = part[-1, -1] - model[2] - lasting @ np.linalg.solve(part, lasting)
        assert sums.spread[place, 1] == pytest.approx(spread, abs=1e-9)
    assert whitened(columns, errors, 1) == pytest.approx(dense, rel=1e-9, abs=1e-9 * np.abs(dense).max())


@quick
@given(seeds, st.integers(1, 40), st.floats(0.1, 1), models)
def test_days_that_were_not_seen_are_rows_that_are_not_there(seed, days, part, model):
    rng = np.random.default_rng(seed)
    columns, seen = rng.normal(size=(days, 2)), rng.random(days) < part
    seen[rng.integers(days)] = True
    matrix = covariance(days, model)
    known = matrix[np.ix_(seen, seen)]
    dense = solve_triangular(np.linalg.cholesky(known), columns[seen], lower=True)
    sums = filtered(np.where(seen[:, None], columns, 1e6), arrays(model), np.array([days]), seen)
    gram = dense.T @ dense
    assert sums.gram[0, 0] == pytest.approx(gram, rel=1e-9, abs=1e-9 * np.abs(gram).max())
    assert sums.log_det[0, 0] == pytest.approx(np.linalg.slogdet(known)[1], abs=1e-8)
    lasting = (matrix[-1] - model[2] * np.eye(days)[-1])[seen]  # the covariance of a on the last day with those seen
    assert sums.state[0, 0] == pytest.approx(lasting @ np.linalg.solve(known, columns[seen]), abs=1e-7)
    spread = matrix[-1, -1] - model[2] - lasting @ np.linalg.solve(known, lasting)
    assert sums.spread[0, 0] == pytest.approx(spread, abs=1e-9)
    errors = whitened(columns, arrays(model), 0, seen)
    assert errors == pytest.approx(dense, rel=1e-9, abs=1e-9 * np.abs(dense).max())


def test_a_year_agrees_with_the_dense_factor_to_nine_digits():
    columns = np.random.default_rng(0).normal(size=(365, 9))
    chosen = [stationary(0.0, 0.7), stationary(0.5, 0.2), stationary(0.99, 0.05), (1.0, 0.3, 0.7, 1.0)]
    sums = filtered(columns, arrays(*chosen), np.array([365]))
    for g, model in enumerate(chosen):
        factor = np.linalg.cholesky(covariance(365, model))
        dense = solve_triangular(factor, columns, lower=True)
        assert sums.gram[0, g] == pytest.approx(dense.T @ dense, rel=1e-9, abs=1e-9 * (dense.T @ dense).max())
        assert sums.log_det[0, g] == pytest.approx(2 * np.log(np.diag(factor)).sum(), rel=1e-9)


def test_white_noise_alone_is_least_squares():
    columns = np.random.default_rng(1).normal(size=(20, 2))
    sums = filtered(columns, arrays(stationary(0.6, 1.0)), np.array([20]))
    assert sums.gram[0, 0] == pytest.approx(columns.T @ columns, rel=1e-12)
    assert sums.log_det[0, 0] == 0
    assert sums.spread[0, 0] == 0


def test_the_same_input_gives_the_same_bytes():
    columns = np.random.default_rng(2).normal(size=(50, 3))
    chosen = columns, arrays(stationary(0.2, 0.1), (1.0, 0.6, 0.4, 1.0)), np.array([30, 50])
    assert all(np.array_equal(one, other) for one, other in zip(filtered(*chosen), filtered(*chosen), strict=True))
