"""Influence and passivity of users, from who adopted what was shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd

from influence_graph.analyses.checks import (
    NodeValues,
    edge_at,
    label_and_id,
    numbers_of,
    require,
    require_nodes,
    values_of,
)
from influence_graph.analyses.frames import best_of, named, ordered
from influence_graph.analyses.ranking.limits import require_iteration, results_of
from influence_graph.analyses.ranking.result import RankResult
from influence_graph.analyses.result import Displayed
from influence_graph.errors import InputError, NotFound
from influence_graph.kernels.ranking import influence_passivity as kernel
from influence_graph.model.csr import row_of_each
from influence_graph.model.parameters import RankParameters
from influence_graph.text import apart_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.ranking.activity import Activity
    from influence_graph.model.graph import Graph

Node = str | tuple[str, str]
Pairs = Mapping[tuple[Node, Node], float]
Given: TypeAlias = "Pairs | pd.Series[float] | NDArray[np.float64]"


@dataclass(frozen=True, eq=False, repr=False)
class InfluencePassivity(Displayed):
    """Both scores of the Influence–Passivity algorithm, each ≥ 0 and of sum 1.

    Attributes:
        influence: High for those whom the passive adopt from.
        passivity: High for those who resist the influential. This is *resistance to being influenced*; it has nothing
            to do with a passive influencer, who influences without broadcasting (``find_influencers``).
    """

    influence: RankResult
    passivity: RankResult

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The parameters, as JSON values."""
        return self.influence.parameters

    @property
    def digest(self) -> str:
        """Digest of the graph."""
        return self.influence.digest

    def to_frame(self) -> pd.DataFrame:
        """Return the columns id, label (where there are labels), influence and passivity, most influential first."""
        names = named(self.influence.ids, self.influence.labels)
        scores = {"influence": self.influence.scores, "passivity": self.passivity.scores}
        return ordered({**names, **scores}, "influence")

    def _figures(self) -> Mapping[str, object]:
        ids = self.influence.ids
        first = {
            name: best_of(ids, result.scores)
            for name, result in (("most influential", self.influence), ("most passive", self.passivity))
        }
        return {"nodes": ids.size, **first, "iterations": self.influence.iterations}


def influence_passivity(
    graph: Graph,
    influenced: Given,
    exposed: NodeValues | None = None,
    tolerance: float = RankParameters.tolerance,
    max_iterations: int = RankParameters.max_iterations,
) -> InfluencePassivity:
    """Return who is influential and who is *passive in the sense of Romero et al.*: hard to influence.

    w_ij = S_ij/Q_i; acceptance u_ij = w_ij/Σ_k w_kj; rejection v_ji = (1-w_ji)/Σ_k(1-w_jk);
    I_i ← Σ_{i→j} u_ij P_j, P_i ← Σ_{j→i} v_ji I_j, normalized, from equal influence; 0/0 is 0.
    This passivity is resistance to being influenced, not the silence of a passive influencer.
    Romero, Galuba, Asur, Huberman 2011, *Influence and Passivity in Social Media*,
    https://doi.org/10.1007/978-3-642-23808-6_2.

    Args:
        graph: An edge ``i -> j`` says that j sees what i shows; its weights are not used. The paper keeps the pairs
            of which j adopted something; ``activity(...).influence`` is that graph.
        influenced: S_ij ≥ 0, how many of i's items j adopted: an array in the order of the stored edges, or a
            mapping or Series (i, j) -> count, 0 for edges left out; each end ``(label, id)`` where labels share an id.
        exposed: Q_i ≥ S_ij, how many items i showed: an array in the order of ``graph.ids`` or a mapping, 0 for ids
            left out. Default 1: *influenced* holds the shares w_ij themselves.
        tolerance: Estimated L1 error of the influence to reach, > 0.
        max_iterations: Passes over the edges, forward and back, ≥ 1.

    Returns:
        Two results with the same ``iterations`` and ``residual`` (L1, of I ∝ U Vᵀ I); the error is
        estimated, not proven, so ``error_bound`` is ∞.

    Raises:
        InputError: The graph is empty, a count is negative or above the exposure, or nobody adopts from a user
            whom another resists, so that the scores are not defined.
        NotFound: A mapping names a pair or an id that is not in the graph.
        NotConverged: The estimated error is above *tolerance* after *max_iterations* passes.

    Example:
        >>> from influence_graph.model.graph import Graph
        >>> seen_by = Graph.from_edges(["june", "june", "sam"], ["ann", "bob", "bob"])
        >>> scores = influence_passivity(seen_by, {("june", "ann"): 1, ("june", "bob"): 2}, {"june": 4, "sam": 9})
        >>> scores.influence.to_frame()["id"][0], scores.passivity.to_frame()["id"][0]
        ('june', 'ann')
    """
    require_nodes(graph, "rank")
    require_iteration(tolerance, max_iterations)
    adopted = _adopted_shares(graph, _on_edges(graph, influenced), exposed)
    passivity, influence = kernel.solve(graph.indptr, graph.indices, adopted, tolerance, max_iterations)
    if not passivity.any():
        message = "influence and passivity are not defined: nobody adopts from a user whom another resists"
        raise InputError(message, remedy="give counts between 0 and the exposure, not all of them at the ends")
    result = results_of(graph, influence, tolerance, max_iterations)
    return InfluencePassivity(result(influence.vector, kind="influence"), result(passivity, kind="passivity"))


def influence_of(
    activity: Activity,
    tolerance: float = RankParameters.tolerance,
    max_iterations: int = RankParameters.max_iterations,
) -> RankResult:
    """Return the influence of the users of *activity*; see :func:`influence_passivity` for the rest."""
    return _of_activity(activity, tolerance, max_iterations).influence


def passivity_of(
    activity: Activity,
    tolerance: float = RankParameters.tolerance,
    max_iterations: int = RankParameters.max_iterations,
) -> RankResult:
    """Return the passivity of the users of *activity*; see :func:`influence_passivity` for the rest."""
    return _of_activity(activity, tolerance, max_iterations).passivity


def _of_activity(activity: Activity, tolerance: float, max_iterations: int) -> InfluencePassivity:
    graph = activity.influence
    return influence_passivity(graph, graph.edge_weights(), activity.exposed, tolerance, max_iterations)


def _on_edges(graph: Graph, given: Given) -> NDArray[np.float64]:
    if not isinstance(given, Mapping | pd.Series):
        values = numbers_of(given, "influenced")
        if values.shape != graph.indices.shape:
            message = f"{values.size:,} values of influenced for {graph.indices.size:,} stored edges"
            raise InputError(message, remedy="give one per edge in the order of graph.indices, or a mapping of pairs")
        return values
    values = np.zeros(graph.indices.size)
    places = [_place(graph, pair) for pair, _ in given.items()]
    require(len(set(places)) == len(places), "influenced", "given twice for one edge", "given once", "sum the counts")
    values[places] = numbers_of([count for _, count in given.items()], "influenced")
    return values


def _place(graph: Graph, pair: Any) -> int:  # noqa: ANN401 - a key of any mapping
    """Return where the edge of *pair* is stored."""
    within = isinstance(pair, tuple) and len(pair) == 2
    require(within, "a key of influenced", repr(pair), "a pair of ids (i, j)", "name who is seen, then who sees")
    i, j = (graph.index_of(name, label) for label, name in map(label_and_id, pair))
    place = int(graph.indptr[i] + np.searchsorted(graph.indices[graph.indptr[i] : graph.indptr[i + 1]], j))
    if place == graph.indptr[i + 1] or graph.indices[place] != j:
        raise NotFound(f"no edge {pair[0]!r} -> {pair[1]!r} in the graph", remedy="an edge goes from who is seen")
    return place


def _adopted_shares(graph: Graph, influenced: NDArray[np.float64], exposed: NodeValues | None) -> NDArray[np.float64]:
    """Return w_ij of each edge; an edge on which nothing was shown has 0."""
    nodes = graph.number_of_nodes
    shown = np.ones(nodes) if exposed is None else values_of(graph, exposed, "exposed", 0.0)
    limit = shown[row_of_each(graph.indptr)]
    bad = np.flatnonzero(~((influenced >= 0) & (influenced <= limit)))
    if bad.size:
        source, target, _ = edge_at(graph, int(bad[0]))
        given, most = float(influenced[bad[0]]), float(limit[bad[0]])
        range_ = f"from 0 to {apart_text(most, given)}"
        message = f"influenced of {source!r} -> {target!r} is {apart_text(given, most)}, must be {range_}"
        raise InputError(message, remedy="nobody adopts more than was shown: check influenced and exposed")
    return np.divide(influenced, limit, out=np.zeros_like(influenced), where=limit > 0)
