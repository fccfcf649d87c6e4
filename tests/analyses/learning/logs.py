"""Small logs and graphs, and what follows from them by the definitions."""

import numpy as np
import pandas as pd

from influence_graph.model.graph import Graph


def log_of(*rows):
    """Return the actions of ``(user, item, time)`` rows."""
    return pd.DataFrame(rows, columns=["user", "item", "time"])


def random_log(seed, users=12, items=30, edges=40):
    """Return a graph and a log in which users follow in-neighbors by chance."""
    rng = np.random.default_rng(seed)
    names = np.array([f"u{i:02}" for i in range(users)])
    source, target = rng.integers(0, users, (2, edges))
    graph = Graph.from_arrays(names, source[source != target], target[source != target])
    rows = []
    for item in range(items):
        who = rng.permutation(users)[: rng.integers(1, users)]
        rows += [(names[u], f"i{item}", float(t)) for u, t in zip(who, rng.integers(0, 9, who.size), strict=True)]
    return graph, log_of(*rows)


def edges_of(graph):
    """Return source id and target id of each edge, in stored order."""
    rows = np.repeat(np.arange(graph.number_of_nodes), np.diff(graph.indptr))
    return list(zip(graph.ids[rows], graph.ids[graph.indices], strict=True))


def planted(seed, users=60, items=400, degree=4):
    """Return a graph, its true probabilities and a log of independent cascades along it, one round per second."""
    rng = np.random.default_rng(seed)
    target = rng.integers(0, users, users * degree)
    source = np.repeat(np.arange(users), degree)
    kept = source != target
    names = np.array([f"u{i:02}" for i in range(users)])
    graph = Graph.from_arrays(names, source[kept], target[kept])
    receptive = rng.choice([0.02, 0.5], users)  # what differs between people is who can be moved
    p = receptive[graph.indices]
    rows = []
    for item in range(items):
        active = {int(u): 0.0 for u in rng.choice(users, 2, replace=False)}
        fresh, now = list(active), 0.0
        while fresh:
            now, front, fresh = now + 1, fresh, []
            for v in front:
                for k in range(graph.indptr[v], graph.indptr[v + 1]):
                    u = int(graph.indices[k])
                    if u not in active and rng.random() < p[k]:
                        active[u] = now
                        fresh.append(u)
        rows += [(names[u], item, t) for u, t in active.items()]
    return graph, p, log_of(*rows)
