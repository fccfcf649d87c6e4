"""Seeds by reverse-reachable sets are never worse than those of greedy by simulation."""

from pathlib import Path

import numpy as np
import pytest

from influence_graph.analyses.diffusion.probabilities import uniform_probabilities
from influence_graph.analyses.diffusion.spread import spread
from influence_graph.analyses.maximize.celf import celf
from influence_graph.analyses.maximize.maximize import maximize
from influence_graph.model.graph import Graph

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "im_graphs" / "NetHEPT_snowgy_wc.txt"
NODES = 2_000


@pytest.mark.skipif(not DATA.exists(), reason="the shared data sets are not here")
@pytest.mark.parametrize("p", [0.01, 0.1])
def test_seeds_reach_no_less_than_those_of_celf(p):
    rows = np.loadtxt(DATA, skiprows=1)
    source, target = rows[:, :2].astype(np.int64).T
    inside = (source < NODES) & (target < NODES)
    ids = [str(i) for i in range(NODES)]
    graph = uniform_probabilities(Graph.from_arrays(ids, source[inside], target[inside], directed=False), p)
    slow, fast = celf(graph, 20, simulations=200, seed=1), maximize(graph, 20, seed=1)
    ours, theirs = (spread(graph, seeds, simulations=20_000, seed=5) for seeds in (fast.seeds, slow.seeds))
    assert ours.mean >= theirs.mean - 2 * np.hypot(ours.std_error, theirs.std_error)
    assert fast.lower <= ours.mean + 4 * ours.std_error
    assert theirs.mean - 4 * theirs.std_error <= fast.upper
