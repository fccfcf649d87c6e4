"""What interactions mean, resolved whenever they are read: the one place where records meet the touchpoint table.

A record keeps what it says. Touchpoint, direction, weight and valence that it does not say are those of its
kind in the table in use, so that a change of the table changes all answers at once. Kinds that the table
does not list are neutral, and counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from influence_graph.analyses.interactions.ledger import MICROS_PER_DAY, Coded, Ledger
from influence_graph.kernels.fusion import bonds as kernel
from influence_graph.kernels.fusion.repeats import later_days
from influence_graph.model.records import DIRECTIONS, RETRACTION, TOUCHPOINTS
from influence_graph.model.touchpoints import OUTCOME_NAMES, VOTES, KindRule, TouchpointTable, kind_key

if TYPE_CHECKING:
    from numpy.typing import NDArray

TO_BRAND, TO_CONSUMER = (DIRECTIONS.index(name) for name in ("to_brand", "to_consumer"))


@dataclass(frozen=True, eq=False)
class Meaning:
    """What each interaction of a ledger means; arrays have one value per row.

    Attributes:
        touchpoint: Index into ``TOUCHPOINTS``.
        side: Index into ``DIRECTIONS``.
        valence: In [-1, 1]: the record's own, else the sign of its declared points, else that of its kind.
        strength: ≥ 0: weight of the kind times weight of the record.
        returned: ≥ 0: what the other side receives, likewise.
        shows: Index into ``OUTCOME_NAMES`` of the outcome that the kind shows, -1 for none.
        vote: Index into ``VOTES``, -1 for none.
        known: Whether the table, or the record's own valence or points, say how good it is: False is neutral.
        unknown: Number of rows by kind that the table does not list.
    """

    touchpoint: NDArray[np.int8]
    side: NDArray[np.int8]
    valence: NDArray[np.float64]
    strength: NDArray[np.float64]
    returned: NDArray[np.float64]
    shows: NDArray[np.int8]
    vote: NDArray[np.int8]
    known: NDArray[np.bool_]
    unknown: dict[str, int]

    def acts(self) -> NDArray[np.bool_]:
        """Return which rows consumers did: interactions from them, and votes, by feet such as free use too."""
        done: NDArray[np.bool_] = (self.side == TO_BRAND) | (self.vote >= 0)
        return done

    def purchases(self) -> NDArray[np.bool_]:
        """Return which rows are purchases: good votes by wallet, toward the brand."""
        wallet = self.vote == VOTES.index("wallet")
        bought: NDArray[np.bool_] = wallet & (self.side == TO_BRAND) & (self.valence > 0)
        return bought

    def showing(self, outcome: str) -> NDArray[np.bool_]:
        """Return which rows show *outcome*, one of ``OUTCOME_NAMES``, in its favor."""
        shown: NDArray[np.bool_] = (self.shows == OUTCOME_NAMES.index(outcome)) & (self.valence > 0)
        return shown


def meaning_of(ledger: Ledger, table: TouchpointTable) -> Meaning:
    """Return what each row of *ledger* means by *table*.

    The rows should be all those of their consumers, because a kind may mean another from its second day on.
    """
    names = [] if ledger.kind is None else ledger.kind.names.tolist()
    kind, rules = _rules(ledger, table, names)
    of = _Columns(kind, rules)
    own = given_or(ledger.valence, np.nan if ledger.points is None else np.sign(ledger.points))
    own = np.broadcast_to(own, len(ledger))
    listed = np.array([*(table.knows(name) for name in names), *(True for _ in rules[len(names) :])], np.bool_)
    weight = 1.0 if ledger.weight is None else np.where(np.isnan(ledger.weight), 1.0, ledger.weight)
    return Meaning(
        touchpoint=_coded(ledger.touchpoint, TOUCHPOINTS, of(lambda rule: TOUCHPOINTS.index(rule.touchpoint), np.int8)),
        side=_coded(ledger.direction, DIRECTIONS, of(lambda rule: DIRECTIONS.index(rule.direction), np.int8)),
        valence=given_or(own, of(lambda rule: rule.valence)),
        strength=of(lambda rule: rule.weight) * weight,
        returned=of(lambda rule: rule.returned) * weight,
        shows=of(lambda rule: OUTCOME_NAMES.index(rule.shows) if rule.shows else -1, np.int8),
        vote=of(lambda rule: VOTES.index(rule.vote) if rule.vote else -1, np.int8),
        known=listed[kind] | ~np.isnan(own),
        unknown=_unknown(ledger, table, names),
    )


def unknown_kinds(ledger: Ledger, table: TouchpointTable) -> dict[str, int]:
    """Return how many rows of *ledger* are of each kind that *table* does not list, the most frequent first."""
    return _unknown(ledger, table, [] if ledger.kind is None else ledger.kind.names.tolist())


def may_repeat(ledger: Ledger, table: TouchpointTable) -> NDArray[np.bool_]:
    """Return which rows of *ledger* mean another kind from their second day on, which depends on other rows."""
    if ledger.kind is None:
        return np.full(len(ledger), bool(table.default.repeated))
    repeats = [bool(table.rule(name).repeated) for name in ledger.kind.names.tolist()]
    return np.array([*repeats, bool(table.default.repeated)])[ledger.kind.codes]


def given_or(given: NDArray[np.float64] | None, default: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Return the given numbers, the default where they are missing."""
    if given is None:
        return np.asarray(default, dtype=np.float64)
    return np.where(np.isnan(given), default, given)


class _Columns:
    """Properties of each row's rule; each different rule is asked once."""

    def __init__(self, kind: NDArray[np.int32], rules: Sequence[KindRule]) -> None:
        self._kind, self._rules = kind, rules

    def __call__(self, value: Callable[[KindRule], float], dtype: Any = np.float64) -> NDArray[Any]:  # noqa: ANN401
        return np.array([value(rule) for rule in self._rules], dtype=dtype)[self._kind]


def _rules(ledger: Ledger, table: TouchpointTable, names: Sequence[str]) -> tuple[NDArray[np.int32], list[KindRule]]:
    """Return the rule of each row as an index, and all rules."""
    rules = [*(table.rule(name) for name in names), table.default]
    codes = np.full(len(ledger), -1, np.int32) if ledger.kind is None else ledger.kind.codes
    kind = np.where(codes < 0, np.int32(len(names)), codes)
    repeatable = sorted({rule.repeated for rule in rules if rule.repeated})
    if not repeatable:
        return kind, rules
    of_rule = np.array([repeatable.index(rule.repeated) if rule.repeated else -1 for rule in rules], np.int64)
    later = _later(ledger, of_rule[kind], len(repeatable))
    repeated = np.int32(len(rules)) + of_rule[kind].astype(np.int32)
    return np.where(later, repeated, kind), [*rules, *(table.rule(name) for name in repeatable)]


def _later(ledger: Ledger, chain: NDArray[np.int64], chains: int) -> NDArray[np.bool_]:
    """Return which rows are on a later day than the first one of their consumer, brand and *chain* (-1: none)."""
    rows = np.flatnonzero(chain >= 0)
    later = np.zeros(len(ledger), np.bool_)
    if not rows.size:
        return later
    order = np.empty(rows.size, np.int64)
    start = kernel.group_rows(ledger.consumer.codes[rows], len(ledger.consumer.names), order)
    slot = ledger.brand.codes[rows].astype(np.int64) * chains + chain[rows]
    day = ledger.at[rows] // MICROS_PER_DAY
    later[rows] = later_days(start, order, slot, day, len(ledger.brand.names) * chains)
    return later


def _coded(given: Coded | None, order: Sequence[str], default: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return indices into *order*: the given value of a row, or its default."""
    if given is None:
        return default
    place = np.array([*(order.index(name) for name in given.names), -1], dtype=np.int8)[given.codes]
    return place if place.size and place.min() >= 0 else np.where(place < 0, default, place)


def _unknown(ledger: Ledger, table: TouchpointTable, names: Sequence[str]) -> dict[str, int]:
    strange = [code for code, name in enumerate(names) if not table.knows(name) and kind_key(name) != RETRACTION]
    if ledger.kind is None or not strange:
        return {}
    count = np.bincount(ledger.kind.codes[ledger.kind.codes >= 0], minlength=len(names))
    found = [(str(names[code]), int(count[code])) for code in strange if count[code]]
    return dict(sorted(found, key=lambda pair: (-pair[1], pair[0])))
