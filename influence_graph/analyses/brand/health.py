"""Health of a brand: number, level, reciprocity and trend of its bonds, and how many are at risk."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.analyses.brand.risk import AtRisk, at_risk
from influence_graph.analyses.brand.trend import trend
from influence_graph.analyses.intervals import (
    MIN_OBSERVATIONS,
    Estimate,
    bootstrap,
    dot,
    estimate_text,
    number_text,
    quantile,
    wilson,
)
from influence_graph.analyses.result import Told
from influence_graph.model.display import short_line
from influence_graph.model.touchpoints import TouchpointTable
from influence_graph.text import NOT_ON_RECORD, count_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.brand.bonds import BrandLedger

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
BACK_DAYS = (30, 90)


@dataclass(frozen=True, eq=False, repr=False)
class Health(Told):
    """Bonds with the brand at one time, and how they developed.

    Attributes:
        count: Number of bonds, those by spillover alone included.
        total: Sum of their Fusion Scores.
        mean: Mean Fusion Score.
        mutual: Number of bonds with both directions on record.
        returned: Number of these in which one direction is only what events return by the touchpoint table (goods for
            money, attention for free use), not a record of its own.
        reciprocity: Mean reciprocity of these, 0 to 1; None where they are too few, or all ``returned``.
        positive: Share of bonds above 0.
        negative: Share of bonds below 0.
        at_risk: Who is overdue, and whose bond falls by events.
        change: Days back -> change of ``total`` since then; its interval treats the bonds as a random sample. None
            where there are too few, or the records do not reach back so far.
        unrecorded: Days back -> why the change since then is not on record; "" where it is.
        quantiles: quantile, value, low, high of the Fusion Scores; without rows where too few.
        trend: at, total, bonds as it was known at each time; a step has two rows, just before it and from it on.
            Without rows where the records are undated.
        bonds: fusion_score, to_brand, to_consumer, reciprocity, display by consumer; not part of the JSON.
    """

    count: int
    total: float
    mean: Estimate | None
    mutual: int
    returned: int
    reciprocity: Estimate | None
    positive: Estimate | None
    negative: Estimate | None
    at_risk: AtRisk
    change: dict[int, Estimate | None]
    unrecorded: dict[int, str]
    quantiles: pd.DataFrame
    trend: pd.DataFrame
    bonds: pd.DataFrame = field(metadata={"bulk": True})

    def __repr__(self) -> str:
        figures = {"bonds": self.count, "sum of bonds": self.total, "mean bond": estimate_text(self.mean, "+")}
        return short_line("Health", figures)

    def sentences(self) -> list[str]:
        """Return the findings in words."""
        total, mean = number_text(self.total, "+"), estimate_text(self.mean, "+")
        positive, negative = (estimate_text(share, "{:.1%}") for share in (self.positive, self.negative))
        return [
            f"{count_text(self.count, 'bond')}, together {total}. Mean bond: {mean}.",
            f"Positive: {positive}; negative: {negative}.",
            self._reciprocity(),
            *(
                f"Change of the sum in {days} days: {estimate_text(change, '+', self.unrecorded[days])}."
                for days, change in self.change.items()
            ),
            *self.at_risk.sentences(),
        ]

    @property
    def one_sided(self) -> str:
        """Why reciprocity is not on record; empty where it is, also where bonds are too few for an estimate."""
        if not self.mutual:
            return f"{NOT_ON_RECORD}: no bond has both directions on record"
        if self.returned == self.mutual:
            return f"{NOT_ON_RECORD}: one side is only what the touchpoint table says that events return"
        return ""

    def _reciprocity(self) -> str:
        if self.one_sided:
            return f"Reciprocity: {self.one_sided}."
        of = f"the {self.mutual:,} of {count_text(self.count, 'bond')} with both directions on record"
        text = f"Mean reciprocity (0 one-sided, 1 even) of {of}: {estimate_text(self.reciprocity, '{:.2f}')}"
        if not self.returned:
            return f"{text}."
        return (
            f"{text}; in {self.returned:,} of them one side is only what the touchpoint table says that events return."
        )


def health(ledger: BrandLedger) -> Health:
    """Return the health of the brand of *ledger* at its ``as_of``."""
    now = ledger.bonds(ledger.as_of)
    before = {days: ledger.bonds(ledger.as_of - timedelta(days=days)) for days in BACK_DAYS}
    score = now["fusion_score"].to_numpy(np.float64)
    mean, reciprocity, changes = _resampled(now, before)
    mutual, returned = int(now["reciprocity"].notna().sum()), _returned(ledger, now)
    span = ledger.span()
    unrecorded = {days: span.lacks(timedelta(days=days)) for days in BACK_DAYS}
    estimates = [(level, quantile(score, level)) for level in QUANTILES]
    rows = [(level, each.value, each.low, each.high) for level, each in estimates if each is not None]
    return Health(
        count=score.size,
        total=float(score.sum()),
        mean=mean,
        mutual=mutual,
        returned=returned,
        reciprocity=None if returned == mutual else reciprocity,
        positive=wilson(int((score > 0).sum()), score.size),
        negative=wilson(int((score < 0).sum()), score.size),
        at_risk=at_risk(ledger),
        change={days: None if unrecorded[days] else change for days, change in changes.items()},
        unrecorded=unrecorded,
        quantiles=pd.DataFrame(rows, columns=["quantile", "value", "low", "high"]),
        trend=trend(ledger).iloc[: None if span.dated else 0],
        bonds=now,
    )


def _returned(ledger: BrandLedger, bonds: pd.DataFrame) -> int:
    """Return how many of *bonds* would not have both directions on record if events returned nothing."""
    table = ledger.policy.table
    kinds = {kind: replace(rule, returned=0.0) for kind, rule in table.kinds.items()}
    alone = TouchpointTable(kinds, replace(table.default, returned=0.0))
    own = replace(ledger, policy=replace(ledger.policy, table=alone)).bonds(ledger.as_of)
    return int(bonds["reciprocity"].notna().sum() - own["reciprocity"].notna().sum())


def _resampled(
    now: pd.DataFrame, before: dict[int, pd.DataFrame]
) -> tuple[Estimate | None, Estimate | None, dict[int, Estimate | None]]:
    """Return mean score, mean reciprocity and the changes of the total, all from the same resamples of bonds."""
    everyone = now.index
    for then in before.values():
        everyone = everyone.union(then.index)  # a correction may have removed a bond
    aligned = now[["fusion_score", "reciprocity"]].reindex(everyone)
    exists, mutual = aligned.notna().to_numpy(np.float64).T
    score, reciprocity = aligned.fillna(0.0).to_numpy(np.float64).T
    changes = [score - then["fusion_score"].reindex(everyone, fill_value=0.0).to_numpy() for then in before.values()]

    def statistics(count: NDArray[np.float64]) -> list[float]:
        bonds, both = max(dot(count, exists), 1.0), max(dot(count, mutual), 1.0)
        means = (dot(count, score) / bonds, dot(count, reciprocity) / both)
        return [*means, *(dot(count, change) for change in changes)]

    mean, mean_reciprocity, *totals = bootstrap(len(everyone), statistics)
    if int(mutual.sum()) < MIN_OBSERVATIONS:
        mean_reciprocity = None
    return mean, mean_reciprocity, dict(zip(before, totals, strict=True))
