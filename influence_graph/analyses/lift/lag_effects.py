"""Effects by lag of several kinds of campaigns, smooth, under the error models of the days without any.

For what is written in :mod:`influence_graph.analyses.lift.overlap`. With the second differences of all effects as the
unknowns, whose variance is τ² σ², an eigendecomposition per error model serves all values of τ².
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from influence_graph.analyses.lift.predictive import ERRORS, PRIOR, Mixture
from influence_graph.kernels.lift.error_model import filtered

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_SMOOTHNESS = 10.0 ** np.arange(-7.0, 2.5, 0.75)  # τ²: from all but straight lines to jumps from day to day
_NEGLIGIBLE = 1e-12


@dataclass(frozen=True, eq=False)
class LagEffects:
    """The effects of all kinds by lag, a mixture over error models and τ²; ``rows`` of :meth:`of` sum them.

    ``axes`` (parts, differences, differences) are independent directions of the second differences, ``middle`` and
    ``spread`` (parts, differences) the place along each, and its variance.
    """

    weight: Floats
    model: NDArray[np.int64]
    axes: Floats
    middle: Floats
    spread: Floats
    effects: Floats  # (effects, differences): from second differences to effects
    freedom: int

    def of(self, rows: Floats) -> Mixture:
        """Return the distributions of sums of effects by *rows*, shape (numbers, effects)."""
        along = (rows @ self.effects) @ self.axes
        location = np.einsum("gmd,gd->gm", along, self.middle)
        return Mixture(self.weight, location, np.sqrt(np.einsum("gmd,gd->gm", along**2, self.spread)), self.freedom)

    @property
    def likeliest(self) -> Floats:
        """The effects of the likeliest part."""
        part = int(np.argmax(self.weight))
        effects: Floats = self.effects @ self.axes[part] @ self.middle[part]
        return effects


def lag_effects(outcome: Floats, design: Floats, lagged: Floats, days: int) -> LagEffects:
    """Return the effects by lag."""
    basis, _ = np.linalg.qr(design)
    rest = outcome - basis @ (basis.T @ outcome)
    effects: Floats = np.kron(np.eye(lagged.shape[1] // days), _from_differences(days)).astype(np.float64)
    columns = np.ascontiguousarray(np.column_stack([basis, lagged @ effects, rest]))
    sums = filtered(columns, ERRORS, np.array([len(outcome)]))
    width, freedom = basis.shape[1], outcome.size - basis.shape[1]
    gram = sums.gram[0]
    lower = np.linalg.cholesky(gram[:, :width, :width])
    projected = np.linalg.solve(lower, gram[:, :width, width:])
    left = gram[:, width:, width:] - projected.transpose(0, 2, 1) @ projected
    values, axes = np.linalg.eigh(left[:, :-1, :-1])
    values = np.maximum(values, 0.0)
    pulled = np.einsum("gde,gd->ge", axes, left[:, :-1, -1])
    grown = 1 + _SMOOTHNESS[:, None] * values[:, None, :]  # (models, smoothnesses, differences)
    shrunk = _SMOOTHNESS[:, None] / grown
    squares = left[:, -1, -1][:, None] - np.einsum("gsd,gd->gs", shrunk, pulled**2)
    base = sums.log_det[0] + 2 * np.log(np.diagonal(lower, axis1=1, axis2=2)).sum(axis=1)
    log_chance = -(base[:, None] + np.log(grown).sum(axis=2) + freedom * np.log(squares)) / 2
    weight = PRIOR[:, None] * np.exp(log_chance - log_chance.max())
    model, smooth = np.nonzero(weight > _NEGLIGIBLE * weight.max())
    chosen = shrunk[model, smooth]
    return LagEffects(
        weight=weight[model, smooth] / weight[model, smooth].sum(),
        model=model,
        axes=axes[model],
        middle=chosen * pulled[model],
        spread=chosen * (squares[model, smooth] / freedom)[:, None],
        effects=effects,
        freedom=freedom,
    )


def _from_differences(days: int) -> Floats:
    """Return what makes effects by lag of their second differences, where they are 0 beyond the last lag."""
    lag = np.arange(days)
    effects: Floats = np.maximum(lag[None, :] - lag[:, None] + 1.0, 0.0)
    return effects
