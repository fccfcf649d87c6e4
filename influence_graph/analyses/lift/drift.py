"""Whether the noise of a series drifts: then intervals from the days before do not hold on the days to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from influence_graph.kernels.lift.error_model import whitened

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.lift.predictive import ErrorFit

    Floats = NDArray[np.float64]

DRIFT_LEVEL = 0.01
"""p up to which the noise is said to drift."""


def drift_p(fitted: ErrorFit, outcome: Floats, design: Floats) -> float:
    """Return the two-sided p of Spearman's correlation of the size of the one-step errors with their day.

    The errors are those of the likeliest error model. Source: Spearman 1904, https://doi.org/10.2307/1412159.

    Args:
        fitted: The fit to the days before.
        outcome: Shape (days,): these days.
        design: Shape (days, columns).
    """
    from scipy.stats import spearmanr

    model = int(np.argmax(fitted.weight))
    residuals = outcome - design @ fitted.coefficients[model]
    size = np.abs(whitened(residuals[:, None], fitted.errors, model)[:, 0])
    return float(spearmanr(size, np.arange(size.size)).pvalue)
