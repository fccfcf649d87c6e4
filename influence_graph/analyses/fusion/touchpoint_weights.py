"""Which touchpoints precede recommending, or buying again: weights estimated from the interactions.

A discrete-time hazard model (Singer & Willett 1993, https://doi.org/10.3102/10769986018002155): for
bond b in period t, the outcome comes with probability h_bt, and

    logit h_bt = α_t + γ·activity_b + Σ_j β_j · x_b,t-1,j

with x the exposures to touchpoint j in the period before, α_t a baseline by time since first contact
(one level per doubling of the period's number, neighbours merged where outcomes are few) and activity
the consumer's overall pace, which keeps "busy consumers do more of everything" out of β (the between
part of a within-between model, Mundlak 1978, https://doi.org/10.2307/1913646). Rows of one consumer are
not independent: the covariance is the sandwich with one cluster per consumer (Liang & Zeger 1986,
https://doi.org/10.1093/biomet/73.1.13), and t and F take (clusters - 1) degrees of freedom.

Whether the data can tell at all is one joint test of β = 0 at the 5 % level: data without signal are
called so in 95 of 100 cases. A weight says what precedes the outcome, not what causes it.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from influence_graph.analyses.fusion.exposure_panel import OUTCOME_KINDS, Exposure, Panel, build_panel, rows_of
from influence_graph.analyses.interactions.ledger import Ledger, checked_as_of, read_ledger
from influence_graph.errors import InputError, MissingExtra
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.records import TOUCHPOINTS
from influence_graph.text import did_you_mean

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

LEVEL = 0.05
MIN_CONSUMERS = 30
MIN_PER_PARAMETER = 10  # outcomes; Peduzzi et al. 1996, https://doi.org/10.1016/S0895-4356(96)00236-3
MIN_EXPOSED = 5  # outcomes, and rows without one, after a touchpoint; fewer and its weight runs off to infinity
MAX_ROWS = 1_000_000  # of the panel; of larger data a sample of consumers is used
_VERBS = {"recommend": "recommending", "loyalty": "buying again"}


@dataclass(frozen=True, eq=False)
class TouchpointFit:
    """Estimated weights of the touchpoints for one outcome.

    Attributes:
        frame: Per touchpoint: weight (log-odds of the outcome in the next period per unit of exposure),
            std_error, lower and upper (its 95 % interval), t, p_value, and exposed (rows with any exposure).
            NaN where it cannot be estimated.
        outcome: ``recommend`` or ``loyalty``.
        n_consumers: Consumers, which are the clusters.
        n_bonds: Bonds with at least two whole periods.
        n_rows: Bonds times periods.
        n_outcomes: Rows in which the outcome came.
        p_value: Joint test of no effect of any touchpoint; NaN where there was nothing to fit.
        tells: Whether that test rejects at the 5 % level.
        verdict: What to make of it, in one sentence.
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
    outcome: str = "recommend",
    window_days: float = 30.0,
    as_of: datetime | str | None = None,
    exposure: Exposure = "points",
    policy: FusionPolicy | None = None,
) -> TouchpointFit:
    """Estimate which touchpoints precede *outcome*, and say whether the data can tell.

    Args:
        interactions: Interaction records with kinds.
        outcome: ``recommend``, or ``loyalty``: a purchase after a first one.
        window_days: Length of a period, > 0: exposures of one bear on the outcome in the next.
        as_of: Only what had happened and was known by then; default: all.
        exposure: ``points``, what a policy's weights multiply, or ``count``, each event 1.
        policy: Touchpoint table and parameters of derived points; its weights do not matter.

    Raises:
        InputError: A column is missing or a value out of its limits.
        MissingExtra: statsmodels is not installed.
    """
    _check(outcome, window_days, exposure)
    ledger = read_ledger(interactions)
    moment = checked_as_of(as_of) or ledger.latest()
    if moment is None:
        return _silent(outcome, Panel(*_NOTHING), "there are no interactions")
    ledger = _sample(ledger.as_known_at(moment), window_days)
    panel = build_panel(ledger, outcome, window_days, exposure, policy or FusionPolicy())
    design = _design(panel)
    trouble = _trouble(panel, design, outcome)
    if trouble:
        return _silent(outcome, panel, trouble)
    estimate = _fit(panel, design)
    if estimate is None:
        return _silent(outcome, panel, "some exposures separate outcomes from the rest, so that weights have no limit")
    return _result(outcome, panel, design, estimate)


_NOTHING = (np.empty((0, 5)), np.empty(0, bool), np.empty(0, int), np.empty(0, int), np.empty(0), 0)


class _Design(NamedTuple):
    """Columns of the model: baseline and activity first, then those touchpoints that can be estimated."""

    matrix: NDArray[np.float64]
    touchpoints: list[int]


class _Estimate(NamedTuple):
    """Weights of the estimated touchpoints, and their covariance."""

    weights: NDArray[np.float64]
    covariance: NDArray[np.float64]


def _check(outcome: str, window_days: float, exposure: str) -> None:
    if outcome not in OUTCOME_KINDS:
        remedy = did_you_mean(str(outcome), OUTCOME_KINDS, f"use {' or '.join(OUTCOME_KINDS)}")
        raise InputError(f"unknown outcome {outcome!r}", remedy=remedy)
    if not 0 < window_days <= 36_500:
        raise InputError(f"window_days is {window_days!r}, must be above 0", remedy="use for example 30")
    if exposure not in ("points", "count"):
        raise InputError(f"exposure is {exposure!r}", remedy="use points or count")


def _sample(ledger: Ledger, window_days: float) -> Ledger:
    """Return the ledger of as many consumers, drawn at random but always the same, as fit into MAX_ROWS."""
    rows = rows_of(ledger, window_days)
    if rows <= MAX_ROWS:
        return ledger
    chosen = np.random.default_rng(0).random(len(ledger.consumer.names)) < MAX_ROWS / rows
    return ledger.take(chosen[ledger.consumer.codes])


def _design(panel: Panel) -> _Design:
    usable = []
    for place in range(len(TOUCHPOINTS)):
        exposed = panel.exposure[:, place] != 0
        outcomes = int(panel.outcome[exposed].sum())
        if min(outcomes, int(exposed.sum()) - outcomes) >= MIN_EXPOSED and np.ptp(panel.exposure[:, place]) > 0:
            usable.append(place)
    parts = [_baseline(panel)]
    if panel.activity.size and np.ptp(panel.activity) > 0:
        parts.append((panel.activity - panel.activity.mean())[:, None])
    return _Design(np.hstack([*parts, panel.exposure[:, usable]]), usable)


def _baseline(panel: Panel) -> NDArray[np.float64]:
    """Return one 0/1 column per level of time since first contact; levels with few outcomes join the one before."""
    octave = np.log2(np.maximum(panel.period, 1)).astype(np.int64)
    levels = int(octave.max(initial=0)) + 1
    outcomes = np.bincount(octave, panel.outcome, levels)
    others = np.bincount(octave, minlength=levels) - outcomes
    enough = np.minimum(outcomes, others) >= 2 * MIN_PER_PARAMETER
    enough[0] = True
    level = (np.cumsum(enough) - 1)[octave]
    columns: NDArray[np.float64] = (level[:, None] == np.arange(int(enough.sum()))).astype(np.float64)
    return columns


def _trouble(panel: Panel, design: _Design, outcome: str) -> str:
    """Return why the model cannot be fitted, empty where it can."""
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
    tied = np.abs(vectors[-len(design.touchpoints) :, 0]) > 0.1
    names = [TOUCHPOINTS[place] for place, one in zip(design.touchpoints, tied, strict=True) if one]
    return f"the exposures to {' and '.join(names)} always go together, so that their weights cannot be told apart"


def _fit(panel: Panel, design: _Design) -> _Estimate | None:
    """Return the maximum-likelihood estimate with clustered covariance, None where there is none."""
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
            found = model.fit(disp=0, maxiter=100, cov_type="cluster", cov_kwds=clusters)
        except (ModelWarning, RuntimeWarning, np.linalg.LinAlgError):
            return None
    count = len(design.touchpoints)
    weights, covariance = np.asarray(found.params)[-count:], np.asarray(found.cov_params())[-count:, -count:]
    spread = design.matrix[:, -count:].std(axis=0)
    if not np.isfinite(covariance).all() or (np.abs(weights) * spread > 10).any():
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
    reach = stats.t.ppf(1 - LEVEL / 2, consumers - 1) * error
    columns = {
        "weight": estimate.weights,
        "std_error": error,
        "lower": estimate.weights - reach,
        "upper": estimate.weights + reach,
        "t": t,
        "p_value": 2 * stats.t.sf(np.abs(t), consumers - 1),
    }
    frame = _frame(panel)
    for name, values in columns.items():
        frame.loc[design.touchpoints, name] = values
    tells = p_value < LEVEL
    test = f"(F({count}, {consumers - 1}) = {wald:.3g}, p = {p_value:.2g})"
    verdict = _told(frame, outcome, test) if tells else f"the data cannot tell what precedes {_VERBS[outcome]} {test}"
    return _fitted(frame, outcome, panel, p_value, tells, verdict)


def _told(frame: pd.DataFrame, outcome: str, test: str) -> str:
    clear = frame[(frame["lower"] > 0) | (frame["upper"] < 0)].sort_values("weight", ascending=False)
    terms = [
        f"{row['touchpoint'].replace('_', ' ')} {row['weight']:+.2g} ({row['lower']:.2g} to {row['upper']:.2g})"
        for row in clear.to_dict("records")
    ]
    left = [str(name).replace("_", " ") for name in frame.loc[frame["weight"].isna(), "touchpoint"]]
    rest = f"; not to be estimated: {', '.join(left)}" if left else ""
    each = f": log-odds per unit {', '.join(terms)}" if terms else ", though no single touchpoint stands out"
    return f"the data tell what precedes {_VERBS[outcome]} {test}{each}{rest}; what precedes need not cause"


def _silent(outcome: str, panel: Panel, why: str) -> TouchpointFit:
    verdict = f"the data cannot tell what precedes {_VERBS[outcome]}: {why}"
    return _fitted(_frame(panel), outcome, panel, float("nan"), False, verdict)


def _frame(panel: Panel) -> pd.DataFrame:
    numbers = dict.fromkeys(("weight", "std_error", "lower", "upper", "t", "p_value"), np.nan)
    exposed = (panel.exposure != 0).sum(axis=0)
    return pd.DataFrame({"touchpoint": list(TOUCHPOINTS), **numbers, "exposed": exposed})


def _fitted(
    frame: pd.DataFrame, outcome: str, panel: Panel, p_value: float, tells: bool, verdict: str
) -> TouchpointFit:
    sizes = (np.unique(panel.consumer).size, panel.bonds, panel.outcome.size, int(panel.outcome.sum()))
    return TouchpointFit(frame, outcome, *sizes, p_value, tells, verdict)
