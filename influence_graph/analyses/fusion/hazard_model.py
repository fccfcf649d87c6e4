"""The hazard of an outcome after exposures to touchpoints: a logistic model with clustered covariance.

A discrete-time hazard model (Singer & Willett 1993, https://doi.org/10.3102/10769986018002155): for
bond b in period t, the outcome comes with probability h_bt, and

    logit h_bt = α_t + γ·activity_b + Σ_j β_j · x_b,t-1,j

with x the exposures to touchpoint j in the period before, α_t a baseline by time since first contact
(one level per doubling of the period's number, adjacent levels merged where outcomes are few) and activity
the consumer's overall rate of exposures, which removes differences between consumers from β (the between
part of a within-between model, Mundlak 1978, https://doi.org/10.2307/1913646). Rows of one consumer are
not independent: the covariance is the sandwich with one cluster per consumer (Liang & Zeger 1986,
https://doi.org/10.1093/biomet/73.1.13), and t and F take (clusters - 1) degrees of freedom.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from influence_graph.errors import MissingExtra
from influence_graph.model.records import TOUCHPOINTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.fusion.exposure_panel import Panel

MIN_CONSUMERS = 30
MIN_PER_PARAMETER = 10  # outcomes; Peduzzi et al. 1996, https://doi.org/10.1016/S0895-4356(96)00236-3
MIN_EXPOSED = 5  # outcomes, and rows without one, after a touchpoint; with fewer its weight may diverge


class Design(NamedTuple):
    """Columns of the model: baseline, activity, then the touchpoints that can be estimated."""

    matrix: NDArray[np.float64]
    touchpoints: list[int]


class FittedWeights(NamedTuple):
    """Weights of the estimated touchpoints, and their covariance."""

    weights: NDArray[np.float64]
    covariance: NDArray[np.float64]


class JointTest(NamedTuple):
    """F test that all weights are 0."""

    statistic: float
    degrees: tuple[int, int]
    p_value: float


def design_of(panel: Panel) -> Design:
    """Return the columns of the model: only touchpoints with enough outcomes after them are in it."""
    estimable = []
    for place in range(len(TOUCHPOINTS)):
        exposed = panel.exposure[:, place] != 0
        outcomes = int(panel.outcome[exposed].sum())
        if min(outcomes, int(exposed.sum()) - outcomes) >= MIN_EXPOSED and np.ptp(panel.exposure[:, place]) > 0:
            estimable.append(place)
    parts = [_baseline(panel)]
    if panel.activity.size and np.ptp(panel.activity) > 0:
        parts.append((panel.activity - panel.activity.mean())[:, None])
    return Design(np.hstack([*parts, panel.exposure[:, estimable]]), estimable)


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


def obstacle(panel: Panel, design: Design, verb: str) -> str:
    """Return why the model cannot be fitted; empty if it can."""
    outcomes = int(panel.outcome.sum())
    needed = MIN_PER_PARAMETER * design.matrix.shape[1]
    rarer = min(outcomes, panel.outcome.size - outcomes)
    consumers = np.unique(panel.consumer[panel.outcome]).size
    if rarer < needed:
        side = "with" if rarer == outcomes else "without"
        return f"only {rarer:,} of {panel.outcome.size:,} periods are {side} the outcome, {needed} are needed"
    if consumers < MIN_CONSUMERS:
        return f"only {consumers} consumers were seen {verb}, {MIN_CONSUMERS} are needed"
    if not design.touchpoints:
        return "no touchpoint precedes enough outcomes and enough periods without one"
    norm = design.matrix / np.linalg.norm(design.matrix, axis=0)
    values, vectors = np.linalg.eigh(norm.T @ norm)
    if values[0] > 1e-8:
        return ""
    collinear = np.abs(vectors[-len(design.touchpoints) :, 0]) > 0.1
    names = [TOUCHPOINTS[place] for place, is_one in zip(design.touchpoints, collinear, strict=True) if is_one]
    return f"the exposures to {' and '.join(names)} always go together, so their weights cannot be separated"


def fit(panel: Panel, design: Design) -> FittedWeights | None:
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
    return FittedWeights(weights, covariance)


def joint_test(estimate: FittedWeights, consumers: int) -> JointTest:
    """Return the Wald test of all weights being 0, with as many clusters as *consumers*."""
    from scipy import stats

    count = estimate.weights.size
    statistic = float(estimate.weights @ np.linalg.solve(estimate.covariance, estimate.weights)) / count
    return JointTest(statistic, (count, consumers - 1), float(stats.f.sf(statistic, count, consumers - 1)))


def weight_columns(estimate: FittedWeights, consumers: int, level: float) -> dict[str, NDArray[np.float64]]:
    """Return weight, std_error, low, high, t and p_value per touchpoint; the interval has 1 - *level*."""
    from scipy import stats

    error = np.sqrt(np.diag(estimate.covariance))
    t = estimate.weights / error
    half_width = stats.t.ppf(1 - level / 2, consumers - 1) * error
    return {
        "weight": estimate.weights,
        "std_error": error,
        "low": estimate.weights - half_width,
        "high": estimate.weights + half_width,
        "t": t,
        "p_value": 2 * stats.t.sf(np.abs(t), consumers - 1),
    }
