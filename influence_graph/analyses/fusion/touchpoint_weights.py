"""Which touchpoints precede recommending or coming back: weights estimated from the interactions.

The model and the test are those of :mod:`influence_graph.analyses.fusion.hazard_model`. One joint test at the
5 % level decides whether the data can tell: where the kinds of contacts have nothing to do with the outcome,
5 % of data sets pass, however contacts and outcomes cluster in time, by consumer or in a season
(``python -m benchmarks.policy_fit``). Where most complaints in a burst of contacts are made good in it, more pass;
the verdict then says that it rests on complaints and recoveries. A weight measures association with the
outcome, not causation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from influence_graph.analyses.checks import checked_span, require
from influence_graph.analyses.fusion import hazard_model as model
from influence_graph.analyses.fusion.exposure_panel import CONTACTS, EXPOSURES, Panel, build_panel
from influence_graph.analyses.interactions.columns import as_table
from influence_graph.analyses.interactions.digest import digest_of
from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.analyses.result import Displayed
from influence_graph.errors import InputError
from influence_graph.model.frames import Frame
from influence_graph.model.parameters import FitParameters, recorded
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.records import TOUCHPOINTS
from influence_graph.model.times import Time, checked_as_of
from influence_graph.model.touchpoints import OUTCOME_NAMES
from influence_graph.text import did_you_mean

LEVEL = 0.05
MAX_WINDOW = timedelta(days=36_500)
_BOUND = "; it rests on complaints and recoveries: where these come in bursts with the outcome, their order can do that"
_VERBS = {"recommend": "recommending", "loyalty": "coming back"}


@dataclass(frozen=True, eq=False, repr=False)
class TouchpointFit(Displayed):
    """Estimated weights of the touchpoints for one outcome.

    Attributes:
        frame: Per touchpoint, and for complaints: weight (log hazard ratio per unit of exposure), std_error,
            low and high (its 95 % interval, which holds whether or not what all contacts share is mere
            activity; see :mod:`~influence_graph.analyses.fusion.hazard_model`), p_value, and exposed (rows
            with any exposure). NaN where it cannot be estimated, and in all rows where the data cannot
            tell. The weight of problem recovery is that of what makes good; the complaint before it has
            its own row, its exposures counted positive.
        outcome: ``recommend`` or ``loyalty``.
        n_consumers: Consumers in risk sets, which are the clusters.
        n_rows: Rows: each outcome, and up to 10 bonds without one at the same time on their clock.
        n_outcomes: Outcomes that could be compared; of more than 20,000 a random part, with a fixed seed.
        p_value: Joint test that kinds of contacts do not matter; NaN where there was nothing to fit.
        significant: Whether that test rejects at the 5 % level.
        verdict: The finding, in one sentence.
        parameters: Outcome, window (seconds), exposure, time and policy, as JSON values.
        digest: Digest of the interactions.
    """

    frame: pd.DataFrame
    outcome: str
    n_consumers: int
    n_rows: int
    n_outcomes: int
    p_value: float
    significant: bool
    verdict: str
    parameters: Mapping[str, Any]
    digest: str

    def to_frame(self) -> pd.DataFrame:
        """Return ``frame``."""
        return self.frame

    def suggestion(self, base: Mapping[str, float]) -> dict[str, float]:
        """Return weights for a policy: the largest is 1, clearly negative ones are 0.

        Where the interval includes 0, the weight of *base* stays as far as the interval allows it: at most
        ``high`` in units of the largest weight. A touchpoint that could not be estimated keeps that of *base*.

        Raises:
            InputError: The data cannot tell, or no weight is clearly above 0.
        """
        rows = self.frame.set_index("touchpoint").loc[list(TOUCHPOINTS)]
        top = rows.loc[rows["low"] > 0, "weight"].max()
        if not self.significant or not top > 0:
            raise InputError(f"there are no weights to suggest: {self.verdict}", remedy="keep the policy as it is")
        suggested = dict(base)
        for name in TOUCHPOINTS:
            weight, low, high = (float(rows.loc[name, column] / top) for column in ("weight", "low", "high"))
            if not np.isnan(weight):
                is_clear = low > 0 or high < 0
                suggested[name] = min(max(weight, 0.0) if is_clear else min(base[name], high), 1.0)
        return suggested

    def _figures(self) -> Mapping[str, object]:
        figures = {"outcome": self.outcome, "consumers": self.n_consumers, "outcomes": self.n_outcomes}
        return {**figures, "p_value": self.p_value, "significant": self.significant}


def fit_touchpoint_weights(
    interactions: Frame,
    outcome: str = FitParameters.outcome,
    window: timedelta = FitParameters.window,
    as_of: Time | None = FitParameters.as_of,
    exposure: str = FitParameters.exposure,
    policy: FusionPolicy | None = None,
) -> TouchpointFit:
    """Estimate which touchpoints precede *outcome*, and test whether there is any signal.

    Args:
        interactions: Interaction records with kinds.
        outcome: ``recommend`` or ``loyalty``: kinds that show it by the touchpoint table of *policy*. The clock of
            loyalty starts with the first purchase or use that may be repeated.
        window: How far back contacts count as exposures, above 0 and at most 100 years; default 30 days.
        as_of: Only what had happened and was known by then; default: all.
        exposure: ``points``, what a policy's weights multiply, or ``count``, each event 1.
        policy: Touchpoint table and parameters of derived points; its weights do not matter.

    Raises:
        InputError: A column is missing or a value out of its limits.
    """
    _check(outcome, window, exposure)
    policy = policy or FusionPolicy()
    table = as_table(interactions)
    ledger = read_ledger(table)
    moment = checked_as_of(as_of) or ledger.latest()
    if moment is None:
        panel, finding = _EMPTY, _no_estimate(_EMPTY, outcome, "there are no interactions")
    else:
        panel = build_panel(ledger.as_known_at(moment), outcome, window, exposure, policy)
        finding = _finding(panel, outcome)
    parameters = recorded(FitParameters(outcome, window, exposure, moment)) | {"policy": policy.to_dict()}
    return _result(panel, finding, parameters, digest_of(table))


def _result(panel: Panel, finding: _Finding, parameters: Mapping[str, Any], digest: str) -> TouchpointFit:
    return TouchpointFit(
        frame=finding.frame,
        outcome=parameters["outcome"],
        n_consumers=np.unique(panel.consumer).size,
        n_rows=panel.consumer.size,
        n_outcomes=panel.start.size,
        p_value=finding.p_value,
        significant=finding.p_value < LEVEL,
        verdict=finding.verdict,
        parameters=parameters,
        digest=digest,
    )


_NUMBERS, _CODES = np.empty((0, len(CONTACTS))), np.empty(0, np.int64)
_EMPTY = Panel(
    exposure=_NUMBERS,
    contacts=_NUMBERS,
    history=np.empty((0, 4)),
    start=_CODES,
    consumer=_CODES,
    since=_CODES,
    until=_CODES,
    amount=_NUMBERS,
    contact_bond=_CODES,
    group=_CODES,
    contact_group=_CODES,
    pattern=np.empty((0, 4), np.int64),
)


class _Finding(NamedTuple):
    """The weights per touchpoint, the joint test (NaN without an estimate), and the verdict."""

    frame: pd.DataFrame
    p_value: float
    verdict: str


def _check(outcome: str, window: timedelta, exposure: str) -> None:
    if outcome not in OUTCOME_NAMES:
        remedy = did_you_mean(str(outcome), OUTCOME_NAMES, f"use {' or '.join(OUTCOME_NAMES)}")
        raise InputError(f"unknown outcome {outcome!r}", remedy=remedy)
    checked_span("window", window)
    require(window <= MAX_WINDOW, "window", window, "at most 100 years", "use for example timedelta(days=30)")
    if exposure not in EXPOSURES:
        raise InputError(f"exposure is {exposure!r}", remedy=f"use {' or '.join(EXPOSURES)}")


def _finding(panel: Panel, outcome: str) -> _Finding:
    kinds = model.tested_kinds(panel)
    obstacle = model.obstacle(panel, kinds, _VERBS[outcome])
    if obstacle:
        return _no_estimate(panel, outcome, obstacle)
    joint = model.joint_test(panel, kinds)
    estimate = model.fit(panel, kinds)
    if estimate is None or not joint.degrees:
        return _no_estimate(panel, outcome, "some exposures separate outcomes from the rest: weights diverge")
    frame = _frame(panel)
    if not joint.p_value < LEVEL:
        return _Finding(frame, joint.p_value, _verdict(frame, outcome, joint))
    for name, values in model.weight_columns(estimate, panel, LEVEL).items():
        frame.loc[estimate.kinds, name] = values
    rests_on = _BOUND if set(kinds) & set(model.BOUND) and not model.rest_test(panel, kinds).p_value < LEVEL else ""
    return _Finding(frame, joint.p_value, _verdict(frame, outcome, joint) + rests_on)


def _no_estimate(panel: Panel, outcome: str, reason: str) -> _Finding:
    verdict = f"the data cannot tell what precedes {_VERBS[outcome]}: {reason}"
    return _Finding(_frame(panel), float("nan"), verdict)


def _frame(panel: Panel) -> pd.DataFrame:
    numbers = dict.fromkeys(("weight", "std_error", "low", "high", "p_value"), np.nan)
    exposed = (panel.exposure != 0).sum(axis=0)
    return pd.DataFrame({"touchpoint": list(CONTACTS), **numbers, "exposed": exposed})


def _verdict(frame: pd.DataFrame, outcome: str, joint: model.JointTest) -> str:
    test = f"(χ²({joint.degrees}) = {joint.statistic:.3g}, p = {joint.p_value:.2g})"
    if not joint.p_value < LEVEL:
        return f"the data cannot tell what precedes {_VERBS[outcome]} {test}"
    clear = frame[(frame["low"] > 0) | (frame["high"] < 0)].sort_values("weight", ascending=False)
    terms = [
        f"{row['touchpoint'].replace('_', ' ')} {row['weight']:+.2g} ({row['low']:.2g} to {row['high']:.2g})"
        for row in clear.to_dict("records")
    ]
    missing = [str(name).replace("_", " ") for name in frame.loc[frame["weight"].isna(), "touchpoint"]]
    rest = f"; not to be estimated: {', '.join(missing)}" if missing else ""
    each = f": log hazard ratio per unit {', '.join(terms)}" if terms else ", though no single touchpoint stands out"
    return f"the data show what precedes {_VERBS[outcome]} {test}{each}{rest}; this is association, not causation"
