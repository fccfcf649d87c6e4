"""Values of cascades by round, added up over all simulations while they run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from influence_graph.kernels.streams import wraparound_njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

KEPT = 32
"""Rounds that are kept apart: the first 31, and all later ones together."""


@wraparound_njit
def add_round(by_round, depth, before, after):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Add to row *depth* of *by_round* what a simulation, whose value went from *before* to *after*, gained in it.

    Args:
        by_round: float64 (:data:`KEPT`, 2): gains of the value, and of its square; running sums over the rows are
            then the sum of the values by the end of each round, and of their squares.
        depth: The round, 0 for the seeds.
        before: Value by the end of the last round.
        after: Value by the end of this one.
    """
    row = min(depth, KEPT - 1)
    by_round[row, 0] += after - before
    by_round[row, 1] += after * after - before * before


def empty() -> NDArray[np.float64]:
    """Return sums to which nothing has been added."""
    return np.zeros((KEPT, 2))
