"""The exposures of each bond in one period and its outcome in the next: the table that hazards are fitted to.

A bond's clock starts at its first contact (for a repeated outcome, at the first such event). Its periods
are complete windows from then to the end of the data. The row of a bond and a period holds the exposures of
that period by touchpoint, and whether the outcome occurred in the next period. The outcome's own kinds
are not exposures: an event must not predict itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from influence_graph.analyses.fusion.points import points_of
from influence_graph.analyses.interactions.ledger import EPOCH
from influence_graph.errors import InputError
from influence_graph.model.display import short_line
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.records import TOUCHPOINTS
from influence_graph.model.touchpoints import kind_key

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.interactions.ledger import Ledger

EXPOSURES = ("points", "count")

OUTCOME_KINDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {"recommend": frozenset({"recommend"}), "loyalty": frozenset({"purchase", "repeat_purchase"})}
)
"""Kinds of interaction that are the outcome; loyalty is any of these kinds after a first one."""

_REPEATED = ("loyalty",)


@dataclass(frozen=True, eq=False, repr=False)
class Panel:
    """One row per bond and period with a period before it.

    Attributes:
        exposure: (rows, 5), the exposures in the period before, by ``TOUCHPOINTS``.
        outcome: Whether the outcome occurred in the period.
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

    def __repr__(self) -> str:
        figures = {"bonds": self.bonds, "rows": self.outcome.size, "outcomes": int(self.outcome.sum())}
        return short_line("Panel", figures)


@dataclass(frozen=True, eq=False)
class _Clock:
    """Bonds with their start, their rows, and the place of each event among them."""

    bond: NDArray[np.int64]
    start: NDArray[np.int64]
    rows: NDArray[np.int64]
    place: NDArray[np.int64]
    member: NDArray[np.bool_]


def build_panel(ledger: Ledger, outcome: str, window: timedelta, exposure: str, policy: FusionPolicy) -> Panel:
    """Return the panel of *ledger*.

    Args:
        ledger: Interactions in the order of the records.
        outcome: A key of :data:`OUTCOME_KINDS`.
        window: Length of a period, > 0.
        exposure: ``points``: each event counts the points that the policy derives for it where all weights
            are 1, which is the factor of the weight in a score; ``count``: each event counts 1.
        policy: Parameters of derived points and the touchpoint table.

    Raises:
        InputError: *ledger* has no kinds, which identify outcomes.
    """
    is_outcome = _is_outcome(ledger, outcome)
    width = window // timedelta(microseconds=1)
    clock = _clock(ledger, is_outcome if outcome in _REPEATED else np.ones(len(ledger), np.bool_), width)
    first = np.cumsum(clock.rows) - clock.rows
    size = int(clock.rows.sum())
    period = (ledger.at - clock.start[clock.place]) // width
    last = clock.rows[clock.place]
    exposed = clock.member & ~is_outcome & (period >= 0) & (period < last)
    has_outcome = clock.member & is_outcome & (period >= 1) & (period <= last)
    row = first[clock.place] + period
    amount, touchpoint = _amounts(ledger, exposure, policy)
    cells = row[exposed] * len(TOUCHPOINTS) + touchpoint[exposed]
    exposures: NDArray[np.float64] = np.zeros((size, len(TOUCHPOINTS)))
    exposures += np.bincount(cells, amount[exposed], exposures.size).reshape(exposures.shape)
    outcomes = np.zeros(size, np.bool_)
    outcomes[row[has_outcome] - 1] = True
    brands = max(len(ledger.brand.names), 1)
    consumer = np.repeat(clock.bond // brands, clock.rows)
    events = np.bincount(ledger.consumer.codes[exposed], minlength=len(ledger.consumer.names))
    periods = np.maximum(np.bincount(consumer, minlength=len(ledger.consumer.names)), 1)
    number = np.arange(size) - np.repeat(first, clock.rows) + 1
    activity = np.log1p(events / periods)[consumer]
    return Panel(exposures, outcomes, number, consumer, activity, int((clock.rows > 0).sum()))


def rows_of(ledger: Ledger, window: timedelta) -> int:
    """Return how many rows the panel of *ledger* has at most."""
    width = window // timedelta(microseconds=1)
    return int(_clock(ledger, np.ones(len(ledger), np.bool_), width).rows.sum())


def _is_outcome(ledger: Ledger, outcome: str) -> NDArray[np.bool_]:
    if ledger.kind is None:
        raise InputError(
            "the interactions have no column kind, by which outcomes are known",
            remedy=f"give kinds such as {', '.join(sorted(OUTCOME_KINDS[outcome]))}",
        )
    matches = [kind_key(str(name)) in OUTCOME_KINDS[outcome] for name in ledger.kind.names]
    return np.array([*matches, False])[ledger.kind.codes]  # a null kind is -1: the last one


def _clock(ledger: Ledger, starts: NDArray[np.bool_], width: int) -> _Clock:
    key = ledger.consumer.codes.astype(np.int64) * len(ledger.brand.names) + ledger.brand.codes
    bond, index = np.unique(key[starts], return_inverse=True)
    if not bond.size:
        none = np.zeros(1, np.int64)
        return _Clock(none, none, none, np.zeros(len(ledger), np.int64), np.zeros(len(ledger), np.bool_))
    start = np.full(bond.size, np.iinfo(np.int64).max)
    np.minimum.at(start, index, ledger.at[starts])
    periods = (ledger.at.max() + 1 - start) // width
    place = np.minimum(np.searchsorted(bond, key), bond.size - 1)
    return _Clock(bond, start, np.maximum(periods - 1, 0), place, bond[place] == key)


def _amounts(ledger: Ledger, exposure: str, policy: FusionPolicy) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """Return the amount of each event, and its touchpoint; declared points are ignored."""
    equal = {outcome: dict.fromkeys(TOUCHPOINTS, 1.0) for outcome in policy.weights}
    points = points_of(replace(ledger, points=None), replace(policy, weights=equal), EPOCH)
    return (points.points if exposure == "points" else np.ones(len(ledger))), points.touchpoint
