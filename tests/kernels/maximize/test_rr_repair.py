import numpy as np
import pytest

from influence_graph.kernels.maximize import rr_repair, rr_sets
from influence_graph.model import csr


def random_edges(rng, nodes, edges, model):
    """Return a dict (source, target) -> probability; for LT the probabilities into a node sum to at most 1."""
    pairs = {tuple(pair): rng.choice([0.2, 0.5, 1.0]) for pair in rng.integers(0, nodes, (edges, 2)).tolist()}
    if model != "lt":
        return pairs
    degree = np.bincount([v for _, v in pairs], minlength=nodes)
    return {(u, v): p / degree[v] for (u, v), p in pairs.items()}


def changed_edges(rng, pairs, nodes):
    """Return the edges after one is dropped, one has half its probability, and one new one may stand."""
    after = dict(pairs)
    dropped, halved = rng.permutation(len(pairs))[:2]
    after[list(pairs)[halved]] /= 2
    del after[list(pairs)[dropped]]
    u, v = rng.integers(0, nodes, 2).tolist()
    if (u, v) not in pairs and sum(p for (_, b), p in after.items() if b == v) == 0:
        after[u, v] = 0.7
    return after


def reverse(pairs, nodes):
    rows = csr.build(nodes, *np.array(list(pairs)).T, np.array(list(pairs.values())))
    return rr_sets.reverse_of(rows.indptr, rows.indices, rows.weights)


@pytest.mark.parametrize("seed", range(15))
def test_repaired_sets_are_those_of_rebuilding(seed):
    rng = np.random.default_rng(seed)
    nodes, model = 12, ["ic", "lt", "ic-n"][seed % 3]
    pairs = random_edges(rng, nodes, 25, model)
    after = changed_edges(rng, pairs, nodes)
    roots = None if seed % 2 else rng.random(nodes)
    stop = None if seed % 5 else np.arange(nodes) == 3
    old = rr_sets.sampler_of(reverse(pairs, nodes), model, 0.8, roots, stop)
    new = rr_sets.sampler_of(reverse(after, nodes), model, 0.8, roots, stop)
    which = np.arange(40, 240)
    differs = rr_repair.changed(reverse(pairs, nodes), reverse(after, nodes))
    repaired, count = rr_repair.redrawn(rr_sets.draw(old, 7, which), new, 7, differs)
    rebuilt = rr_sets.draw(new, 7, which)
    assert repaired.offsets.tolist() == rebuilt.offsets.tolist()
    assert repaired.members.tolist() == rebuilt.members.tolist()
    assert repaired.first == rebuilt.first == 40
    assert 0 < count < 200


@pytest.mark.parametrize("seed", range(10))
def test_changed_nodes_are_the_targets_of_changed_edges(seed):
    rng = np.random.default_rng(seed)
    pairs = random_edges(rng, 12, 25, "ic")
    after = changed_edges(rng, pairs, 12)
    keys = {*pairs, *after}
    naive = {v for u, v in keys if pairs.get((u, v)) != after.get((u, v))}
    found = rr_repair.changed(reverse(pairs, 12), reverse(after, 12))
    assert set(np.flatnonzero(found)) == naive


def test_nothing_is_drawn_where_nothing_changed():
    pairs = {(0, 1): 0.5, (1, 2): 0.5}
    sampler = rr_sets.sampler_of(reverse(pairs, 3), "ic", 1.0, None)
    sets = rr_sets.draw(sampler, 1, np.arange(50))
    same, count = rr_repair.redrawn(sets, sampler, 1, np.zeros(3, bool))
    assert same is sets
    assert count == 0


def test_splicing_is_replacing_in_a_list():
    rng = np.random.default_rng(3)
    lists = [rng.integers(0, 9, rng.integers(0, 4)).tolist() for _ in range(30)]
    for which in ([0], [29], [0, 1, 29], [3, 9, 10, 11], list(range(30))):
        new = [rng.integers(0, 9, rng.integers(0, 6)).tolist() for _ in which]
        expected = [new[which.index(i)] if i in which else old for i, old in enumerate(lists)]
        found = rr_repair.spliced(packed(lists), np.array(which), packed(new))
        assert found.members.tolist() == packed(expected).members.tolist()
        assert found.offsets.tolist() == packed(expected).offsets.tolist()


def packed(lists):
    offsets = np.cumsum([0, *map(len, lists)])
    return rr_sets.RRSets(offsets, np.array([v for part in lists for v in part], np.int32))
