import networkx as nx
import numpy as np
import pytest

from influence_graph.kernels.ranking.pagerank_inflow import inflow_of
from influence_graph.model import csr


def random_rows(seed):
    """Return the CSR of a random sparse graph with self loops, sinks, isolates and weights of 0."""
    rng = np.random.default_rng(seed)
    nodes = int(rng.integers(1, 25))
    source, target = rng.integers(0, nodes, (2, int(rng.integers(0, 2 * nodes))))
    weight = None if seed % 3 == 0 else rng.choice([0.0, 0.5, 3.0], source.size)
    return csr.build(nodes, source, target, weight)


def shares(rows):
    """Return the dense matrix of the share of its weight that each node sends to each other."""
    nodes = rows.indptr.size - 1
    dense = np.zeros((nodes, nodes))
    weights = np.ones(rows.indices.size) if rows.weights is None else rows.weights
    dense[csr.row_of_each(rows.indptr), rows.indices] = weights
    out = dense.sum(axis=1, keepdims=True)
    return np.divide(dense, out, out=np.zeros_like(dense), where=out > 0)


@pytest.mark.parametrize("seed", range(60))
def test_the_core_is_what_lies_between_cycles(seed):
    rows = random_rows(seed)
    inflow = inflow_of(*rows)
    g = nx.DiGraph()
    g.add_nodes_from(range(rows.indptr.size - 1))
    starts = csr.row_of_each(rows.indptr)
    g.add_edges_from((int(i), int(j)) for i, j in zip(starts, rows.indices, strict=True) if i != j)
    cyclic = {node for part in nx.strongly_connected_components(g) if len(part) > 1 for node in part}
    led_to = cyclic | {node for i in cyclic for node in nx.descendants(g, i)}
    leading = cyclic | {node for i in cyclic for node in nx.ancestors(g, i)}
    assert set(inflow.order[: inflow.before]) == set(g) - led_to
    assert set(inflow.order[inflow.before : inflow.after]) == led_to & leading
    assert set(inflow.order[inflow.after :]) == led_to - leading


@pytest.mark.parametrize("seed", range(60))
def test_the_in_edges_by_position_are_the_transposed_shares(seed):
    rows = random_rows(seed)
    inflow = inflow_of(*rows)
    expected = shares(rows)[np.ix_(inflow.order, inflow.order)]
    found = np.diag(inflow.own)
    for i in range(inflow.order.size):
        for k in range(int(inflow.indptr[i]), int(inflow.indptr[i + 1])):
            j = int(inflow.indices[k])
            found[j, i] += inflow.rate[j] * (1.0 if inflow.weights is None else inflow.weights[k])
            if not inflow.before <= i < inflow.after:
                assert j < i
            else:
                assert (j >= inflow.before) == (k >= inflow.core[i])
    core = slice(inflow.before, inflow.after)
    assert found == pytest.approx(expected)
    assert inflow.sent == pytest.approx(expected.sum(axis=1))
    assert inflow.kept[core] == pytest.approx(expected[core, core].sum(axis=1))


def test_the_core_is_ordered_by_falling_in_degree():
    source, target = np.random.default_rng(0).integers(0, 40, (2, 300))
    inflow = inflow_of(*csr.build(40, source, target, None))
    lengths = np.diff(inflow.indptr.astype(int))[inflow.before : inflow.after]
    assert (np.diff(lengths) <= 0).all()


def test_weights_that_are_equal_within_each_row_are_left_out():
    inflow = inflow_of(np.array([0, 2, 3, 3]), np.array([1, 2, 0]), np.array([7.0, 7.0, 0.5]))
    assert inflow.weights is None


@pytest.mark.parametrize("weight", [5e-324, 1e-300, 1.0, 1e308])
def test_sums_of_huge_and_tiny_weights_neither_overflow_nor_vanish(weight):
    inflow = inflow_of(np.array([0, 3, 4, 4, 4]), np.array([1, 2, 3, 0]), np.array([weight, weight, 0.0, 1.0]))
    assert inflow.weights is not None
    assert sorted(inflow.weights.tolist()) == pytest.approx([0.0, 0.5, 0.5, 1.0])


def test_a_row_of_zero_weights_is_a_sink():
    inflow = inflow_of(np.array([0, 2, 2, 3]), np.array([1, 2, 0]), np.array([0.0, 0.0, 4.0]))
    sent = dict(zip(inflow.order.tolist(), inflow.sent.tolist(), strict=True))
    assert sent == {0: 0.0, 1: 0.0, 2: 1.0}
