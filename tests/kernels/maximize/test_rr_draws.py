"""The kernels that draw one set after the other, against twins in plain Python on the same random numbers."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import binom

from influence_graph.kernels.maximize import rr_ic, rr_sets
from tests.kernels.naive import Stream, edge_lists, quick, rows_of, seeds


def sets_from(root, graph, weights, model, seed, quality=1.0):
    """Return five sets from *root*, and for each node its sources with their weights."""
    nodes, edges = graph
    into = [[(u, weights[k % len(weights)]) for k, (u, v) in enumerate(edges) if v == node] for node in range(nodes)]
    reverse = rr_sets.reverse_of(*rows_of(graph), np.resize(np.array(weights), len(edges)))
    sampler = rr_sets.sampler_of(reverse, model, quality, np.eye(nodes)[root])
    sets = rr_sets.draw(sampler, seed, np.arange(5))
    return [sets.members[a:b].tolist() for a, b in zip(sets.offsets[:-1], sets.offsets[1:], strict=True)], into


def naive_threshold(into, root, stream):
    """Return the walk from *root*, from each node to at most one of its sources, by weight."""
    found = [root]
    while True:
        u, total, chosen = stream.uniform(), 0.0, None
        for source, weight in into[found[-1]]:
            total += weight
            if chosen is None and u < total:
                chosen = source
        if chosen is None or chosen in found:
            return found
        found.append(chosen)


def naive_cascade(into, root, quality, stream):
    """Return the nodes found from *root* by a search in rounds, with a trial for each edge."""
    u, rounds = stream.uniform(), -1
    while rounds < len(into) and 1 - u <= quality ** (rounds + 2):
        rounds += 1
    found = front = [root] if rounds >= 0 else []
    for _ in range(rounds):
        reached = []
        for v in front:
            live = [source for source, p in into[v] if stream.uniform() < p]
            reached += [source for source in live if source not in found + reached]
        found, front = found + reached, reached
    return found


@given(edge_lists(), st.lists(st.sampled_from([0.0, 0.0625, 0.125]), min_size=1, max_size=5), seeds, st.data())
@quick
def test_sets_of_linear_threshold_are_walks_by_weight(graph, weights, seed, data):
    root = data.draw(st.integers(0, graph[0] - 1))
    found, into = sets_from(root, graph, weights, "lt", seed)
    assert found == [naive_threshold(into, root, Stream(seed, i)) for i in range(5)]


@given(
    edge_lists(), st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=1, max_size=5), seeds,
    st.sampled_from([1.0, 0.8, 0.3]), st.data(),
)  # fmt: skip
@quick
def test_sets_of_the_cascade_are_searches_with_a_trial_for_each_likely_edge(graph, weights, seed, quality, data):
    root = data.draw(st.integers(0, graph[0] - 1))
    found, into = sets_from(root, graph, weights, "ic-n", seed, quality)
    assert found == [naive_cascade(into, root, quality, Stream(seed, i)) for i in range(5)]


@given(st.integers(1, 60), st.floats(1e-3, 0.249), st.floats(0.0, 0.9999))
@quick
def test_the_number_of_live_edges_is_the_quantile_of_the_binomial_distribution(edges, p, u):
    found, _ = live_edges(u, edges, p)
    assert binom.cdf(found, edges, p) >= u - 1e-9
    assert binom.cdf(found - 1, edges, p) <= u + 1e-9


@given(st.integers(1, 2000), st.floats(1e-6, 0.249), st.floats(0.0, 0.9999), st.floats(-0.999, 0.999))
@quick
def test_the_number_of_live_edges_is_the_same_within_its_margin(edges, p, u, share):
    assume((1 - p) ** edges > 1e-200)
    found, margin = live_edges(u, edges, p)
    assert margin <= 0.25
    if margin > 0:
        assert live_edges(u, edges, p * np.exp(share * margin))[0] == found


def live_edges(u, edges, p):
    none = (1 - p) ** edges
    return rr_ic._binomial(u - none, edges, none, p / (1 - p))


def test_the_depth_of_an_opinion_is_geometric():
    depths = np.array([rr_ic._rounds(np.uint64(state), 0.7, 50) for state in range(4000)])
    for rounds in range(5):
        p = 0.7 ** (rounds + 1)
        assert abs((depths >= rounds).mean() - p) < 4.5 * np.sqrt(p * (1 - p) / 4000)
    assert rr_ic._rounds(np.uint64(1), 1.0, 50) == 50
    assert rr_ic._rounds(np.uint64(1), 0.0, 50) == -1
