"""Spread of every set of seeds of a tiny graph, by enumeration of all worlds.

A world says for each node which of its in-edges are live: any subset (independent cascade), or at most
one (linear threshold). Nodes are bits of a number.
"""

import numpy as np
from numba import njit

from influence_graph.kernels.maximize.rr_in_edges import Reverse
from influence_graph.model.graph import Graph


@njit(cache=True)
def _levels(live, nodes, start, target, quality):
    """Return Σ target·quality^(distance + 1) over what *start* reaches, ``live[v]`` being the bits of v's in-edges."""
    reached, total, factor = 0, 0.0, quality
    new = start
    while new:
        for v in range(nodes):
            if new >> v & 1:
                total += factor * target[v]
        reached |= new
        new = 0
        for v in range(nodes):
            if not reached >> v & 1 and live[v] & reached:
                new |= 1 << v
        factor *= quality
    return total


@njit(cache=True)
def all_spreads(masks, chances, counts, target, quality):
    """Return the exact spread of each set of nodes; row v of *masks* lists the live in-edges v can have."""
    nodes = counts.size
    spreads = np.zeros(1 << nodes)
    digits = np.zeros(nodes, np.int64)
    live = np.zeros(nodes, np.int64)
    while True:
        chance = 1.0
        for v in range(nodes):
            live[v] = masks[v, digits[v]]
            chance *= chances[v, digits[v]]
        if chance > 0.0:
            for seeds in range(1, 1 << nodes):
                spreads[seeds] += chance * _levels(live, nodes, seeds, target, quality)
        v = 0
        while v < nodes:
            digits[v] += 1
            if digits[v] < counts[v]:
                break
            digits[v] = 0
            v += 1
        if v == nodes:
            return spreads


def choices(matrix, model):
    """Return for each node what its live in-edges can be, as bits, with the chance of each."""
    nodes = matrix.shape[0]
    options = []
    for v in range(nodes):
        edges = [(1 << u, p) for u, p in enumerate(matrix[:, v].tolist()) if p > 0]
        if model == "lt":
            options.append([*edges, (0, max(0.0, 1.0 - sum(p for _, p in edges)))])
            continue
        subsets = [(0, 1.0)]
        for bit, p in edges:
            subsets = [
                *((bits | bit, chance * p) for bits, chance in subsets),
                *((bits, chance * (1 - p)) for bits, chance in subsets if p < 1),
            ]
        options.append(subsets)
    width = max(map(len, options))
    counts = np.array([len(listed) for listed in options])
    masks, chances = np.zeros((nodes, width), np.int64), np.zeros((nodes, width))
    for v, listed in enumerate(options):
        for i, (bits, chance) in enumerate(listed):
            masks[v, i], chances[v, i] = bits, chance
    return masks, chances, counts


def exact_spreads(matrix, model="ic", quality=None, target=None):
    """Return the spread of each set of nodes, at the place that has their bits set; *matrix* u, v has p of u -> v."""
    weights = np.ones(matrix.shape[0]) if target is None else target
    return all_spreads(*choices(matrix, model), weights, 1.0 if quality is None else quality)


def bits_of(indices):
    """Return the number whose bits are *indices*."""
    return sum(1 << int(i) for i in indices)


def tiny_matrix(rng, model="ic", nodes=5, edges=7):
    """Return the probabilities of up to *edges* random edges; for LT those into a node sum to at most 1."""
    matrix = np.zeros((nodes, nodes))
    source, target = rng.integers(0, nodes, (2, edges))
    matrix[source, target] = rng.choice([0.1, 0.3, 0.5, 0.9, 1.0], edges)
    return matrix / np.maximum(matrix.sum(axis=0), 1.0) if model == "lt" else matrix


def graph_of(matrix):
    """Return the graph of a matrix; nodes are called 0, 1, ..."""
    source, target = np.nonzero(matrix)
    return Graph.from_arrays([str(i) for i in range(matrix.shape[0])], source, target, matrix[source, target])


def reverse_of(matrix):
    """Return the in-edges of a matrix."""
    target, source = np.nonzero(matrix.T)
    starts = np.searchsorted(target, np.arange(matrix.shape[0] + 1))
    return Reverse(starts, source.astype(np.int32), matrix[source, target])


def best(spreads, allowed, k=None, costs=None, budget=None, won=0):
    """Return the most that any choice of allowed nodes adds to the spread of the bits *won*."""
    most = 0.0
    for choice in range(1 << len(allowed)):
        nodes = [v for v in range(len(allowed)) if choice >> v & 1]
        if not all(allowed[v] for v in nodes) or (k is not None and len(nodes) > k):
            continue
        if costs is None or sum(costs[v] for v in nodes) <= budget + 1e-9:
            most = max(most, spreads[choice | won] - spreads[won])
    return most
