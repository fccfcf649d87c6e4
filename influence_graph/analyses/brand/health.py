"""Health of a brand: number, level, reciprocity and trend of its bonds, and how many are at risk."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.analyses.intervals import (
    Estimate,
    bootstrap,
    dot,
    estimate_text,
    number_text,
    quantile,
    wilson,
)
from influence_graph.model.display import short_line
from influence_graph.text import count_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.brand.bonds import BrandLedger

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
BACK_DAYS = (30, 90)
RISK_DAYS = 90
RISK_FALL = 0.5
_TREND_STEPS = 24


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
        at_risk: Of the bonds above 0 ``RISK_DAYS`` ago, the share that has since fallen by more than half
            or below 0.
        change: Days back -> change of ``total`` since then; its interval treats the bonds as a random sample. None
            where there are too few, or the records do not reach back so far.
        unrecorded: Days back -> why the change since then is not on record; "" where it is.
        quantiles: quantile, value, low, high of the Fusion Scores; without rows where too few.
        trend: at, total, bonds, by replay as it was known at each time; without rows where the records are undated.
        bonds: fusion_score, to_brand, to_consumer, reciprocity, display by consumer; not part of the JSON.
    """

    count: int
    total: float
    mean: Estimate | None
    reciprocity: Estimate | None
    positive: Estimate | None
    negative: Estimate | None
    at_risk: Estimate | None
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
        positive, negative, at_risk = (
            estimate_text(share, "{:.1%}") for share in (self.positive, self.negative, self.at_risk)
        )
        return [
            f"{count_text(self.count, 'bond')}, together {total}. Mean bond: {mean}.",
            f"Positive: {positive}; negative: {negative}.",
            f"Mean reciprocity (0 one-sided, 1 even): {estimate_text(self.reciprocity, '{:.2f}')}.",
            *(
                f"Change of the sum in {days} days: {estimate_text(change, '+', self.unrecorded[days])}."
                for days, change in self.change.items()
            ),
            f"At risk (fell by more than half or below 0 in {RISK_DAYS} days): {at_risk}.",
        ]


def health(ledger: BrandLedger) -> Health:
    """Return the health of the brand of *ledger* at its ``as_of``."""
    now = ledger.bonds(ledger.as_of)
    before = {days: ledger.bonds(ledger.as_of - timedelta(days=days)) for days in BACK_DAYS}
    score = now["fusion_score"].to_numpy(np.float64)
    mean, reciprocity, changes = _resampled(now, before)
    span = ledger.span()
    unrecorded = {days: span.lacks(timedelta(days=days)) for days in BACK_DAYS}
    estimates = [(level, quantile(score, level)) for level in QUANTILES]
    rows = [(level, each.value, each.low, each.high) for level, each in estimates if each is not None]
    return Health(
        count=score.size,
        total=float(score.sum()),
        mean=mean,
        reciprocity=reciprocity,
        positive=wilson(int((score > 0).sum()), score.size),
        negative=wilson(int((score < 0).sum()), score.size),
        at_risk=_at_risk(before[RISK_DAYS], now),
        change={days: None if unrecorded[days] else change for days, change in changes.items()},
        unrecorded=unrecorded,
        quantiles=pd.DataFrame(rows, columns=["quantile", "value", "low", "high"]),
        trend=_trend(ledger).iloc[: None if span.dated else 0],
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


def _at_risk(then: pd.DataFrame, now: pd.DataFrame) -> Estimate | None:
    positive = then.loc[then["fusion_score"] > 0, "fusion_score"]
    remaining = now["fusion_score"].reindex(positive.index, fill_value=0.0)
    return wilson(int((remaining < RISK_FALL * positive).sum()), positive.size)


def _trend(ledger: BrandLedger) -> pd.DataFrame:
    """Return the total of the bonds from the brand's first interaction to ``as_of``."""
    first, last = ledger.first(), ledger.as_of
    span = max(last - first, timedelta(0))
    times = sorted({first + span * step / _TREND_STEPS for step in range(_TREND_STEPS + 1)})
    rows = [(time, frame["fusion_score"].sum(), len(frame)) for time in times for frame in (ledger.bonds(time),)]
    return pd.DataFrame(rows, columns=["at", "total", "bonds"])
