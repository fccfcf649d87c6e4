"""What the iterative rankings have in common: limits of their parameters, and what to say when one does not end."""

from __future__ import annotations

import math

from influence_graph.analyses.checks import is_number, is_whole, require
from influence_graph.errors import NotConverged


def require_iteration(tolerance: float, max_iterations: int) -> None:
    """Refuse a tolerance that is not above 0, or fewer than 1 iteration."""
    require(is_number(tolerance) and 0 < tolerance < math.inf, "tolerance", tolerance, "above 0", "use 1e-10")
    within = is_whole(max_iterations) and max_iterations >= 1
    require(within, "max_iterations", max_iterations, "1 or more and whole", "use 1000")


def require_converged(error: float, tolerance: float, iterations: int, residual: float) -> None:
    """Raise NotConverged if the estimated *error* is above *tolerance*."""
    if error > tolerance:
        message = f"estimated error {error:.3g} (residual {residual:.3g}) after {iterations} passes"
        remedy = "raise max_iterations, or accept a larger tolerance: the two largest eigenvalues are close"
        raise NotConverged(f"{message}, above the tolerance {tolerance:g}", remedy=remedy)
