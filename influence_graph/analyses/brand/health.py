"""Health of a brand: number, level, reciprocity and trend of its bonds, and how many are at risk."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.analyses.brand.risk import AtRisk, at_risk
from influence_graph.analyses.brand.trend import trend
from influence_graph.analyses.intervals import (
    Estimate,
    bootstrap,
    count_text,
    dot,
    estimate_text,
    number_text,
    quantile,
    wilson,
)
from influence_graph.model.display import short_line

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.brand.bonds import BrandLedger

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
BACK_DAYS = (30, 90)


@dataclass(frozen=True, eq=False, repr=False)
class Health:
    """Bonds with the brand at one time, and how they developed.

    Attributes:
        count: Number of bonds, those by spillover alone included.
        total: Sum of their Fusion Scores.
        mean: Mean Fusion Score.
        reciprocity: Mean reciprocity, 0 to 1.
        positive: Share of bonds above 0.
        negative: Share of bonds below 0.
        at_risk: Who is overdue, and whose bond falls by events.
        change: Days back -> change of ``total`` since then; its interval treats the bonds as a random sample.
        quantiles: quantile, value, low, high of the Fusion Scores; without rows where too few.
        trend: at, total, bonds as it was known at each time; a step has two rows, just before it and from it on.
        bonds: fusion_score, to_brand, to_consumer, reciprocity, display by consumer; not part of the JSON.
    """

    count: int
    total: float
    mean: Estimate | None
    reciprocity: Estimate | None
    positive: Estimate | None
    negative: Estimate | None
    at_risk: AtRisk
    change: dict[int, Estimate | None]
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
            f"Mean reciprocity (0 one-sided, 1 even): {estimate_text(self.reciprocity, '{:.2f}')}.",
            *(f"Change of the sum in {days} days: {estimate_text(c, '+')}." for days, c in self.change.items()),
            *self.at_risk.sentences(),
        ]


def health(ledger: BrandLedger) -> Health:
    """Return the health of the brand of *ledger* at its ``as_of``."""
    now = ledger.bonds(ledger.as_of)
    before = {days: ledger.bonds(ledger.as_of - timedelta(days=days)) for days in BACK_DAYS}
    score = now["fusion_score"].to_numpy(np.float64)
    mean, reciprocity, changes = _resampled(now, before)
    estimates = [(level, quantile(score, level)) for level in QUANTILES]
    rows = [(level, each.value, each.low, each.high) for level, each in estimates if each is not None]
    return Health(
        count=score.size,
        total=float(score.sum()),
        mean=mean,
        reciprocity=reciprocity,
        positive=wilson(int((score > 0).sum()), score.size),
        negative=wilson(int((score < 0).sum()), score.size),
        at_risk=at_risk(ledger),
        change=changes,
        quantiles=pd.DataFrame(rows, columns=["quantile", "value", "low", "high"]),
        trend=trend(ledger),
        bonds=now,
    )


def _resampled(
    now: pd.DataFrame, before: dict[int, pd.DataFrame]
) -> tuple[Estimate | None, Estimate | None, dict[int, Estimate | None]]:
    """Return mean score, mean reciprocity and the changes of the total, all from the same resamples of bonds."""
    everyone = now.index
    for then in before.values():
        everyone = everyone.union(then.index)  # a correction may have removed a bond
    aligned = now[["fusion_score", "reciprocity"]].reindex(everyone)
    exists = aligned["fusion_score"].notna().to_numpy().astype(np.float64)
    score, reciprocity = aligned.fillna(0.0).to_numpy(np.float64).T
    changes = [score - then["fusion_score"].reindex(everyone, fill_value=0.0).to_numpy() for then in before.values()]

    def statistics(count: NDArray[np.float64]) -> list[float]:
        bonds = max(dot(count, exists), 1.0)
        means = (dot(count, score) / bonds, dot(count, reciprocity) / bonds)
        return [*means, *(dot(count, change) for change in changes)]

    mean, mean_reciprocity, *totals = bootstrap(len(everyone), statistics)
    return mean, mean_reciprocity, dict(zip(before, totals, strict=True))
