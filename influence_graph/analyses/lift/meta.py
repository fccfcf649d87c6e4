"""What a Fusion point is worth: lifts of campaigns against the points that they moved, by random effects."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy.optimize import brentq, minimize_scalar

from influence_graph.analyses.intervals import Estimate, Z, dot, estimate_text
from influence_graph.analyses.result import Displayed
from influence_graph.errors import InputError
from influence_graph.model.exchange import hash_texts
from influence_graph.model.frames import Frame, as_table
from influence_graph.model.reals import reals
from influence_graph.text import count_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MIN_CAMPAIGNS = 6
"""Campaigns below which the interval says nothing: four degrees of freedom are the least."""
_LEVEL = 0.95
_METHOD = "REML, Hartung-Knapp"
_COLUMNS = ("campaign", "points", "lift", "std_error", "low", "high")


@dataclass(frozen=True, eq=False)
class Regression:
    """A random-effects meta-regression.

    Attributes:
        coefficients: Shape (columns,).
        covariance: Of the coefficients, by Hartung and Knapp; shape (columns, columns).
        spread: τ: the standard deviation of true lifts around the line.
        freedom: Campaigns less columns.
        weights: 1 / (variance + τ²); shape (campaigns,).
    """

    coefficients: Floats
    covariance: Floats
    spread: float
    freedom: int
    weights: Floats


@dataclass(frozen=True, eq=False, repr=False)
class LiftPerPoint(Displayed):
    """What a Fusion point is worth, as far as past campaigns tell.

    Attributes:
        per_point: What one more point goes with, with a 95 % interval; None: it cannot be told.
        without: The lift of a campaign that moves no points; None: it cannot be told.
        spread: The standard deviation of true lifts around the line (τ); None: it cannot be told.
        reason: Why it cannot be told; empty where it can.
        campaigns: See :meth:`to_frame`.
        left_out: Campaigns without a finite error.
        parameters: The parameters, as JSON values.
        digest: Digest of the campaigns.
    """

    per_point: Estimate | None
    without: Estimate | None
    spread: Estimate | None
    reason: str
    campaigns: pd.DataFrame
    left_out: tuple[str, ...]
    parameters: Mapping[str, Any]
    digest: str

    def to_frame(self) -> pd.DataFrame:
        """Return a row per campaign: campaign, points, lift, std_error, expected and weight (missing if untold)."""
        return self.campaigns

    def sentences(self) -> list[str]:
        """Return the findings in words."""
        used = count_text(len(self.campaigns), "campaign")
        if self.per_point is None:
            lines = [f"What a point is worth cannot be told: {self.reason}."]
        elif self.per_point.low <= 0 <= self.per_point.high:
            known = estimate_text(self.per_point, "+")
            lines = [f"Whether more points go with more lift cannot be told from {used}: {known} per point."]
        else:
            lines = [f"{estimate_text(self.per_point, '+')} per point, from {used}."]
        if self.left_out:
            lines.append(f"Left out without a finite error: {', '.join(self.left_out)}.")
        return lines

    def _figures(self) -> Mapping[str, object]:
        told = estimate_text(self.per_point, "+", otherwise="cannot tell")
        return {"per point": told, "campaigns": len(self.campaigns)}


def lift_per_point(campaigns: Frame) -> LiftPerPoint:
    """Return what a Fusion point is worth: lift = a + b · points, where true lifts spread around the line, too.

    The spread is estimated by restricted maximum likelihood (Viechtbauer 2005,
    https://doi.org/10.3102/10769986030003261), errors and intervals of t are those of Knapp and Hartung 2003,
    https://doi.org/10.1002/sim.1482, never below what the known errors alone say (Röver, Knapp and Friede 2015,
    https://doi.org/10.1186/s12874-015-0091-1). That points go with sales does not say that more points bring more.

    Args:
        campaigns: One row per campaign: campaign (an id), points (that it moved), lift (of what is counted, in all),
            and std_error, or low and high, the ends of a 95 % interval. A campaign without a finite error is left out
            and named.

    Raises:
        InputError: A column is missing or holds no numbers, points or lift are missing, an error is not above 0, or a
            campaign has two rows.

    Example:
        >>> import pandas as pd
        >>> points = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
        >>> lift = [12.0, 19.0, 31.0, 42.0, 48.0, 61.0]
        >>> frame = pd.DataFrame({"campaign": list("abcdef"), "points": points, "lift": lift, "std_error": 2.0})
        >>> found = lift_per_point(frame)
        >>> round(found.per_point.value, 1), round(found.per_point.low, 1), round(found.per_point.high, 1)
        (9.8, 8.5, 11.1)
    """
    table, left_out, digest = _read(campaigns)
    parameters = {"campaigns": len(table), "model": "lift = a + b * points", "method": _METHOD}
    reason = _untold(table)
    if reason:
        frame = table.assign(expected=np.nan, weight=np.nan)
        return LiftPerPoint(None, None, None, reason, frame, left_out, parameters, digest)
    points, lift, error = (table[name].to_numpy() for name in ("points", "lift", "std_error"))
    center = float(points.mean())
    design = np.column_stack([np.ones(points.size), points - center])
    found = regression(lift, design, error**2)
    ends = spread_interval(lift, design, error**2)
    at_zero = np.array([1.0, -center])
    frame = table.assign(
        expected=found.coefficients[0] + found.coefficients[1] * (points - center),
        weight=found.weights / found.weights.sum(),
    )
    slope, without = (_estimate(found, each) for each in (np.array([0.0, 1.0]), at_zero))
    spread = Estimate(found.spread, min(ends[0], found.spread), max(ends[1], found.spread), points.size, "Q-profile")
    return LiftPerPoint(slope, without, spread, "", frame, left_out, parameters, digest)


def regression(outcome: Floats, design: Floats, variance: Floats) -> Regression:
    """Return the meta-regression of *outcome* on *design*; arrays in, arrays out.

    Args:
        outcome: Shape (studies,).
        design: Shape (studies, columns), of full rank, of more studies than columns.
        variance: Of each outcome around its true value, above 0; shape (studies,).
    """
    fitted = np.linalg.lstsq(design, outcome, rcond=None)[0]
    freedom = outcome.size - design.shape[1]
    most = float(np.sqrt(np.sum((outcome - design @ fitted) ** 2) / freedom + variance.max()))

    def loss(spread: float) -> float:
        return _loss(outcome, design, variance + spread**2)

    best = minimize_scalar(loss, bounds=(0.0, 3 * most), method="bounded", options={"xatol": 1e-9 * most})
    spread = float(best.x) if best.fun < loss(0.0) else 0.0
    weights = 1 / (variance + spread**2)
    inverse = np.linalg.inv(np.einsum("sc,s,sd->cd", design, weights, design))
    coefficients = inverse @ np.einsum("sc,s,s->c", design, weights, outcome)
    residual = outcome - design @ coefficients
    scale = max(1.0, float(np.einsum("s,s->", weights, residual**2)) / freedom)
    return Regression(coefficients, scale * inverse, spread, freedom, weights)


def spread_interval(outcome: Floats, design: Floats, variance: Floats) -> tuple[float, float]:
    """Return the ends of the 95 % interval of the spread of true values around the line; arguments as above.

    The spreads at which the weighted squares of the residuals are as likely as not too extreme for χ² (Q-profile:
    Viechtbauer 2007, https://doi.org/10.1002/sim.2514).
    """
    from scipy.stats import chi2

    freedom = outcome.size - design.shape[1]
    ends = []
    for level in (1 - _LEVEL) / 2, (1 + _LEVEL) / 2:
        limit = float(chi2.isf(level, freedom))

        def excess(spread: float, limit: float = limit) -> float:
            return _residual(outcome, design, variance + spread**2) - limit

        high = float(np.sqrt(variance.max()) + np.ptp(outcome))
        while excess(high) > 0:
            high *= 2
        ends.append(float(brentq(excess, 0.0, high)) if excess(0.0) > 0 else 0.0)
    return ends[0], ends[1]


def _residual(outcome: Floats, design: Floats, variance: Floats) -> float:
    """Return the weighted squares that the best line leaves."""
    root = 1 / np.sqrt(variance)
    scaled = design * root[:, None]
    basis = np.linalg.qr(scaled)[0]
    rest = outcome * root
    rest = rest - basis @ (basis.T @ rest)
    return dot(rest, rest)


def _loss(outcome: Floats, design: Floats, variance: Floats) -> float:
    """Return minus twice the restricted log-likelihood, up to a constant."""
    root = 1 / np.sqrt(variance)
    triangle = np.linalg.qr(design * root[:, None], mode="r")
    determinant = 2 * float(np.log(np.abs(np.diagonal(triangle))).sum())
    return _residual(outcome, design, variance) + float(np.log(variance).sum()) + determinant


def _estimate(found: Regression, functional: Floats) -> Estimate:
    from scipy.stats import t

    value = float(functional @ found.coefficients)
    error = float(np.sqrt(functional @ found.covariance @ functional))
    half = float(t.ppf((1 + _LEVEL) / 2, found.freedom)) * error
    return Estimate(value, value - half, value + half, found.weights.size, _METHOD)


def _untold(table: pd.DataFrame) -> str:
    """Return why nothing can be told of these campaigns, or nothing where it can."""
    if len(table) < MIN_CAMPAIGNS:
        return f"{count_text(len(table), 'campaign')} with a finite error, must be {MIN_CAMPAIGNS} or more"
    if np.ptp(table["points"]) == 0:
        return f"all campaigns moved {table['points'].iloc[0]:g} points"
    return ""


def _read(campaigns: Frame) -> tuple[pd.DataFrame, tuple[str, ...], str]:
    table = as_table(campaigns, "campaigns", _COLUMNS, _COLUMNS[:3], ids=("campaign",))
    names = table.column("campaign").cast(pa.string()).to_pandas()
    if names.isna().any():
        raise InputError("a campaign has no id", remedy="give each campaign an id")
    if names.duplicated().any():
        message = f"the campaign {names[names.duplicated()].iloc[0]!r} has several rows"
        raise InputError(message, remedy="give each campaign one row")
    points, lift = (_finite(table, name) for name in ("points", "lift"))
    error = _errors(table)
    state = hashlib.blake2b(digest_size=16)
    hash_texts(state, names.to_numpy(dtype=object))
    for part in (points, lift, error):
        state.update(part.astype("<f8").tobytes())
    frame = pd.DataFrame({"campaign": names, "points": points, "lift": lift, "std_error": error})
    known = np.isfinite(error)
    if (error[known] <= 0).any():
        bad = names[known][error[known] <= 0].iloc[0]
        raise InputError(f"the error of the campaign {bad!r} is not above 0", remedy="give its standard error")
    return frame[known].reset_index(drop=True), tuple(names[~known]), state.hexdigest()


def _errors(table: pa.Table) -> Floats:
    """Return the standard error of each lift, half an interval over 1.96 where ends are given, NaN where neither is."""
    error = np.full(table.num_rows, np.nan)
    if "std_error" in table.column_names:
        error = _numbers(table, "std_error")
    elif not {"low", "high"} <= set(table.column_names):
        message = "the campaigns have no column 'std_error', and not both 'low' and 'high'"
        raise InputError(message, remedy="give the standard error of each lift, or the ends of its interval")
    if {"low", "high"} <= set(table.column_names):
        ends = (_numbers(table, "high") - _numbers(table, "low")) / (2 * Z)
        error = np.where(np.isfinite(error), error, ends)
    return error


def _finite(table: pa.Table, name: str) -> Floats:
    values = _numbers(table, name)
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        message = f"the {name} of row {int(bad[0]) + 1:,} is missing or not finite"
        raise InputError(message, remedy="give each campaign a number, or leave it out")
    return values


def _numbers(table: pa.Table, name: str) -> Floats:
    return reals(table.column(name).to_pandas(), f"the values of {name} are no numbers", "give numbers")
