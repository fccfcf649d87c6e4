"""The network of a store for a page: who and what is drawn, joined by which ties and bonds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.app.lookups import names_of
from influence_graph.model.csr import row_of_each
from influence_graph.model.graph import GraphKind
from influence_graph.model.names import BRAND, CONSUMER
from influence_graph.reports.pages.parts import Network

if TYPE_CHECKING:
    from influence_graph.model.graph import Graph
    from influence_graph.stores.base import Reader

MOST_NODES, MOST_EDGES = 10_000, 30_000
"""Limits of what is drawn: more is neither read by people nor drawn smoothly by a browser."""
_NODE = ["label", "id"]


def read_network(
    view: Reader,
    *,
    around: Sequence[tuple[str, str]] = (),
    bonds: pd.DataFrame | None = None,
    most_nodes: int = MOST_NODES,
    most_edges: int = MOST_EDGES,
) -> Network | None:
    """Return the network of *view*: ties between people, and bonds between consumers and brands.

    Args:
        view: A store or its snapshot.
        around: Label and id of nodes: they and their neighbors are drawn; empty: the whole graph.
        bonds: Columns consumer, brand and fusion_score: the bonds, signed; None: those who ever dealt with each
            other, unsigned.
        most_nodes: Number of nodes that are drawn, those with the most links first.
        most_edges: Number of edges that are drawn, the heaviest of their kind first.

    Returns:
        The network, laid out; None where nothing joins anybody.
    """
    edges = pd.concat([_ties(view), _contacts(view) if bonds is None else _bonds(bonds)], ignore_index=True)
    if edges.empty:
        return None
    ends = np.concatenate([edges[["source_label", "source"]].to_numpy(), edges[["target_label", "target"]].to_numpy()])
    nodes = pd.DataFrame(ends, columns=_NODE).value_counts().rename("size").reset_index()
    nodes = nodes.sort_values(["size", *_NODE], ascending=[False, True, True], ignore_index=True)
    if around:
        nodes = nodes[_near(nodes, edges, around)]
    drawn = nodes.head(most_nodes).reset_index(drop=True)
    places = pd.MultiIndex.from_frame(drawn[_NODE])
    rows = {
        end: places.get_indexer(pd.MultiIndex.from_frame(edges[[f"{end}_label", end]])) for end in ("source", "target")
    }
    edges = edges.assign(**rows)
    edges = edges[(edges["source"] >= 0) & (edges["target"] >= 0)]
    shown = edges.sort_values("weight", ascending=False, kind="stable").head(most_edges)
    names = names_of(view, drawn)
    angle = np.arange(len(drawn)) * 2.399963
    drawn = drawn.assign(
        name=[names.of(label, id_) or "" for label, id_ in zip(drawn["label"], drawn["id"], strict=True)],
        group=1,
        x=np.sqrt(np.arange(len(drawn))) * np.cos(angle),
        y=np.sqrt(np.arange(len(drawn))) * np.sin(angle),
    )
    note = f"The {len(drawn):,} of {len(nodes):,} with the most links are drawn." if len(drawn) < len(nodes) else ""
    caption = f"{len(drawn):,} people and brands and {len(shown):,} ties and bonds between them."
    return Network(
        drawn[["id", "label", "name", "size", "group", "x", "y"]],
        shown[["source", "target", "weight", "sign", "kind"]].reset_index(drop=True),
        note,
        caption,
    )


def _near(nodes: pd.DataFrame, edges: pd.DataFrame, around: Sequence[tuple[str, str]]) -> pd.Series:
    """Return which of *nodes* are among *around* or joined with one of them."""
    wanted = set(around)
    starts = list(zip(edges["source_label"], edges["source"], strict=True))
    ends = list(zip(edges["target_label"], edges["target"], strict=True))
    near = {b for a, b in zip(starts, ends, strict=True) if a in wanted} | wanted
    near |= {a for a, b in zip(starts, ends, strict=True) if b in wanted}
    return pd.Series([node in near for node in zip(nodes["label"], nodes["id"], strict=True)], nodes.index)


def _ties(view: Reader) -> pd.DataFrame:
    return _pairs(view.graph(GraphKind.TIES), "tie")


def _contacts(view: Reader) -> pd.DataFrame:
    return _pairs(view.graph(GraphKind.INTERACTIONS), "bond")


def _pairs(graph: Graph, kind: str) -> pd.DataFrame:
    """Return the edges of *graph*, each pair once whatever the direction."""
    start, end = row_of_each(graph.indptr), graph.indices.astype(np.int64)
    one, other = np.minimum(start, end), np.maximum(start, end)
    pair, place = np.unique(one * graph.number_of_nodes + other, return_inverse=True)
    source, target = np.divmod(pair, max(graph.number_of_nodes, 1))
    weight = np.bincount(place, weights=np.abs(graph.edge_weights()), minlength=pair.size)
    labels = np.full(graph.number_of_nodes, CONSUMER) if graph.labels is None else graph.labels
    frame = pd.DataFrame(
        {
            "source_label": labels[source],
            "source": graph.ids[source],
            "target_label": labels[target],
            "target": graph.ids[target],
            "weight": weight,
            "sign": 0,
            "kind": kind,
        }
    )
    kept: pd.DataFrame = frame[source != target]
    return kept


def _bonds(bonds: pd.DataFrame) -> pd.DataFrame:
    score = bonds["fusion_score"].to_numpy(np.float64)
    return pd.DataFrame(
        {
            "source_label": CONSUMER,
            "source": bonds["consumer"].to_numpy(),
            "target_label": BRAND,
            "target": bonds["brand"].to_numpy(),
            "weight": np.abs(score),
            "sign": np.sign(score).astype(np.int64),
            "kind": "bond",
        }
    )
