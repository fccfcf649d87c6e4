import itertools

import numpy as np
import pytest

from influence_graph.kernels.maximize import celf
from influence_graph.model import csr


def random_rows(seed, nodes=7, edges=12):
    """Return the CSR of a random graph whose weights into a node sum to at most 1."""
    rng = np.random.default_rng(seed)
    source, target = rng.integers(0, nodes, (2, edges))
    rows = csr.build(nodes, source, target, rng.choice([0.0, 0.3, 0.8, 1.0], edges))
    total = np.bincount(rows.indices, rows.weights, nodes)
    return rows._replace(weights=rows.weights / np.maximum(total, 1.0)[rows.indices])


def distances(edges, seeds):
    """Return the steps from *seeds* to each node they reach over the pairs *edges*."""
    found, front = dict.fromkeys(seeds, 0), list(seeds)
    for u in front:
        for a, b in edges:
            if a == u and b not in found:
                found[b] = found[u] + 1
                front.append(b)
    return found


def naive_value(worlds, worth, seeds):
    """Return the mean over the worlds of Σ target·q^(distance + 1)."""
    total = 0.0
    for starts in worlds.indptr:
        edges = [(u, int(v)) for u in range(starts.size - 1) for v in worlds.indices[starts[u] : starts[u + 1]]]
        total += sum(worth.target[v] * worth.quality ** (d + 1) for v, d in distances(edges, seeds).items())
    return total / worlds.indptr.shape[0]


@pytest.mark.parametrize("seed", range(12))
def test_lazy_greedy_picks_what_plain_greedy_picks(seed):
    rows = random_rows(seed)
    draw = celf.threshold_worlds if seed % 2 else celf.cascade_worlds
    worlds = draw(*rows, 9, seed)
    worth = celf.Worth(np.array([1, 2, 0, 1, 1, 0.5, 1.0]), [1.0, 0.7][seed % 3 == 0])
    allowed = np.array([0, 1, 2, 4, 5, 6])
    picked = celf.lazy_greedy(worlds, worth, 4, allowed)
    seeds: list[int] = []
    for node, gain in zip(picked.nodes.tolist(), picked.gains, strict=True):
        before = naive_value(worlds, worth, seeds)
        gains = [naive_value(worlds, worth, [*seeds, v]) - before for v in allowed if v not in seeds]
        assert gain == pytest.approx(max(gains), abs=1e-12)
        assert gain == pytest.approx(naive_value(worlds, worth, [*seeds, node]) - before, abs=1e-12)
        seeds.append(node)
    assert len(set(seeds)) == 4
    assert 3 not in seeds
    assert picked.evaluations <= 6 + 5 + 4 + 3


def test_equal_gains_are_broken_by_index():
    worlds = celf.cascade_worlds(np.zeros(6, np.int64), np.zeros(0, np.int32), np.zeros(0), 5, 1)
    picked = celf.lazy_greedy(worlds, celf.Worth(np.ones(5), 1.0), 3, np.arange(5))
    assert picked.nodes.tolist() == [0, 1, 2]
    assert picked.gains.tolist() == [1.0, 1.0, 1.0]
    assert picked.errors.tolist() == [0.0, 0.0, 0.0]


def test_the_standard_error_is_that_of_the_mean_over_worlds():
    rows = csr.build(2, np.array([0]), np.array([1]), np.array([0.5]))
    worlds = celf.cascade_worlds(*rows, 40, 3)
    live = np.diff(worlds.indptr[:, [0, 1]]).ravel()
    picked = celf.lazy_greedy(worlds, celf.Worth(np.ones(2), 1.0), 1, np.array([0]))
    assert picked.gains[0] == pytest.approx(1 + live.mean())
    assert picked.errors[0] == pytest.approx(live.std(ddof=1) / np.sqrt(40))


@pytest.mark.parametrize("draw", [celf.cascade_worlds, celf.threshold_worlds])
def test_each_edge_is_live_as_often_as_its_weight_says(draw):
    rows = random_rows(5)
    count = 2000
    worlds = draw(*rows, count, 11)
    live = np.zeros((7, 7))
    entering = np.zeros((count, 7), int)
    for world, u in itertools.product(range(count), range(7)):
        ends = worlds.indices[worlds.indptr[world, u] : worlds.indptr[world, u + 1]]
        live[u, ends] += 1
        entering[world, ends] += 1
    for u in range(7):
        for k in range(rows.indptr[u], rows.indptr[u + 1]):
            p = rows.weights[k]
            assert abs(live[u, rows.indices[k]] / count - p) <= 4.5 * np.sqrt(p * (1 - p) / count) + 1e-12
    assert draw is celf.cascade_worlds or entering.max() <= 1


def test_progress_reaches_the_number_of_nodes():
    worlds = celf.cascade_worlds(np.zeros(101, np.int64), np.zeros(0, np.int32), np.zeros(0), 2, 1)
    calls = []
    celf.lazy_greedy(
        worlds, celf.Worth(np.ones(100), 1.0), 1, np.arange(100), lambda done, of: calls.append((done, of))
    )
    assert calls == [(64, 100), (100, 100)]
