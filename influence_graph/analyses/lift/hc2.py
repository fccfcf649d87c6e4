"""Least squares whose errors hold where the spread differs from unit to unit; arrays in, arrays out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from influence_graph.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_COLLINEAR = 1e-10  # of the length of a column, beyond the others
_ALONE = 1 - 1e-9  # leverage of a unit that fits itself


class Fitted(NamedTuple):
    """Coefficients, shape (columns,), their covariance, and units less columns."""

    coefficients: Floats
    covariance: Floats
    freedom: int


def least_squares(outcome: Floats, design: Floats) -> Fitted:
    """Return coefficients with the covariance HC2: each squared residual by 1 less the leverage of its unit.

    For two means it is s₁²/n₁ + s₀²/n₀. Source: MacKinnon and White 1985,
    https://doi.org/10.1016/0304-4076(85)90158-7.

    Args:
        outcome: Shape (units,).
        design: Shape (units, columns), of more units than columns.

    Raises:
        InputError: The columns are collinear, or a unit alone tells one of them.
    """
    length = np.sqrt(np.einsum("uc,uc->c", design, design))
    basis, upper = np.linalg.qr(design / np.where(length > 0, length, 1.0))
    if np.abs(np.diagonal(upper)).min(initial=1.0) < _COLLINEAR or len(design) <= design.shape[1]:
        message = f"the {design.shape[1]} columns of the regression are collinear for {len(design):,} units"
        raise InputError(message, remedy="leave out a covariate that is constant, or a sum of others")
    leverage = np.einsum("uc,uc->u", basis, basis)
    if leverage.max() > _ALONE:
        message = f"unit {int(np.argmax(leverage)) + 1} alone tells a column of the regression"
        raise InputError(message, remedy="leave out the covariate in which it differs from all others")
    projected = basis.T @ outcome
    residual = outcome - basis @ projected
    middle = np.einsum("uc,u,ud->cd", basis, residual**2 / (1 - leverage), basis, optimize=True)
    back = np.linalg.inv(upper) / length[:, None]
    return Fitted(back @ projected, back @ middle @ back.T, len(design) - design.shape[1])
