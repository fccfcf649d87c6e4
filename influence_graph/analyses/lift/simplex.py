"""Weights of a synthetic control: none below 0, of sum 1, which bring the donors together closest to the target."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import nnls

from influence_graph.errors import NotConverged

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_ROUNDS = 30  # times as many steps as there are donors


def simplex_weights(target: Floats, donors: Floats) -> Floats:
    """Return w ≥ 0 with Σw = 1 that makes ‖target - donors·w‖ least.

    Where Σw = 1, that is ‖D·w‖ with D = donors - target, which grows as w does: so the best direction is that of the
    non-negative least squares of [D; 1]·w to [0; 1] (Lawson and Hanson 1974, https://doi.org/10.1137/1.9781611971217),
    scaled to the sum 1. It is exact, by an active set, and one of the best where several are.

    Args:
        target: Shape (days,).
        donors: Shape (days, donors), of one donor or more. Rows of both may be what :func:`reduced` makes of them.

    Raises:
        NotConverged: The active set does not settle.

    Example:
        >>> simplex_weights(np.array([1.0, 2.0]), np.array([[0.0, 2.0], [1.0, 3.0]]))
        array([0.5, 0.5])
    """
    apart = donors - target[:, None]
    scale = float(np.sqrt(np.einsum("td,td->", apart, apart) / max(apart.size, 1)))
    if scale == 0:
        return np.full(donors.shape[1], 1 / donors.shape[1])
    rows = np.vstack([apart / scale, np.ones(donors.shape[1])])
    goal = np.append(np.zeros(len(apart)), 1.0)
    try:
        found, _ = nnls(rows, goal, maxiter=_ROUNDS * donors.shape[1])
    except RuntimeError as error:
        message = f"the weights of {donors.shape[1]:,} donors do not settle in {_ROUNDS * donors.shape[1]:,} steps"
        raise NotConverged(message, remedy="leave out donors that are alike") from error
    weights: Floats = found / found.sum()
    return weights


def reduced(columns: Floats) -> Floats:
    """Return fewer rows with the same scalar products of the columns: the triangle of a QR decomposition.

    Distances of sums of the columns are the same, so weights fitted on these rows are those of all rows.

    Args:
        columns: Shape (days, columns).
    """
    if columns.shape[0] <= columns.shape[1]:
        return columns
    return np.asarray(np.linalg.qr(columns, mode="r"), np.float64)
