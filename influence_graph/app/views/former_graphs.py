"""The graph that a former PageRank was calculated on, where the records still give it; and what was added since."""

from __future__ import annotations

import numpy as np
import pandas as pd

from influence_graph.analyses.changes.links import index_of
from influence_graph.app.lookups import names_of
from influence_graph.model.csr import row_of_each
from influence_graph.model.graph import Graph, GraphKind
from influence_graph.model.names import BRAND, CONSUMER
from influence_graph.model.runs import Run
from influence_graph.stores.base import InteractionFilter, Reader
from influence_graph.text import count_text

_PAIRS = 3  # named in a sentence


def former_graphs(view: Reader, runs: tuple[Run, Run], former: pd.DataFrame) -> tuple[Graph, Graph] | None:
    """Return the graphs of two PageRanks; None where a digest says that the records do not give them back.

    The former one is that of today's ties which were known when it was calculated (``since``), of the nodes that its
    result has: what was added without a date cannot be left out.

    Args:
        view: Where the records are.
        runs: The former run and the latter.
        former: label and id of the nodes of the former one.
    """
    kinds = {str(run.parameters.get("graph")) for run in runs}
    if kinds - set(GraphKind) or len(kinds) != 1 or runs[1].parameters.get("brand") is not None:
        return None
    kind = GraphKind(kinds.pop())
    after = _matching(view.graph(kind), runs[1])
    if after is None:
        return None
    nodes = pd.MultiIndex.from_frame(former[["label", "id"]])
    for graph in (after, view.graph(kind, runs[0].started_at)):
        before = _matching(_of_nodes(graph, nodes), runs[0])
        if before is not None:
            return before, after
    return None


def _matching(graph: Graph, run: Run) -> Graph | None:
    return graph if graph.digest == run.input_digest else None


def _of_nodes(graph: Graph, nodes: pd.MultiIndex) -> Graph:
    """Return *graph* without the nodes that are not among *nodes*."""
    kept = index_of(graph).isin(nodes)
    if kept.all():
        return graph
    source, target = row_of_each(graph.indptr), graph.indices
    inside = kept[source] & kept[target]
    place = np.cumsum(kept) - 1
    labels = None if graph.labels is None else graph.labels[kept]
    ends = place[source[inside]], place[target[inside]], graph.edge_weights()[inside]
    return Graph.from_arrays(graph.ids[kept], *ends, labels=labels)


def new_interactions(view: Reader, first: int, last: int) -> str:
    """Return how many interactions were added from the position *first* to *last*, and between whom most, in words."""
    if first >= last:
        return "No interaction was added: why cannot be told."
    new = view.interactions(InteractionFilter(after=first, upto=last, history=True))
    pairs = new.select(["consumer", "brand"]).to_pandas().astype(str).value_counts().head(_PAIRS)
    names = names_of(view, pairs.reset_index())
    most = [
        f"{names.text(CONSUMER, consumer)} and {names.text(BRAND, brand)} ({count:,})"
        for (consumer, brand), count in pairs.items()
    ]
    added = count_text(new.num_rows, "interaction")
    return f"{added} were added, most between {', '.join(most)}; how far each moved the ranks cannot be told."
