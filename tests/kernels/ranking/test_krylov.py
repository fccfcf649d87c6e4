import numpy as np
import pytest

from influence_graph.kernels.ranking.krylov import combined, krylov, norm2


@pytest.mark.parametrize("seed", range(10))
def test_the_basis_is_orthonormal_and_spans_the_powers(seed):
    rng = np.random.default_rng(seed)
    operator, start = rng.normal(size=(12, 12)), rng.normal(size=12)
    basis, matrix, invariant = krylov(lambda x: operator @ x, start, 5)
    assert not invariant
    assert basis @ basis.T == pytest.approx(np.eye(6), abs=1e-12)
    assert operator @ basis[:5].T == pytest.approx(basis.T @ matrix, abs=1e-11)
    powers = np.array([np.linalg.matrix_power(operator, k) @ start for k in range(6)])
    assert powers @ basis.T @ basis == pytest.approx(powers, rel=1e-9)


def test_an_invariant_space_is_recognized():
    basis, matrix, invariant = krylov(lambda x: np.array([2.0, 3.0, 5.0]) * x, np.array([1.0, 1.0, 0.0]), 10)
    assert invariant
    assert sorted(np.linalg.eigvals(matrix[:2])) == pytest.approx([2, 3])
    assert basis[:2, 2].tolist() == [0, 0]


def test_sums_without_blas_are_those_of_numpy():
    rng = np.random.default_rng(0)
    share, vectors = rng.normal(size=4), rng.normal(size=(4, 30_000))
    assert combined(share, vectors) == pytest.approx(share @ vectors, abs=1e-12)
    assert norm2(vectors[0]) == pytest.approx(np.linalg.norm(vectors[0]))
