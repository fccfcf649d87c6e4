"""PageRank by each peer: build once, then solve to a tolerance in the peer's own sense.

Every class has ``name``, ``LARGEST`` (arcs up to which it runs here: beyond, it only makes the run long),
``TOLERANCES`` (from loose to tight; what they mean differs) and ``solve(tolerance, v) -> scores``; v is the
teleport vector or None for uniform. α = .85 throughout, mass of sinks goes to v.
"""

from __future__ import annotations

import importlib.util

import numpy as np

ALPHA = 0.85
PASSES = 10_000
_STEPS = tuple(10.0**-k for k in range(6, 17))


class Scipy:
    """Power iteration on a ``scipy.sparse`` matrix, as commonly written; stops by the L1 change."""

    name, module, LARGEST, TOLERANCES = "scipy", "scipy", 10**9, _STEPS

    def __init__(self, edges, weighted):
        from scipy.sparse import coo_array

        values = edges.weight if weighted else np.ones(edges.source.size)
        matrix = coo_array((values, (edges.source, edges.target)), shape=(edges.nodes,) * 2).tocsr()
        out = matrix.sum(axis=1)
        self.sinks = np.flatnonzero(out == 0)
        matrix.data /= np.repeat(np.where(out > 0, out, 1.0), np.diff(matrix.indptr))
        self.step, self.nodes, self.passes = matrix.T.tocsr(), edges.nodes, 0

    def solve(self, tolerance, v=None):
        v = np.full(self.nodes, 1 / self.nodes) if v is None else v
        scores = v
        for passes in range(1, PASSES):
            new = ALPHA * (self.step @ scores + scores[self.sinks].sum() * v) + (1 - ALPHA) * v
            change, scores = np.abs(new - scores).sum(), new
            if change <= tolerance:
                self.passes = passes
                return scores
        raise RuntimeError(f"no convergence in {PASSES} passes")


class GraphBLAS:
    """SuiteSparse:GraphBLAS through python-graphblas, the steps of LAGraph's LAGr_PageRank in double precision."""

    name, module, LARGEST, TOLERANCES = "graphblas", "graphblas", 10**9, _STEPS

    def __init__(self, edges, weighted):
        import graphblas as gb

        gb.ss.config["nthreads"] = 1
        values = edges.weight if weighted else 1.0
        size = {"nrows": edges.nodes, "ncols": edges.nodes, "dtype": float}
        # the transpose by rows, so that a product is a dot product per row
        self.inflow = gb.Matrix.from_coo(edges.target, edges.source, values, **size)
        weights = edges.weight if weighted else None
        out = np.bincount(edges.source, weights=weights, minlength=edges.nodes)
        self.rate = gb.Vector.from_dense(np.divide(ALPHA, out, out=np.zeros(edges.nodes), where=out > 0))
        self.sinks = gb.Vector.from_coo(np.flatnonzero(out == 0), 1.0, size=edges.nodes)
        self.product = gb.semiring.plus_times if weighted else gb.semiring.plus_second
        self.gb, self.nodes = gb, edges.nodes

    def solve(self, tolerance, v=None):
        binary, vector = self.gb.binary, self.gb.Vector
        v = vector.from_dense(np.full(self.nodes, 1 / self.nodes) if v is None else v)
        scores = v.dup()
        for _ in range(PASSES):
            lost = scores.ewise_mult(self.sinks, binary.times).reduce().get(0.0)
            new = v.apply(binary.times, right=1 - ALPHA + ALPHA * lost).new()
            share = scores.ewise_mult(self.rate, binary.times).new()
            new(binary.plus) << self.inflow.mxv(share, self.product)
            scores << scores.ewise_mult(new, binary.minus)
            change = scores.apply(self.gb.unary.abs).reduce().get(0.0)
            scores = new
            if change <= tolerance:
                return scores.to_dense()
        raise RuntimeError(f"no convergence in {PASSES} passes")


class Igraph:
    """igraph's PRPACK, which takes no tolerance."""

    name, module, LARGEST, TOLERANCES = "igraph", "igraph", 5_000_000, (0.0,)

    def __init__(self, edges, weighted):
        import igraph

        pairs = np.stack([edges.source, edges.target], axis=1).astype(np.int64)
        self.graph = igraph.Graph(edges.nodes, memoryview(pairs), directed=True)
        if weighted:
            self.graph.es["weight"] = edges.weight.tolist()
        self.weights = "weight" if weighted else None

    def solve(self, tolerance, v=None):  # noqa: ARG002 - PRPACK's stop is fixed
        if v is None:
            return np.array(self.graph.pagerank(damping=ALPHA, weights=self.weights))
        return np.array(self.graph.personalized_pagerank(damping=ALPHA, reset=v.tolist(), weights=self.weights))


class Networkit:
    """networkit's power iteration, stopped by the L1 change, sinks distributed."""

    name, module, LARGEST, TOLERANCES = "networkit", "networkit", 5_000_000, _STEPS

    def __init__(self, edges, weighted):
        import networkit as nk

        nk.setNumberOfThreads(1)
        ends = edges.source.astype(np.uint64), edges.target.astype(np.uint64)
        values = edges.weight if weighted else np.ones(edges.source.size)
        self.graph = nk.GraphFromCoo((values, ends), n=edges.nodes, directed=True, weighted=weighted)
        self.nk = nk

    def solve(self, tolerance, v=None):
        if v is not None:
            raise NotImplementedError("networkit's PageRank has no personalization")
        centrality = self.nk.centrality
        sinks = centrality.SinkHandling.DistributeSinks
        ranks = centrality.PageRank(self.graph, ALPHA, tolerance, distributeSinks=sinks)
        ranks.norm, ranks.maxIterations = centrality.Norm.L1_NORM, PASSES
        return np.array(ranks.run().scores())


class Rustworkx:
    """rustworkx's power iteration; its tolerance is per node."""

    name, module, LARGEST, TOLERANCES = "rustworkx", "rustworkx", 1_200_000, tuple(10.0**-k for k in range(9, 20))

    def __init__(self, edges, weighted):
        import rustworkx as rx

        values = edges.weight.tolist() if weighted else [1.0] * edges.source.size
        self.graph, self.rx = rx.PyDiGraph(), rx
        self.graph.add_nodes_from(range(edges.nodes))
        self.graph.add_edges_from(list(zip(edges.source.tolist(), edges.target.tolist(), values, strict=True)))
        self.weights = float if weighted else None

    def solve(self, tolerance, v=None):
        given = None if v is None else {int(node): float(v[node]) for node in np.flatnonzero(v)}
        ranks = self.rx.pagerank(
            self.graph, ALPHA, weight_fn=self.weights, personalization=given, tol=tolerance, max_iter=PASSES
        )
        return np.fromiter(ranks.values(), float, len(ranks))


class Networkx:
    """networkx, which makes a scipy matrix of its graph at every call; its tolerance is per node."""

    name, module, LARGEST, TOLERANCES = "networkx", "networkx", 250_000, Rustworkx.TOLERANCES

    def __init__(self, edges, weighted):
        import networkx as nx

        self.graph, self.nx, self.weight = nx.DiGraph(), nx, "weight" if weighted else None
        self.graph.add_nodes_from(range(edges.nodes))
        rows = zip(edges.source.tolist(), edges.target.tolist(), edges.weight.tolist(), strict=True)
        self.graph.add_weighted_edges_from(rows)

    def solve(self, tolerance, v=None):
        given = None if v is None else {int(node): float(v[node]) for node in np.flatnonzero(v)}
        ranks = self.nx.pagerank(self.graph, ALPHA, given, PASSES, tolerance, weight=self.weight)
        return np.fromiter(ranks.values(), float, len(ranks))


class ScikitNetwork:
    """scikit-network's Ruffini–Horner solver, the one of its solvers that treats sinks as all others do.

    Its "tolerance" is the number of passes.
    """

    name, module, LARGEST, TOLERANCES = "scikit-network", "sknetwork", 5_000_000, (20, 50, 100, 130, 160, 200)
    solver = "RH"

    def __init__(self, edges, weighted):
        from scipy.sparse import csr_matrix

        values = edges.weight if weighted else np.ones(edges.source.size)
        self.matrix = csr_matrix((values, (edges.source, edges.target)), shape=(edges.nodes,) * 2)

    def solve(self, tolerance, v=None):
        from sknetwork.ranking import PageRank

        passes = {"n_iter": tolerance} if self.solver == "RH" else {"tol": tolerance}
        return PageRank(ALPHA, self.solver, **passes).fit_predict(self.matrix, v)


class ScikitNetworkBicgstab(ScikitNetwork):
    """scikit-network's BiCGSTAB solver."""

    name, TOLERANCES, solver = "scikit-network, bicgstab", (1e-6, 1e-13), "bicgstab"


ALL = (Scipy, GraphBLAS, Igraph, Networkit, Rustworkx, Networkx, ScikitNetwork, ScikitNetworkBicgstab)


def installed():
    """Return the peers whose library is installed, and the names of those that are not."""
    here = [peer for peer in ALL if importlib.util.find_spec(peer.module)]
    return here, [peer.name for peer in ALL if peer not in here]


def loosest(peer, truth, error, v=None):
    """Return the loosest tolerance at which *peer* is within L1 *error* of *truth*, and the error it reaches.

    Where none is, the tightest and its error: such a peer is listed and not ranked.
    """
    reached = np.inf
    for tolerance in peer.TOLERANCES:
        try:
            reached = float(np.abs(peer.solve(tolerance, v) - truth).sum())
        except Exception as refusal:  # noqa: BLE001 - each library has errors of its own for "not converged"
            return tolerance, reached, str(refusal) or type(refusal).__name__
        if reached <= error:
            break
    return tolerance, reached, ""
