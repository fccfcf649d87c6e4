import numpy as np
import pytest

from influence_graph.analyses.diffusion.reach_of_all import reach_of_all
from influence_graph.errors import InputError
from influence_graph.model.graph import Graph

EDGES = ["a", "a", "b", "d"], ["b", "c", "d", "a"]  # a ring a b d, with c beside it


def path(nodes: int, p: float) -> Graph:
    return Graph.from_arrays(
        [f"{i:03}" for i in range(nodes)], np.arange(nodes - 1), np.arange(1, nodes), np.full(nodes - 1, p)
    )


@pytest.mark.parametrize("model", ["ic", "lt"])
def test_a_path_has_its_closed_form_within_four_standard_errors(model):
    nodes, p = 60, 0.4
    found = reach_of_all(path(nodes, p), model, rr_sets=50_000, seed=3)
    expected = (1 - p ** (nodes - np.arange(nodes))) / (1 - p)
    assert np.all(np.abs(found.reach - expected) <= 4 * found.std_error + 1e-12)
    assert found.reach[-1] == 1.0  # who reaches nobody is known exactly
    assert found.std_error[-1] == 0.0


def test_opinions_fade_with_the_distance():
    q, nodes = 0.7, 8
    found = reach_of_all(path(nodes, 1.0), "ic-n", q, rr_sets=50_000, seed=4)
    expected = np.array([sum(q ** (step + 1) for step in range(nodes - i)) for i in range(nodes)])
    assert np.all(np.abs(found.reach - expected) <= 4 * found.std_error + 1e-12)


def test_certain_edges_reach_all_that_can_be_reached():
    graph = Graph.from_edges(*EDGES)
    found = reach_of_all(graph, rr_sets=20_000, seed=5)
    expected = {"a": 4.0, "b": 4.0, "c": 1.0, "d": 4.0}
    for name, reach, error in zip(found.ids, found.reach, found.std_error, strict=True):
        assert abs(reach - expected[name]) <= 4 * error + 1e-12


def test_threads_and_chunks_change_nothing(monkeypatch):
    from influence_graph.analyses.diffusion import reach_of_all as module

    graph = path(40, 0.5)
    one = reach_of_all(graph, rr_sets=5000, seed=6, threads=1)
    monkeypatch.setattr(module, "_CHUNK", 700)
    assert np.array_equal(one.reach, reach_of_all(graph, rr_sets=5000, seed=6, threads=2).reach)
    assert not np.array_equal(one.reach, reach_of_all(graph, rr_sets=5000, seed=7).reach)


def test_the_frame_is_ordered_and_ranked():
    frame = reach_of_all(Graph.from_edges(*EDGES), rr_sets=2000, seed=1).to_frame()
    assert list(frame.columns) == ["id", "score", "std_error", "rank"]
    assert frame["id"].tolist()[-1] == "c"
    assert frame["rank"].tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("graph", "arguments", "said"),
    [
        (Graph.from_edges([], []), {}, "0 nodes"),
        (Graph.from_edges(["a"], ["b"], [1.5]), {}, "1.5"),
        (Graph.from_edges(["a"], ["b"]), {"rr_sets": 1}, "rr_sets is 1"),
        (Graph.from_edges(["a"], ["b"]), {"model": "sir"}, "'sir'"),
        (Graph.from_edges(["a"], ["b"]), {"quality": 0.5}, "quality"),
        (Graph.from_edges(["a", "c"], ["b", "b"]), {"model": "lt"}, "linear threshold"),
    ],
)
def test_bad_input_is_refused(graph, arguments, said):
    with pytest.raises(InputError, match=said):
        reach_of_all(graph, **arguments)


@pytest.mark.parametrize("model", ["ic", "lt"])
def test_kept_sets_give_what_fresh_ones_give_on_a_changed_graph(model):
    before, after = path(40, 0.4), path(40, 0.4)
    weights = after.edge_weights().copy()
    weights[5] = 0.1
    after = Graph.from_arrays(after.ids, np.arange(39), np.arange(1, 40), weights)
    kept = reach_of_all(before, model, rr_sets=40_000, seed=3, keep=True).kept
    assert kept.redrawn == 40_000
    fresh = reach_of_all(after, model, rr_sets=40_000, seed=3)
    found = reach_of_all(after, model, rr_sets=40_000, seed=3, keep=True, kept=kept)
    assert 0 < found.kept.redrawn < 40_000 / 10  # the sets that hold node 6
    np.testing.assert_array_equal(found.reach, fresh.reach)
    np.testing.assert_array_equal(found.std_error, fresh.std_error)
    assert fresh.kept is None
    assert reach_of_all(after, model, rr_sets=40_000, seed=3, keep=True, kept=found.kept).kept.redrawn == 0


def test_kept_sets_of_another_seed_number_or_people_are_drawn_anew():
    graph = path(12, 0.4)
    kept = reach_of_all(graph, rr_sets=2_000, seed=3, keep=True).kept
    for other, sets, seed in ((graph, 2_000, 4), (graph, 3_000, 3), (path(13, 0.4), 2_000, 3)):
        fresh = reach_of_all(other, rr_sets=sets, seed=seed)
        found = reach_of_all(other, rr_sets=sets, seed=seed, keep=True, kept=kept)
        np.testing.assert_array_equal(found.reach, fresh.reach)
        assert found.kept.redrawn == sets


def test_too_many_members_are_not_kept(monkeypatch):
    monkeypatch.setattr("influence_graph.analyses.diffusion.reach_of_all._MOST_KEPT", 100)
    found = reach_of_all(path(12, 0.4), rr_sets=2_000, seed=3, keep=True)
    assert found.kept is None
    np.testing.assert_array_equal(found.reach, reach_of_all(path(12, 0.4), rr_sets=2_000, seed=3).reach)
