import random

import numpy as np
import pytest

from influence_graph.kernels.diffusion import cascades, exact_cascades, poisson_sampling


def edges_of(nodes, triples):
    """Return the out-edges of the triples source, target, probability."""
    ordered = sorted(triples)
    counts = np.bincount([s for s, _, _ in ordered], minlength=nodes)
    return cascades.Edges(
        np.concatenate([[0], np.cumsum(counts)]),
        np.array([t for _, t, _ in ordered], np.int32),
        np.array([p for _, _, p in ordered], np.float64),
    )


def naive_opinions(nodes, triples, seeds, rounds, quality, rng):
    """Return the positive nodes of one cascade: opinions drawn step by step, the first to reach a node decides."""
    positive = {s: rng.random() < quality for s in seeds}
    active = list(seeds)
    for _ in range(rounds):
        reached = {}
        rng.shuffle(active)  # ties are broken at random
        for node in active:
            for source, target, p in triples:
                if source == node and rng.random() < p and target not in positive and target not in reached:
                    reached[target] = positive[node] and rng.random() < quality
        positive |= reached
        active = list(reached)
    return {node for node, good in positive.items() if good}


def naive_threshold(nodes, triples, seeds, rounds, rng):
    """Return the active nodes of one cascade: a threshold per node, all weights summed anew each round."""
    limit = [1.0 - rng.random() for _ in range(nodes)]
    active = set(seeds)
    for _ in range(rounds):
        weight = [sum(p for s, t, p in triples if t == v and s in active) for v in range(nodes)]
        active |= {v for v in range(nodes) if weight[v] >= limit[v]}
    return active


METHODS = {"poisson_sampling": np.inf, "bit_parallel": -1.0}


@pytest.fixture(params=METHODS)
def method(request, monkeypatch):
    """Run the test with each method of independent cascade, whatever the pilot run would choose."""
    monkeypatch.setattr(cascades, "_MAX_LIVE", METHODS[request.param])
    return request.param


DIAMOND = [(0, 1, 0.6), (0, 2, 0.3), (1, 3, 0.5), (2, 3, 0.5), (3, 4, 0.9), (4, 0, 0.2), (1, 2, 0.2), (5, 4, 0.1)]


@pytest.mark.parametrize("rounds", [1, 2, 6])
@pytest.mark.parametrize(("model", "quality"), [("ic", 1.0), ("ic", 0.7), ("lt", 1.0)])
@pytest.mark.usefixtures("method")
def test_activation_agrees_with_the_naive_twin(model, quality, rounds):
    runs, rng = 4000, random.Random(7)
    count = np.zeros(6)
    for _ in range(runs):
        if model == "lt":
            found = naive_threshold(6, DIAMOND, [0], rounds, rng)
        else:
            found = naive_opinions(6, DIAMOND, [0], rounds, quality, rng)
        count[list(found)] += 1
    twin = count / runs
    start = cascades.Start(np.array([0]), rounds, np.ones(6), quality)
    found = cascades.simulate(edges_of(6, DIAMOND), start, model, 2048, 3, 1)
    error = np.sqrt(twin * (1 - twin) * (1 / runs + 1 / 2048)) + 1e-12
    assert (np.abs(found.activation - twin) < 4.5 * error).all()
    assert found.values.mean() == pytest.approx(found.activation.sum())


@pytest.mark.usefixtures("method")
def test_the_result_depends_neither_on_threads_nor_on_how_simulations_are_divided():
    start = cascades.Start(np.array([0, 5]), 6, np.arange(6.0), 0.9)
    for model in ("ic", "lt"):
        one, three = (cascades.simulate(edges_of(6, DIAMOND), start, model, 300, 11, threads) for threads in (1, 3))
        assert one.values.tolist() == three.values.tolist()
        assert one.activation.tolist() == three.activation.tolist()
        fewer = cascades.simulate(edges_of(6, DIAMOND), start, model, 256, 11, 1)
        assert fewer.values.tolist() == one.values[:256].tolist()


@pytest.mark.parametrize("model", ["ic", "lt"])
@pytest.mark.usefixtures("method")
def test_probabilities_0_and_1_are_certain(model):
    path = [(0, 1, 1.0), (1, 2, 1.0), (2, 3, 0.0), (3, 4, 1.0)]
    start = cascades.Start(np.array([0]), 5, np.ones(5), 1.0)
    found = cascades.simulate(edges_of(5, path), start, model, 130, 0, 1)
    assert found.activation.tolist() == [1, 1, 1, 0, 0]
    assert (found.values == 3).all()


@pytest.mark.parametrize("p", [1e-3, 0.01, 0.015, 0.02, 0.1, 0.5, 0.6, 0.61, 0.93, 1 - 1e-3])
@pytest.mark.usefixtures("method")
def test_an_edge_is_live_with_its_probability_on_both_sides_of_the_switch_of_method(p):
    leaves, runs = 20, 640
    star = [(0, leaf, p) for leaf in range(1, leaves + 1)]
    start = cascades.Start(np.array([0]), 1, np.ones(leaves + 1), 1.0)
    found = cascades.simulate(edges_of(leaves + 1, star), start, "ic", runs, 5, 1)
    z = (found.activation[1:] - p) / np.sqrt(p * (1 - p) / runs)
    assert np.abs(z).max() < 6
    assert abs(z.sum()) < 4 * np.sqrt(leaves)
    # 640 sums of 20 trials: the variance of their variance is 2/639 + (1/(p(1-p)) - 6)/(20·640) of its square
    spread = np.sqrt(2 / 639 + max(1 / (p * (1 - p)) - 6, 0) / (20 * 640))
    assert found.values.var(ddof=1) / (leaves * p * (1 - p)) == pytest.approx(1, abs=4 * spread)


def naive_worlds(nodes, triples, seeds, rounds, quality):
    """Return exact activation by recursion over the edges, one breadth-first search per world."""
    total = np.zeros(nodes)
    for world in range(2 ** len(triples)):
        live = [e for i, e in enumerate(triples) if world >> i & 1]
        chance = np.prod([p if world >> i & 1 else 1 - p for i, (_, _, p) in enumerate(triples)])
        distance = dict.fromkeys(seeds, 0)
        for depth in range(rounds):
            for source, target, _ in live:
                if distance.get(source) == depth:
                    distance.setdefault(target, depth + 1)
        for node, d in distance.items():
            total[node] += chance * quality ** (d + 1)
    return total


def test_exact_activation_agrees_with_a_search_per_world():
    source, target, p = (np.array(column) for column in zip(*DIAMOND[:6], strict=True))
    both = np.stack([p, 1 - p], axis=1).ravel()
    kept = np.stack([source, np.full(6, -1)], axis=1).ravel()
    starts = np.arange(0, 13, 2)
    for rounds, quality in ((6, 1.0), (2, 0.8), (0, 0.5)):
        found = exact_cascades.activation(starts, kept, np.repeat(target, 2), both, np.array([0]), rounds, quality, 5)
        assert found == pytest.approx(naive_worlds(5, DIAMOND[:6], [0], rounds, quality), abs=1e-14)


@pytest.mark.usefixtures("method")
def test_means_are_within_chance_of_a_search_per_world():
    rng, z = np.random.default_rng(4), []
    while len(z) < 30:
        ends = rng.choice(30, 7, replace=False)  # of the 30 ordered pairs of 6 nodes
        source = ends // 5
        target = ends % 5 + (ends % 5 >= source)
        p = rng.choice([0.0, 0.02, 0.3, 0.55, 0.6, 0.65, 0.95, 1.0], 7)
        triples = list(zip(source.tolist(), target.tolist(), p.tolist(), strict=True))
        rounds, quality, value = int(rng.integers(1, 6)), rng.choice([1.0, 0.8]), rng.random(6)
        start = cascades.Start(np.array([source[0]]), rounds, value, quality)
        values = cascades.simulate(edges_of(6, triples), start, "ic", 640, len(z), 1).values
        exact = value @ naive_worlds(6, triples, [int(source[0])], rounds, quality)
        if values.std() < 1e-12:
            assert values.mean() == pytest.approx(exact, abs=0.02)
        else:
            z.append((values.mean() - exact) / (values.std(ddof=1) / np.sqrt(640)))
    assert np.abs(z).max() < 4.5
    assert np.dot(z, z) < 66.6  # χ² of 30 degrees exceeds it once in 10⁴


def test_points_fall_on_each_edge_at_its_rate():
    rng = np.random.default_rng(2)
    indptr = np.array([0, 0, 1, 7, 40])
    indices = np.arange(40, dtype=np.int32) % 7
    indices[7:] = rng.permutation(33)
    p = np.concatenate([[0.3, 0.9, 0.1, 0.0, 1.0, 0.6, 1e-9], rng.random(33) ** 4])
    heads, slots = poisson_sampling.prepare(indptr, indices, p)
    for v, row in enumerate(heads):
        rate = dict.fromkeys(range(33), 0.0)
        middle = row["first"] + row["likely"]
        likely = {slot["own"]: slot["keep"] for slot in slots[row["first"] : middle]}
        total = -np.log(row["none"]) * row["parts"]
        for slot in slots[middle : middle + row["rare"]]:
            rate[int(slot["own"])] += slot["keep"] * total / row["rare"]
            rate[int(slot["other"])] += (1 - slot["keep"]) * total / row["rare"]
        for k in range(indptr[v], indptr[v + 1]):
            found = likely.get(indices[k], -np.expm1(-rate[indices[k]]))
            assert found == pytest.approx(p[k], rel=1e-12, abs=1e-15)


def test_a_row_of_too_many_points_for_a_float_is_divided_into_parts():
    leaves, runs = 2000, 30
    star = edges_of(leaves + 1, [(0, leaf, 0.5) for leaf in range(1, leaves + 1)])
    heads, _ = poisson_sampling.prepare(*star)
    assert heads["parts"][0] == 3
    assert np.log(heads["none"][0]) * 3 == pytest.approx(leaves * np.log(0.5))
    start = cascades.Start(np.array([0]), 1, np.ones(leaves + 1), 1.0)
    values = cascades.simulate(star, start, "ic", runs, 5, 1).values
    assert abs(values.mean() - 1001) < 4 * np.sqrt(leaves / 4 / runs)


def test_cascades_are_bit_parallel_where_they_reach_many_live_edges(monkeypatch):
    pairs = [(s, t) for s in range(30) for t in range(30) if s != t]
    start = cascades.Start(np.array([0]), 30, np.ones(30), 0.9)
    for p, method in ((0.02, "poisson_sampling"), (0.5, "bit_parallel")):
        edges = edges_of(30, [(s, t, p) for s, t in pairs])
        chosen = cascades.simulate(edges, start, "ic", 40, 3, 1).values.tolist()
        with monkeypatch.context() as patch:
            patch.setattr(cascades, "_MAX_LIVE", METHODS[method])
            assert cascades.simulate(edges, start, "ic", 40, 3, 1).values.tolist() == chosen
            patch.setattr(
                cascades, "_MAX_LIVE", METHODS["bit_parallel" if method == "poisson_sampling" else "poisson_sampling"]
            )
            assert cascades.simulate(edges, start, "ic", 40, 3, 1).values.tolist() != chosen


@pytest.mark.parametrize(("model", "quality"), [("ic", 1.0), ("ic", 0.7), ("lt", 1.0)])
@pytest.mark.usefixtures("method")
def test_the_values_by_round_are_those_of_the_same_simulations_cut_short(model, quality):
    edges, target = edges_of(6, DIAMOND), np.array([1.0, 2.0, 3.0, 0.5, 1.5, 9.0])
    start = cascades.Start(np.array([0]), 6, target, quality)
    whole = cascades.simulate(edges, start, model, 700, 11, 2)
    for rounds in range(6):
        values = cascades.simulate(edges, start._replace(rounds=rounds), model, 700, 11, 1).values
        assert whole.by_round[rounds] == pytest.approx([values.sum(), (values**2).sum()])
    assert whole.by_round[-1] == pytest.approx([whole.values.sum(), (whole.values**2).sum()])
    assert (np.diff(whole.by_round[:, 0]) >= 0).all()


@pytest.mark.parametrize("model", ["ic", "lt"])
@pytest.mark.usefixtures("method")
def test_late_rounds_are_kept_together(model):
    path = [(n, n + 1, 1.0) for n in range(49)]
    start = cascades.Start(np.array([0]), 50, np.ones(50), 1.0)
    sums = cascades.simulate(edges_of(50, path), start, model, 10, 0, 1).by_round
    assert sums[:, 0].tolist() == [10.0 * (n + 1) for n in range(31)] + [500.0]
