"""Independent cascade and linear threshold by each peer: ``runs(count)`` returns how many nodes each run reached."""

from __future__ import annotations

import importlib.util

import numpy as np


class Cynetdiff:
    """CyNetDiff, a C++ simulator: a run is a reset and an advance to the end."""

    name, module, models = "cynetdiff", "cynetdiff", ("ic", "lt")

    def __init__(self, edges, probability, seeds, model):
        from cynetdiff.models import IndependentCascadeModel, LinearThresholdModel

        order = np.argsort(edges.source, kind="stable")
        starts = np.searchsorted(edges.source[order], np.arange(edges.nodes)).astype(np.uint32)
        targets, values = edges.target[order].astype(np.uint32), probability[order].astype(np.float32)
        if model == "ic":
            self.model = IndependentCascadeModel(starts, targets, activation_probs=values, rng=1)
        else:
            self.model = LinearThresholdModel(starts, targets, influence=values, rng=1)
        self.model.set_seeds(seeds)

    def runs(self, count):
        reached = np.empty(count)
        for run in range(count):
            self.model.reset_model()
            self.model.advance_until_completion()
            reached[run] = self.model.get_num_activated_nodes()
        return reached


class Naive:
    """What is commonly written with networkx: a frontier, a coin per edge."""

    name, module, models = "networkx, naive", "networkx", ("ic",)

    def __init__(self, edges, probability, seeds, model):  # noqa: ARG002 - as all
        self.graph, self.seeds, self.rng = _networkx(edges, probability), seeds, np.random.default_rng(1)

    def runs(self, count):
        return np.array([self._one() for _ in range(count)], dtype=float)

    def _one(self):
        active, frontier = set(self.seeds), list(self.seeds)
        while frontier:
            reached = []
            for node in frontier:
                for neighbor, data in self.graph[node].items():
                    if neighbor not in active and self.rng.random() < data["p"]:
                        active.add(neighbor)
                        reached.append(neighbor)
            frontier = reached
        return len(active)


class NDlib:
    """NDlib, round by round until nobody is newly reached."""

    name, module, models = "ndlib", "ndlib", ("ic",)

    def __init__(self, edges, probability, seeds, model):  # noqa: ARG002 - as all
        from ndlib.models import ModelConfig
        from ndlib.models.epidemics import IndependentCascadesModel

        np.random.seed(1)  # the generator that NDlib uses
        graph = _networkx(edges, probability)
        config = ModelConfig.Configuration()
        for source, target, p in graph.edges(data="p"):
            config.add_edge_configuration("threshold", (source, target), p)
        config.add_model_initial_configuration("Infected", seeds)
        self.model, self.seeds = IndependentCascadesModel(graph), seeds
        self.model.set_initial_status(config)

    def runs(self, count):
        return np.array([self._one() for _ in range(count)], dtype=float)

    def _one(self):
        self.model.reset(self.seeds)
        while True:
            counts = self.model.iteration(node_status=False)["node_count"]
            if counts[1] == 0:
                return counts[2]


ALL = (Cynetdiff, Naive, NDlib)


def installed(model):
    """Return the peers for *model* whose library is installed, and the names of those that are not."""
    known = [peer for peer in ALL if model in peer.models]
    here = [peer for peer in known if importlib.util.find_spec(peer.module)]
    return here, [peer.name for peer in known if peer not in here]


def _networkx(edges, probability):
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(range(edges.nodes))
    rows = zip(edges.source.tolist(), edges.target.tolist(), probability.tolist(), strict=True)
    graph.add_weighted_edges_from(rows, weight="p")
    return graph
