"""How people are linked to: by how many, and by how many of them mutually.

A friendship counts in both directions, so that two friends whom nobody else joins pass their rank back and forth: the
random walk stays in such a closed class (Page, Brin, Motwani, Winograd 1999, section 2.5, "rank sink",
http://ilpubs.stanford.edu:8090/422/). Beside a rank these counts say what it is made of.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from influence_graph.model.names import CONSUMER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.model.graph import Graph
    from influence_graph.model.names import NodeNames

_LISTED = 5


@dataclass(frozen=True, eq=False)
class Links:
    """Counts per node of a graph.

    Attributes:
        ids: The nodes.
        linked_by: Number of other nodes with an edge to it.
        mutual: Number of them to which it has an edge, too; at most ``linked_by``.
    """

    ids: NDArray[np.object_]
    linked_by: NDArray[np.int64]
    mutual: NDArray[np.int64]

    def of(self, ids: NDArray[np.object_]) -> dict[str, NDArray[np.int64]]:
        """Return the columns linked_by and mutual of *ids*, each a node that occurs once."""
        places = pd.Index(self.ids).get_indexer(pd.Index(ids))
        return {"linked_by": self.linked_by[places], "mutual": self.mutual[places]}


def lifted_sentence(ranked: pd.DataFrame, names: NodeNames) -> str:
    """Return who of *ranked* stands above others with more links, not all mutual, by mutual links alone; "" for nobody.

    Args:
        ranked: id, linked_by and mutual of people, best first.
        names: Their names.
    """
    linked_by, mutual = ranked["linked_by"].to_numpy(), ranked["mutual"].to_numpy()
    followed = np.where(linked_by > mutual, linked_by, 0)
    most_below = np.append(np.maximum.accumulate(followed[::-1])[::-1][1:], 0)
    lifted = ranked[(linked_by > 0) & (linked_by == mutual) & (linked_by < most_below)]
    if lifted.empty:
        return ""
    who = ", ".join(names.text(CONSUMER, id_) for id_ in lifted["id"].head(_LISTED))
    more = f" and {len(lifted) - _LISTED:,} more" if len(lifted) > _LISTED else ""
    return (
        f"Above others with more links: {who}{more}; all of theirs are mutual, and a mutual link, such as a "
        "friendship, passes rank in both directions."
    )


def links(graph: Graph) -> Links:
    """Return by how many others each node of *graph* is linked to, whatever the weights, and how many mutually.

    Example:
        >>> from influence_graph.model.graph import Graph
        >>> found = links(Graph.from_edges(["ann", "bob", "cid"], ["bob", "ann", "ann"]))
        >>> found.ids.tolist(), found.linked_by.tolist(), found.mutual.tolist()
        (['ann', 'bob', 'cid'], [2, 1, 0], [1, 1, 0])
    """
    nodes = graph.number_of_nodes
    edges = csr_array((np.ones(graph.indices.size, np.int64), graph.indices, graph.indptr), shape=(nodes, nodes))
    loops = edges.diagonal()
    linked_by = edges.sum(axis=0) - loops
    both = edges.multiply(edges.T.tocsr()).sum(axis=0) - loops
    return Links(graph.ids, np.asarray(linked_by, np.int64), np.asarray(both, np.int64))
