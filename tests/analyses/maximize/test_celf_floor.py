"""Seeds by reverse-reachable sets are never worse than those of greedy by simulation."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order

from influence_graph.analyses.diffusion.probabilities import uniform_probabilities
from influence_graph.analyses.maximize.celf import celf
from influence_graph.analyses.maximize.maximize import maximize
from influence_graph.model.csr import row_of_each
from influence_graph.model.graph import Graph
from tests.public_data import public_data

NODES = 2_000
JUDGING = 600  # worlds


def reach(graph, p, choices, seed):
    """Return the nodes that each of *choices* reaches in each of the same worlds, by scipy's search."""
    rng = np.random.default_rng(seed)
    source, target = row_of_each(graph.indptr), graph.indices
    found = np.empty((len(choices), JUDGING))
    for world in range(JUDGING):
        live = rng.random(target.size) < p
        for i, nodes in enumerate(choices):  # one more node that leads to all seeds
            ends = np.r_[source[live], np.full(nodes.size, NODES)], np.r_[target[live], nodes]
            matrix = csr_array((np.ones(ends[0].size), ends), (NODES + 1, NODES + 1))
            found[i, world] = breadth_first_order(matrix, NODES, return_predecessors=False).size - 1
    return found


@pytest.mark.parametrize(("p", "k", "worlds"), [(0.01, 20, 400), (0.05, 20, 400), (0.1, 20, 400), (0.2, 20, 100)])
def test_seeds_reach_no_less_than_those_of_celf(p, k, worlds):
    require_floor(p, k, worlds, seed=2)


@pytest.mark.parametrize("k", [1, 20])
def test_where_one_seed_reaches_most_the_others_are_as_good(k):
    require_floor(0.3, k, 60, seed=4)


def require_floor(p, k, worlds, seed):
    rows = np.loadtxt(public_data("im_graphs/NetHEPT_snowgy_wc.txt"), skiprows=1)
    source, target = rows[:, :2].astype(np.int64).T
    inside = (source < NODES) & (target < NODES)
    ids = [str(i) for i in range(NODES)]
    graph = uniform_probabilities(Graph.from_arrays(ids, source[inside], target[inside], directed=False), p)
    slow, fast = celf(graph, k, simulations=worlds, seed=1), maximize(graph, k, seed=seed)
    ours, theirs = reach(graph, p, [np.array(found.seeds, int) for found in (fast, slow)], seed=5)
    error = np.std(ours - theirs) / np.sqrt(JUDGING)
    assert (ours - theirs).mean() >= -3 * error
    assert fast.lower <= ours.mean() + 4 * ours.std() / np.sqrt(JUDGING)
    assert theirs.mean() - 4 * theirs.std() / np.sqrt(JUDGING) <= fast.upper
