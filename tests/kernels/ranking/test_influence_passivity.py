import numpy as np
import pytest

from influence_graph.kernels.ranking import influence_passivity
from influence_graph.model import csr


def naive(nodes, weights):
    """Return influence and passivity from the definitions, *weights* a mapping (i, j) -> w_ij."""
    acceptance, rejection = np.zeros((nodes, nodes)), np.zeros((nodes, nodes))
    for (i, j), w in weights.items():
        adopted = sum(weights[k, t] for k, t in weights if t == j)
        acceptance[i, j] = w / adopted if adopted > 0 else 0.0
        rejected = sum(1 - weights[s, k] for s, k in weights if s == i)
        rejection[j, i] = (1 - w) / rejected if rejected > 0 else 0.0  # v_ij of the paper, at [who rejects, whom]
    both = acceptance @ rejection
    power = both + 1e-3 * np.eye(nodes)  # the same limit, without a period
    for _ in range(16):  # 65,536 steps; more would blow up rounding between equal eigenvalues
        power = power @ power
        power /= power.max()
    influence = power @ np.ones(nodes)
    passivity = rejection @ influence
    return influence / influence.sum(), passivity / passivity.sum(), both


@pytest.mark.parametrize("seed", range(60))
def test_scores_are_the_fixed_point_of_the_definitions(seed):
    rng = np.random.default_rng(seed)
    nodes = int(rng.integers(3, 16))
    pairs = {(int(i), int(j)) for i, j in rng.integers(0, nodes, (3 * nodes, 2)) if i != j}
    weights = {pair: float(rng.choice([0.2, 0.5, 0.9])) for pair in sorted(pairs)}
    source, target = (np.array(ends) for ends in zip(*weights, strict=True))
    rows = csr.build(nodes, source, target, np.array(list(weights.values())))
    solved_passivity, solved = influence_passivity.solve(rows.indptr, rows.indices, rows.weights, 1e-11, 5000)
    influence, passivity, both = naive(nodes, weights)
    assert solved.error <= 1e-11
    assert solved.vector == pytest.approx(influence, abs=1e-8)
    assert solved_passivity == pytest.approx(passivity, abs=1e-8)
    image = both @ solved.vector
    assert solved.residual == pytest.approx(np.abs(image / image.sum() - solved.vector).sum(), abs=1e-14)
    assert solved_passivity.sum() == pytest.approx(1.0)


def test_where_everything_is_adopted_there_is_no_passivity_to_return_influence():
    rows = csr.build(2, np.array([0]), np.array([1]), np.array([1.0]))
    solved_passivity, solved = influence_passivity.solve(rows.indptr, rows.indices, rows.weights, 1e-9, 100)
    assert not solved.vector.any()
    assert not solved_passivity.any()
