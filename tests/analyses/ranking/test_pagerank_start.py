from pathlib import Path

import numpy as np
import pytest

from influence_graph.analyses.ranking.pagerank import pagerank
from influence_graph.errors import InputError
from influence_graph.model import csr
from influence_graph.model.graph import Graph

IM_GRAPHS = Path(__file__).resolve().parents[3] / ".." / "shared" / "data" / "im_graphs"
needs_data = pytest.mark.skipif(not IM_GRAPHS.is_dir(), reason="../shared/data/im_graphs is not there")


def nethept():
    edges = np.loadtxt(IM_GRAPHS / "NetHEPT_snowgy_wc.txt", skiprows=1)
    ids = [str(i) for i in range(15233)]
    return Graph.from_arrays(ids, edges[:, 0].astype(int), edges[:, 1].astype(int), directed=False)


def skewed(scale=13, edges=60_000):
    """Return an R-MAT graph (Chakrabarti, Zhan, Faloutsos 2004) with random weights."""
    rng = np.random.default_rng(0)
    source, target = np.zeros((2, edges), dtype=np.int64)
    for _ in range(scale):
        quarter = rng.choice(4, edges, p=[0.57, 0.19, 0.19, 0.05])
        source, target = 2 * source + quarter // 2, 2 * target + quarter % 2
    return Graph.from_arrays([str(i) for i in range(1 << scale)], source, target, rng.random(edges))


def changed(graph, rng, number):
    """Return the graph with *number* of its edges turned to other targets."""
    source, target = csr.row_of_each(graph.indptr), graph.indices.copy()
    turned = rng.choice(target.size, number, replace=False)
    target[turned] = rng.integers(0, graph.number_of_nodes, number)
    return Graph.from_arrays(graph.ids, source, target, graph.weights)


@pytest.mark.parametrize("make", [pytest.param(nethept, marks=needs_data), skewed])
def test_after_a_small_change_the_start_saves_passes_and_gives_the_full_result(make):
    graph = make()
    before = pagerank(graph)
    warm_passes, cold_passes = 0, 0
    for seed in range(10):
        after = changed(graph, np.random.default_rng(seed), max(1, graph.indices.size // 10_000))
        cold, warm = pagerank(after), pagerank(after, start=before)
        assert np.abs(cold.scores - warm.scores).sum() <= min(1e-8, cold.error_bound + warm.error_bound)
        warm_passes += warm.iterations
        cold_passes += cold.iterations
    assert warm_passes <= 0.85 * cold_passes


def test_the_same_graph_needs_one_sweep_and_the_check():
    graph = skewed(10, 5_000)
    assert pagerank(graph, start=pagerank(graph, tolerance=1e-13)).iterations <= 2


@pytest.mark.parametrize("seed", range(8))
def test_no_start_makes_the_answer_wrong(seed):
    graph = skewed(9, 3_000)
    rng = np.random.default_rng(seed)
    start = [rng.random(512), np.eye(512)[seed], np.zeros(512), np.full(512, 1e308), 1e-320 * rng.random(512)][seed % 5]
    expected = pagerank(graph)
    assert np.abs(pagerank(graph, start=start).scores - expected.scores).sum() <= 2e-10 / 0.15


def test_a_result_with_other_nodes_is_aligned_by_label_and_id():
    old = Graph.from_arrays(["nova", "nova", "gone"], [0, 1, 2], [1, 0, 0], labels=["Brand", "Consumer", "Brand"])
    new = Graph.from_arrays(
        ["new", "nova", "nova"], [1, 2, 0, 2], [2, 1, 1, 0], labels=["Consumer", "Consumer", "Brand"]
    )
    warm = pagerank(new, start=pagerank(old))
    assert np.abs(warm.scores - pagerank(new).scores).sum() <= 2e-10 / 0.15


@pytest.mark.parametrize(
    ("start", "message"),
    [(np.ones(3), "3 values of start for 512 nodes"), (np.full(512, -1.0), "start of '0' is -1.0")],
)
def test_a_start_that_is_no_score_is_refused(start, message):
    with pytest.raises(InputError, match=message):
        pagerank(skewed(9, 3_000), start=start)
