from itertools import product

import numpy as np
import pytest

from influence_graph.kernels.maximize import rr_sets

MODELS = [("ic", 1.0), ("lt", 1.0), ("ic-n", 0.7)]


def graph(nodes, source, target, weight):
    """Return the in-edges of a graph given by arrays sorted by source."""
    indptr = np.searchsorted(source, np.arange(nodes + 1)).astype(np.int64)
    return rr_sets.reverse_of(indptr, np.asarray(target, np.int32), np.asarray(weight, float))


def random_graph(seed, nodes, edges, equal=False):
    """Return arrays of a random graph; in-weights sum to at most 1 so that all models accept it."""
    rng = np.random.default_rng(seed)
    pairs = rng.choice(nodes * (nodes - 1), min(edges, nodes * (nodes - 1)), replace=False)
    source, other = pairs // (nodes - 1), pairs % (nodes - 1)
    target = other + (other >= source)
    order = np.lexsort((target, source))
    source, target = source[order], target[order]
    weight = np.ones(source.size) if equal else rng.random(source.size)
    return nodes, source, target, 0.9 * weight / np.bincount(target, weight, nodes)[target]


def sample(reverse, model, quality, roots, seed, first, count, threads=1):
    """Return *count* sets from index *first* on."""
    sampler = rr_sets.sampler_of(reverse, model, quality, roots)
    return rr_sets.draw(sampler, seed, np.arange(first, first + count), threads)


def as_lists(sets):
    return [sets.members[a:b].tolist() for a, b in zip(sets.offsets[:-1], sets.offsets[1:], strict=True)]


def naive_distances(nodes, live, seeds):
    """Return the steps from *seeds* along *live* edges, by rounds over all edges."""
    steps = dict.fromkeys(seeds, 0)
    for at in range(1, nodes):
        steps.update({v: at for u, v in live if steps.get(u) == at - 1 and v not in steps})
    return steps


def exact_spread(nodes, source, target, weight, seeds, model, quality):
    """Return σ of *seeds* by enumeration of every state of the edges."""
    edges = list(zip(source.tolist(), target.tolist(), weight.tolist(), strict=True))
    total = 0.0
    if model == "lt":
        into = [[(u, w) for u, v, w in edges if v == node] for node in range(nodes)]
        choices = [[*((u, w) for u, w in row), (None, 1.0 - sum(w for _, w in row))] for row in into]
        for picks in product(*choices):
            chance = np.prod([w for _, w in picks])
            live = [(u, v) for v, (u, _) in enumerate(picks) if u is not None]
            total += chance * len(naive_distances(nodes, live, seeds))
        return total
    for states in product([False, True], repeat=len(edges)):
        chance = np.prod([w if on else 1.0 - w for on, (_, _, w) in zip(states, edges, strict=True)])
        live = [(u, v) for on, (u, v, _) in zip(states, edges, strict=True) if on]
        total += chance * sum(quality ** (d + (model == "ic-n")) for d in naive_distances(nodes, live, seeds).values())
    return total


def hits(sets, nodes):
    return np.array([not set(nodes).isdisjoint(members) for members in as_lists(sets)])


@pytest.mark.parametrize(("model", "quality"), MODELS)
@pytest.mark.parametrize("seed", range(4))
def test_hits_estimate_the_exact_spread(model, quality, seed):
    arrays = random_graph(seed, 5, 9, equal=seed % 2 == 0)
    count = 4000
    sets = sample(graph(*arrays), model, quality, None, seed, 0, count)
    for seeds in ([0], [1, 3]):
        found = hits(sets, seeds)
        error = max(found.std(), 0.02) / np.sqrt(count)
        exact = exact_spread(*arrays, seeds, model, quality)
        assert found.mean() * 5 == pytest.approx(exact, abs=4 * 5 * error)


def test_many_equal_edges_are_live_as_often_as_the_binomial_says():
    edges, p, count = 40, 0.05, 8_000  # long rows of equal edges are drawn by their number
    source = np.arange(1, edges + 1)
    star = graph(edges + 1, source, np.zeros(edges, int), np.full(edges, p))
    only_hub = np.r_[1.0, np.zeros(edges)]
    sets = sample(star, "ic", 1.0, only_hub, 5, 0, count)
    live = np.diff(sets.offsets) - 1
    variance = edges * p * (1 - p)
    assert live.mean() == pytest.approx(edges * p, abs=4 * np.sqrt(variance / count))
    assert live.var() == pytest.approx(variance, rel=4 * np.sqrt(3 / count))
    each = np.bincount(sets.members, minlength=edges + 1)[1:] / count
    assert np.abs(each - p).max() < 4.5 * np.sqrt(p * (1 - p) / count)
    both = np.mean([{1, edges} <= set(members) for members in as_lists(sets)])
    assert both == pytest.approx(p * p, abs=4 * np.sqrt(p * p / count))


def test_many_unlikely_edges_are_live_each_with_its_own_probability():
    edges, count = 40, 8_000
    p = np.linspace(0.0, 0.2, edges)
    star = graph(edges + 1, np.arange(1, edges + 1), np.zeros(edges, int), p)
    only_hub = np.r_[1.0, np.zeros(edges)]
    sets = sample(star, "ic", 1.0, only_hub, 5, 0, count)
    each = np.bincount(sets.members, minlength=edges + 1)[1:] / count
    assert (np.abs(each - p) <= 4.5 * np.sqrt(p * (1 - p) / count)).all()
    live = np.diff(sets.offsets) - 1
    variance = (p * (1 - p)).sum()  # that of independent edges
    assert live.mean() == pytest.approx(p.sum(), abs=4 * np.sqrt(variance / count))
    assert live.var() == pytest.approx(variance, rel=4 * np.sqrt(3 / count))


def test_a_path_of_100_nodes_reaches_its_closed_form():
    path = graph(100, np.arange(99), np.arange(1, 100), np.full(99, 0.1))
    sets = sample(path, "ic", 1.0, None, 3, 0, 10_000)
    found = np.bincount(sets.members, minlength=100)[:80] * 100 / 10_000  # 80 nodes with the same spread
    assert found.mean() == pytest.approx(1 / 0.9, abs=0.01)


def test_edges_of_probability_0_and_1_are_never_and_always_live():
    both = graph(4, np.array([0, 1, 2]), np.array([1, 2, 3]), np.array([1.0, 0.0, 1.0]))
    for model in ("ic", "lt"):
        for members in as_lists(sample(both, model, 1.0, None, 1, 0, 40)):
            assert sorted(members) in ([0], [0, 1], [2], [2, 3])


def test_an_opinion_of_quality_0_reaches_nobody_and_of_quality_1_is_the_cascade():
    reverse = graph(*random_graph(1, 8, 20))
    assert sample(reverse, "ic-n", 0.0, None, 1, 0, 50).members.size == 0
    with_quality = sample(reverse, "ic-n", 1.0, None, 1, 0, 50)
    assert as_lists(with_quality) == as_lists(sample(reverse, "ic", 1.0, None, 1, 0, 50))


@pytest.mark.parametrize(("model", "quality"), MODELS)
def test_a_set_is_the_same_however_it_is_drawn(model, quality):
    reverse = graph(*random_graph(2, 40, 150))
    whole = as_lists(sample(reverse, model, quality, None, 9, 0, 3000, threads=1))
    assert as_lists(sample(reverse, model, quality, None, 9, 0, 3000, threads=2)) == whole
    assert as_lists(sample(reverse, model, quality, None, 9, 700, 50)) == whole[700:750]
    which = np.array([5, 2999, 17])
    assert as_lists(rr_sets.draw(rr_sets.sampler_of(reverse, model, quality, None), 9, which)) == [
        whole[i] for i in which
    ]
    assert as_lists(sample(reverse, model, quality, None, 10, 0, 3000)) != whole


@pytest.mark.parametrize(("model", "quality"), MODELS)
def test_members_that_do_not_fit_the_buffer_are_drawn_again(model, quality, monkeypatch):
    reverse = graph(*random_graph(2, 40, 150))
    sampler = rr_sets.sampler_of(reverse, model, quality, None)
    whole = as_lists(rr_sets.draw(sampler, 4, np.arange(60)))
    monkeypatch.setattr(rr_sets, "_BUFFER", 2)
    assert as_lists(rr_sets.draw(sampler, 4, np.arange(60))) == whole


@pytest.mark.parametrize(("model", "quality"), MODELS)
def test_sets_without_the_target_of_a_changed_edge_are_unchanged(model, quality):
    nodes, source, target, weight = random_graph(3, 60, 200)
    before = as_lists(sample(graph(nodes, source, target, weight), model, quality, None, 1, 0, 300))
    changed = weight.copy()
    changed[::17] *= 0.25
    after = as_lists(sample(graph(nodes, source, target, changed), model, quality, None, 1, 0, 300))
    targets = set(target[::17].tolist())
    untouched = [i for i, members in enumerate(before) if targets.isdisjoint(members)]
    assert 0 < len(untouched) < 300
    assert all(before[i] == after[i] for i in untouched)
    assert before != after


def test_a_set_ends_with_the_first_node_to_stop_at():
    reverse = graph(*random_graph(5, 30, 120))
    stop = np.arange(30) < 4
    whole = as_lists(sample(reverse, "ic", 1.0, None, 1, 0, 400))
    ended = as_lists(rr_sets.draw(rr_sets.sampler_of(reverse, "ic", 1.0, None, stop), 1, np.arange(400)))
    for members, short in zip(whole, ended, strict=True):
        first = next((i for i, v in enumerate(members) if stop[v]), len(members) - 1)
        assert short == members[: first + 1]


@pytest.mark.parametrize(("model", "quality"), MODELS)
def test_two_parts_of_a_stream_are_the_whole(model, quality):
    reverse = graph(*random_graph(4, 30, 90))
    first, second = (sample(reverse, model, quality, None, 3, *part) for part in ((20, 45), (65, 55)))
    both = rr_sets.concatenated(first, second)
    assert as_lists(both) == as_lists(sample(reverse, model, quality, None, 3, 20, 100))
    assert (both.first, both.count) == (20, 100)
    assert both.nbytes == 8 * 101 + 4 * both.members.size + 4 * 100  # offsets, members, a margin each


@pytest.mark.parametrize("threads", [1, 2])
def test_what_the_check_raises_ends_the_drawing(threads):
    sampler = rr_sets.sampler_of(graph(*random_graph(4, 30, 90)), "ic", 1.0, None)

    def interrupt():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rr_sets.draw(sampler, 1, np.arange(3000), threads, interrupt)


def test_no_sets_are_none():
    none = rr_sets.draw(rr_sets.sampler_of(graph(*random_graph(4, 30, 90)), "ic", 1.0, None), 1, np.arange(0))
    assert (none.count, none.members.size, none.first) == (0, 0, 0)
