import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.kernels.diffusion import cascades
from tests.kernels.naive import GOLDEN_GAMMA, WORD, Stream, edge_lists, mix64, quick, rows_of, seeds


def naive_value(graph, weight, seeded, rounds, stream):
    """Return the number of active nodes of one cascade; the threshold of a node is hashed from the stream."""
    nodes, edges = graph
    limit = [((mix64((stream.state + v * GOLDEN_GAMMA) % WORD) >> 11) + 1) / 2**53 for v in range(nodes)]
    active = {seeded}
    for _ in range(rounds):
        total = [
            sum(w for (u, t), w in zip(edges, weight, strict=True) if t == v and u in active) for v in range(nodes)
        ]
        active |= {v for v in range(nodes) if total[v] >= limit[v]}
    return len(active)


@given(edge_lists(), st.lists(st.sampled_from([0.0, 0.0625, 0.125]), min_size=1, max_size=5), seeds, st.data())
@quick
def test_each_simulation_is_that_of_its_thresholds(graph, weights, seed, data):
    nodes, edges = graph
    seeded, rounds = data.draw(st.integers(0, nodes - 1)), data.draw(st.integers(0, nodes))
    weight = np.resize(np.array(weights), len(edges))
    rows = cascades.Edges(*rows_of(graph), weight)
    start = cascades.Start(np.array([seeded]), rounds, np.ones(nodes), 1.0)
    found = cascades.simulate(rows, start, "lt", 8, seed, 1)
    twin = [naive_value(graph, weight.tolist(), seeded, rounds, Stream(seed, i)) for i in range(8)]
    assert found.values.tolist() == twin
    assert found.activation.sum() * 8 == sum(twin)
