"""Where the nodes of a network are drawn: every community in a disk of its own, its members inside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np

from influence_graph.analyses.communities import communities
from influence_graph.model.csr import row_of_each
from influence_graph.model.graph import Graph

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SPRUNG = 300  # most nodes whose forces are calculated pair by pair
_ITERATIONS = 50
_MARGIN = 0.08  # around a disk, as a share of its radius
_GOLDEN = np.pi * (3 - np.sqrt(5))  # angle between successive points of a sunflower
_TRIED = 64  # places that are tried for a disk at once


@dataclass(frozen=True, eq=False)
class Layout:
    """Where nodes are drawn.

    Attributes:
        group: int64, the community of each node, 1 for the largest.
        x: float64, one per node; no unit: an area of 1 holds about one node.
        y: float64, likewise.
    """

    group: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]


def lay_out(
    nodes: int, source: NDArray[np.integer], target: NDArray[np.integer], weight: NDArray[np.float64]
) -> Layout:
    """Return a layout in which communities stand apart; the same network gives the same layout.

    Communities are those of :func:`~influence_graph.analyses.communities.communities`. Their disks, which hold about
    one node per unit of area, never overlap and stand as near as they can to where the forces of Fruchterman and
    Reingold between communities (networkx's ``spring_layout``) put them. Within a disk the same forces order the
    nodes by angle and by distance from the middle; a community that is too large for that is laid out in the same
    way by communities of its own, and one that has none as a sunflower with the nodes of most weight in its middle.

    Args:
        nodes: Number of nodes, 1 or more.
        source: Index of one end of each edge.
        target: Index of its other end.
        weight: ≥ 0 each.
    """
    graph = Graph.from_arrays([str(node) for node in range(nodes)], source, target, weight, directed=False)
    group = communities(graph).community
    place = _arranged(graph, group)
    return Layout(group, place[:, 0], place[:, 1])


def _placed(graph: Graph) -> NDArray[np.float64]:
    """Return a place for each node of *graph*, in a disk around 0 of as many units of area as it has nodes."""
    nodes = graph.number_of_nodes
    if nodes <= 2:
        return np.array([[-0.5, 0.0], [0.5, 0.0]]) if nodes == 2 else np.zeros((1, 2))
    if nodes <= _SPRUNG:
        return _evenly(_sprung(graph))
    group = communities(graph).community
    sizes = np.bincount(group)
    if sizes[1] > 0.9 * nodes or np.count_nonzero(sizes > 1) < 2:
        return _sunflower(graph)
    return _arranged(graph, group)


def _arranged(graph: Graph, group: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return a place for each node of *graph*, the nodes of each *group* in a disk apart from all others."""
    members = np.split(np.argsort(group, kind="stable"), np.cumsum(np.bincount(group)[1:])[:-1])
    inside = [_placed(part) for part in _parts(graph, group, members)]
    radius = np.array([(1 + _MARGIN) * np.hypot(*place.T).max() + 0.6 for place in inside])
    centers = _apart(_between(graph, group), radius)
    place = np.empty((graph.number_of_nodes, 2))
    for nodes, center, around in zip(members, centers, inside, strict=True):
        place[nodes] = center + around
    place -= (place.max(axis=0) + place.min(axis=0)) / 2
    return place


def _parts(graph: Graph, group: NDArray[np.int64], members: list[NDArray[np.int64]]) -> Iterator[Graph]:
    """Yield the graph of the nodes of each group and the edges between them."""
    number = np.empty(graph.number_of_nodes, dtype=np.int64)
    for nodes in members:
        number[nodes] = np.arange(nodes.size)
    source, target = row_of_each(graph.indptr), graph.indices
    edges = np.flatnonzero((group[source] == group[target]) & (source <= target))
    edges = edges[np.argsort(group[source[edges]], kind="stable")]
    ends = np.searchsorted(group[source[edges]], np.arange(1, len(members) + 2))
    weight = graph.edge_weights()
    for at, nodes in enumerate(members):
        own = edges[ends[at] : ends[at + 1]]
        ids = graph.ids[nodes]
        yield Graph.from_arrays(ids, number[source[own]], number[target[own]], weight[own], directed=False)


def _between(graph: Graph, group: NDArray[np.int64]) -> Graph:
    """Return the graph of the groups with the weights between them."""
    source, target = group[row_of_each(graph.indptr)] - 1, group[graph.indices] - 1
    kept = source < target
    names = [str(number) for number in range(1, int(group.max()) + 1)]
    return Graph.from_arrays(names, source[kept], target[kept], graph.edge_weights()[kept], directed=False)


def _sprung(graph: Graph) -> NDArray[np.float64]:
    """Return a place for each node by the forces between all pairs."""
    found = nx.spring_layout(graph.to_networkx(), seed=0, iterations=_ITERATIONS, method="force")
    return np.array([found[node] for node in graph.ids])


def _evenly(place: NDArray[np.float64], area: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Return *place* with its nodes moved apart, until a disk is filled evenly from the middle to the rim.

    Args:
        place: Two columns; the orders of angles and of distances from the middle are kept.
        area: What each takes up; None: 1.
    """
    around = place - place.mean(axis=0)
    order = np.argsort(np.hypot(*around.T), kind="stable")
    taken = (np.ones(len(place)) if area is None else area)[order]
    radius = np.empty(len(place))
    radius[order] = np.sqrt((np.cumsum(taken) - (taken + taken[0]) / 2) / np.pi)  # the first stands in the middle
    angle = np.arctan2(around[:, 1], around[:, 0])
    even = np.empty(len(place))
    even[np.argsort(angle, kind="stable")] = np.linspace(-np.pi, np.pi, len(place), endpoint=False)
    return _polar(radius, (angle + 3 * even) / 4)  # forces leave many at nearly the same angle


def _sunflower(graph: Graph) -> NDArray[np.float64]:
    """Return a place for each node along a spiral of even density, those of most weight in the middle."""
    weight = np.bincount(row_of_each(graph.indptr), weights=graph.edge_weights(), minlength=graph.number_of_nodes)
    order = np.empty(graph.number_of_nodes, dtype=np.int64)
    order[np.argsort(-weight, kind="stable")] = np.arange(graph.number_of_nodes)
    return _spiral(order)


def _spiral(step: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return points of a spiral, one per unit of area: those of a sunflower (Vogel 1979)."""
    return _polar(np.sqrt(step / np.pi), step * _GOLDEN)


def _polar(radius: NDArray[np.float64], angle: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def _apart(between: Graph, radius: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return centers of disks that do not overlap: those that are joined near each other, the others around them.

    Args:
        between: The weights between the disks.
        radius: Of each disk.
    """
    joined = np.diff(between.indptr) > 0
    joined &= np.cumsum(joined) <= 2 * _SPRUNG
    centers = np.zeros((radius.size, 2))
    first = np.flatnonzero(joined)
    if first.size:
        group = np.where(joined, 1, 2)
        joints = next(_parts(between, group, [first, np.flatnonzero(~joined)]))
        centers[first] = _evenly(_sprung(joints), np.pi * radius[first] ** 2)
    done: list[int] = []
    for disk in first[np.argsort(-radius[first], kind="stable")].tolist():
        centers[disk], _ = _free(centers[disk], radius[disk], centers[done], radius[done], 0)
        done.append(disk)
    step = 0  # goes on where the last one was put: what was no place before is none now
    for disk in np.flatnonzero(~joined).tolist():
        centers[disk], step = _free(centers[disk], radius[disk], centers[done], radius[done], step)
        done.append(disk)
    return centers


def _free(
    wanted: NDArray[np.float64], radius: float, centers: NDArray[np.float64], others: NDArray[np.float64], step: int
) -> tuple[NDArray[np.float64], int]:
    """Return the first place on a spiral around *wanted*, from *step* on, where a disk overlaps none, and its step."""
    while True:
        steps = np.arange(step, step + _TRIED)
        places = wanted + radius * _spiral(steps)
        distance = np.hypot(*(places[:, None, :] - centers[None, :, :]).transpose(2, 0, 1))
        free = np.flatnonzero((distance >= others + radius).all(axis=1))
        if free.size:
            return places[free[0]], int(steps[free[0]])
        step += _TRIED
