"""Signed points of interactions, and the part of them that remains after decay.

Declared points count as they are for recommending, and by the weight of the touchpoint for loyalty. Derived
points follow the value function of Tversky & Kahneman 1992 (https://doi.org/10.1007/BF00122574):

    a = ω · w · g · m · v(s),   s = valence · weight of the kind · weight of the record,
    v(s) = s^κ for s ≥ 0 and -λ|s|^κ below,
    g = 1 + log10(1 + reach)/log10(saturation), 1 where the reach is not known,
    m = 1 + log2(1 + value/unit), 1 where the value is not known or the unit is ∞,

with ω the confidence and w the weight of the touchpoint for the outcome, or 1 for a kind that itself shows the
outcome. The same with the kind's ``returned`` weight, and without g and m, is what the other side receives of a
derived event. What the consumer was paid to give counts by the policy's ``paid``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from influence_graph.analyses.interactions.ledger import MICROS_PER_DAY, Ledger, to_micros
from influence_graph.analyses.interactions.meaning import TO_BRAND, Meaning, given_or, meaning_of
from influence_graph.model.records import TOUCHPOINTS
from influence_graph.model.touchpoints import OUTCOME_NAMES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.model.policy.policy import FusionPolicy


@dataclass(frozen=True, eq=False)
class Points:
    """Points of each interaction: ``points`` on its day, the part ``decay`` in (0, 1] that remains, to ``side``.

    ``side`` and ``touchpoint`` are indices into ``DIRECTIONS`` and ``TOUCHPOINTS``. ``returned`` are the points
    of the same event to the other side, on its day; they do not spill over. ``gate`` is the share of the points
    that may spill over: the blame of a negative event, else 1.
    """

    points: NDArray[np.float64]
    returned: NDArray[np.float64]
    decay: NDArray[np.float64] | float
    side: NDArray[np.int8]
    touchpoint: NDArray[np.int8]
    gate: NDArray[np.float64] | float
    meaning: Meaning

    @property
    def total(self) -> NDArray[np.float64]:
        """What each event adds to its own bond on its day, both sides together."""
        return self.points + self.returned


def points_of(ledger: Ledger, policy: FusionPolicy, as_of: datetime) -> Points:
    """Return the points of all interactions of *ledger* at *as_of*."""
    meaning = meaning_of(ledger, policy.table)
    points, returned = _points(ledger, policy, meaning)
    half_lives = by_touchpoint(policy.half_life)
    decay: NDArray[np.float64] | float = 1.0
    if np.isfinite(half_lives).any():
        age = (to_micros(as_of) - ledger.at) / MICROS_PER_DAY
        decay = np.exp2(-age / half_lives[meaning.touchpoint])
    gate: NDArray[np.float64] | float = 1.0
    if ledger.blame is not None or policy.blame != 1:
        gate = np.where(points < 0, given_or(ledger.blame, policy.blame), 1.0)
    return Points(points, returned, decay, meaning.side, meaning.touchpoint, gate, meaning)


def _points(ledger: Ledger, policy: FusionPolicy, meaning: Meaning) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the points to the side of each event, and those returned."""
    shown = meaning.shows == OUTCOME_NAMES.index(policy.outcome)
    factor = np.where(shown, 1.0, by_touchpoint(policy.weight)[meaning.touchpoint])
    if ledger.confidence is not None:
        factor *= given_or(ledger.confidence, 1.0)
    value = _valued(meaning.valence * meaning.strength, policy) * factor
    if ledger.reach is not None:
        value *= 1.0 + given_or(np.log10(1.0 + ledger.reach) / np.log10(policy.reach_saturation), 0.0)
    if ledger.value is not None and np.isfinite(policy.value_unit):
        value *= 1.0 + given_or(np.log2(1.0 + np.maximum(ledger.value, 0.0) / policy.value_unit), 0.0)
    returned = np.zeros(len(ledger))
    if meaning.returned.any():
        returned = _valued(meaning.valence * meaning.returned, policy) * factor
    if ledger.points is not None:
        shares = np.where(shown, 1.0, by_touchpoint(policy.declared_weight)[meaning.touchpoint])
        value = given_or(ledger.points * shares, value)
        returned = np.where(np.isnan(ledger.points), returned, 0.0)
    if ledger.paid is not None:
        value = np.where((ledger.paid == 1) & (meaning.side == TO_BRAND), value * policy.paid, value)
    return value, returned


def _valued(strength: NDArray[np.float64], policy: FusionPolicy) -> NDArray[np.float64]:
    """Return v(s)."""
    value: NDArray[np.float64] = np.abs(strength) ** policy.curvature
    value *= np.where(strength < 0, -policy.loss_aversion, 1.0)
    return value


def by_touchpoint(value: Callable[[str], float]) -> NDArray[np.float64]:
    """Return *value* of each touchpoint, in their order."""
    return np.array([value(name) for name in TOUCHPOINTS])
