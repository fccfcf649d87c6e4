"""How consumers judge a brand: the valence of their interactions, by touchpoint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.analyses.brand.recovery import Recovery, recovery
from influence_graph.analyses.interactions.meaning import TO_BRAND, TO_CONSUMER
from influence_graph.analyses.intervals import Estimate, clustered_mean, estimate_text
from influence_graph.analyses.result import Told
from influence_graph.model.display import short_line
from influence_graph.model.records import TOUCHPOINTS
from influence_graph.text import count_text

if TYPE_CHECKING:
    from datetime import timedelta

    from numpy.typing import NDArray

    from influence_graph.analyses.brand.bonds import BrandLedger

_VALENCE = (-1.0, 1.0)
_COLUMNS = ["touchpoint", "positive", "neutral", "negative", "mean", "low", "high"]


@dataclass(frozen=True, eq=False, repr=False)
class Judgment(Told):
    """The interactions of a brand's consumers, and their valence.

    Attributes:
        given: Number of interactions from consumers to the brand whose meaning is known.
        received: Number from the brand to consumers.
        mean: Mean valence of those from consumers, -1 to 1.
        negative: Share of them below 0.
        touchpoints: touchpoint, positive, neutral, negative (counts), mean, low, high (NaN where too few).
        recovery: Complaints and their recovery.
    """

    given: int
    received: int
    mean: Estimate | None
    negative: Estimate | None
    touchpoints: pd.DataFrame
    recovery: Recovery

    def __repr__(self) -> str:
        figures = {"given": self.given, "received": self.received, "mean valence": estimate_text(self.mean, "{:+.2f}")}
        return short_line("Judgment", figures)

    def sentences(self) -> list[str]:
        """Return the findings in words."""
        return [
            f"{count_text(self.given, 'interaction')} from consumers, {self.received:,} from the brand.",
            f"Mean valence of those from consumers (-1 to 1): {estimate_text(self.mean, '{:+.2f}')}.",
            f"Negative: {estimate_text(self.negative, '{:.1%}')}.",
            *self.recovery.sentences(),
        ]


def judgment(ledger: BrandLedger, recovery_time: timedelta) -> Judgment:
    """Return how consumers judge the brand of *ledger*, with complaints recovered within *recovery_time*.

    Interactions of kinds without a meaning are not judged (:mod:`influence_graph.analyses.interactions.meaning`).
    """
    direct, points = ledger.direct(), ledger.points
    valence = points.meaning.valence
    given = (points.side == TO_BRAND) & points.meaning.known
    return Judgment(
        given=int(given.sum()),
        received=int(((points.side == TO_CONSUMER) & points.meaning.known).sum()),
        mean=clustered_mean(valence[given], direct.consumer.codes[given], _VALENCE),
        negative=clustered_mean((valence[given] < 0).astype(np.float64), direct.consumer.codes[given]),
        touchpoints=_touchpoints(valence[given], points.touchpoint[given], direct.consumer.codes[given]),
        recovery=recovery(ledger, direct, points, recovery_time),
    )


def _touchpoints(
    valence: NDArray[np.float64], touchpoint: NDArray[np.int8], consumer: NDArray[np.int32]
) -> pd.DataFrame:
    rows = []
    for code, name in enumerate(TOUCHPOINTS):
        here = touchpoint == code
        values = valence[here]
        if values.size:
            mean = clustered_mean(values, consumer[here], _VALENCE)
            interval = (np.nan,) * 3 if mean is None else (mean.value, mean.low, mean.high)
            counts = (int(part.sum()) for part in (values > 0, values == 0, values < 0))
            rows.append((name, *counts, *interval))
    return pd.DataFrame(rows, columns=_COLUMNS)
