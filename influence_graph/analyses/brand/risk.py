"""Consumers at risk: overdue against their own rhythm and the brand's, or with a bond that events pull down.

Overdue: the probability of having left for good is above 1/2, by :mod:`influence_graph.analyses.brand.buying` on the
days that show the bond alive. Falling: the points of the last 90 days sum to less than 0, or all points do. Points do
not decay here, so that a half-life puts nobody at risk.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.analyses.brand.buying import MIN_CUSTOMERS, Buying, Histories
from influence_graph.analyses.brand.customers import Customers, life_of
from influence_graph.analyses.fusion.scores import scores_at
from influence_graph.analyses.intervals import Estimate, estimate_text
from influence_graph.model.display import short_line
from influence_graph.text import count_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.brand.bonds import BrandLedger

    Floats = NDArray[np.float64]

FALL_DAYS = 90
_GONE = 0.5


@dataclass(frozen=True, eq=False, repr=False)
class AtRisk:
    """Who may be lost, of ``count`` consumers on whose days the probabilities are calculated.

    Attributes:
        share: Mean probability of having left, 1 for those who are falling; None where that cannot be told.
        count: Number of consumers who bought, or, where ``signal`` says so, did something good for the brand.
        overdue: Number of them who have probably left; None where that cannot be told.
        falling: Number of them whose bond is pulled down by events.
        both: Number of those who are overdue and falling; None where that cannot be told.
        signal: What the days are: "purchases", or "good interactions" where fewer than 30 consumers bought.
        unknown: Why ``share`` is None; empty where it is not.
        consumers: consumer, p_gone (NaN where it cannot be told), falling; not part of the JSON.
    """

    share: Estimate | None
    count: int
    overdue: int | None
    falling: int
    both: int | None
    signal: str
    unknown: str
    consumers: pd.DataFrame = field(metadata={"bulk": True})

    def __repr__(self) -> str:
        figures = {"count": self.count, "overdue": self.overdue, "falling": self.falling}
        return short_line("AtRisk", figures)

    def sentences(self) -> list[str]:
        """Return the findings in words."""
        falling = f"{self.falling:,} falling by events"
        if self.share is None:
            return [f"At risk: cannot tell who is overdue, {self.unknown}; {falling}."]
        who = f"At risk, of {count_text(self.count, 'consumer')} by their days with {self.signal}"
        parts = f"{self.overdue:,} overdue (probably gone for good), {falling}, {self.both:,} of these both"
        return [f"{who}: {estimate_text(self.share, '{:.1%}')}; {parts}."]


def at_risk(ledger: BrandLedger) -> AtRisk:
    """Return who is at risk at ``as_of`` of *ledger*.

    The interval of the share has the uncertainty of the model's parameters, and that of who really left.
    """
    signal, customers = "purchases", ledger.customers
    if len(customers.frame) < MIN_CUSTOMERS:
        signal, customers = "good interactions", Customers(life_of(ledger.direct(), ledger.policy.table), customers.end)
    consumers = customers.frame[["consumer"]]
    falling = _falling(ledger).reindex(consumers["consumer"], fill_value=False).to_numpy(np.bool_)
    frame = consumers.assign(p_gone=np.nan, falling=falling)
    count, fallen = len(frame), int(falling.sum())
    model, unknown = customers.buying
    if model is None:
        return AtRisk(None, count, None, fallen, None, signal, unknown, frame)
    gone, share = _gone(model, customers.histories, falling)
    overdue = gone > _GONE
    both = int((overdue & falling).sum())
    return AtRisk(share, count, int(overdue.sum()), fallen, both, signal, "", frame.assign(p_gone=gone))


def _gone(model: Buying, histories: Histories, falling: NDArray[np.bool_]) -> tuple[Floats, Estimate]:
    """Return the probability that each consumer has left, and the share of those who really have or are falling."""
    draws, count = len(model.draws), len(histories)
    gone, mean, chance = np.zeros(count), np.empty(draws), np.empty(draws)
    for draw, parameters in enumerate(model.draws):
        each = 1 - model.p_alive(histories, parameters)
        gone += each / draws
        risk = np.maximum(each, falling)
        mean[draw], chance[draw] = risk.mean(), math.sqrt(float((risk * (1 - risk)).sum())) / count
    drawn = np.clip(mean + chance * np.random.default_rng(0).standard_normal(draws), 0, 1)
    low, high = np.quantile(drawn, (0.025, 0.975))
    value = float(mean.mean())
    method = f"modified BG/NBD, {draws:,} draws"
    return gone, Estimate(value, min(float(low), value), max(float(high), value), count, method)


def _falling(ledger: BrandLedger) -> pd.Series[bool]:
    """Return by consumer whether events pull the bond down."""
    policy = replace(ledger.policy, half_life_days=math.inf)

    def points(until: timedelta) -> pd.Series[float]:
        time = ledger.as_of - until
        frame = scores_at(ledger.history.as_known_at(ledger.as_of, time), policy, time)
        return frame[(frame["brand"] == ledger.brand).to_numpy()].set_index("consumer")["fusion_score"]

    now = points(timedelta(0))
    recent = now - points(timedelta(days=FALL_DAYS)).reindex(now.index, fill_value=0.0)
    tiny = 1e-9 * (1 + now.abs())  # a sum of the same points in another order
    return (now < -tiny) | (recent < -tiny)
