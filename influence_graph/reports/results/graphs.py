"""The plots of graphs, and of probabilities learned on their edges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.model.csr import row_of_each
from influence_graph.reports.charts.brand import value_bars
from influence_graph.reports.charts.distributions import histogram, share_at_least
from influence_graph.reports.results.parts import require_rows, titled

if TYPE_CHECKING:
    from influence_graph.analyses.communities import Communities
    from influence_graph.analyses.copresence import CopresenceTies
    from influence_graph.analyses.learning.learn import Learned
    from influence_graph.model.graph import Graph
    from influence_graph.model.names import NodeNames
    from influence_graph.reports.plots import Plot

_COMMUNITIES = 20  # drawn


def graph(result: Graph, names: NodeNames) -> Plot:
    """Return the share of nodes by degree, both axes logarithmic."""
    del names
    require_rows(result.indices.size, "the graph has no edges")
    nodes = result.number_of_nodes
    out = np.bincount(row_of_each(result.indptr), minlength=nodes)
    series = {"edges": out}
    if result.directed:
        series = {"edges in": np.bincount(result.indices, minlength=nodes), "edges out": out}
    title = f"Degrees of {nodes:,} nodes, {result.number_of_edges:,} edges"
    return share_at_least(series, "edges of a node", "nodes", title)


def communities(result: Communities, names: NodeNames) -> Plot:
    """Return the sizes of the largest communities."""
    del names
    sizes = result.sizes
    rows = pd.DataFrame({"shown": [f"community {number}" for number in range(1, sizes.size + 1)], "value": sizes})
    plot = value_bars(rows.head(_COMMUNITIES), "people and brands in it", f"Communities: {sizes.size:,}", ",.0f")
    rest = int(sizes[_COMMUNITIES:].sum())
    more = f" The other {sizes.size - _COMMUNITIES:,} hold {rest:,}." if rest else ""
    return titled(plot, plot.title, f"Modularity {result.modularity:.3f}.{more}")


def copresence(result: CopresenceTies, names: NodeNames) -> Plot:
    """Return the share of pairs by the days together, both axes logarithmic."""
    del names
    require_rows(result.one.size, "nobody was together with anybody")
    drawn = share_at_least({"pairs": result.days}, "days together", "pairs", "People at the same place on the same day")
    return titled(drawn, drawn.title, " ".join(f"{each[0].upper()}{each[1:]}." for each in result.sentences()))


def learned(result: Learned, names: NodeNames) -> Plot:
    """Return the histogram of probabilities: edges that were tried, and those that have only the prior."""
    del names
    require_rows(result.trials.size, "no edge has a probability")
    probability, tried = result.graph.edge_weights(), result.trials > 0
    parts = {"tried": probability[tried], "never tried: prior alone": probability[~tried]}
    total = float(result.trials.sum())
    mark = ("rate of all edges", float(result.successes.sum()) / total) if total else None
    series = {name: values for name, values in parts.items() if values.size}
    return histogram(series, "probability of influence", "edges", "Learned probabilities", mark)
