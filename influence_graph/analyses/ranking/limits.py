"""What the iterative rankings share: limits of their parameters, convergence, and results with an estimated error."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from influence_graph.analyses.checks import is_number, is_whole, require
from influence_graph.analyses.ranking.result import RankResult
from influence_graph.errors import NotConverged
from influence_graph.text import apart_text

if TYPE_CHECKING:
    from influence_graph.kernels.ranking.perron import Dominant
    from influence_graph.model.graph import Graph


def require_iteration(tolerance: float, max_iterations: int) -> None:
    """Refuse a tolerance that is not above 0, or fewer than 1 iteration."""
    require(is_number(tolerance) and 0 < tolerance < math.inf, "tolerance", tolerance, "above 0", "use 1e-10")
    within = is_whole(max_iterations) and max_iterations >= 1
    require(within, "max_iterations", max_iterations, "a whole number of 1 or more", "use 1000")


def require_residual(residual: float, iterations: int, tolerance: float) -> None:
    """Refuse scores whose *residual* is above the *tolerance*.

    Raises:
        NotConverged: It is.
    """
    if residual > tolerance:
        found, limit = apart_text(residual, tolerance, 3), apart_text(tolerance, residual)
        message = f"residual {found} after {iterations} passes, above the tolerance {limit}"
        raise NotConverged(message, remedy="raise max_iterations, or accept a larger tolerance")


def results_of(graph: Graph, solved: Dominant, tolerance: float, max_iterations: int) -> Callable[..., RankResult]:
    """Return a function from scores and their ``kind`` to their result; *solved* has the estimated error.

    Raises:
        NotConverged: The estimated error is above *tolerance*.
    """
    if solved.error > tolerance:
        known = f"estimated error {apart_text(solved.error, tolerance, 3)} (residual {solved.residual:.3g})"
        message = f"{known} after {solved.iterations} passes"
        remedy = "raise max_iterations, or accept a larger tolerance: the two largest eigenvalues are close"
        raise NotConverged(f"{message}, above the tolerance {apart_text(tolerance, solved.error)}", remedy=remedy)
    return partial(
        RankResult,
        ids=graph.ids,
        labels=graph.labels,
        iterations=solved.iterations,
        residual=solved.residual,
        error_bound=math.inf,
        converged=True,
        parameters={"tolerance": tolerance, "max_iterations": max_iterations},
        digest=graph.digest,
    )
