"""Signed points of interactions, and the part of them that remains after decay.

Declared points count as they are. Derived points follow the value function of Tversky & Kahneman 1992
(https://doi.org/10.1007/BF00122574): a = ω·w·g·v(s), with s = valence · weight of the kind · weight of
the record, v(s) = s^κ for s ≥ 0 and -λ|s|^κ below, g = log10(1 + reach)/log10(saturation) (not capped:
more than saturation people count more than 1; 1 where the reach is not known), ω the confidence and w
the weight of the touchpoint for the outcome.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from influence_graph.analyses.interactions.ledger import MICROS_PER_DAY, Coded, Ledger, to_micros
from influence_graph.model.records import DIRECTIONS, TOUCHPOINTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.model.policy.policy import FusionPolicy
    from influence_graph.model.touchpoints import KindRule


@dataclass(frozen=True, eq=False)
class Points:
    """Points of each interaction: ``points`` on its day, the part ``decay`` in (0, 1] that remains, to ``side``.

    ``side`` and ``touchpoint`` are indices into ``DIRECTIONS`` and ``TOUCHPOINTS``. ``gate`` is the share
    of the points that may spill over: the blame of a negative event, else 1.
    """

    points: NDArray[np.float64]
    decay: NDArray[np.float64] | float
    side: NDArray[np.int8]
    touchpoint: NDArray[np.int8]
    gate: NDArray[np.float64] | float


def points_of(ledger: Ledger, policy: FusionPolicy, as_of: datetime) -> Points:
    """Return the points of all interactions of *ledger* at *as_of*."""
    rules = _Rules(ledger, policy)
    touchpoint = _coded(ledger.touchpoint, TOUCHPOINTS, rules.of(lambda rule: TOUCHPOINTS.index(rule.touchpoint)))
    side = _coded(ledger.direction, DIRECTIONS, rules.of(lambda rule: DIRECTIONS.index(rule.direction)))
    points = _points(ledger, policy, rules, touchpoint)
    half_lives = np.array([policy.half_life(name) for name in TOUCHPOINTS])
    decay: NDArray[np.float64] | float = 1.0
    if np.isfinite(half_lives).any():
        age = (to_micros(as_of) - ledger.at) / MICROS_PER_DAY
        decay = np.exp2(-age / half_lives[touchpoint])
    gate: NDArray[np.float64] | float = 1.0
    if ledger.blame is not None or policy.blame != 1:
        gate = np.where(points < 0, _or(ledger.blame, policy.blame), 1.0)
    return Points(points, decay, side, touchpoint, gate)


class _Rules:
    """Properties of each row's kind; the rule of each different kind is looked up once."""

    def __init__(self, ledger: Ledger, policy: FusionPolicy) -> None:
        names = [] if ledger.kind is None else ledger.kind.names.tolist()
        # The rule of "no kind" is the last one, at the code -1.
        self._rules = [*(policy.table.rule(name) for name in names), policy.table.rule(None)]
        self._codes = np.full(len(ledger), -1, np.int32) if ledger.kind is None else ledger.kind.codes

    def of(self, value: Callable[[KindRule], float]) -> NDArray[np.float64]:
        """Return *value* of the rule of each row."""
        return np.array([value(rule) for rule in self._rules], dtype=np.float64)[self._codes]


def _coded(given: Coded | None, order: Sequence[str], default: NDArray[np.float64]) -> NDArray[np.int8]:
    """Return indices into *order*: the given value of a row, or its default."""
    fallback = default.astype(np.int8)
    if given is None:
        return fallback
    place = np.array([*(order.index(name) for name in given.names), -1], dtype=np.int8)[given.codes]
    return place if place.size and place.min() >= 0 else np.where(place < 0, fallback, place)


def _points(ledger: Ledger, policy: FusionPolicy, rules: _Rules, touchpoint: NDArray[np.int8]) -> NDArray[np.float64]:
    if ledger.points is not None and not np.isnan(ledger.points).any():
        return ledger.points
    valence = _or(ledger.valence, rules.of(lambda rule: rule.valence))
    strength = valence * rules.of(lambda rule: rule.weight) * _or(ledger.weight, 1.0)
    value = np.abs(strength) ** policy.curvature
    value *= np.where(strength < 0, -policy.loss_aversion, 1.0)
    value *= np.array([policy.weight(name) for name in TOUCHPOINTS])[touchpoint]
    value *= _or(ledger.confidence, 1.0)
    if ledger.reach is not None:
        seen = np.log10(1.0 + ledger.reach) / np.log10(policy.reach_saturation)
        value *= np.where(np.isnan(seen), 1.0, seen)
    return _or(ledger.points, value)


def _or(given: NDArray[np.float64] | None, default: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Return the given numbers, the default where they are missing."""
    if given is None:
        return np.asarray(default, dtype=np.float64)
    return np.where(np.isnan(given), default, given)
