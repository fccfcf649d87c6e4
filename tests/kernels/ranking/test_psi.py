import numpy as np
import pytest

from influence_graph.kernels.ranking import psi
from influence_graph.model import csr


def solve(nodes, source, target, weight, posting, reposting, tolerance=1e-12, limit=5000):
    rows = csr.build(nodes, np.asarray(source, dtype=np.int64), np.asarray(target, dtype=np.int64), weight)
    return psi.solve(psi.chain(*rows, np.asarray(posting), np.asarray(reposting)), tolerance, limit)


def naive(adjacency, posting, reposting):
    """Return Ψ = (Bᵀs + d)/N with s = (I-Aᵀ)⁻¹c, among those with something on their wall."""
    nodes = len(posting)
    live = {i for i in range(nodes) if posting[i] > 0}
    while True:
        fed = {i for i in range(nodes) if any(adjacency[i][k] > 0 and k in live for k in range(nodes))}
        grown = live | {i for i in fed if reposting[i] > 0}
        if grown == live:
            break
        live = grown
    kept = sorted(live)
    mu = np.array([reposting[i] if i in fed else 0.0 for i in kept])
    lam = np.array([posting[i] for i in kept])
    shown = adjacency[np.ix_(kept, kept)] * (lam + mu)
    total = shown.sum(axis=1, keepdims=True)
    part = np.divide(shown, total, out=np.zeros_like(shown), where=total > 0) / (lam + mu)
    a, b, c, d = part * mu, part * lam, mu / (lam + mu), lam / (lam + mu)
    s = np.linalg.solve(np.eye(len(kept)) - a.T, c)
    scores = np.zeros(nodes)
    scores[kept] = (b.T @ s + d) / len(kept)
    return scores


def test_the_published_example_has_its_published_scores():
    leaders = {0: [1, 3], 1: [0, 2], 2: [0, 1, 3], 3: [0]}
    source, target = zip(*((j, k) for j, of in leaders.items() for k in of), strict=True)
    solved = solve(4, source, target, None, [0.23, 0.5, 0.86, 0.19], [0.42, 0.17, 0.10, 0.37])
    assert solved.scores == pytest.approx([0.21158803, 0.35253745, 0.28798439, 0.14789014], abs=1e-8)


@pytest.mark.parametrize("seed", range(80))
def test_scores_solve_the_dense_system_and_sum_to_one(seed):
    rng = np.random.default_rng(seed)
    nodes = int(rng.integers(1, 25))
    adjacency = (rng.random((nodes, nodes)) < 0.2) * rng.choice([0.0, 0.3, 1.0], (nodes, nodes))
    posting = rng.random(nodes) * (rng.random(nodes) < 0.5)
    reposting = 10.0 ** rng.integers(-2, 3, nodes) * (rng.random(nodes) < 0.8)
    posting[rng.integers(nodes)] = 0.7
    source, target = np.nonzero(adjacency)
    solved = solve(nodes, source, target, adjacency[source, target], posting, reposting)
    assert solved.residual <= 1e-12
    assert solved.scores.sum() == pytest.approx(1.0, abs=1e-11)
    assert solved.scores.min() >= 0
    assert np.abs(solved.scores - naive(adjacency, posting, reposting)).sum() <= 1e-10


@pytest.mark.parametrize("limit", [1, 2, 9, 33])
def test_the_residual_bounds_the_error_even_when_stopped_early(limit):
    rng = np.random.default_rng(limit)
    adjacency = (rng.random((30, 30)) < 0.15).astype(float)
    posting, reposting = 0.01 + rng.random(30), 20 * rng.random(30)
    source, target = np.nonzero(adjacency)
    solved = solve(30, source, target, None, posting, reposting, 1e-300, limit)
    assert 1 <= solved.iterations <= limit
    assert np.abs(solved.scores - naive(adjacency, posting, reposting)).sum() <= solved.residual * (1 + 1e-9) + 1e-13


def test_a_long_chain_of_users_who_only_repost_shows_the_one_who_posts():
    nodes = 3000
    fans = np.arange(1, nodes)
    solved = solve(nodes, fans, fans - 1, None, [5.0] + [0.0] * (nodes - 1), [0.0] + [1.0] * (nodes - 1))
    assert solved.scores == pytest.approx([1.0] + [0.0] * (nodes - 1), abs=1e-10)


def test_only_the_proportions_of_rates_and_weights_count():
    arguments = (3, [0, 1, 2, 2], [1, 2, 0, 1])
    plain = solve(*arguments, np.array([1.0, 2.0, 1.0, 3.0]), [0.1, 0.2, 0.3], [0.4, 0.5, 0.6])
    huge = 1e307 * np.array([1.0, 2.0, 1.0, 3.0])
    scaled = solve(*arguments, huge, 1e308 * np.array([0.1, 0.2, 0.3]), 1e308 * np.array([0.4, 0.5, 0.6]))
    assert scaled.scores == pytest.approx(plain.scores, abs=1e-11)
