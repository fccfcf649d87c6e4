"""Which touchpoints precede recommending or buying again: weights estimated from the interactions.

A discrete-time hazard model (Singer & Willett 1993, https://doi.org/10.3102/10769986018002155): for
bond b in period t, the outcome comes with probability h_bt, and

    logit h_bt = α_t + γ·activity_b + Σ_j β_j · x_b,t-1,j

with x the exposures to touchpoint j in the period before, α_t a baseline by time since first contact
(one level per doubling of the period's number, adjacent levels merged where outcomes are few) and activity
the consumer's overall rate of exposures, which removes differences between consumers from β (the between
part of a within-between model, Mundlak 1978, https://doi.org/10.2307/1913646). Rows of one consumer are
not independent: the covariance is the sandwich with one cluster per consumer (Liang & Zeger 1986,
https://doi.org/10.1093/biomet/73.1.13), and t and F take (clusters - 1) degrees of freedom.

One joint test of β = 0 at the 5 % level decides whether weights are reported: of data without signal,
95 % are rejected. A weight says what precedes the outcome, not what causes it.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from influence_graph.analyses.checks import require
from influence_graph.analyses.fusion.exposure_panel import EXPOSURES, OUTCOME_KINDS, Panel, build_panel, rows_of
from influence_graph.analyses.interactions.ledger import Ledger, checked_as_of, checked_span, read_ledger
from influence_graph.errors import InputError, MissingExtra
from influence_graph.model.parameters import FitParameters
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.records import TOUCHPOINTS
from influence_graph.text import did_you_mean

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

LEVEL = 0.05
MIN_CONSUMERS = 30
MIN_PER_PARAMETER = 10  # outcomes; Peduzzi et al. 1996, https://doi.org/10.1016/S0895-4356(96)00236-3
MIN_EXPOSED = 5  # outcomes, and rows without one, after a touchpoint; with fewer its weight may diverge
MAX_WINDOW = timedelta(days=36_500)
MAX_ROWS = 1_000_000  # of the panel; of larger data a sample of consumers is used
_VERBS = {"recommend": "recommending", "loyalty": "buying again"}


@dataclass(frozen=True, eq=False)
class TouchpointFit:
    """Estimated weights of the touchpoints for one outcome.

    Attributes:
        frame: Per touchpoint: weight (log-odds of the outcome in the next period per unit of exposure),
            std_error, low and high (its 95 % interval), t, p_value, and exposed (rows with any exposure).
            NaN where it cannot be estimated.
        outcome: ``recommend`` or ``loyalty``.
        n_consumers: Consumers, which are the clusters.
        n_bonds: Bonds with at least two whole periods.
        n_rows: Bonds times periods.
        n_outcomes: Rows in which the outcome came.
        p_value: Joint test of no effect of any touchpoint; NaN where there was nothing to fit.
        tells: Whether that test rejects at the 5 % level.
        verdict: The finding, in one sentence.
    """

    frame: pd.DataFrame
    outcome: str
    n_consumers: int
    n_bonds: int
    n_rows: int
    n_outcomes: int
    p_value: float
    tells: bool
    verdict: str

    def suggestion(self, base: Mapping[str, float]) -> dict[str, float]:
        """Return weights for a policy: the largest is 1, negative ones are 0.

        Args:
            base: Weights of touchpoints that could not be estimated.

        Raises:
            InputError: The data cannot tell, or no weight is above 0.
        """
        weights = self.frame.set_index("touchpoint")["weight"]
        top = weights.max()
        if not self.tells or not top > 0:
            raise InputError(f"there are no weights to suggest: {self.verdict}", remedy="keep the policy as it is")
        scaled = (weights / top).clip(lower=0.0)
        return {name: base[name] if np.isnan(scaled[name]) else float(scaled[name]) for name in TOUCHPOINTS}


def fit_touchpoint_weights(
    interactions: pd.DataFrame | pa.Table,
    outcome: str = FitParameters.outcome,
    window: timedelta = FitParameters.window,
    as_of: datetime | str | None = FitParameters.as_of,
    exposure: str = FitParameters.exposure,
    policy: FusionPolicy | None = None,
) -> TouchpointFit:
    """Estimate which touchpoints precede *outcome*, and say whether the data can tell.

    Args:
        interactions: Interaction records with kinds.
        outcome: ``recommend``, or ``loyalty``: a purchase after a first one.
        window: Length of a period, above 0 and at most 100 years; default 30 days. Exposures in one period
            are related to the outcome in the next.
        as_of: Only what had happened and was known by then; default: all.
        exposure: ``points``, what a policy's weights multiply, or ``count``, each event 1.
        policy: Touchpoint table and parameters of derived points; its weights do not matter.

    Raises:
        InputError: A column is missing or a value out of its limits.
        MissingExtra: statsmodels is not installed.
    """
    _check(outcome, window, exposure)
    ledger = read_ledger(interactions)
    moment = checked_as_of(as_of) or ledger.latest()
    if moment is None:
        return _without_estimate(outcome, Panel(*_EMPTY), "there are no interactions")
    ledger = _sample(ledger.as_known_at(moment), window)
    panel = build_panel(ledger, outcome, window, exposure, policy or FusionPolicy())
    design = _design(panel)
    obstacle = _obstacle(panel, design, outcome)
    if obstacle:
        return _without_estimate(outcome, panel, obstacle)
    estimate = _fit(panel, design)
    if estimate is None:
        return _without_estimate(outcome, panel, "some exposures separate outcomes from the rest: weights diverge")
    return _result(outcome, panel, design, estimate)


_EMPTY = (np.empty((0, 5)), np.empty(0, bool), np.empty(0, int), np.empty(0, int), np.empty(0), 0)


class _Design(NamedTuple):
    """Columns of the model: baseline, activity, then the touchpoints that can be estimated."""

    matrix: NDArray[np.float64]
    touchpoints: list[int]


class _Estimate(NamedTuple):
    """Weights of the estimated touchpoints, and their covariance."""

    weights: NDArray[np.float64]
    covariance: NDArray[np.float64]


def _check(outcome: str, window: timedelta, exposure: str) -> None:
    if outcome not in OUTCOME_KINDS:
        remedy = did_you_mean(str(outcome), OUTCOME_KINDS, f"use {' or '.join(OUTCOME_KINDS)}")
        raise InputError(f"unknown outcome {outcome!r}", remedy=remedy)
    checked_span("window", window)
    require(window <= MAX_WINDOW, "window", window, "at most 100 years", "use for example timedelta(days=30)")
    if exposure not in EXPOSURES:
        raise InputError(f"exposure is {exposure!r}", remedy=f"use {' or '.join(EXPOSURES)}")


def _sample(ledger: Ledger, window: timedelta) -> Ledger:
    """Return the ledger of a random sample of consumers, with a fixed seed, whose panel has at most MAX_ROWS."""
    rows = rows_of(ledger, window)
    if rows <= MAX_ROWS:
        return ledger
    chosen = np.random.default_rng(0).random(len(ledger.consumer.names)) < MAX_ROWS / rows
    return ledger.take(chosen[ledger.consumer.codes])


def _design(panel: Panel) -> _Design:
    estimable = []
    for place in range(len(TOUCHPOINTS)):
        exposed = panel.exposure[:, place] != 0
        outcomes = int(panel.outcome[exposed].sum())
        if min(outcomes, int(exposed.sum()) - outcomes) >= MIN_EXPOSED and np.ptp(panel.exposure[:, place]) > 0:
            estimable.append(place)
    parts = [_baseline(panel)]
    if panel.activity.size and np.ptp(panel.activity) > 0:
        parts.append((panel.activity - panel.activity.mean())[:, None])
    return _Design(np.hstack([*parts, panel.exposure[:, estimable]]), estimable)


def _baseline(panel: Panel) -> NDArray[np.float64]:
    """Return one 0/1 column per level of time since first contact; levels with few outcomes are merged."""
    doubling = np.log2(np.maximum(panel.period, 1)).astype(np.int64)
    levels = int(doubling.max(initial=0)) + 1
    outcomes = np.bincount(doubling, panel.outcome, levels)
    others = np.bincount(doubling, minlength=levels) - outcomes
    enough = np.minimum(outcomes, others) >= 2 * MIN_PER_PARAMETER
    enough[0] = True
    level = (np.cumsum(enough) - 1)[doubling]
    columns: NDArray[np.float64] = (level[:, None] == np.arange(int(enough.sum()))).astype(np.float64)
    return columns


def _obstacle(panel: Panel, design: _Design, outcome: str) -> str:
    """Return why the model cannot be fitted; empty if it can."""
    outcomes = int(panel.outcome.sum())
    needed = MIN_PER_PARAMETER * design.matrix.shape[1]
    rarer = min(outcomes, panel.outcome.size - outcomes)
    consumers = np.unique(panel.consumer[panel.outcome]).size
    if rarer < needed:
        side = "with" if rarer == outcomes else "without"
        return f"only {rarer:,} of {panel.outcome.size:,} periods are {side} the outcome, {needed} are needed"
    if consumers < MIN_CONSUMERS:
        return f"only {consumers} consumers were seen {_VERBS[outcome]}, {MIN_CONSUMERS} are needed"
    if not design.touchpoints:
        return "no touchpoint stands before enough outcomes and before enough periods without one"
    norm = design.matrix / np.linalg.norm(design.matrix, axis=0)
    values, vectors = np.linalg.eigh(norm.T @ norm)
    if values[0] > 1e-8:
        return ""
    collinear = np.abs(vectors[-len(design.touchpoints) :, 0]) > 0.1
    names = [TOUCHPOINTS[place] for place, is_one in zip(design.touchpoints, collinear, strict=True) if is_one]
    return f"the exposures to {' and '.join(names)} always go together, so that their weights cannot be told apart"


def _fit(panel: Panel, design: _Design) -> _Estimate | None:
    """Return the maximum-likelihood estimate with clustered covariance, None where it does not exist."""
    try:
        from statsmodels.discrete.discrete_model import Logit
        from statsmodels.tools.sm_exceptions import ModelWarning
    except ImportError as error:
        remedy = "install it: pip install 'influence-graph[fit]'"
        raise MissingExtra("estimating weights needs statsmodels", remedy=remedy) from error
    with warnings.catch_warnings():
        warnings.simplefilter("error", ModelWarning)
        warnings.simplefilter("error", RuntimeWarning)
        try:
            model = Logit(panel.outcome.astype(np.float64), design.matrix, check_rank=False)
            clusters = {"groups": panel.consumer}
            fitted = model.fit(disp=0, maxiter=100, cov_type="cluster", cov_kwds=clusters)
        except (ModelWarning, RuntimeWarning, np.linalg.LinAlgError):
            return None
    count = len(design.touchpoints)
    weights, covariance = np.asarray(fitted.params)[-count:], np.asarray(fitted.cov_params())[-count:, -count:]
    deviation = design.matrix[:, -count:].std(axis=0)
    if not np.isfinite(covariance).all() or (np.abs(weights) * deviation > 10).any():
        return None
    return _Estimate(weights, covariance)


def _result(outcome: str, panel: Panel, design: _Design, estimate: _Estimate) -> TouchpointFit:
    from scipy import stats

    consumers = np.unique(panel.consumer).size
    count = len(design.touchpoints)
    wald = float(estimate.weights @ np.linalg.solve(estimate.covariance, estimate.weights)) / count
    p_value = float(stats.f.sf(wald, count, consumers - 1))
    error = np.sqrt(np.diag(estimate.covariance))
    t = estimate.weights / error
    half_width = stats.t.ppf(1 - LEVEL / 2, consumers - 1) * error
    columns = {
        "weight": estimate.weights,
        "std_error": error,
        "low": estimate.weights - half_width,
        "high": estimate.weights + half_width,
        "t": t,
        "p_value": 2 * stats.t.sf(np.abs(t), consumers - 1),
    }
    frame = _frame(panel)
    for name, values in columns.items():
        frame.loc[design.touchpoints, name] = values
    tells = p_value < LEVEL
    test = f"(F({count}, {consumers - 1}) = {wald:.3g}, p = {p_value:.2g})"
    verdict = (
        _finding(frame, outcome, test) if tells else f"the data cannot tell what precedes {_VERBS[outcome]} {test}"
    )
    return _fitted(frame, outcome, panel, p_value, tells, verdict)


def _finding(frame: pd.DataFrame, outcome: str, test: str) -> str:
    clear = frame[(frame["low"] > 0) | (frame["high"] < 0)].sort_values("weight", ascending=False)
    terms = [
        f"{row['touchpoint'].replace('_', ' ')} {row['weight']:+.2g} ({row['low']:.2g} to {row['high']:.2g})"
        for row in clear.to_dict("records")
    ]
    missing = [str(name).replace("_", " ") for name in frame.loc[frame["weight"].isna(), "touchpoint"]]
    rest = f"; not to be estimated: {', '.join(missing)}" if missing else ""
    each = f": log-odds per unit {', '.join(terms)}" if terms else ", though no single touchpoint stands out"
    return f"the data tell what precedes {_VERBS[outcome]} {test}{each}{rest}; what precedes need not cause"


def _without_estimate(outcome: str, panel: Panel, why: str) -> TouchpointFit:
    verdict = f"the data cannot tell what precedes {_VERBS[outcome]}: {why}"
    return _fitted(_frame(panel), outcome, panel, float("nan"), False, verdict)


def _frame(panel: Panel) -> pd.DataFrame:
    numbers = dict.fromkeys(("weight", "std_error", "low", "high", "t", "p_value"), np.nan)
    exposed = (panel.exposure != 0).sum(axis=0)
    return pd.DataFrame({"touchpoint": list(TOUCHPOINTS), **numbers, "exposed": exposed})


def _fitted(
    frame: pd.DataFrame, outcome: str, panel: Panel, p_value: float, tells: bool, verdict: str
) -> TouchpointFit:
    sizes = (np.unique(panel.consumer).size, panel.bonds, panel.outcome.size, int(panel.outcome.sum()))
    return TouchpointFit(frame, outcome, *sizes, p_value, tells, verdict)
