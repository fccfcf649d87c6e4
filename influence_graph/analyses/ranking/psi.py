"""Ψ-score: the share of each user's content on the walls of a platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from influence_graph.analyses.checks import NodeValues, require_nodes, require_nonnegative, values_of
from influence_graph.analyses.ranking.limits import require_iteration, require_residual
from influence_graph.analyses.ranking.result import RankResult
from influence_graph.errors import InputError
from influence_graph.kernels.ranking import psi as kernel
from influence_graph.model.parameters import RankParameters

if TYPE_CHECKING:
    from influence_graph.analyses.ranking.activity import Activity
    from influence_graph.model.graph import Graph


def psi_score(
    graph: Graph,
    posting: NodeValues,
    reposting: NodeValues,
    tolerance: float = RankParameters.tolerance,
    max_iterations: int = RankParameters.max_iterations,
) -> RankResult:
    """Return the Ψ-score: the expected share of each user's original posts on the wall of a random user.

    A_jk = μ_k/Σ_l(λ_l+μ_l), B_jk = λ_k/(same) over the leaders l of j, c_j = μ_j/(λ_j+μ_j), d_j = λ_j/(λ_j+μ_j);
    s = (I-Aᵀ)⁻¹c, Ψ = (Bᵀs + d)/N, ΣΨ = 1. Giovanidis, Baynat, Magnien, Vendeville 2021, *Ranking Online
    Social Users by Their Influence*, https://doi.org/10.1109/TNET.2021.3085201.

    A weight w of ``j -> k`` is the relative share of k's posts that reaches j; equal weights give the
    published score. Where the published formula divides by 0: a user without a leader who has content has nothing
    to re-post, so μ counts as 0; a user whose wall is then empty has the score 0 and is not among the N.
    ``parameters`` counts these users.

    Args:
        graph: An edge ``j -> k`` says that j follows k; weights ≥ 0.
        posting: λ ≥ 0, original posts per unit of time: an array in the order of ``graph.ids`` or a
            mapping or pandas Series id -> rate, 0 for ids left out.
        reposting: μ ≥ 0, re-posts per unit of time, likewise.
        tolerance: L1 residual to reach, > 0; no score is further from the exact one, nor is their sum from 1.
        max_iterations: Passes over the edges, ≥ 1.

    Raises:
        InputError: The graph is empty, a weight or a rate is negative, nobody posts, or a parameter is
            out of its limits.
        NotFound: A mapping names an id that is not in the graph.
        NotConverged: The residual is above *tolerance* after *max_iterations* passes.

    Example:
        >>> from influence_graph.model.graph import Graph
        >>> fan_and_star = Graph.from_edges(["ann"], ["june"])
        >>> psi_score(fan_and_star, {"ann": 1, "june": 2}, {"ann": 3}).scores.tolist()
        [0.125, 0.875]
    """
    require_nodes(graph, "rank")
    require_iteration(tolerance, max_iterations)
    require_nonnegative(graph, "the Ψ-score")
    rates = values_of(graph, posting, "posting", 0.0), values_of(graph, reposting, "reposting", 0.0)
    if not rates[0].any():
        message = f"posting is 0 for all {graph.number_of_nodes:,} users: there is no content to trace"
        raise InputError(message, remedy="give at least one user a rate above 0")
    chain = kernel.chain(graph.indptr, graph.indices, graph.weights, *rates)
    solved = kernel.solve(chain, tolerance, max_iterations)
    require_residual(solved.residual, solved.iterations, tolerance)
    parameters = {
        "tolerance": tolerance,
        "max_iterations": max_iterations,
        "empty_walls": int(np.count_nonzero(~chain.with_wall)),
        "nothing_to_repost": int(np.count_nonzero(chain.with_wall & (rates[1] > 0) & (chain.reposted == 0))),
    }
    facts = solved.iterations, solved.residual, solved.residual, True, parameters  # the residual bounds the error
    return RankResult(solved.scores, graph.ids, graph.labels, *facts, graph.digest, "psi")


def psi_of(
    activity: Activity,
    tolerance: float = RankParameters.tolerance,
    max_iterations: int = RankParameters.max_iterations,
) -> RankResult:
    """Return the Ψ-score on the ties and with the rates of *activity*; see :func:`psi_score` for the rest.

    Example:
        >>> import pandas as pd
        >>> from influence_graph.analyses.ranking.activity import activity
        >>> from influence_graph.model.graph import Graph
        >>> log = pd.DataFrame({"user": ["june", "ann", "june"], "item": ["x", "x", "y"], "time": [0, 60, 86400]})
        >>> psi_of(activity(Graph.from_edges(["ann"], ["june"]), log)).to_frame()["id"][0]
        'june'
    """
    return psi_score(activity.ties, activity.posting, activity.reposting, tolerance, max_iterations)
