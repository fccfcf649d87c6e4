import numpy as np
import pytest

from influence_graph.kernels.ranking import hits
from influence_graph.model import csr


def naive(adjacency):
    """Return the projection of 1 on the dominant left singular space, and what A sends it to; and the gap."""
    left, values, _ = np.linalg.svd(adjacency)
    space = left[:, values > values[0] * (1 - 1e-9)]
    hubs = space @ (space.T @ np.ones(len(adjacency)))
    authorities = adjacency.T @ hubs
    smaller = values[values <= values[0] * (1 - 1e-9)]
    gap = 1 - (smaller[0] / values[0]) ** 2 if smaller.size else 1.0
    return hubs / np.linalg.norm(hubs), authorities / np.linalg.norm(authorities), gap


@pytest.mark.parametrize("seed", range(60))
def test_scores_are_the_dominant_singular_vectors(seed):
    rng = np.random.default_rng(seed)
    nodes = int(rng.integers(2, 25))
    adjacency = rng.choice([0.0, 0.5, 1.0, 40.0], (nodes, nodes)) * (rng.random((nodes, nodes)) < 0.2)
    adjacency[0, 1] = 1.0
    if seed % 3 == 0:  # every singular value twice
        adjacency = np.kron(np.eye(2), adjacency)
    hubs, authorities, gap = naive(adjacency)
    assert gap > 1e-4
    rows = csr.build(len(adjacency), *np.nonzero(adjacency), adjacency[np.nonzero(adjacency)])
    solved_hubs, solved = hits.solve(*rows, 1e-11, 1000)
    assert solved.error <= 1e-11
    assert solved_hubs == pytest.approx(hubs, abs=1e-9)
    assert solved.vector == pytest.approx(authorities, abs=1e-9)
    back = adjacency.T @ solved_hubs
    assert solved.residual == pytest.approx(np.linalg.norm(back / np.linalg.norm(back) - solved.vector), abs=1e-14)
