"""The terms of all Fusion Scores at one state of the ledger, as arrays: one row per event and bond that it reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow.compute as pc

from influence_graph.analyses.fusion.points import points_of
from influence_graph.analyses.fusion.spillover import shares_of
from influence_graph.analyses.interactions.ledger import Ledger
from influence_graph.kernels.fusion import bonds as kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.model.policy.policy import FusionPolicy

TERMS = ("direct", "returned", "spillover")
DIRECT, RETURNED, SPILLOVER = range(3)


class EventTerms(NamedTuple):
    """What each event gives to a bond: one row per event, brand that it reaches, and term.

    Attributes:
        key: int64 of event, brand and term, ascending, each once; the same in all states of one ledger.
        row: Row of the event in the whole ledger.
        brand: Code of the bond's brand.
        term: Index into :data:`TERMS`.
        side: Index into ``DIRECTIONS``: whom it is given to.
        link: Row, in the whole ledger, of the latest interaction that links the two brands of a spillover, else -1.
        given: Points that it gives on its day.
        amount: What is left of them now.
    """

    key: NDArray[np.int64]
    row: NDArray[np.int64]
    brand: NDArray[np.int32]
    term: NDArray[np.int8]
    side: NDArray[np.int8]
    link: NDArray[np.int64]
    given: NDArray[np.float64]
    amount: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LedgerState:
    """What scores were calculated from.

    Attributes:
        whole: All interactions of the latest state that is compared.
        ledger: Those that were on record in this state.
        as_of: Only what had happened and was known by then counts.
        policy: Parameters.
    """

    whole: Ledger
    ledger: Ledger
    as_of: datetime
    policy: FusionPolicy

    @cached_property
    def counting(self) -> Ledger:
        """The interactions that count."""
        return self.ledger.as_known_at(self.as_of)

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """The rows of ``counting`` in ``whole``."""
        return self.places(self.counting)

    def places(self, ledger: Ledger) -> NDArray[np.int64]:
        """Return the rows in ``whole`` of *ledger*, some of its interactions."""
        if len(ledger) == len(self.whole):
            return np.arange(len(ledger))
        found = pc.index_in(ledger.event_id, value_set=self.whole.event_id)
        places: NDArray[np.int64] = found.to_numpy(zero_copy_only=False).astype(np.int64)
        return places

    def terms(self) -> EventTerms:
        """Return the terms of all bonds."""
        ledger, points = self.counting, points_of(self.counting, self.policy, self.as_of)
        back = np.flatnonzero(points.returned)
        spilled = shares_of(ledger, points, self.policy)
        row = np.concatenate([np.arange(len(ledger)), back, spilled.row])
        given = (points.points, points.returned[back], points.points[spilled.row] * spilled.share)
        sizes = [each.size for each in given]
        brand = np.concatenate([ledger.brand.codes[row[: -spilled.row.size or None]], spilled.brand])
        term = np.repeat(np.arange(len(TERMS), dtype=np.int8), sizes)
        side = np.where(term == RETURNED, 1 - points.side[row], points.side[row]).astype(np.int8)
        link = np.full(row.size, -1)
        link[term == SPILLOVER] = self.rows[spilled.link]
        event = self.rows[row]
        key = (event * len(ledger.brand.names) + brand) * len(TERMS) + term
        order = np.argsort(key, kind="stable")
        points_given = np.concatenate(given)
        amount = points_given * np.broadcast_to(points.decay, len(ledger))[row]
        terms = EventTerms(key, event, brand, term, side, link, points_given, amount)
        return EventTerms._make(column[order] for column in terms)


def score_sums(whole: Ledger, terms: EventTerms) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    """Return code of consumer and brand of each bond of *terms*, in ascending order, and the sum of its terms."""
    consumer = whole.consumer.codes[terms.row]
    rows = consumer, terms.brand, np.zeros(consumer.size, np.int8), terms.amount
    consumers, brands, sums = kernel.sum_by_bond(rows, len(whole.consumer.names), len(whole.brand.names), 1)
    return consumers, brands, sums[:, 0]


def merged(*sorted_keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return all keys of ascending arrays once each, in ascending order."""
    together = np.sort(np.concatenate(sorted_keys), kind="stable")  # which merges what is sorted already
    first = np.ones(together.size, np.bool_)
    first[1:] = together[1:] != together[:-1]
    keys: NDArray[np.int64] = together[first]
    return keys


def bond_codes(whole: Ledger, row: NDArray[np.int64], brand: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return consumer · brands + brand of each row."""
    codes: NDArray[np.int64] = whole.consumer.codes[row].astype(np.int64) * len(whole.brand.names) + brand
    return codes
