"""Why a PageRank changed, link by link.

The score of a node is p_v = α Σ_u p_u w_uv / W_u + rest, so that its change is a sum over the nodes that link to it:
with the share q_uv = w_uv / W_u of u's links,

    α(p'_u q'_uv - p_u q_uv) = α (p_u + p'_u)/2 · (q'_uv - q_uv) + α (q_uv + q'_uv)/2 · (p'_u - p_u).

The first part is the link's own (it is new, lost, or passes another share), the second comes from u, whose score
changed. The rest is what falls on all nodes: teleports, and what nodes without links distribute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.model.csr import row_of_each
from influence_graph.model.names import CONSUMER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.model.graph import Graph

NEW, LOST, OTHER_SHARE, ITSELF, REST = "new link", "lost link", "other share", "itself changed", "all others"
"""What a row says of the node that links: see :func:`link_changes`."""
COLUMNS = ("label", "id", "from_label", "from_id", "what", "change", "share")


def link_changes(
    graphs: tuple[Graph, Graph], scores: tuple[pd.Series, pd.Series], movers: pd.MultiIndex, damping_factor: float
) -> pd.DataFrame:
    """Return why the PageRank of *movers* changed.

    Args:
        graphs: Before and after.
        scores: The PageRank of each, by label and id.
        movers: Labels and ids.
        damping_factor: α in [0, 1).

    Returns:
        label and id of the mover, from_label and from_id of the node that links to it, what ("new link", "lost link",
        "other share": it gives another share of its score, "itself changed": its own score did, and "all others", which
        names no node), change, and share of the mover's change; the largest first, and per mover in all its change.
    """
    nodes = scores[0].index.union(scores[1].index)
    change = scores[1].reindex(nodes, fill_value=0.0) - scores[0].reindex(nodes, fill_value=0.0)
    values = [each.reindex(nodes, fill_value=0.0).to_numpy() for each in scores]
    wanted = nodes.get_indexer(movers)
    key, shares = _shares(graphs, nodes, wanted)
    source, target = np.divmod(key, max(len(nodes), 1))
    old, new = (damping_factor * share for share in shares)
    own = (values[0] + values[1])[source] / 2 * (new - old)
    given = (old + new) / 2 * (values[1] - values[0])[source]
    what = np.select([old == 0, new == 0], [NEW, LOST], OTHER_SHARE)
    rest = change.to_numpy()[wanted] - np.bincount(target, own + given, len(nodes))[wanted]
    parts = (
        (target, source, what, own),
        (target, source, np.full(target.size, ITSELF), given),
        (wanted, np.full(wanted.size, -1), np.full(wanted.size, REST), rest),
    )
    return _frame([np.concatenate(column) for column in zip(*parts, strict=True)], nodes, change)


def _shares(
    graphs: tuple[Graph, Graph], nodes: pd.Index, wanted: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return source · nodes + target of the links to the *wanted* nodes, and which share of the source's each is."""
    flags = np.zeros(len(nodes), np.bool_)
    flags[wanted] = True
    found = []
    for graph in graphs:
        place = nodes.get_indexer(index_of(graph))
        source, weight = row_of_each(graph.indptr), graph.edge_weights()
        out = np.bincount(source, weight, graph.number_of_nodes)
        kept = flags[place[graph.indices]] & (weight != 0)
        ends = place[source[kept]] * len(nodes) + place[graph.indices[kept]]
        found.append((ends, weight[kept] / out[source[kept]]))
    key = np.union1d(found[0][0], found[1][0])
    shares = np.zeros((2, key.size))
    for number, (ends, share) in enumerate(found):
        shares[number, np.searchsorted(key, ends)] = share
    return key, shares


def index_of(graph: Graph) -> pd.MultiIndex:
    """Return label and id of the nodes of *graph*; nodes without labels are people."""
    labels = np.full(graph.number_of_nodes, CONSUMER, object) if graph.labels is None else graph.labels
    return pd.MultiIndex.from_arrays([labels, graph.ids], names=["label", "id"])


def _frame(columns: list[NDArray[np.generic]], nodes: pd.Index, change: pd.Series) -> pd.DataFrame:
    target, source, what, part = columns
    of_target = change.to_numpy()[target]
    labels, ids = (np.append(nodes.get_level_values(level).to_numpy(object), "") for level in (0, 1))
    share = np.divide(part, of_target, out=np.full(part.size, np.nan), where=of_target != 0)
    columns_ = (labels[target], ids[target], labels[source], ids[source], what, part, share)
    frame = pd.DataFrame(dict(zip(COLUMNS, columns_, strict=True)))
    frame = frame.assign(_size=-np.abs(of_target), _toward=-np.sign(of_target) * part)[part != 0]
    order = ["_size", "label", "id", "_toward", "from_label", "from_id"]
    ordered: pd.DataFrame = frame.sort_values(order, ignore_index=True)
    return ordered.drop(columns=["_size", "_toward"])
