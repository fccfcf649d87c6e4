"""The hazard of an outcome after contacts: a proportional hazards model, and a test that holds its level.

For bond b at time u on its clock, in stratum s (number of former outcomes) and season t,

    λ_b(u) = λ_s(u, t) · exp(Σ_j β_j·x_bj(u) + γ·z_b(u))

with x_j the exposures of kind j in the window before (Cox 1972, time-varying as in Andersen & Gill 1982,
https://doi.org/10.1214/aos/1176345976), z the history of bond and consumer with the consumer's usual mix of
contacts (Mundlak 1978, https://doi.org/10.2307/1913646), and λ_s of any shape: it cancels in the risk sets
of :mod:`influence_graph.analyses.fusion.exposure_panel`. Errors are the larger of those of the model and of
the sandwich with one cluster per consumer (Lin & Wei 1989, https://doi.org/10.2307/2290085).

**The test.** A consumer in the middle of something has more contacts of *every* kind, and acts more: β_j > 0
without any effect. So the joint test asks whether the *kinds* of contacts matter, given when contacts were.
With r the residuals of the model that knows history and number of contacts but no kinds, contact e has the
leverage a_e = Σ r over the rows that have e in their window, and U = Σ_e a_e·m_e sums its amounts m_e by
kind. Amounts and leverages are the residuals of a regression on when the contact came (``Panel.pattern``:
how long after a first contact or an outcome, where in a burst, since first contacts, deliveries and recoveries
have their own times and kinds) and on its group, the contacts of one consumer before the first outcome of a bond, or
after it, since usual mixes differ. If what is left is exchangeable given the times, U has mean 0 and the
variance of a linear permutation statistic (Strasser & Weber 1999, https://epub.wu.ac.at/102/), here with a
covariance C_0 for each time p since first contact or outcome, and C_1 of consecutive contacts of a bond (a
recovery follows a complaint):

    V = Σ_p C_0(p)·Σ_{e at p} a_e² + 2·C_1·Σ_consecutive a_e·a_f ,   U'V⁻U ~ χ²(rank V)

V does not depend on which contacts came before outcomes, which keeps the level where contacts are rare.
It does not keep it where an event brings one more of a given kind within bursts in which outcomes come too: such
a recovery is a contact and no sign of activity. So :func:`rest_test` repeats the test without complaints
and recoveries, and the verdict says where the finding rests on them.

**The interval** of a weight covers two readings: that contacts as such do nothing, and that what the
average contact of the other kinds does is mere activity, to be taken off. It excludes 0 only if both do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from influence_graph.analyses.fusion.exposure_panel import COMPLAINT, CONTACTS
from influence_graph.kernels.fusion.conditional_logit import fit_sets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.fusion.exposure_panel import Panel

BOUND = (CONTACTS.index("problem_recovery"), CONTACTS.index(COMPLAINT))
"""The kinds of which one brings the other."""
MIN_CONSUMERS = 30
MIN_PER_KIND = 10  # outcomes; Peduzzi et al. 1996, https://doi.org/10.1016/S0895-4356(96)00236-3
MIN_EXPECTED = 5.0  # outcomes after a kind of contact if it had no effect; with fewer it is not tested
MIN_EXPOSED = 3  # outcomes, and risk sets without one, after a kind of contact; with fewer its weight may diverge

_RELATIVE_RANK = 1e-10


class FittedWeights(NamedTuple):
    """Weights of *kinds* (places in ``CONTACTS``), and their covariance by the sandwich and by the model."""

    kinds: list[int]
    weights: NDArray[np.float64]
    sandwich: NDArray[np.float64]
    model: NDArray[np.float64]


class JointTest(NamedTuple):
    """χ² test that kinds of contacts do not matter."""

    statistic: float
    degrees: int
    p_value: float


def tested_kinds(panel: Panel) -> list[int]:
    """Return the kinds of contacts with enough expected outcomes; outcomes that came after them do not matter."""
    if not panel.start.size:
        return []
    share = np.add.reduceat(panel.exposure != 0, panel.start, dtype=np.float64) / panel.sizes[:, None]
    varies = np.ptp(panel.exposure, axis=0) > 0
    return [int(place) for place in np.flatnonzero((share.sum(axis=0) >= MIN_EXPECTED) & varies)]


def obstacle(panel: Panel, kinds: list[int], verb: str) -> str:
    """Return why the model cannot be fitted; empty if it can."""
    outcomes = panel.start.size
    consumers = np.unique(panel.consumer[panel.start]).size
    needed = MIN_PER_KIND * max(len(kinds), 2)
    if outcomes < needed:
        return f"only {outcomes:,} outcomes can be compared with other bonds at the same time, {needed} are needed"
    if consumers < MIN_CONSUMERS:
        return f"only {consumers} consumers were seen {verb}, {MIN_CONSUMERS} are needed"
    if not kinds:
        return "too few contacts precede outcomes within the window"
    if len(kinds) == 1:
        return f"only {_name(kinds[0])} comes often enough, there is nothing to compare it with"
    norm = np.linalg.norm(panel.exposure[:, kinds], axis=0)
    scaled = panel.exposure[:, kinds] / norm
    values, vectors = np.linalg.eigh(scaled.T @ scaled)
    if values[0] > 1e-8:
        return ""
    names = [_name(kinds[place]) for place in np.flatnonzero(np.abs(vectors[:, 0]) > 0.1)]
    return f"the exposures to {' and '.join(names)} always go together, so their weights cannot be separated"


def _name(kind: int) -> str:
    return CONTACTS[kind].replace("_", " ")


def joint_test(panel: Panel, kinds: list[int]) -> JointTest:
    """Return the test that it does not matter which contacts were of which of *kinds*."""
    return _tested(panel, kinds, np.arange(len(panel.amount)))


def rest_test(panel: Panel, kinds: list[int]) -> JointTest:
    """Return the test among contacts that are neither complaints nor recoveries; NaN where no two kinds are left."""
    rest = [kind for kind in kinds if kind not in BOUND]
    if len(rest) < 2:
        return JointTest(0.0, 0, float("nan"))
    return _tested(panel, rest, np.flatnonzero((panel.amount[:, list(BOUND)] == 0).all(axis=1)))


def _tested(panel: Panel, kinds: list[int], chosen: NDArray[np.int64]) -> JointTest:
    from scipy import stats

    _, group = np.unique(panel.contact_group[chosen], return_inverse=True)
    values = np.column_stack([panel.amount[chosen][:, kinds], _leverage(panel)[chosen]])
    values = _residuals(values, group, panel.pattern[chosen])
    amount, leverage = values[:, :-1], values[:, -1]
    near = (np.diff(panel.contact_bond[chosen]) == 0) & (np.diff(group) == 0)
    variance = _variance(leverage, amount, group, panel.pattern[chosen, 0], near)
    scale = np.sqrt(np.maximum(np.diag(variance), 0.0))
    scale[~(scale > 0)] = 1.0
    values, vectors = np.linalg.eigh(variance / np.outer(scale, scale))
    kept = values > 1e-6 * values.max(initial=0.0)
    parts = (leverage @ amount / scale) @ vectors[:, kept]
    statistic, degrees = float((parts**2 / values[kept]).sum()), int(kept.sum())
    return JointTest(statistic, degrees, float(stats.chi2.sf(statistic, degrees)) if degrees else float("nan"))


def _leverage(panel: Panel) -> NDArray[np.float64]:
    number = panel.contacts.sum(axis=1)
    residual = fit_sets(np.column_stack([number, panel.history]), panel.start).residual
    changes = (np.bincount(place, residual, len(panel.amount) + 1) for place in (panel.since, panel.until))
    enters, leaves = (np.asarray(change, np.float64) for change in changes)
    leverage: NDArray[np.float64] = np.cumsum(enters - leaves)[:-1]
    return leverage


def _residuals(values: NDArray[np.float64], group: NDArray[np.int64], codes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return what a regression of *values* on *group* and each column of *codes*, all categorical, leaves."""
    member = _indicators(group)
    shares = sparse.diags_array(1.0 / np.bincount(group)) @ member.T  # its product is the mean of each group
    factors = sparse.hstack([_indicators(column) for column in codes.T], format="csr")
    left = values - member @ (shares @ values)
    normal = (factors.T @ factors - (factors.T @ member) @ (shares @ factors)).toarray()
    fitted = factors @ (np.linalg.pinv(normal, _RELATIVE_RANK, hermitian=True) @ (factors.T @ left))
    found: NDArray[np.float64] = left - (fitted - member @ (shares @ fitted))
    return found


def _indicators(codes: NDArray[np.int64]) -> sparse.csr_array:
    _, code = np.unique(codes, return_inverse=True)
    return sparse.csr_array((np.ones(code.size), (np.arange(code.size), code)))


def _variance(
    leverage: NDArray[np.float64],
    amount: NDArray[np.float64],
    group: NDArray[np.int64],
    position: NDArray[np.int64],
    near: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Return the variance of Σ leverage · amount, both residuals.

    C_0 by position and C_1 are moment estimates that allow for the means of groups taken off; ``near`` is
    (contacts - 1,), the pairs of consecutive contacts.
    """
    share = 1.0 / np.bincount(group)[group]
    freedom = np.bincount(position, 1.0 - share)
    factor = np.bincount(position, leverage**2) / np.where(freedom > 0, freedom, np.inf)
    variance: NDArray[np.float64] = amount.T @ (amount * factor[position][:, None])
    if not near.any():
        return variance
    following = amount[1:][near].T @ amount[:-1][near] / near.sum()
    taken_off = amount.T @ amount / max((1.0 - share).sum(), 1.0) * share[:-1][near].mean()
    covariance = (following + following.T) / 2 + taken_off
    found: NDArray[np.float64] = variance + 2 * covariance * (leverage[1:][near] @ leverage[:-1][near])
    return found


def fit(panel: Panel, kinds: list[int]) -> FittedWeights | None:
    """Return the weights of those of *kinds* that can be estimated, None if they diverge."""
    kinds = [kind for kind in kinds if _can_be_estimated(panel, kind)]
    columns = np.hstack([panel.exposure[:, kinds], panel.history, _usual_mix(panel)[:, kinds]])
    fitted = fit_sets(columns, panel.start)
    count = len(kinds)
    diverges = np.abs(fitted.coefficients[:count]) * columns[:, :count].std(axis=0) > 10
    if not count or not fitted.converged or diverges.any():
        return None
    inverse = np.asarray(np.linalg.pinv(fitted.information, 1e-10, hermitian=True), np.float64)
    _, cluster = np.unique(panel.consumer, return_inverse=True)
    scores = fitted.residual[:, None] * fitted.centered
    by_consumer = np.stack([np.bincount(cluster, column) for column in scores.T], axis=1)
    number = len(by_consumer)
    sandwich = inverse @ (by_consumer.T @ by_consumer) @ inverse * (number / max(number - 1, 1))
    part = slice(0, count)
    return FittedWeights(kinds, fitted.coefficients[part], sandwich[part, part], inverse[part, part])


def _usual_mix(panel: Panel) -> NDArray[np.float64]:
    """Return the mean amounts of all contacts of each row's group, 0 for one without contacts."""
    size = int(max(panel.group.max(), panel.contact_group.max(initial=0))) + 1
    sums = np.stack([np.bincount(panel.contact_group, column, size) for column in panel.amount.T], axis=1)
    mean: NDArray[np.float64] = sums / np.maximum(np.bincount(panel.contact_group, minlength=size), 1)[:, None]
    return mean[panel.group]


def _can_be_estimated(panel: Panel, kind: int) -> bool:
    exposed = panel.exposure[:, kind] != 0
    by_set = np.add.reduceat(exposed, panel.start, dtype=np.int64)
    case = exposed[panel.start]
    after = int((case & (by_set < panel.sizes)).sum())
    return after >= MIN_EXPOSED and int((~case & (by_set > 0)).sum()) >= MIN_EXPOSED


def weight_columns(estimate: FittedWeights, panel: Panel, level: float) -> dict[str, NDArray[np.float64]]:
    """Return weight, std_error, low, high and p_value per kind; interval and p-value hold in both readings."""
    from scipy import stats

    plain = np.eye(estimate.weights.size)
    readings = np.stack([plain, plain - _others(estimate.kinds, panel)])
    effect = readings @ estimate.weights
    variances = [np.einsum("rij,jk,rik->ri", readings, v, readings) for v in (estimate.sandwich, estimate.model)]
    error = np.sqrt(np.maximum(*variances))
    half_width = stats.norm.ppf(1 - level / 2) * error
    same_sign = (np.sign(effect[0]) == np.sign(effect[1])).astype(np.float64)
    return {
        "weight": estimate.weights,
        "std_error": error[0],
        "low": (effect - half_width).min(axis=0),
        "high": (effect + half_width).max(axis=0),
        "p_value": 2 * stats.norm.sf((np.abs(effect) / error).min(axis=0) * same_sign),
    }


def _others(kinds: list[int], panel: Panel) -> NDArray[np.float64]:
    """Return (k, k): row j gives, from all weights, what a contact of the other kinds does, per unit of kind j."""
    number = panel.contacts[:, kinds].sum(axis=0)
    total = panel.exposure[:, kinds].sum(axis=0)
    unit = np.where(total < 0, -1.0, 1.0) * np.abs(panel.exposure[:, kinds]).sum(axis=0) / number
    average = np.tile(number * unit, (len(kinds), 1))
    np.fill_diagonal(average, 0.0)
    rest = number.sum() - number
    scaled: NDArray[np.float64] = average / np.where(rest > 0, rest, 1.0)[:, None] / unit[:, None]
    return scaled
