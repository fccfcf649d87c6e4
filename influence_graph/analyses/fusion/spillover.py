"""What an event on one brand gives to the brands that its consumer showed or named together with it.

An event on (c, B) moves (c, B') by a_e·ρ·β·π·s: π = n_B'/max(Σn, 1), where n are the links of c and B with each
other brand up to the time of the event, each counting half after every ``link_half_life_days``; β is the blame
of a negative event (1 for a positive one), ρ the policy's spillover and s in [-1, 1] the relation of the two
brands. Σπ ≤ 1, so that what an event spills is never more than ρ|a_e| in all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from influence_graph.analyses.fusion.bond_sums import Sums, counted, keys
from influence_graph.analyses.interactions.ledger import MICROS_PER_DAY
from influence_graph.kernels.fusion import bonds as kernel
from influence_graph.kernels.fusion import shares as share_kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.fusion.points import Points
    from influence_graph.analyses.interactions.ledger import Ledger
    from influence_graph.model.policy.policy import FusionPolicy


class Amounts(NamedTuple):
    """Signed amounts on bonds, direct or spilled over: one row per event or share, not yet added up.

    ``column`` is the sum of the bond to which the amount belongs.
    """

    consumer: NDArray[np.int32]
    brand: NDArray[np.int32]
    column: NDArray[np.int8]
    amount: NDArray[np.float64]

    def followed_by(self, other: Amounts) -> Amounts:
        """Return these amounts, then those of *other*."""
        if not other.amount.size:
            return self
        return Amounts(
            np.concatenate([self.consumer, other.consumer]),
            np.concatenate([self.brand, other.brand]),
            np.concatenate([self.column, other.column]),
            np.concatenate([self.amount, other.amount]),
        )


def direct(ledger: Ledger, points: Points, column: NDArray[np.int8], half: int = 1) -> Amounts:
    """Return what remains of the points of each event, and then of those returned to the other side.

    Args:
        ledger: Interactions.
        points: Their points.
        column: The sum of a bond that each interaction belongs to; columns from *half* on are to the consumer.
        half: Number of sums of a direction.
    """
    rows = Amounts(ledger.consumer.codes, ledger.brand.codes, column, points.points * points.decay)
    back = np.flatnonzero(points.returned)
    if not back.size:
        return rows
    other = ((column[back] + half) % (2 * half)).astype(np.int8)
    amount = (points.returned * points.decay)[back]
    return rows.followed_by(Amounts(ledger.consumer.codes[back], ledger.brand.codes[back], other, amount))


class EarlierLinks(NamedTuple):
    """Links of each consumer and pair of brands, as they count at ``time``, µs since 1970."""

    links: Sums
    time: int


def links_of(ledger: Ledger) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]:
    """Return key, other brand and time of each naming of another brand, once in either direction."""
    row, other = ledger.all_named()
    different = other != ledger.brand.codes[row]
    row, other = row[different], other[different]
    consumer, brand = ledger.consumer.codes[row], ledger.brand.codes[row]
    both = np.concatenate([keys(consumer, brand), keys(consumer, other)])
    return both, np.concatenate([other, brand]), np.tile(ledger.at[row], 2)


def spilled(
    ledger: Ledger, points: Points, policy: FusionPolicy, column: NDArray[np.int8], earlier: EarlierLinks | None = None
) -> tuple[Amounts, Sums]:
    """Return what spills over to each bond, and each pair of brands that was linked.

    Args:
        ledger: Interactions.
        points: Their points.
        policy: Gives ρ, the relations of brands and the half-life of links.
        column: The sum of a bond that each interaction belongs to.
        earlier: Links before the first interaction; default none.

    Returns:
        One row per consumer, brand of origin, brand and column; and the links of *ledger* alone, faded to
        the time of *earlier*.
    """
    if earlier is None:
        earlier = EarlierLinks(Sums.empty(1), int(ledger.at.max(initial=0)))
    key, other, time = links_of(ledger)
    half_life = policy.link_half_life_days * MICROS_PER_DAY
    named = counted(key, other, np.exp2((time - earlier.time) / half_life))
    slots = earlier.links.plus(Sums(named.key, named.other, np.zeros_like(named.value)))
    if not len(slots) or policy.spillover == 0:
        none = np.empty(0, np.int32)
        return Amounts(none, none, np.empty(0, np.int8), np.empty(0)), named
    pairs, slot_start = _starts(slots.key)
    pair_start = np.searchsorted(pairs >> 32, np.arange(len(ledger.consumer.names) + 1))
    sources = _sources(ledger, points, column, (pair_start, pairs))
    links = _links_by_pair(key, other, time, (slots, pairs, slot_start))[:3]
    strength = slots.value[:, 0].copy(), earlier.time, half_life
    given, reached = kernel.spillover(sources, links, slot_start, strength, int(column.max(initial=1)) + 1)
    relation = _relations(slots, ledger.brand.names, policy)
    slot, into = np.nonzero(reached & (relation != 0)[:, np.newaxis])
    amount = given[slot, into] * relation[slot] * policy.spillover
    return Amounts(slots.consumer[slot].astype(np.int32), slots.other[slot], into.astype(np.int8), amount), named


class Shares(NamedTuple):
    """Which share of the points of an event reaches which other brand: one row per event and brand that it reaches.

    ``share`` includes the spillover of the policy, the relation of the brands and the blame; ``link`` is the row of
    the latest interaction that links the two brands.
    """

    row: NDArray[np.int64]
    brand: NDArray[np.int32]
    share: NDArray[np.float64]
    link: NDArray[np.int64]


def shares_of(ledger: Ledger, points: Points, policy: FusionPolicy) -> Shares:
    """Return event by event what :func:`spilled` adds up; no links before the first of *ledger*."""
    key, other, time = links_of(ledger)
    slots = counted(key, other, np.ones(key.size))
    none = np.empty(0, np.int64)
    if not len(slots) or policy.spillover == 0:
        return Shares(none, none.astype(np.int32), np.empty(0), none)
    pairs, slot_start = _starts(slots.key)
    pair_start = np.searchsorted(pairs >> 32, np.arange(len(ledger.consumer.names) + 1))
    event, place = _spilling(ledger, points, (pair_start, pairs))
    pair, at, slot, order = _links_by_pair(key, other, time, (slots, pairs, slot_start))
    half_life = policy.link_half_life_days * MICROS_PER_DAY
    width = np.diff(slot_start)[place]
    out = np.zeros(int(width.sum())), np.full(int(width.sum()), -1)
    share_kernel.shares((place, ledger.at[event]), (pair, at, slot), slot_start, half_life, out)
    row, into = np.repeat(event, width), _ranges(slot_start[place], width)
    share = out[0] * _relations(slots, ledger.brand.names, policy)[into] * policy.spillover
    share *= np.broadcast_to(points.gate, len(ledger))[row]
    reached = share != 0
    linking = np.tile(_linking(ledger), 2)[order]
    return Shares(row[reached], slots.other[into[reached]], share[reached], linking[out[1][reached]])


def _linking(ledger: Ledger) -> NDArray[np.int64]:
    """Return the row of each naming of another brand, in the order of :func:`links_of`."""
    row, other = ledger.all_named()
    different: NDArray[np.bool_] = other != ledger.brand.codes[row]
    return row[different]


def _ranges(start: NDArray[np.int64], width: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers from each *start* on, as many as its *width*."""
    within = np.arange(int(width.sum())) - np.repeat(np.cumsum(width) - width, width)
    numbers: NDArray[np.int64] = np.repeat(start, width) + within
    return numbers


def _starts(key: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the different values of the sorted *key*, and where each starts."""
    first = np.flatnonzero(np.append(True, key[1:] != key[:-1]))
    return key[first], np.append(first, key.size)


def _sources(
    ledger: Ledger, points: Points, column: NDArray[np.int8], by_consumer: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int8], NDArray[np.float64]]:
    """Return the events on linked pairs that have something to spill, sorted by pair and time."""
    event, place = _spilling(ledger, points, by_consumer)
    amount = points.points[event]
    for factor in (points.gate, points.decay):
        amount = amount * (factor[event] if isinstance(factor, np.ndarray) else factor)
    return place, ledger.at[event], column[event], amount


def _spilling(
    ledger: Ledger, points: Points, by_consumer: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the events on linked pairs that have something to spill and their pairs, sorted by pair and time."""
    start, pairs = by_consumer
    place = kernel.find_pairs(ledger.consumer.codes, ledger.brand.codes, start, (pairs & 0xFFFFFFFF).astype(np.int32))
    # Whether an event spills is decided before it decays: a bond must not vanish only because time passes.
    event = np.flatnonzero((place >= 0) & (points.points * points.gate != 0))
    event = event[_by_time(place[event], ledger.at[event], pairs.size)]
    return event, place[event]


def _links_by_pair(
    key: NDArray[np.int64],
    other: NDArray[np.int32],
    time: NDArray[np.int64],
    table: tuple[Sums, NDArray[np.int64], NDArray[np.int64]],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return pair, time and slot of each link, sorted by pair and time, and the place of each before it was sorted."""
    slots, pairs, slot_start = table
    pair = np.searchsorted(pairs, key)
    slot = kernel.find_pairs(pair, other, slot_start, slots.other)
    order = _by_time(pair, time, pairs.size)
    return pair[order], time[order], slot[order], order


def _by_time(group: NDArray[np.int64], time: NDArray[np.int64], groups: int) -> NDArray[np.int64]:
    """Return the order by group and time: no comparison at all where time already ascends."""
    order = np.empty(group.size, np.int64)
    if (time[1:] >= time[:-1]).all():
        kernel.group_rows(group, groups, order)
        return order
    by_time = np.argsort(time, kind="stable")
    kernel.group_rows(group[by_time], groups, order)
    return by_time[order]


def _relations(slots: Sums, names: NDArray[np.object_], policy: FusionPolicy) -> NDArray[np.float64]:
    """Return the policy's relation of the two brands of each slot."""
    relation = np.ones(len(slots))
    place = {name: code for code, name in enumerate(names)} if policy.rivals else {}
    for one, two in policy.rivals:
        a, b = place.get(one, -1), place.get(two, -1)
        here = ((slots.brand == a) & (slots.other == b)) | ((slots.brand == b) & (slots.other == a))
        relation[here] = policy.relation(one, two)
    return relation
