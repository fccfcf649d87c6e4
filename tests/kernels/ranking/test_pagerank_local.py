import numpy as np
import pytest

from influence_graph.kernels.ranking import pagerank_local
from influence_graph.kernels.ranking.pagerank_local import LocalUpdate, OutEdges, local_update
from influence_graph.model import csr

ALPHA = 0.85


def random_edges(seed):
    """Return arrays of a random graph with sinks, self loops and, by turns, weights, and a random generator."""
    rng = np.random.default_rng(seed)
    nodes = int(rng.integers(3, 150))  # more than one block of rows that are compared at once
    edges = int(rng.integers(1, 3 * nodes))
    source, target = rng.integers(0, nodes, (2, edges))
    weight = None if seed % 2 else rng.choice([0.0, 0.5, 1.0, 7.0], edges)
    return nodes, source, target, weight, rng


def inserted(nodes, source, target, weight, rng):
    source, target = (np.append(ends, rng.integers(0, nodes, 2)) for ends in (source, target))
    return source, target, None if weight is None else np.append(weight, [2.0, 0.25])


def deleted(nodes, source, target, weight, rng):
    kept = np.arange(source.size) != rng.integers(source.size)
    return source[kept], target[kept], None if weight is None else weight[kept]


def reweighted(nodes, source, target, weight, rng):
    weight = np.ones(source.size) if weight is None else weight.copy()
    weight[rng.integers(source.size)] = rng.choice([0.0, 3.0])
    return source, target, weight


def redirected(nodes, source, target, weight, rng):
    target = target.copy()
    target[rng.integers(source.size)] = rng.integers(nodes)
    return source, target, weight


def unchanged(nodes, source, target, weight, rng):
    return source, target, weight


def shares(rows):
    """Return the dense matrix of the share of its weight that each node sends to each other; 0 from sinks."""
    dense = np.zeros((rows.indptr.size - 1,) * 2)
    weights = np.ones(rows.indices.size) if rows.weights is None else rows.weights
    dense[csr.row_of_each(rows.indptr), rows.indices] = weights
    out = dense.sum(axis=1, keepdims=True)
    return np.divide(dense, out, out=np.zeros_like(dense), where=out > 0)


def solved(rows, v):
    """Return PageRank by the dense system."""
    x = np.linalg.solve(np.eye(v.size) - ALPHA * shares(rows).T, v)
    return x / x.sum()


def residual(rows, v, p):
    """Return the L1 residual of the PageRank equation, from the dense matrix."""
    sent = shares(rows)
    return np.abs(ALPHA * sent.T @ p + (1 - ALPHA * p[sent.sum(axis=1) > 0].sum()) * v - p).sum()


@pytest.mark.parametrize("change", [inserted, deleted, reweighted, redirected, unchanged])
@pytest.mark.parametrize("seed", range(8))
def test_the_residual_is_within_its_bound_whatever_changes(change, seed):
    nodes, source, target, weight, rng = random_edges(seed)
    before = OutEdges(*csr.build(nodes, source, target, weight))
    after = OutEdges(*csr.build(nodes, *change(nodes, source, target, weight, rng)))
    v = rng.dirichlet(np.ones(nodes))
    p = solved(before, v)
    local = local_update(before, after, p, ALPHA, 1e-10)
    assert residual(after, v, local.scores) <= local.residual + 1e-14
    assert residual(after, v, local.scores) <= ALPHA * residual(after, v, p) + 1e-14  # at least the Jacobi step
    assert local.scores.sum() == pytest.approx(1.0)
    assert local.scores.min() >= 0


@pytest.mark.parametrize("seed", range(8))
def test_a_round_pushes_as_plain_python_does(seed):
    nodes, source, target, weight, rng = random_edges(seed)
    rows = OutEdges(*csr.build(nodes, source, target, weight))
    dense, degree = shares(rows), np.diff(rows.indptr)
    x, r = rng.random(nodes), np.where(rng.random(nodes) < 0.2, rng.normal(size=nodes), 0.0)
    r[0] = 1.0
    found = np.flatnonzero(r)
    expected_x, expected_r, queue, visits = x.copy(), r.copy(), list(found), 0
    for i in queue:  # the list grows while it is gone through
        if abs(expected_r[i]) > 0.1 * (1 + degree[i]):
            amount, expected_r[i] = expected_r[i], 0.0
            expected_x[i] += amount
            expected_r += ALPHA * amount * dense[i]
            visits += degree[i]
            queue += [j for j in rows.indices[rows.indptr[i] : rows.indptr[i + 1]] if j not in queue]
    touched = np.concatenate([found, np.zeros(nodes - found.size, np.int64)])
    number, seen = found.size, r != 0.0
    visited = pagerank_local._round(*pagerank_local._unsigned(rows), ALPHA, 0.1, x, r, touched, seen, number)
    assert visited[1] == visits
    assert x == pytest.approx(expected_x)
    assert r == pytest.approx(expected_r)
    assert set(np.flatnonzero(expected_r)) <= set(touched[: visited[0]].tolist()) <= set(queue)


def test_a_change_in_one_part_of_many_needs_no_pass_over_the_edges():
    parts, size = 400, 5  # rings of five, one edge redirected in one of them
    source = np.arange(parts * size)
    target = source // size * size + (source + 1) % size
    before, v = OutEdges(*csr.build(source.size, source, target, None)), np.full(source.size, 1 / source.size)
    after = OutEdges(*csr.build(source.size, source, np.append(target[:-1], source.size - 3), None))
    local = local_update(before, after, v, ALPHA, 1e-10)  # on rings all scores are equal
    assert local.residual <= 1e-10
    assert local.passes < 0.5
    expected = solved(after, v)
    assert np.abs(local.scores - expected).sum() <= 1e-10 / (1 - ALPHA)


def test_a_graph_that_loses_all_edges_is_solved():
    before = OutEdges(*csr.build(2, np.array([0, 1]), np.array([1, 0]), None))
    after = OutEdges(*csr.build(2, np.array([], int), np.array([], int), None))
    local = local_update(before, after, np.full(2, 0.5), ALPHA, 1e-12)
    assert isinstance(local, LocalUpdate)
    assert local.scores == pytest.approx([0.5, 0.5])
