"""Complaints: how many were recovered, how soon, and how the score changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from influence_graph.analyses.fusion.points import by_touchpoint
from influence_graph.analyses.interactions.ledger import MICROS_PER_DAY, to_micros
from influence_graph.analyses.interactions.meaning import TO_BRAND
from influence_graph.analyses.intervals import Estimate, clustered_mean, estimate_text, mean_by, quantile
from influence_graph.kernels.fusion.decayed_sums import decayed_sums
from influence_graph.model.display import short_line
from influence_graph.model.records import TOUCHPOINTS
from influence_graph.text import count_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.brand.bonds import BrandLedger
    from influence_graph.analyses.fusion.points import Points
    from influence_graph.analyses.interactions.ledger import Ledger
    from influence_graph.analyses.interactions.meaning import Meaning
    from influence_graph.model.policy.policy import FusionPolicy

_COMPLAINTS = ("complaint", "blame")


@dataclass(frozen=True, eq=False, repr=False)
class Recovery:
    """Complaints and their recovery within ``days``.

    Attributes:
        days: How long a recovery may take.
        complaints: Number of all complaints.
        followed: Number of those made at least ``days`` ago, whose whole window is observed; only they count.
        recovered: Number of those that a recovery followed in time.
        answers: Number of recorded recoveries by the brand, with or without a complaint before.
        rate: ``recovered`` / ``followed``; also None where no recoveries at all are recorded.
        median_days: Median time to the recovery, of those recovered.
        unrecorded: Why the records do not hold what followed complaints, which is then None; "" where they do.
        after_recovery: Mean change of the score from just before the complaint to ``days`` after it, recovered.
        after_none: The same without recovery.
        difference: The former less the latter: a description, as recoveries were not assigned at random.
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
    unrecorded: str = ""

    def __repr__(self) -> str:
        figures = {"complaints": self.complaints, "followed": self.followed, "recovered": self.recovered}
        return short_line("Recovery", figures)

    def sentences(self) -> list[str]:
        """Return the findings in words."""
        lines = [f"{count_text(self.complaints, 'complaint')}, {self.followed:,} at least {self.days:g} days ago."]
        if self.complaints and not self.answers:
            return [*lines, "No recovery by the brand is recorded, so the recovery rate is unknown."]
        if not self.complaints:
            return lines
        if self.unrecorded:
            return [*lines, f"Recovered within {self.days:g} days: {self.unrecorded}."]
        lines.append(f"Recovered within {self.days:g} days: {estimate_text(self.rate, '{:.1%}')}.")
        if self.recovered:
            lines.append(f"Median days to the recovery: {estimate_text(self.median_days)}.")
        if self.after_recovery is None and self.after_none is None:
            return lines
        recovered, other = estimate_text(self.after_recovery, "+"), estimate_text(self.after_none, "+")
        changes = f"{recovered} with a recovery, {other} without"
        caution = "a description, not an effect: recoveries were not assigned at random"
        return [*lines, f"Change of the score {self.days:g} days after a complaint: {changes} ({caution})."]


def recovery(ledger: BrandLedger, direct: Ledger, points: Points, within: timedelta) -> Recovery:
    """Return which complaints in *direct*, the interactions with the brand, were recovered *within* a time.

    A complaint is a negative interaction to the brand that is of the kind complaint or blame or belongs to
    the touchpoint problem recovery. A recovery is a positive one to the consumer in that touchpoint; one
    may answer several complaints. Scores are those of the direct interactions, without spillover.
    """
    complaints, answers = complaints_and_answers(direct, points.meaning)
    days = within / timedelta(days=1)
    unrecorded = ledger.span().lacks(within)
    followed = (
        complaints[:0]
        if unrecorded
        else complaints[direct.at[complaints] <= to_micros(ledger.as_of) - days * MICROS_PER_DAY]
    )
    waits = days_to_recovery(direct.at, direct.consumer.codes.astype(np.int64), followed, answers)
    recovered = waits <= days
    change = _changes(direct, points, followed, days, ledger.policy)
    consumer = direct.consumer.codes[followed]
    after, none = (mean_by(change[part], consumer[part]) for part in (recovered, ~recovered))
    return Recovery(
        days=days,
        complaints=complaints.size,
        followed=followed.size,
        recovered=int(recovered.sum()),
        answers=answers.size,
        rate=clustered_mean(recovered.astype(np.float64), consumer) if answers.size else None,
        median_days=quantile(waits[recovered], 0.5),
        after_recovery=after,
        after_none=none,
        difference=None if after is None or none is None else after - none,
        unrecorded=unrecorded,
    )


def complaints_and_answers(ledger: Ledger, meaning: Meaning) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows of *ledger* that are complaints and those that are recoveries, by what they mean.

    What is either is said at :func:`recovery`.
    """
    recovers = meaning.touchpoint == TOUCHPOINTS.index("problem_recovery")
    to_brand = meaning.side == TO_BRAND
    complaints = np.flatnonzero(to_brand & (meaning.valence < 0) & (recovers | _of_kind(ledger, _COMPLAINTS)))
    return complaints, np.flatnonzero(~to_brand & (meaning.valence > 0) & recovers)


def _of_kind(ledger: Ledger, kinds: tuple[str, ...]) -> NDArray[np.bool_]:
    """Return which rows are of one of *kinds*."""
    if ledger.kind is None:
        return np.zeros(len(ledger), np.bool_)
    selected = [name.strip().casefold() in kinds for name in ledger.kind.names.tolist()]
    return np.array([*selected, False])[ledger.kind.codes]


def days_to_recovery(
    at: NDArray[np.int64], who: NDArray[np.int64], complaints: NDArray[np.int64], answers: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the days from each of *complaints* to the next of *answers* to the same, ∞ without one.

    Args:
        at: Time of each row, µs.
        who: Who complains or is answered in each row: a code ≥ 0 of the consumer, or of consumer and brand.
        complaints: Rows, shape (complaints,).
        answers: Rows, shape (answers,).
    """
    times = np.unique(at[answers])

    def key(rows: NDArray[np.int64]) -> NDArray[np.int64]:
        rank: NDArray[np.int64] = np.searchsorted(times, at[rows])
        return who[rows] * (times.size + 1) + rank

    ordered = answers[np.argsort(key(answers), kind="stable")]
    place = np.searchsorted(key(ordered), key(complaints))
    following = np.append(ordered, -1)[place]
    same = (following >= 0) & (who[following] == who[complaints])
    return np.where(same, (at[following] - at[complaints]) / MICROS_PER_DAY, np.inf)


def _changes(
    ledger: Ledger, points: Points, rows: NDArray[np.int64], days: float, policy: FusionPolicy
) -> NDArray[np.float64]:
    """Return for each complaint the consumer's score *days* after it less the score just before it."""
    count, complaints = len(ledger), rows.size
    consumer = np.concatenate([ledger.consumer.codes, np.tile(ledger.consumer.codes[rows], 2)])
    time = np.concatenate([ledger.at, ledger.at[rows], ledger.at[rows] + int(days * MICROS_PER_DAY)])
    rank = np.repeat([1, 0, 2], [count, complaints, complaints])  # before what happened at that time, or after it
    touchpoint = np.concatenate([points.touchpoint, np.full(2 * complaints, -1, np.int8)])
    amount = np.concatenate([points.total, np.zeros(2 * complaints)])
    order = np.lexsort((rank, time, consumer))
    half_life = by_touchpoint(policy.half_life)
    elapsed = (time[order] - time.min(initial=0)) / MICROS_PER_DAY
    sums = np.empty(order.size)
    sums[order] = decayed_sums(consumer[order], elapsed, touchpoint[order], amount[order], half_life)
    return sums[count + complaints :] - sums[count : count + complaints]
