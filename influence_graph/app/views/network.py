"""The network of a store for a page: who and what is drawn, joined by which ties and bonds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.app.lookups import names_of
from influence_graph.model.csr import row_of_each
from influence_graph.model.graph import GraphKind
from influence_graph.model.names import BRAND, CONSUMER
from influence_graph.model.parameters import ReportParameters
from influence_graph.reports.pages.layout import lay_out
from influence_graph.reports.pages.parts import Network
from influence_graph.text import count_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.model.graph import Graph
    from influence_graph.stores.base import Reader

_TIE, _BOND = "tie", "bond"
_LEAST = 0.2  # what a link counts for its community at least, where their mean is 1


@dataclass(frozen=True, eq=False)
class _Joined:
    """Nodes (label, id) and what joins them: source and target (rows of nodes), weight, sign and kind."""

    nodes: pd.DataFrame
    edges: pd.DataFrame

    def links(self) -> NDArray[np.int64]:
        """Return the number of edges of each node."""
        ends = self.edges[["source", "target"]].to_numpy(np.int64).ravel()
        return np.bincount(ends, minlength=len(self.nodes))

    def among(self, kept: NDArray[np.bool_]) -> _Joined:
        """Return the nodes that are *kept*, those alone that an edge joins with another, and these edges."""
        inside = kept[self.edges["source"]] & kept[self.edges["target"]]
        edges = self.edges[inside]
        rows = np.unique(edges[["source", "target"]].to_numpy(np.int64))
        number = np.full(len(self.nodes), -1)
        number[rows] = np.arange(rows.size)
        ends = {end: number[edges[end]] for end in ("source", "target")}
        return _Joined(self.nodes.iloc[rows].reset_index(drop=True), edges.assign(**ends).reset_index(drop=True))


def read_network(
    view: Reader,
    *,
    around: Sequence[tuple[str, str]] = (),
    bonds: pd.DataFrame | None = None,
    as_of: datetime | None = None,
    most_nodes: int = ReportParameters.most_nodes,
    most_edges: int = ReportParameters.most_edges,
) -> Network | None:
    """Return the network of *view*: ties between people, and bonds between consumers and brands.

    Args:
        view: A store or its snapshot.
        around: Label and id of nodes: they, their neighbors and what joins all these are drawn; empty: everybody.
        bonds: Columns consumer, brand and fusion_score: the bonds, signed; None: those who dealt with each other,
            unsigned.
        as_of: The time as of which they did; None: the latest.
        most_nodes: Number of nodes that are drawn: of those *around*, and of those with the most links.
        most_edges: Number of edges that are drawn: the heaviest of each node, then the heaviest of their kind.

    Returns:
        The network, laid out; None where nothing joins anybody.
    """
    joined = _joined(view, bonds, as_of)
    everybody = joined.among(np.ones(len(joined.nodes), dtype=bool))
    size = everybody.links()
    everybody = _Joined(everybody.nodes.assign(size=size), everybody.edges)
    wanted = _at(everybody.nodes, around)
    near = everybody if not around else everybody.among(_near(everybody, wanted))
    drawn = near.among(_first(near.nodes, around, most_nodes))
    if drawn.edges.empty:
        return None
    return _network(view, drawn, near, most_edges)


def _network(view: Reader, drawn: _Joined, near: _Joined, most_edges: int) -> Network:
    """Return *drawn* with names and places, and of its edges at most *most_edges*; *near* is all that there is."""
    edges = drawn.edges
    mean = edges.groupby("kind")["weight"].transform("mean").to_numpy()
    ends = edges["source"].to_numpy(np.int64), edges["target"].to_numpy(np.int64)
    strength = _LEAST + edges["weight"].to_numpy() / np.maximum(mean, 1e-300)  # a bond of 0 points is one, too
    layout = lay_out(len(drawn.nodes), *ends, strength)
    names = names_of(view, drawn.nodes)
    texts = [names.of(label, id_) or "" for label, id_ in zip(drawn.nodes["label"], drawn.nodes["id"], strict=True)]
    nodes = drawn.nodes.assign(name=texts, group=layout.group, x=layout.x, y=layout.y)
    shown = _Joined(nodes, edges.iloc[_heaviest(drawn, most_edges)].reset_index(drop=True))
    columns = ["id", "label", "name", "size", "group", "x", "y"]
    return Network(nodes[columns], shown.edges, _left_out(shown, near), _counted(shown))


def _counted(joined: _Joined) -> str:
    """Return how many people, brands, ties and bonds there are."""
    brands, bonds = int((joined.nodes["label"] == BRAND).sum()), int((joined.edges["kind"] == _BOND).sum())
    people, ties = len(joined.nodes) - brands, len(joined.edges) - bonds
    counts = (people, "person", "people"), (brands, "brand"), (ties, "tie"), (bonds, "bond")
    return ", ".join(count_text(count, *nouns) for count, *nouns in counts if count)


def _left_out(shown: _Joined, near: _Joined) -> str:
    """Return a sentence on what of *near* is not *shown*, and how to choose; "" where all is."""
    if (len(shown.nodes), len(shown.edges)) == (len(near.nodes), len(near.edges)):
        return ""
    return (
        f"Of {_counted(near)} those with the most links are drawn, and of what joins them the heaviest. To choose, "
        "draw one neighborhood, `influence-graph person ID` or `influence-graph brand ID`, or more of all: "
        "`influence-graph report --most-nodes N --most-edges M`."
    )


def _joined(view: Reader, bonds: pd.DataFrame | None, as_of: datetime | None) -> _Joined:
    """Return all nodes of *view* and what joins them: *bonds*, or else who dealt with whom."""
    graph = view.graph(GraphKind.ALL if bonds is None else GraphKind.TIES, as_of)
    labels = np.full(graph.number_of_nodes, CONSUMER, dtype=object) if graph.labels is None else graph.labels
    nodes = pd.DataFrame({"label": labels, "id": graph.ids})
    edges = _pairs(graph, labels)
    if bonds is None:
        return _Joined(nodes, edges)
    ends = {CONSUMER: bonds["consumer"], BRAND: bonds["brand"]}
    named = [pd.DataFrame({"label": label, "id": ids.astype(object)}) for label, ids in ends.items()]
    nodes = pd.concat([nodes, *named], ignore_index=True).drop_duplicates(ignore_index=True)
    source, target = (_at(nodes, list(frame.itertuples(index=False, name=None))) for frame in named)
    score = bonds["fusion_score"].to_numpy(np.float64)
    signed = {"weight": np.abs(score), "sign": np.sign(score).astype(np.int64), "kind": _BOND}
    return _Joined(nodes, pd.concat([edges, pd.DataFrame({"source": source, "target": target, **signed})]))


def _pairs(graph: Graph, labels: NDArray[np.object_]) -> pd.DataFrame:
    """Return the pairs of nodes that edges of *graph* join, whatever their direction; loops are left out."""
    start, end = row_of_each(graph.indptr), graph.indices.astype(np.int64)
    apart = start != end
    one, other = np.minimum(start, end)[apart], np.maximum(start, end)[apart]
    pair, place = np.unique(one * graph.number_of_nodes + other, return_inverse=True)
    source, target = np.divmod(pair, max(graph.number_of_nodes, 1))
    weight = np.bincount(place, weights=graph.edge_weights()[apart], minlength=pair.size)
    of_brand = (labels[source] == BRAND) | (labels[target] == BRAND)
    sign = np.where(of_brand, 0, np.minimum(np.sign(weight), 0)).astype(np.int64)
    kind = np.where(of_brand, _BOND, _TIE)
    return pd.DataFrame({"source": source, "target": target, "weight": np.abs(weight), "sign": sign, "kind": kind})


def _at(nodes: pd.DataFrame, wanted: Sequence[tuple[str, str]]) -> NDArray[np.int64]:
    """Return the row in *nodes* of each label and id of *wanted*, -1 where there is none."""
    if not len(wanted):
        return np.zeros(0, dtype=np.int64)
    found = pd.MultiIndex.from_frame(nodes[["label", "id"]]).get_indexer(pd.MultiIndex.from_tuples(wanted))
    return found.astype(np.int64)


def _near(joined: _Joined, wanted: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which nodes are in the rows *wanted* or joined with one of these."""
    middle = np.zeros(len(joined.nodes), dtype=bool)
    middle[wanted[wanted >= 0]] = True
    near = middle.copy()
    near[joined.edges["target"][middle[joined.edges["source"]]]] = True
    near[joined.edges["source"][middle[joined.edges["target"]]]] = True
    return near


def _first(nodes: pd.DataFrame, around: Sequence[tuple[str, str]], most: int) -> NDArray[np.bool_]:
    """Return which *most* nodes are drawn: those *around*, then those with the most links, equals by their order."""
    size = nodes["size"].to_numpy(np.int64)
    middle = np.zeros(len(nodes), dtype=bool)
    rows = _at(nodes, around)
    middle[rows[rows >= 0]] = True
    first = np.zeros(len(nodes), dtype=bool)
    first[np.lexsort((-size, ~middle))[:most]] = True
    return first


def _heaviest(joined: _Joined, most: int) -> NDArray[np.int64]:
    """Return the rows of *most* edges: the heaviest of each node, then the heaviest of their kind.

    Of equals those between nodes of few links come first: they say more of them.
    """
    edges = joined.edges
    size = joined.nodes["size"].to_numpy(np.float64)
    by_weight = np.lexsort((size[edges["source"]] * size[edges["target"]], -edges["weight"].to_numpy()))
    place = edges["kind"].iloc[by_weight].groupby(edges["kind"]).cumcount()
    share = (place / edges["kind"].map(edges["kind"].value_counts())).to_numpy()  # both kinds in their proportion
    order = np.argsort(share, kind="stable")
    ends = edges[["source", "target"]].to_numpy()[order]
    _, first = np.unique(ends.ravel(), return_index=True)
    later = np.ones(len(edges), dtype=np.int64)
    later[first // 2] = 0
    return order[np.argsort(later, kind="stable")][:most]
