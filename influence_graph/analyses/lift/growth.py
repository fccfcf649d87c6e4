"""Whether the noise of a series grows: then intervals from the days before are too narrow on the days to come.

Noise that shrinks is no reason to refuse: intervals are too wide then, and find less, but are not wrong more often.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from influence_graph.kernels.lift.error_model import whitened

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.lift.predictive import ErrorFit
    from influence_graph.kernels.lift.error_model import Errors

    Floats = NDArray[np.float64]

GROWTH_LEVEL = 0.01
"""p up to which the noise is said to grow."""


def growth_p(residuals: Floats, errors: Errors, model: int, seen: NDArray[np.bool_] | None = None) -> float:
    """Return the one-sided p of Spearman's correlation of the size of the one-step errors with their day.

    Source: Spearman 1904, https://doi.org/10.2307/1412159.

    Args:
        residuals: Shape (days,): what the regression leaves.
        errors: Error models.
        model: Place of the one that the residuals follow, such as the likeliest.
        seen: Shape (days,): whether each day was seen; None: all.
    """
    from scipy.stats import spearmanr

    size = np.abs(whitened(residuals[:, None], errors, model, seen)[:, 0])
    return float(spearmanr(size, np.arange(size.size), alternative="greater").pvalue)


def growth_of(fitted: ErrorFit, outcome: Floats, design: Floats, seen: NDArray[np.bool_] | None = None) -> float:
    """Return :func:`growth_p` of the fit to the days *outcome*, shape (days,), by its likeliest error model.

    Args:
        fitted: The fit.
        outcome: The days.
        design: Shape (days, columns).
        seen: Shape (days,): whether each day was seen; None: all.
    """
    model = int(np.argmax(fitted.weight))
    return growth_p(outcome - design @ fitted.coefficients[model], fitted.errors, model, seen)


def growth_text(p: float) -> str:
    """Return in words that the noise grows by *p*."""
    return (
        f"the noise grows (p = {p:.2g}), and may be more on the days to come than before; try logarithms, or only days "
        "that are alike"
    )
