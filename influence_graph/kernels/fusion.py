"""Folding signed points into bonds, and spreading them over co-associated brands."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def _by_consumer(consumer, brand, side, amount, consumers):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return rows grouped by consumer: start of each group, brand·2 + side, and amount."""
    start = np.zeros(consumers + 1, dtype=np.int64)
    for c in consumer:
        start[c + 1] += 1
    for c in range(consumers):
        start[c + 1] += start[c]
    place = start[:-1].copy()
    slot = np.empty(consumer.size, dtype=np.int64)
    value = np.empty(consumer.size, dtype=np.float64)
    for e in range(consumer.size):
        at = place[consumer[e]]
        place[consumer[e]] = at + 1
        slot[at] = 2 * np.int64(brand[e]) + side[e]
        value[at] = amount[e]
    return start, slot, value


@njit(cache=True, nogil=True)
def _count_bonds(start, slot, brands):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the number of different brands over all groups."""
    last = np.full(brands, -1, dtype=np.int64)
    bonds = 0
    for c in range(start.size - 1):
        for k in range(start[c], start[c + 1]):
            b = slot[k] >> 1
            if last[b] != c:
                last[b] = c
                bonds += 1
    return bonds


@njit(cache=True, nogil=True)
def fold(consumer, brand, side, amount, consumers, brands):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return the bonds of signed rows: consumer, brand and the two sums of each, in ascending order.

    Args:
        consumer: Index of each row's consumer, below *consumers*.
        brand: Index of each row's brand, below *brands*.
        side: 0 for to_brand, 1 for to_consumer.
        amount: Points of each row.
        consumers: Number of consumers.
        brands: Number of brands.

    Returns:
        int32 consumers, int32 brands, and float64 of shape (bonds, 2): sums per side.
    """
    start, slot, value = _by_consumer(consumer, brand, side, amount, consumers)
    bonds = _count_bonds(start, slot, brands)
    bond_consumer = np.empty(bonds, dtype=np.int32)
    bond_brand = np.empty(bonds, dtype=np.int32)
    sums = np.zeros((bonds, 2))
    total = np.zeros(2 * brands)
    last = np.full(brands, -1, dtype=np.int64)
    done = 0
    for c in range(consumers):
        first = done
        for k in range(start[c], start[c + 1]):
            b = slot[k] >> 1
            if last[b] != c:
                last[b] = c
                bond_brand[done] = b
                done += 1
            total[slot[k]] += value[k]
        bond_brand[first:done].sort()
        for i in range(first, done):
            b = bond_brand[i]
            bond_consumer[i] = c
            for d in range(2):
                sums[i, d] = total[2 * b + d]
                total[2 * b + d] = 0.0
    return bond_consumer, bond_brand, sums


@njit(cache=True, nogil=True)
def spread(events, links, slot_start):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return what the events of each bond give to the brands that were linked with it by then.

    The bond's brand was linked ``count`` times with each other brand and ``total`` times in all, up
    to and with the time of the event; each other brand gets ``amount·count/total``. Between two
    links the shares stay, so that amounts are saved up and handed out when the next link comes.

    Args:
        events: (bond, time, side, amount) arrays, sorted by bond and time.
        links: (bond, time, slot) arrays, sorted likewise; a slot is one bond and one other brand.
        slot_start: Slots of bond ``b`` are ``slot_start[b]:slot_start[b + 1]``.

    Returns:
        float64 (slots, 2): points per side; and for each slot and side whether any event reached it.
    """
    bond, time, side, amount = events
    link_bond, link_time, link_slot = links
    slots = slot_start[-1]
    given = np.zeros((slots, 2))
    reached = np.zeros((slots, 2), dtype=np.bool_)
    count = np.zeros(slots)
    saved = np.zeros(2)
    waiting = np.zeros(2, dtype=np.bool_)
    e = link = 0
    while e < bond.size:
        b = bond[e]
        total = 0.0
        while link < link_bond.size and link_bond[link] < b:
            link += 1
        while e < bond.size and bond[e] == b:
            while link < link_bond.size and link_bond[link] == b and link_time[link] <= time[e]:
                _hand_out(saved, waiting, count, total, slot_start[b], slot_start[b + 1], given, reached)
                count[link_slot[link]] += 1.0
                total += 1.0
                link += 1
            if total > 0.0:
                saved[side[e]] += amount[e]
                waiting[side[e]] = True
            e += 1
        _hand_out(saved, waiting, count, total, slot_start[b], slot_start[b + 1], given, reached)
    return given, reached


@njit(cache=True, nogil=True)
def _hand_out(saved, waiting, count, total, first, end, given, reached):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Give what was saved up to the slots *first* to *end* by their counts."""
    for d in range(2):
        if waiting[d]:
            for s in range(first, end):
                if count[s] > 0.0:
                    given[s, d] += saved[d] * count[s] / total
                    reached[s, d] = True
            saved[d] = 0.0
            waiting[d] = False
