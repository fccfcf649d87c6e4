import numpy as np
import pytest

from influence_graph.kernels.ranking import pagerank
from influence_graph.kernels.ranking.pagerank_inflow import inflow_of
from influence_graph.kernels.ranking.pagerank_many import WIDTH, solve_block
from influence_graph.model import csr


def random_graph(seed):
    """Return a random graph with self loops, sinks, isolates and, by turns, weights."""
    rng = np.random.default_rng(seed)
    nodes = int(rng.integers(2, 30))
    source, target = rng.integers(0, nodes, (2, int(rng.integers(0, 4 * nodes))))
    weight = None if seed % 2 else rng.choice([0.0, 0.5, 3.0], source.size)
    return inflow_of(*csr.build(nodes, source, target, weight)), rng.dirichlet(np.full(nodes, 0.1), 1 + seed % WIDTH)


@pytest.mark.parametrize("seed", range(12))
def test_each_column_is_what_it_is_alone(seed):
    inflow, v = random_graph(seed)
    alpha = [0.0, 0.85, 0.95][seed % 3]
    together = solve_block(inflow, v, alpha, 1e-12, 1000)
    assert len(together) == len(v)
    for found, row in zip(together, v, strict=True):
        alone = pagerank.solve(inflow, row, alpha, 1e-12, 1000)
        assert np.abs(found.scores - alone.scores).sum() <= (found.residual + alone.residual) / (1 - alpha) + 1e-13
        assert found.residual <= 1e-12
        assert found.scores.min() >= 0


def test_passes_do_not_exceed_the_limit():
    inflow, v = random_graph(5)
    assert [s.iterations for s in solve_block(inflow, v, 0.85, 1e-300, 4)] == [4] * len(v)
