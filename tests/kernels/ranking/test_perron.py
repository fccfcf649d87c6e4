import numpy as np
import pytest

from influence_graph.kernels.ranking.perron import dominant


def limit(matrix, start):
    """Return the limit of power iteration, by squaring K + I until it is constant; K + I has no period."""
    power = matrix / np.abs(matrix).sum() + np.eye(start.size)
    for _ in range(16):  # 65,536 steps; more would blow up rounding between equal eigenvalues
        power = power @ power
        power /= power.max()
    x = power @ start
    return x / np.linalg.norm(x)


@pytest.mark.parametrize("seed", range(40))
def test_the_vector_is_the_limit_of_power_iteration(seed):
    rng = np.random.default_rng(seed)
    matrix = rng.random((20, 20)) * (rng.random((20, 20)) < 0.3)
    matrix += matrix.T if seed % 2 else np.diag(0.1 + rng.random(20))
    start = rng.random(20)
    found = dominant(lambda x: matrix @ x, start, 2, 1e-11, 1000)
    assert found.error <= 1e-11
    assert np.linalg.norm(found.vector - limit(matrix, start)) <= 1e-9
    image = matrix @ found.vector
    assert found.residual == pytest.approx(np.linalg.norm(image / np.linalg.norm(image) - found.vector), abs=1e-15)


def test_a_repeated_eigenvalue_gives_the_projection_of_the_start():
    block = np.array([[2.0, 1.0], [1.0, 2.0]])
    matrix = np.kron(np.eye(3), block)  # the eigenvalue 3 three times
    found = dominant(lambda x: matrix @ x, np.array([5.0, 1.0, 1.0, 1.0, 0.0, 0.0]), 2, 1e-12, 100)
    assert found.vector == pytest.approx(np.array([3, 3, 1, 1, 0, 0]) / np.sqrt(20), abs=1e-12)


def test_a_period_does_no_harm():
    ring = np.roll(np.diag([1.0, 2.0, 4.0]), 1, axis=0)  # three eigenvalues of size 2
    found = dominant(lambda x: ring @ x, np.ones(3), 1, 1e-12, 100)
    assert ring @ found.vector == pytest.approx(2 * found.vector, abs=1e-12)


@pytest.mark.parametrize("gap", [1e-3, 1e-5, 1e-7])
def test_a_small_gap_is_not_mistaken_for_convergence(gap):
    matrix, start = np.diag([1.0, 1.0 - gap, 0.3, 0.2]), np.array([1.0, 5.0, 1.0, 1.0])
    found = dominant(lambda x: matrix @ x, start, 2, 1e-8, 200)
    assert found.error <= 1e-8
    assert np.linalg.norm(found.vector - [1, 0, 0, 0]) <= 1e-7
    early = dominant(lambda x: matrix @ x, start, 2, 1e-8, 3)
    assert (early.iterations, early.error) == (3, np.inf)


def path(nodes):
    return np.diag(np.ones(nodes - 1), 1) + np.diag(np.ones(nodes - 1), -1)


def test_a_long_path_needs_many_cycles_and_reports_its_error():
    matrix, exact = path(200), np.sin(np.arange(1, 201) * np.pi / 201)
    found = dominant(lambda x: matrix @ x, np.ones(200), 2, 1e-8, 5000)
    assert np.linalg.norm(found.vector - exact / np.linalg.norm(exact)) <= 2 * found.error  # it is an estimate
    assert dominant(lambda x: matrix @ x, np.ones(200), 2, 1e-8, 40).error > 1e-8


def test_products_are_within_the_limit_and_all_are_counted():
    matrix, made = path(50), []

    def product(x):
        made.append(1)
        return matrix @ x

    for allowed in (1, 2, 7, 17, 40):
        made.clear()
        assert dominant(product, np.ones(50), 2, 1e-300, allowed).iterations == len(made) == allowed
