"""What each bond met in one period, and what it did in the next: the table that hazards are fitted to.

A bond's clock starts at its first contact (for a repeated outcome, at the first such event). Its periods
are whole windows from then to the end of the data. The row of a bond and a period holds the exposures of
that period by touchpoint, and whether the outcome came in the period after it. The outcome's own kinds
are no exposures: an event must not predict itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import numpy as np

from influence_graph.analyses.fusion.points import points_of
from influence_graph.errors import InputError
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.records import TOUCHPOINTS
from influence_graph.model.touchpoints import kind_key

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.interactions.ledger import Ledger

Exposure = Literal["points", "count"]

OUTCOME_KINDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {"recommend": frozenset({"recommend"}), "loyalty": frozenset({"purchase", "repeat_purchase"})}
)
"""Kinds of interaction that are the outcome; loyalty is any of its kinds after a first one."""

_REPEATED = ("loyalty",)
_MICROS_PER_DAY = 86_400_000_000


@dataclass(frozen=True, eq=False)
class Panel:
    """One row per bond and period with a period before it.

    Attributes:
        exposure: (rows, 5), what the period before gave, by ``TOUCHPOINTS``.
        outcome: Whether the outcome came in the period.
        period: Number of the period, from 1.
        consumer: Code of the row's consumer.
        activity: log(1 + exposures per period) of the row's consumer over all their rows.
        bonds: Number of bonds that have rows.
    """

    exposure: NDArray[np.float64]
    outcome: NDArray[np.bool_]
    period: NDArray[np.int64]
    consumer: NDArray[np.int64]
    activity: NDArray[np.float64]
    bonds: int


@dataclass(frozen=True, eq=False)
class _Clock:
    """Bonds with their start, their rows, and the place of each event among them."""

    bond: NDArray[np.int64]
    start: NDArray[np.int64]
    rows: NDArray[np.int64]
    place: NDArray[np.int64]
    member: NDArray[np.bool_]


def build_panel(ledger: Ledger, outcome: str, window_days: float, exposure: Exposure, policy: FusionPolicy) -> Panel:
    """Return the panel of *ledger*.

    Args:
        ledger: Interactions in the order of the records.
        outcome: A key of :data:`OUTCOME_KINDS`.
        window_days: Length of a period, > 0.
        exposure: ``points``: each event counts the points that the policy derives for it where all weights
            are 1, which is what weights multiply in a score; ``count``: each event counts 1.
        policy: Parameters of derived points and the touchpoint table.

    Raises:
        InputError: *ledger* has no kinds, by which outcomes are known.
    """
    is_outcome = _is_outcome(ledger, outcome)
    width = max(round(window_days * _MICROS_PER_DAY), 1)
    clock = _clock(ledger, is_outcome if outcome in _REPEATED else np.ones(len(ledger), np.bool_), width)
    first = np.cumsum(clock.rows) - clock.rows
    size = int(clock.rows.sum())
    period = (ledger.at - clock.start[clock.place]) // width
    last = clock.rows[clock.place]
    met = clock.member & ~is_outcome & (period >= 0) & (period < last)
    came = clock.member & is_outcome & (period >= 1) & (period <= last)
    row = first[clock.place] + period
    amount, touchpoint = _amounts(ledger, exposure, policy)
    cells = row[met] * len(TOUCHPOINTS) + touchpoint[met]
    exposures: NDArray[np.float64] = np.zeros((size, len(TOUCHPOINTS)))
    exposures += np.bincount(cells, amount[met], exposures.size).reshape(exposures.shape)
    outcomes = np.zeros(size, np.bool_)
    outcomes[row[came] - 1] = True
    brands = max(len(ledger.brand.names), 1)
    consumer = np.repeat(clock.bond // brands, clock.rows)
    events = np.bincount(ledger.consumer.codes[met], minlength=len(ledger.consumer.names))
    periods = np.maximum(np.bincount(consumer, minlength=len(ledger.consumer.names)), 1)
    number = np.arange(size) - np.repeat(first, clock.rows) + 1
    activity = np.log1p(events / periods)[consumer]
    return Panel(exposures, outcomes, number, consumer, activity, int((clock.rows > 0).sum()))


def rows_of(ledger: Ledger, window_days: float) -> int:
    """Return how many rows the panel of *ledger* has at most."""
    width = max(round(window_days * _MICROS_PER_DAY), 1)
    return int(_clock(ledger, np.ones(len(ledger), np.bool_), width).rows.sum())


def _is_outcome(ledger: Ledger, outcome: str) -> NDArray[np.bool_]:
    if ledger.kind is None:
        raise InputError(
            "the interactions have no column kind, by which outcomes are known",
            remedy=f"give kinds such as {', '.join(sorted(OUTCOME_KINDS[outcome]))}",
        )
    wanted = [kind_key(str(name)) in OUTCOME_KINDS[outcome] for name in ledger.kind.names]
    return np.array([*wanted, False])[ledger.kind.codes]  # a null kind is -1, which stands last


def _clock(ledger: Ledger, begins: NDArray[np.bool_], width: int) -> _Clock:
    key = ledger.consumer.codes.astype(np.int64) * len(ledger.brand.names) + ledger.brand.codes
    bond, of = np.unique(key[begins], return_inverse=True)
    if not bond.size:
        none = np.zeros(1, np.int64)
        return _Clock(none, none, none, np.zeros(len(ledger), np.int64), np.zeros(len(ledger), np.bool_))
    start = np.full(bond.size, np.iinfo(np.int64).max)
    np.minimum.at(start, of, ledger.at[begins])
    whole = (ledger.at.max() + 1 - start) // width
    place = np.minimum(np.searchsorted(bond, key), bond.size - 1)
    return _Clock(bond, start, np.maximum(whole - 1, 0), place, bond[place] == key)


def _amounts(ledger: Ledger, exposure: Exposure, policy: FusionPolicy) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """Return what each event counts, and its touchpoint; declared points are left aside."""
    even = {outcome: dict.fromkeys(TOUCHPOINTS, 1.0) for outcome in policy.weights}
    points = points_of(replace(ledger, points=None), replace(policy, weights=even), datetime(1970, 1, 1, tzinfo=UTC))
    return (points.points if exposure == "points" else np.ones(len(ledger))), points.touchpoint
