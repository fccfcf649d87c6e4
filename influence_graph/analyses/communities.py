"""Communities: groups of nodes with more and heavier edges among them than to others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import graspologic_native
import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from influence_graph.analyses.checks import is_number, require, require_nodes, require_nonnegative, seed_of
from influence_graph.analyses.frames import named
from influence_graph.analyses.result import Displayed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.model.graph import Graph

_ITERATIONS = 2  # full cycles of each


@dataclass(frozen=True, eq=False, repr=False)
class Communities(Displayed):
    """The community of each node.

    Attributes:
        community: int64, in the order of ``ids``: 1 for the largest community, equals by their first node.
        ids: Id of each node.
        labels: Label of each node, or None.
        modularity: Of this partition at ``resolution``, from -1 to 1: the share of the weight that lies inside
            communities, less the share that chance would put there; 0 without edges.
        parameters: The parameters, as JSON values.
        digest: Digest of the graph.
    """

    community: NDArray[np.int64]
    ids: NDArray[np.object_]
    labels: NDArray[np.object_] | None
    modularity: float
    parameters: Mapping[str, Any]
    digest: str

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Number of nodes of each community, largest first."""
        return np.bincount(self.community)[1:]

    def to_frame(self) -> pd.DataFrame:
        """Return the columns id, label (where there are labels), community and size, the number of its nodes.

        Ordered by community, then by id.
        """
        size = self.sizes[self.community - 1]
        frame = pd.DataFrame({**named(self.ids, self.labels), "community": self.community, "size": size})
        return frame.sort_values(["community", "id"], ignore_index=True)

    def _figures(self) -> Mapping[str, object]:
        sizes = self.sizes
        return {"communities": int(sizes.size), "largest": int(sizes[0]), "modularity": self.modularity}


def communities(
    graph: Graph, resolution: float = 1.0, seed: int | np.random.Generator | None = 0, *, trials: int = 5
) -> Communities:
    """Return communities of *graph* that make modularity large, by the Leiden algorithm.

    Directions do not count: the weight of a pair is the sum of the edges between the two; loops are left out. Every
    community is connected, which Louvain's need not be. Finding the largest modularity is NP-hard; this is the best
    of several runs of a heuristic. Small communities of a large graph may be merged (Fortunato and Barthélemy 2007,
    https://doi.org/10.1073/pnas.0605965104): a higher resolution tells them apart.
    Traag, Waltman and van Eck 2019, https://doi.org/10.1038/s41598-019-41695-z.

    Args:
        graph: Any graph with weights ≥ 0.
        resolution: Above 0; the higher, the more and the smaller communities. At 1 it is Newman's modularity.
        seed: Makes the run repeatable; None for fresh entropy.
        trials: Independent runs, of which the best is kept; time grows with it.

    Returns:
        One community per node; a node without edges is a community of one.

    Raises:
        InputError: The graph is empty, a weight is negative, *resolution* is not above 0 and finite, *trials* is below
            1, or *seed* is no seed.

    Example:
        >>> from influence_graph.model.graph import Graph
        >>> two = Graph.from_edges(["a", "b", "a", "x"], ["b", "c", "c", "y"])
        >>> communities(two).community.tolist()
        [1, 1, 1, 2, 2]
    """
    require_nodes(graph, "group")
    require_nonnegative(graph, "modularity")
    within = is_number(resolution) and 0 < resolution < np.inf
    require(within, "resolution", resolution, "above 0 and finite", "use 1")
    require(isinstance(trials, int) and trials >= 1, "trials", trials, "a whole number of 1 or more", "use 5")
    number = seed_of(seed)
    matrix = _undirected(graph)
    found = _leiden(matrix, float(resolution), number, trials) if matrix.nnz else np.arange(graph.number_of_nodes)
    community = _by_size(found)
    parameters = {"resolution": float(resolution), "seed": number}
    modularity = _modularity(matrix, community, float(resolution))
    return Communities(community, graph.ids, graph.labels, modularity, parameters, graph.digest)


def _undirected(graph: Graph) -> csr_array:
    """Return the symmetric matrix of the weights between each pair, without loops, largest 1."""
    nodes = graph.number_of_nodes
    top = float(graph.edge_weights().max(initial=0.0)) or 1.0  # a sum of large weights would be no number
    matrix = csr_array((graph.edge_weights() / top, graph.indices, graph.indptr), shape=(nodes, nodes))
    matrix = matrix + matrix.T
    matrix.setdiag(0.0)
    matrix.eliminate_zeros()
    matrix.sort_indices()
    return matrix


def _leiden(matrix: csr_array, resolution: float, seed: int, trials: int) -> NDArray[np.int64]:
    _, found = graspologic_native.leiden_csr(
        matrix.indptr.astype(np.int64),
        matrix.indices.astype(np.int32),
        matrix.data,
        matrix.shape[0],
        resolution=resolution,
        iterations=_ITERATIONS,
        trials=trials,
        seed=seed,
    )
    fresh = max(found.values()) + 1  # nodes without edges may be left out of the answer
    return np.array([found.get(node, fresh + node) for node in range(matrix.shape[0])], dtype=np.int64)


def _by_size(found: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the communities numbered from 1 by falling size, equals by their first node."""
    _, first, place, size = np.unique(found, return_index=True, return_inverse=True, return_counts=True)
    number = np.empty(size.size, dtype=np.int64)
    number[np.lexsort((first, -size))] = np.arange(1, size.size + 1)
    return number[place]


def _modularity(matrix: csr_array, community: NDArray[np.int64], resolution: float) -> float:
    """Return the modularity of the partition (Newman 2006, https://doi.org/10.1073/pnas.0601602103, equation 4)."""
    total = float(matrix.sum())
    if not total:
        return 0.0
    pairs = matrix.tocoo()
    inside = float(pairs.data[community[pairs.row] == community[pairs.col]].sum())
    degrees = np.bincount(community, weights=matrix.sum(axis=1))
    return inside / total - resolution * float(np.square(degrees / total).sum())
