"""What became of complaints: how many were recovered, how soon, and what the bond did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from influence_graph.analyses.interactions.ledger import to_micros
from influence_graph.analyses.intervals import Estimate, clustered_mean, mean_by, one, quantile, some
from influence_graph.kernels.fusion.decayed_sums import decayed_sums
from influence_graph.model.records import DIRECTIONS, TOUCHPOINTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.brand.bonds import BrandLedger
    from influence_graph.analyses.fusion.points import Points
    from influence_graph.analyses.interactions.ledger import Ledger
    from influence_graph.model.policy.policy import FusionPolicy

_COMPLAINTS = ("complaint", "blame")
_DAY = 86_400e6


@dataclass(frozen=True, eq=False)
class Recovery:
    """Complaints and their recovery within ``days``.

    Attributes:
        days: How long a recovery may take.
        complaints: Number of all complaints.
        followed: Number of those made at least ``days`` ago, so that all had their chance; only they count.
        recovered: Number of those that a recovery followed in time.
        answers: Number of recoveries by the brand on record, whether a complaint came before or not.
        rate: ``recovered`` / ``followed``; None too where the record holds no recoveries at all.
        median_days: Median time to the recovery, of those recovered.
        after_recovery: Mean change of the score from just before the complaint to ``days`` after it, recovered.
        after_none: The same without recovery.
        difference: The former less the latter. It describes; who was recovered was not left to chance.
    """

    days: float
    complaints: int
    followed: int
    recovered: int
    answers: int
    rate: Estimate | None
    median_days: Estimate | None
    after_recovery: Estimate | None
    after_none: Estimate | None
    difference: Estimate | None

    def sentences(self) -> list[str]:
        """Return the findings in words."""
        said = [f"{some(self.complaints, 'complaint')}, {self.followed:,} at least {self.days:g} days ago."]
        if self.complaints and not self.answers:
            return [*said, "No recovery by the brand is on record, so that a recovery rate cannot be told."]
        if not self.complaints:
            return said
        said.append(f"Recovered within {self.days:g} days: {one(self.rate, '{:.1%}')}.")
        if self.recovered:
            said.append(f"Median days to the recovery: {one(self.median_days)}.")
        if self.after_recovery is None and self.after_none is None:
            return said
        changes = f"{one(self.after_recovery, '+')} with a recovery, {one(self.after_none, '+')} without"
        caution = "a description, not an effect: who was recovered was not left to chance"
        return [*said, f"Change of the score {self.days:g} days after a complaint: {changes} ({caution})."]


def recovery(
    around: BrandLedger, direct: Ledger, points: Points, valence: NDArray[np.float64], days: float
) -> Recovery:
    """Return what became of the complaints in *direct*, the interactions with the brand.

    A complaint is a negative interaction to the brand that is of the kind complaint or blame or belongs to
    the touchpoint problem recovery. A recovery is a positive one to the consumer in that touchpoint; one
    may answer several complaints. Scores are those of the direct interactions, without spillover.
    """
    mending = points.touchpoint == TOUCHPOINTS.index("problem_recovery")
    to_brand = points.side == DIRECTIONS.index("to_brand")
    complained = np.flatnonzero(to_brand & (valence < 0) & (mending | _of_kind(direct, _COMPLAINTS)))
    answered = np.flatnonzero(~to_brand & (valence > 0) & mending)
    old = complained[direct.at[complained] <= to_micros(around.as_of) - days * _DAY]
    waited = _waited(direct, old, answered)
    recovered = waited <= days
    change = _changes(direct, points, old, days, around.policy)
    consumer = direct.consumer.codes[old]
    after, none = (mean_by(change[part], consumer[part]) for part in (recovered, ~recovered))
    return Recovery(
        days=days,
        complaints=complained.size,
        followed=old.size,
        recovered=int(recovered.sum()),
        answers=answered.size,
        rate=clustered_mean(recovered.astype(np.float64), consumer) if answered.size else None,
        median_days=quantile(waited[recovered], 0.5),
        after_recovery=after,
        after_none=none,
        difference=None if after is None or none is None else after - none,
    )


def _of_kind(ledger: Ledger, kinds: tuple[str, ...]) -> NDArray[np.bool_]:
    """Return which rows are of one of *kinds*."""
    if ledger.kind is None:
        return np.zeros(len(ledger), np.bool_)
    wanted = [name.strip().casefold() in kinds for name in ledger.kind.names.tolist()]
    return np.array([*wanted, False])[ledger.kind.codes]


def _waited(ledger: Ledger, asked: NDArray[np.int64], answered: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the days from each row of *asked* to the consumer's next one of *answered*, ∞ without one."""
    times = np.unique(ledger.at[answered])

    def key(rows: NDArray[np.int64]) -> NDArray[np.int64]:
        rank: NDArray[np.int64] = np.searchsorted(times, ledger.at[rows])
        return ledger.consumer.codes[rows].astype(np.int64) * (times.size + 1) + rank

    ordered = answered[np.argsort(key(answered), kind="stable")]
    place = np.searchsorted(key(ordered), key(asked))
    following = np.append(ordered, -1)[place]
    same = (following >= 0) & (ledger.consumer.codes[following] == ledger.consumer.codes[asked])
    return np.where(same, (ledger.at[following] - ledger.at[asked]) / _DAY, np.inf)


def _changes(
    ledger: Ledger, points: Points, rows: NDArray[np.int64], days: float, policy: FusionPolicy
) -> NDArray[np.float64]:
    """Return for each complaint the consumer's score *days* after it less the score just before it."""
    count, asked = len(ledger), rows.size
    consumer = np.concatenate([ledger.consumer.codes, np.tile(ledger.consumer.codes[rows], 2)])
    time = np.concatenate([ledger.at, ledger.at[rows], ledger.at[rows] + int(days * _DAY)])
    turn = np.repeat([1, 0, 2], [count, asked, asked])  # before what happened at that time, or after it
    touchpoint = np.concatenate([points.touchpoint, np.full(2 * asked, -1, np.int8)])
    amount = np.concatenate([points.points, np.zeros(2 * asked)])
    order = np.lexsort((turn, time, consumer))
    half_life = np.array([policy.half_life(name) for name in TOUCHPOINTS])
    days_on = (time[order] - time.min(initial=0)) / _DAY
    sums = np.empty(order.size)
    sums[order] = decayed_sums(consumer[order], days_on, touchpoint[order], amount[order], half_life)
    return sums[count + asked :] - sums[count : count + asked]
