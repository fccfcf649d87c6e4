"""Sums of signed points by bond, and their spillover to co-associated brands."""

from __future__ import annotations

from math import tanh
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray


@njit(cache=True, nogil=True)
def _group_starts(group, groups):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return where each group starts when rows are ordered by group."""
    start = np.zeros(groups + 1, dtype=np.int64)
    for g in group:
        start[g + 1] += 1
    for g in range(groups):
        start[g + 1] += start[g]
    return start


@njit(cache=True, nogil=True)
def group_rows(group, groups, order):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Fill *order* with the rows of each group, in the order given; return where each group starts.

    Args:
        group: Index of each row's group, below *groups*.
        groups: Number of groups.
        order: int32 or int64 array of as many rows, to fill.
    """
    start = _group_starts(group, groups)
    place = start[:-1].copy()
    for row in range(group.size):
        g = group[row]
        order[place[g]] = row
        place[g] += 1
    return start


@njit(cache=True, nogil=True)
def _by_consumer(rows, start, columns, slot, value):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Fill *slot* with brand · columns + column and *value* with the amount of rows, grouped by consumer."""
    consumer, brand, column, amount = rows
    place = start[:-1].copy()
    for e in range(consumer.size):
        at = place[consumer[e]]
        place[consumer[e]] = at + 1
        slot[at] = columns * np.int64(brand[e]) + column[e]
        value[at] = amount[e]


@njit(cache=True, nogil=True)
def _sum_groups(start, grouped_rows, brands, bonds):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Fill *bonds* with the sums of each consumer and brand, in ascending order; return their number."""
    slot, value = grouped_rows
    bond_consumer, bond_brand, sums = bonds
    columns = sums.shape[1]
    total = np.zeros(columns * brands)
    last = np.full(brands, -1, dtype=np.int64)
    done = 0
    for c in range(start.size - 1):
        first = done
        for k in range(start[c], start[c + 1]):
            b = slot[k] // columns
            if last[b] != c:
                last[b] = c
                bond_brand[done] = b
                done += 1
            total[slot[k]] += value[k]
        if done - first > 1:
            bond_brand[first:done].sort()
        for i in range(first, done):
            bond_consumer[i] = c
            for d in range(columns):
                sums[i, d] = total[columns * bond_brand[i] + d]
                total[columns * bond_brand[i] + d] = 0.0
    return done


def sum_by_bond(
    rows: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int8], NDArray[np.float64]],
    consumers: int,
    brands: int,
    columns: int = 2,
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    """Return the bonds of signed rows: consumer, brand and the sums of each, in ascending order.

    Args:
        rows: (consumer, brand, column, amount) arrays; column is below *columns*.
        consumers: Number of consumers.
        brands: Number of brands.
        columns: Number of sums of a bond; 2 where they are to_brand and to_consumer.

    Returns:
        int32 consumers, int32 brands, and float64 of shape (bonds, columns).
    """
    consumer = rows[0]
    start = _group_starts(consumer, consumers)
    # The large arrays are numpy's own, in huge pages where there are any: a first touch costs most of
    # the time otherwise. Rows after the last bond are never touched and take no memory.
    slot = np.empty(consumer.size, dtype=np.int32 if columns * brands < 2**31 else np.int64)
    value = np.empty(consumer.size)
    # A plain tuple: numba's cache on disk names the class of a named one and fails once that is renamed.
    _by_consumer(tuple(rows), start, columns, slot, value)
    bonds = np.empty(consumer.size, np.int32), np.empty(consumer.size, np.int32), np.empty((consumer.size, columns))
    done = _sum_groups(start, (slot, value), brands, bonds)
    return bonds[0][:done], bonds[1][:done], bonds[2][:done]


@njit(cache=True, nogil=True)
def bond_terms(sums, scale, out):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Fill the rows of *out* with F, L→, L←, reciprocity and display of bonds, in one pass.

    Reciprocity is 2·min(L→⁺, L←⁺)/(L→⁺ + L←⁺), NaN where a direction is not on record: its sum is exactly 0;
    display is 100·tanh(F/scale).

    Args:
        sums: float64 (bonds, 2): L→ and L←.
        scale: S > 0 of the display.
        out: float64 (5, bonds).
    """
    for i in range(out.shape[1]):
        to_brand, to_consumer = sums[i, 0], sums[i, 1]
        high = max(to_brand, to_consumer)
        ratio = max(min(to_brand, to_consumer), 0.0) / high if high > 0.0 else 0.0
        out[0, i], out[1, i], out[2, i] = to_brand + to_consumer, to_brand, to_consumer
        on_record = to_brand != 0.0 and to_consumer != 0.0
        out[3, i] = 2.0 * ratio / (1.0 + ratio) if on_record else np.nan  # this quotient's sum cannot overflow
        out[4, i] = 100.0 * tanh((to_brand + to_consumer) / scale)


@njit(cache=True, nogil=True)
def find_pairs(consumer, brand, start, brands):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return the position of each (consumer, brand) among sorted pairs, -1 where it is missing.

    Args:
        consumer: Index of each row's consumer.
        brand: Index of each row's brand.
        start: The pairs of consumer ``c`` are ``start[c]:start[c + 1]``.
        brands: The brand of each pair, ascending within a consumer.
    """
    position = np.full(consumer.size, -1, dtype=np.int64)
    for e in range(consumer.size):
        low, end = start[consumer[e]], start[consumer[e] + 1]
        high = end
        while low < high:
            middle = (low + high) // 2
            if brands[middle] < brand[e]:
                low = middle + 1
            else:
                high = middle
        if low < end and brands[low] == brand[e]:
            position[e] = low
    return position


@njit(cache=True, nogil=True)
def spillover(events, links, slot_start, strength, columns):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return what the events of each pair give to the brands that were linked with it at that time.

    A link counts 1, and half after each half-life. With ``count`` the links of the pair's brand with each
    other brand and ``total`` all of them, up to and including the time of the event, each other brand gets
    ``amount · count / max(total, 1)``: links that have faded pass on less. The ratios count / total are
    constant between two links, so that amounts are added up and distributed before the next link.

    Args:
        events: (pair, time, column, amount) arrays, sorted by pair and time.
        links: (pair, time, slot) arrays, sorted likewise; a slot is one pair and one other brand.
        slot_start: Slots of pair ``p`` are ``slot_start[p]:slot_start[p + 1]``.
        strength: float64 count of each slot from earlier links, changed in place; the time at which they
            stand; and the half-life, in the unit of times, or infinite.
        columns: Number of sums of a slot.

    Returns:
        float64 (slots, columns): points; and for each slot and column whether any event reached it.
    """
    pair, time, column, amount = events
    link_pair, link_time, link_slot = links
    count, reference, half_life = strength
    given = np.zeros((slot_start[-1], columns))
    reached = np.zeros((slot_start[-1], columns), dtype=np.bool_)
    pending = np.zeros(columns)
    is_pending = np.zeros(columns, dtype=np.bool_)
    e = link = 0
    while e < pair.size:
        p = pair[e]
        slots = range(slot_start[p], slot_start[p + 1])
        total = 0.0
        for s in slots:
            total += count[s]
        stands = reference
        while link < link_pair.size and link_pair[link] < p:
            link += 1
        while e < pair.size and pair[e] == p:
            while link < link_pair.size and link_pair[link] == p and link_time[link] <= time[e]:
                _distribute((pending, is_pending), (count, total), slots, given, reached)
                faded = 2.0 ** (-(link_time[link] - stands) / half_life) if total > 0.0 else 0.0
                stands = link_time[link]
                for s in slots:
                    count[s] *= faded
                count[link_slot[link]] += 1.0
                total = total * faded + 1.0
                link += 1
            if total > 0.0:
                now = total * 2.0 ** (-(time[e] - stands) / half_life)
                pending[column[e]] += amount[e] * min(now, 1.0)
                is_pending[column[e]] = True
            e += 1
        _distribute((pending, is_pending), (count, total), slots, given, reached)
    return given, reached


@njit(cache=True, nogil=True)
def _distribute(held, shares, slots, given, reached):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Distribute the pending amounts to *slots* by their counts."""
    pending, is_pending = held
    count, total = shares
    for d in range(pending.size):
        if is_pending[d]:
            for s in slots:
                if count[s] > 0.0:
                    given[s, d] += pending[d] * count[s] / total
                    reached[s, d] = True
            pending[d] = 0.0
            is_pending[d] = False


@njit(cache=True, nogil=True)
def merge_sums(old, new, decay, drop, out):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Add two sorted tables of keyed sums into *out*; return its number of rows.

    Args:
        old: (key, other, value) arrays, sorted by key and other, each pair once; key >> 32 is a consumer.
        new: Likewise.
        decay: Factor in [0, 1] of each column of the old values.
        drop: Whether the old rows of a consumer are left out, one per consumer.
        out: (key, other, value) arrays with room for all rows of both.
    """
    key, other, value = old
    i = j = done = 0
    while i < key.size or j < new[0].size:
        if i < key.size and drop[key[i] >> 32]:
            i += 1
            continue
        before = j == new[0].size or (i < key.size and (key[i], other[i]) < (new[0][j], new[1][j]))
        both = not before and i < key.size and key[i] == new[0][j] and other[i] == new[1][j]
        out[0][done], out[1][done] = (key[i], other[i]) if before else (new[0][j], new[1][j])
        for d in range(decay.size):
            decayed = decay[d] * value[i, d] if before or both else 0.0
            out[2][done, d] = decayed if before else decayed + new[2][j, d]
        i += before or both
        j += not before
        done += 1
    return done
