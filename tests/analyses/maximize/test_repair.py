from dataclasses import replace

import numpy as np
import pytest

from influence_graph.analyses.maximize.maximize import maximize
from influence_graph.analyses.maximize.repair import repair
from influence_graph.errors import InputError
from influence_graph.kernels.maximize import rr_sets
from influence_graph.model.csr import row_of_each
from influence_graph.model.graph import Graph
from tests.analyses.maximize.exact import best, bits_of, exact_spreads, graph_of, tiny_matrix
from tests.public_data import public_data


def rebuilt(kept):
    """Return the two halves of *kept* drawn from the start on its graph."""
    graph = kept.graph
    reverse = rr_sets.reverse_of(graph.indptr, graph.indices, graph.edge_weights())
    sampler = rr_sets.sampler_of(reverse, kept.model, kept.quality or 1.0, kept.target, kept.sets.stop)
    halves = kept.sets.choose, kept.sets.judge
    return [
        rr_sets.draw(sampler, seed, np.arange(half.count)) for half, seed in zip(halves, kept.sets.seeds, strict=True)
    ]


def require_equal_to_rebuilding(kept):
    for half, again in zip((kept.sets.choose, kept.sets.judge), rebuilt(kept), strict=True):
        np.testing.assert_array_equal(half.offsets, again.offsets)
        np.testing.assert_array_equal(half.members, again.members)


def with_changed_weight(graph, places, factor):
    weights = graph.edge_weights().copy()
    weights[places] *= factor
    return replace(graph, weights=weights)


@pytest.mark.parametrize("model", ["ic", "lt", "ic-n"])
def test_repaired_sets_equal_rebuilding_and_estimate_the_new_spread(model):
    rng = np.random.default_rng(8)
    quality = 0.8 if model == "ic-n" else None
    for i in range(6):
        before, after = tiny_matrix(rng, model), tiny_matrix(rng, model)
        keep = rng.permutation(5)[:3]
        after[:, keep] = before[:, keep]  # two nodes get other in-edges
        target = None if i % 2 else rng.integers(1, 4, 5).astype(float)
        kept = maximize(graph_of(before), 2, model, quality=quality, target=target, seed=i).kept
        mended = repair(kept, graph_of(after))
        assert 0 < mended.redrawn < mended.count
        require_equal_to_rebuilding(mended)
        spreads, total = exact_spreads(after, model, quality, target), 5.0 if target is None else target.sum()
        for choice in range(1, 1 << 5):
            wanted = np.array([bool(choice >> v & 1) for v in range(5)])
            share = np.mean([wanted[s].any() for s in each(mended.sets.judge)])
            error = np.sqrt(max(share * (1 - share), 1e-4) / mended.sets.judge.count)
            assert abs(share - spreads[choice] / total) <= 4.5 * error


def each(sets):
    return np.split(sets.members, sets.offsets[1:-1])


def test_a_run_with_kept_sets_is_the_run_with_their_seed():
    rng = np.random.default_rng(2)
    before = tiny_matrix(rng, nodes=8, edges=14)
    after = before.copy()
    after[3, 5], after[1, 2] = 0.9, 0.0
    first = maximize(graph_of(before), 2, seed=4)
    again = maximize(graph_of(after), 2, kept=first.kept)
    fresh = maximize(graph_of(after), 2, seed=4)
    assert again.seeds == fresh.seeds
    assert (again.lower, again.upper, again.rr_sets) == (fresh.lower, fresh.upper, fresh.rr_sets)
    assert again.gains.tolist() == fresh.gains.tolist()
    assert again.kept.redrawn > 0
    more = maximize(graph_of(after), 1, ratio=0.98, kept=first.kept)  # asks for more sets than are kept
    assert more.rr_sets > first.rr_sets
    require_equal_to_rebuilding(more.kept)
    require_equal_to_rebuilding(again.kept)
    spreads = exact_spreads(after)
    value, optimum = spreads[bits_of(again.seeds)], best(spreads, [True] * 8, 2)
    assert again.lower <= value <= optimum <= again.upper


def test_kept_sets_serve_other_sizes_and_are_left_aside_where_others_are_won():
    graph = graph_of(tiny_matrix(np.random.default_rng(1), nodes=8, edges=14))
    kept = maximize(graph, 2, seed=4).kept
    for arguments in ({"k": 1}, {"k": 2, "exclude": ["0"]}, {"k": 2, "won": ["0"]}, {"k": 3, "budget": 2.0}):
        again, fresh = maximize(graph, **arguments, kept=kept), maximize(graph, **arguments, seed=4)
        assert (again.seeds, again.lower, again.upper) == (fresh.seeds, fresh.lower, fresh.upper)


def test_on_nethept_few_sets_are_drawn_again_and_all_are_right():
    rows = np.loadtxt(public_data("im_graphs/NetHEPT_snowgy_wc.txt"), skiprows=1)
    ends = rows[:, :2].astype(np.int64).T
    graph = Graph.from_arrays([str(i) for i in range(15_233)], *ends, rows[:, 2])
    kept = maximize(graph, 50, seed=1).kept
    rng = np.random.default_rng(3)
    changed = rng.choice(graph.indices.size, 4, replace=False)  # 1e-4 of the edges: three weaker, one gone
    weaker = with_changed_weight(graph, changed[:3], 0.5)
    stays = np.arange(graph.indices.size) != changed[3]
    source = row_of_each(graph.indptr)
    after = Graph.from_arrays(graph.ids, source[stays], graph.indices[stays], weaker.weights[stays])
    mended = repair(kept, after)
    assert 0 < mended.redrawn < 0.05 * mended.count
    require_equal_to_rebuilding(mended)


def test_the_same_graph_keeps_its_sets():
    kept = maximize(Graph.from_edges(["a"], ["b"], [0.5]), 1, seed=1).kept
    same = repair(kept, Graph.from_edges(["a"], ["b"], [0.5]))
    assert same.sets is kept.sets
    assert same.redrawn == 0


@pytest.mark.parametrize(
    ("graph", "arguments", "line"),
    [
        (Graph.from_edges(["a"], ["c"], [0.5]), {}, "the sets were drawn on 2 nodes, the graph has 2 or others; run"),
        (Graph.from_edges(["a"], ["b"], [0.5]), {"seed": 2}, "seed is 2, the kept sets have the seed 1; leave"),
        (Graph.from_edges(["a"], ["b"], [0.5]), {"model": "lt"}, "the sets were kept for the model ic; use"),
        (Graph.from_edges(["a"], ["b"], [0.5]), {"target": {"a": 1.0}}, "the sets were kept for another target"),
        (Graph.from_edges(["a"], ["b"], [1.5]), {}, "has weight 1.5, a probability must be from 0 to 1"),
    ],
)
def test_sets_that_do_not_fit_are_refused(graph, arguments, line):
    kept = maximize(Graph.from_edges(["a"], ["b"], [0.5]), 1, seed=1).kept
    with pytest.raises(InputError) as raised:
        maximize(graph, 1, kept=kept, **arguments)
    assert line in str(raised.value)
