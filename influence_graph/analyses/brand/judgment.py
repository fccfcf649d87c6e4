"""How consumers judge a brand: the valence of what they gave it, touchpoint by touchpoint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.analyses.brand.recovery import Recovery, recovery
from influence_graph.analyses.fusion.points import points_of
from influence_graph.analyses.intervals import Estimate, clustered_mean, one, some
from influence_graph.model.records import DIRECTIONS, TOUCHPOINTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.brand.bonds import BrandLedger
    from influence_graph.analyses.interactions.ledger import Ledger
    from influence_graph.model.policy.policy import FusionPolicy

_VALENCE = (-1.0, 1.0)
_COLUMNS = ["touchpoint", "positive", "neutral", "negative", "mean", "low", "high"]


@dataclass(frozen=True, eq=False)
class Judgment:
    """What consumers said and did.

    Attributes:
        given: Number of interactions from consumers to the brand.
        received: Number from the brand to consumers.
        mean: Mean valence of those given, -1 to 1.
        negative: Share of them below 0.
        touchpoints: touchpoint, positive, neutral, negative (counts), mean, low, high (NaN where too few).
        recovery: What became of complaints.
    """

    given: int
    received: int
    mean: Estimate | None
    negative: Estimate | None
    touchpoints: pd.DataFrame
    recovery: Recovery

    def sentences(self) -> list[str]:
        """Return the findings in words."""
        said = [f"Consumers gave {some(self.given, 'interaction')}, the brand {self.received:,}."]
        said.append(f"Mean valence of what consumers gave (-1 to 1): {one(self.mean, '{:+.2f}')}.")
        said.append(f"Negative: {one(self.negative, '{:.1%}')}.")
        return [*said, *self.recovery.sentences()]


def judgment(around: BrandLedger, recovery_days: float) -> Judgment:
    """Return how consumers judge the brand of *around*.

    The valence of an interaction is its own, else the sign of its declared points, else that of its kind.
    """
    direct = around.direct()
    points = points_of(direct, around.policy, around.as_of)
    valence = valences(direct, around.policy)
    given = points.side == DIRECTIONS.index("to_brand")
    return Judgment(
        given=int(given.sum()),
        received=int((~given).sum()),
        mean=clustered_mean(valence[given], direct.consumer.codes[given], _VALENCE),
        negative=clustered_mean((valence[given] < 0).astype(np.float64), direct.consumer.codes[given]),
        touchpoints=_touchpoints(valence[given], points.touchpoint[given], direct.consumer.codes[given]),
        recovery=recovery(around, direct, points, valence, recovery_days),
    )


def valences(ledger: Ledger, policy: FusionPolicy) -> NDArray[np.float64]:
    """Return the valence of each interaction, -1 to 1."""
    names = [] if ledger.kind is None else ledger.kind.names.tolist()
    rules = np.array([*(policy.table.rule(name).valence for name in names), policy.table.rule(None).valence])
    found = rules[np.full(len(ledger), -1) if ledger.kind is None else ledger.kind.codes]
    for own in (None if ledger.points is None else np.sign(ledger.points), ledger.valence):
        if own is not None:
            found = np.where(np.isnan(own), found, own)
    return found


def _touchpoints(
    valence: NDArray[np.float64], touchpoint: NDArray[np.int8], consumer: NDArray[np.int32]
) -> pd.DataFrame:
    rows = []
    for code, name in enumerate(TOUCHPOINTS):
        here = touchpoint == code
        felt = valence[here]
        if felt.size:
            mean = clustered_mean(felt, consumer[here], _VALENCE)
            shown = (np.nan,) * 3 if mean is None else (mean.value, mean.low, mean.high)
            rows.append((name, int((felt > 0).sum()), int((felt == 0).sum()), int((felt < 0).sum()), *shown))
    return pd.DataFrame(rows, columns=_COLUMNS)
