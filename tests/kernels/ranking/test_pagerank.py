import numpy as np
import pytest

from influence_graph.kernels.ranking import pagerank
from influence_graph.kernels.ranking.pagerank_inflow import inflow_of
from influence_graph.model import csr


def inflow(nodes, source, target, weight=None):
    """Return the arranged in-edges of a graph given by arrays."""
    rows = csr.build(nodes, np.asarray(source), np.asarray(target), weight)
    return inflow_of(*rows)


def naive(nodes, source, target, weight, v, alpha):
    """Return PageRank by solving the dense linear system p = αMᵀp + (1-α)v."""
    adjacency = np.zeros((nodes, nodes))
    np.add.at(adjacency, (source, target), 1.0 if weight is None else weight)
    out = adjacency.sum(axis=1)
    step = np.where(out[:, None] > 0, adjacency / np.where(out > 0, out, 1)[:, None], v[None, :])
    return np.linalg.solve(np.eye(nodes) - alpha * step.T, (1 - alpha) * v)


def random_case(seed):
    """Return arrays of a random graph with sinks, self loops, isolates and parallel edges."""
    rng = np.random.default_rng(seed)
    nodes = int(rng.integers(1, 30))
    edges = int(rng.integers(0, 4 * nodes))
    source, target = rng.integers(0, nodes, (2, edges))
    weight = None if seed % 3 == 0 else rng.choice([0.0, 0.5, 1.0, 7.0], edges)
    v = rng.random(nodes) * (rng.random(nodes) < 0.5) if seed % 2 else np.ones(nodes)
    v[rng.integers(nodes)] += 1.0
    return nodes, source, target, weight, v / v.sum()


@pytest.mark.parametrize("seed", range(60))
def test_scores_solve_the_dense_system(seed):
    nodes, source, target, weight, v = random_case(seed)
    alpha = [0.0, 0.5, 0.85, 0.99][seed % 4]
    solved = pagerank.solve(inflow(nodes, source, target, weight), v, alpha, 1e-12, 2000)
    expected = naive(nodes, source, target, weight, v, alpha)
    assert np.abs(solved.scores - expected).sum() <= solved.residual / (1 - alpha) + 1e-13
    assert solved.residual <= 1e-12
    assert solved.scores.min() >= 0
    assert solved.scores.sum() == pytest.approx(1.0, abs=1e-14)


@pytest.mark.parametrize("seed", range(8))
def test_the_residual_is_that_of_the_equation_even_when_stopped_early(seed):
    nodes, source, target, weight, v = random_case(seed)
    solved = pagerank.solve(inflow(nodes, source, target, weight), v, 0.85, 1e-300, 3)
    adjacency = np.zeros((nodes, nodes))
    np.add.at(adjacency, (source, target), 1.0 if weight is None else weight)
    out = adjacency.sum(axis=1)
    step = np.where(out[:, None] > 0, adjacency / np.where(out > 0, out, 1)[:, None], v[None, :])
    p = solved.scores
    assert solved.residual == pytest.approx(np.abs(0.85 * step.T @ p + 0.15 * v - p).sum(), abs=1e-15)
    assert solved.iterations == 3


def test_a_ring_has_its_closed_form_in_a_third_of_the_passes_of_power_iteration():
    nodes, alpha = 400, 0.85
    ring = np.arange(nodes)
    after = (ring + 1) % nodes
    graph = inflow(nodes, np.concatenate([ring, after]), np.concatenate([after, ring]))
    solved = pagerank.solve(graph, np.eye(nodes)[0], alpha, 1e-10, 1000)
    ratio = (1 - np.sqrt(1 - alpha**2)) / alpha  # p falls by this factor per step away from the start
    distance = np.minimum(ring, nodes - ring)
    assert solved.scores == pytest.approx((1 - ratio) / (1 + ratio) * ratio**distance, abs=1e-10)
    assert solved.iterations <= np.log(1e-10) / np.log(alpha) / 3


def skewed(scale, edges):
    """Return the ends of the edges of an R-MAT graph (Chakrabarti, Zhan, Faloutsos 2004)."""
    rng = np.random.default_rng(0)
    source, target = np.zeros((2, edges), dtype=np.int64)
    for _ in range(scale):
        quarter = rng.choice(4, edges, p=[0.57, 0.19, 0.19, 0.05])
        source, target = 2 * source + quarter // 2, 2 * target + quarter % 2
    return source, target


@pytest.mark.parametrize("alpha", [0.5, 0.85, 0.98, 0.999])
def test_mixing_does_no_harm_on_a_skewed_graph_with_sinks(alpha):
    graph = inflow(1 << 11, *skewed(11, 12_000))
    v = np.full(1 << 11, 1 / (1 << 11))
    solved = pagerank.solve(graph, v, alpha, 1e-10, 200)
    assert solved.residual <= 1e-10
    assert solved.iterations <= 40
