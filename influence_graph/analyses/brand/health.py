"""Health of a brand: how many bonds, how good, how mutual, where they are going, and who is at risk."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.analyses.concentration import dot
from influence_graph.analyses.intervals import Estimate, bootstrap, one, quantile, some, wilson, write

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.brand.bonds import BrandLedger

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
BACK_DAYS = (30, 90)
RISK_DAYS = 90
RISK_FALL = 0.5
_MOMENTS = 24


@dataclass(frozen=True, eq=False)
class Health:
    """Bonds with the brand at one moment, and how they came there.

    Attributes:
        count: Number of bonds, those by spillover alone included.
        total: Sum of their Fusion Scores.
        mean: Mean Fusion Score.
        reciprocity: Mean reciprocity, 0 to 1.
        positive: Share of bonds above 0.
        negative: Share of bonds below 0.
        at_risk: Of the bonds above 0 ``RISK_DAYS`` ago, the share that has since fallen by more than half
            or below 0.
        change: Days back -> change of ``total`` since; its interval treats the bonds as drawn at random.
        quantiles: quantile, value, low, high of the Fusion Scores; without rows where too few.
        trend: at, total, bonds, by replay as it was known at each time.
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
    quantiles: pd.DataFrame
    trend: pd.DataFrame
    bonds: pd.DataFrame = field(metadata={"bulk": True})

    def sentences(self) -> list[str]:
        """Return the findings in words."""
        said = [f"{some(self.count, 'bond')}, together {write(self.total, '+')}. Mean bond: {one(self.mean, '+')}."]
        said.append(f"Positive: {one(self.positive, '{:.1%}')}; negative: {one(self.negative, '{:.1%}')}.")
        said.append(f"Mean reciprocity (0 one-sided, 1 even): {one(self.reciprocity, '{:.2f}')}.")
        said += [f"Change of the sum in {days} days: {one(c, '+')}." for days, c in self.change.items()]
        risk = one(self.at_risk, "{:.1%}")
        return [*said, f"At risk (fell by more than half or below 0 in {RISK_DAYS} days): {risk}."]


def health(around: BrandLedger) -> Health:
    """Return the health of the brand of *around* at its ``as_of``."""
    now = around.bonds(around.as_of)
    before = {days: around.bonds(around.as_of - timedelta(days=days)) for days in BACK_DAYS}
    score = now["fusion_score"].to_numpy(np.float64)
    mean, reciprocity, changes = _resampled(now, before)
    found = [(level, quantile(score, level)) for level in QUANTILES]
    rows = [(level, f.value, f.low, f.high) for level, f in found if f is not None]
    return Health(
        count=score.size,
        total=float(score.sum()),
        mean=mean,
        reciprocity=reciprocity,
        positive=wilson(int((score > 0).sum()), score.size),
        negative=wilson(int((score < 0).sum()), score.size),
        at_risk=_at_risk(before[RISK_DAYS], now),
        change=changes,
        quantiles=pd.DataFrame(rows, columns=["quantile", "value", "low", "high"]),
        trend=_trend(around),
        bonds=now,
    )


def _resampled(
    now: pd.DataFrame, before: dict[int, pd.DataFrame]
) -> tuple[Estimate | None, Estimate | None, dict[int, Estimate | None]]:
    """Return mean score, mean reciprocity and the changes of the total, all from the same resamples of bonds."""
    everyone = now.index
    for then in before.values():
        everyone = everyone.union(then.index)  # a correction may have ended a bond
    aligned = now[["fusion_score", "reciprocity"]].reindex(everyone)
    there = aligned["fusion_score"].notna().to_numpy().astype(np.float64)
    score, mutual = aligned.fillna(0.0).to_numpy(np.float64).T
    steps = [score - then["fusion_score"].reindex(everyone, fill_value=0.0).to_numpy() for then in before.values()]

    def figures(drawn: NDArray[np.float64]) -> list[float]:
        bonds = max(dot(drawn, there), 1.0)
        return [dot(drawn, score) / bonds, dot(drawn, mutual) / bonds, *(dot(drawn, step) for step in steps)]

    mean, reciprocity, *changes = bootstrap(len(everyone), figures)
    return mean, reciprocity, dict(zip(before, changes, strict=True))


def _at_risk(then: pd.DataFrame, now: pd.DataFrame) -> Estimate | None:
    good = then.loc[then["fusion_score"] > 0, "fusion_score"]
    left = now["fusion_score"].reindex(good.index, fill_value=0.0)
    return wilson(int((left < RISK_FALL * good).sum()), good.size)


def _trend(around: BrandLedger) -> pd.DataFrame:
    """Return the total of the bonds from the brand's first interaction to ``as_of``."""
    first, last = around.first(), around.as_of
    span = max(last - first, timedelta(0))
    times = sorted({first + span * step / _MOMENTS for step in range(_MOMENTS + 1)})
    rows = [(time, frame["fusion_score"].sum(), len(frame)) for time in times for frame in (around.bonds(time),)]
    return pd.DataFrame(rows, columns=["at", "total", "bonds"])
