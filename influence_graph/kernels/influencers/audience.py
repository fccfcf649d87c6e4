# ruff: noqa: ANN001, ANN202, C901, PLR0912, PLR0913, PLR0915 - compiled: calls and tuples in loops cost
"""What the audience of a person took up before and after that person, and what comparable people would have.

For each item that ``v`` took up, and each event in a stratum of the audience, ``p`` is the weight of the audience over
that of all who had not taken it up: the score of a Cox model at no effect (Hoppitt, Boogert and Laland 2010,
https://doi.org/10.1016/j.jtbi.2010.01.006). Events at one time share one risk set. An event without comparators, and
one at the very time of ``v``'s own, tells nothing and is left out. Sums have the shape (bins, 2, :data:`SUMS`): by
lag, before and after, and O, E, V and the baseline, what the audience would do at the rate of the unexposed alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

from influence_graph.kernels.influencers.risk_sets import find
from influence_graph.kernels.interrupts import interruptible

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.kernels.influencers.risk_sets import Audience, Events, People, Taken

SUMS = 6
"""O, E, V, the baseline, its variance, and the number of events without comparators."""
_NOTHING = np.zeros((0, 0, 0, 0))
_NOBODY = np.zeros((0, 0))
_ALL = 1.0 - 1e-9  # of the weight at risk: nobody is left to compare with


class World(NamedTuple):
    """All that the sums are made of.

    ``lags`` are the ends of the bins, the last of which is ∞. ``first`` and ``last`` are the times of the first and the
    last event, ``longest`` is the number of events of the longest group.
    """

    events: Events
    taken: Taken
    people: People
    audience: Audience
    lags: NDArray[np.float64]
    first: float
    last: float
    longest: int


class Blocks(NamedTuple):
    """Parts of audiences, each of one stratum: ``audience.person[start[b]:end[b]]`` see ``of[b]``."""

    of: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]

    def at(self, places: NDArray[np.int64] | slice) -> Blocks:
        """Return those at *places*."""
        return Blocks(self.of[places], self.start[places], self.end[places])


def blocks_of(world: World, first: int, last: int) -> Blocks:
    """Return the blocks of the audiences of the people from *first* to *last*, by person, then stratum."""
    audience, low, high = world.audience, world.audience.start[first], world.audience.start[last]
    seen = np.repeat(np.arange(first, last), np.diff(audience.start[first : last + 1]))
    stratum = world.people.stratum[audience.person[low:high]]
    new = np.ones(high - low, dtype=np.bool_)
    new[1:] = (seen[1:] != seen[:-1]) | (stratum[1:] != stratum[:-1])
    starts = np.flatnonzero(new)
    return Blocks(seen[starts], low + starts, low + np.append(starts[1:], high - low))


@njit(cache=True, nogil=True, error_model="numpy")
def _bin(lags, lag):  # type: ignore[no-untyped-def]
    b = 0
    while lag > lags[b]:
        b += 1
    return b


@njit(cache=True, nogil=True, error_model="numpy")
def _first_above(values, low, high, value):  # type: ignore[no-untyped-def]
    """Return the place of the first of the ascending ``values[low:high]`` above *value*, *high* where there is none."""
    while low < high:
        middle = (low + high) >> 1
        if values[middle] <= value:
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True, nogil=True, error_model="numpy")
def _corrected(  # type: ignore[no-untyped-def]
    times, period, together, weight, own_weight, person, since, lags, block, span, at, until, theirs, mass, total, sums
):
    """Add what would be lost of O and E without each one of *block*, less the weight at risk that all are given.

    Nothing, for who did not take the item up, was exposed all along, and always counts. *mass* is 0 at the events that
    tell nothing; *until*, *theirs* and *sums* begin with the first of the block.
    """
    low, high = span
    same, other = own_weight
    for f in range(block[0], block[1]):
        gone, own, who, n = until[f - block[0]] if until.size else np.inf, theirs[f - block[0]], person[f], f - block[0]
        if own < 0 and since[f] <= at and gone == np.inf:
            continue
        end = together[own] if own >= 0 else high
        for k in range(low, high):
            if mass[k - low] <= 0.0:
                continue
            late = times[k] > at
            b, after = _bin(lags, abs(times[k] - at)), 1 if late else 0
            part = -weight[who, period[k]]
            if k < end and times[k] < gone and not (late and times[k] < since[f]):
                if k == own:
                    sums[n, b, after, 0] += 1.0
                    part += mass[k - low]
                elif own >= 0:
                    part = -(same if period[own] == period[k] else other)
                else:
                    continue
            sums[n, b, after, 1] += part / total[k - low]


@njit(cache=True, nogil=True, error_model="numpy")
def _walk(world, begin, until, blocks, sums, by_item, by_person):  # type: ignore[no-untyped-def]
    """Walk *blocks* of the audience with the items of those whom they see.

    Fills *sums* by block, or by item where *by_item*, which is of one person, with *by_person*. One function does it
    all, and takes the arrays out of the tuples once: counting references to them in the loops would cost more than the
    sums.

    For each event of an item in the stratum of the block ``mass`` becomes the weight of those of the block who are at
    risk, ``lost`` of those who count no more, ``state`` 1 where somebody exposed acts, -1 where somebody does who
    counts no more. What those of the block weigh in a period who were exposed by some time is the same for all items
    (``exposed``, a row more for each one as exposures begin): who took the item up is taken out of it. Weights are
    exact, so the order does not matter (:class:`~influence_graph.kernels.influencers.risk_sets.People`).
    ``theirs`` is when each of the block took the item up, ``rate`` the sum of 1 / weight at risk of the events, by bin,
    side and period.
    """
    events, taken, audience = world.events, world.taken, world.audience
    users, times, period, together, at_risk = events.users, events.times, events.period, events.together, events.at_risk
    item_groups, group_start, group_stratum = events.item_groups, events.group_start, events.group_stratum
    taken_start, taken_items, taken_place = taken.start, taken.items, taken.place
    stratum, weight, same, other = (
        world.people.stratum,
        world.people.weight,
        world.people.own_same,
        world.people.own_other,
    )
    start, person, since, lags = audience.start, audience.person, audience.since, world.lags
    periods, ends_pairs, one = weight.shape[1], until.size > 0, by_person.size > 0
    largest = max(np.max(blocks.end - blocks.start), 0) if blocks.of.size else 0
    exposed = np.zeros((largest + 1, periods))
    mass, lost, total = np.zeros(world.longest), np.zeros(world.longest), np.zeros(world.longest)
    state = np.zeros(world.longest, dtype=np.int8)
    theirs = np.full(largest, -1)
    rate = np.zeros((lags.size, 2, periods))
    for block in range(blocks.of.size):
        v, first, end = blocks.of[block], blocks.start[block], blocks.end[block]
        offset, mine = start[v], stratum[person[first]]
        inside, size = stratum[v] == mine, end - first
        order = np.argsort(since[first:end])
        began = since[first:end][order]
        for f in range(size):
            for p in range(periods):
                exposed[f + 1, p] = exposed[f, p] + weight[person[first + order[f]], p]
        rate[:] = 0.0
        for j in range(taken_start[v], taken_start[v + 1]):
            item, own, n = taken_items[j], taken_place[j], j - taken_start[v]
            group = find(group_stratum, item_groups[item], item_groups[item + 1], mine)
            if group < 0 or (begin.size > 0 and np.isnan(begin[n])):
                continue
            at, own_period, low, high = times[own], period[own], group_start[group], group_start[group + 1]
            counted_from, row = max(at, begin[n]) if begin.size else at, n if by_item else block
            number = 0
            for k in range(low, high):
                if times[k] > at:
                    number = _first_above(began, number, size, times[k])
                mass[k - low] = exposed[number if times[k] > at else size, period[k]]
                lost[k - low], state[k - low] = 0.0, 0
            theirs[:size] = -1
            for k in range(low, high):
                f = find(person, first, end, users[k])
                if f < 0:
                    continue
                theirs[f - first] = k
                for e in range(low, high):
                    if times[e] > at and times[e] < since[f]:
                        continue
                    if e >= together[k]:
                        mass[e - low] -= weight[users[k], period[e]]
                    else:
                        mass[e - low] -= same if period[e] == period[k] else other
                if ends_pairs and times[k] >= until[n, f - offset]:
                    state[k - low] = -1
                elif times[k] <= at or times[k] >= since[f]:
                    state[k - low] = 1
            if ends_pairs:
                for f in range(first, end):
                    gone = until[n, f - offset]
                    if gone == np.inf:
                        continue
                    act = theirs[f - first]
                    for k in range(low, together[act] if act >= 0 else high):
                        if times[k] < gone:
                            continue
                        part = weight[person[f], period[k]]
                        if act >= 0:
                            part -= same if period[act] == period[k] else other
                        lost[k - low] += part
                        if times[k] <= at or times[k] >= since[f]:
                            mass[k - low] -= part
            for k in range(low, high):
                i = k - low
                total[i] = at_risk[k] - lost[i]
                if inside and times[k] < at:
                    total[i] -= weight[v, period[k]] - (same if own_period == period[k] else other)
                # What tells nothing: v's own, what is at the same time or does not count yet, who counts no more.
                late = times[k] > at
                if times[k] == at or (late and times[k] <= counted_from) or users[k] == v or state[i] < 0:
                    mass[i] = 0.0
                if mass[i] <= 0.0:
                    continue
                b, after = _bin(lags, abs(times[k] - at)), 1 if late else 0
                if mass[i] > _ALL * total[i]:
                    mass[i] = 0.0
                    sums[row, b, after, 5] += 1.0
                    continue
                p = mass[i] / total[i]
                sums[row, b, after, 0] += state[i]
                sums[row, b, after, 1] += p
                sums[row, b, after, 2] += p * (1.0 - p)
                if state[i] == 0:
                    odds = mass[i] / (total[i] - mass[i])
                    sums[row, b, after, 3] += odds
                    sums[row, b, after, 4] += odds * odds
                if one:
                    rate[b, after, period[k]] += 1.0 / total[i]
            if one:
                _corrected(
                    times,
                    period,
                    together,
                    weight,
                    (same, other),
                    person,
                    since,
                    lags,
                    (first, end),
                    (low, high),
                    at,
                    until[n, first - offset : end - offset] if ends_pairs else np.zeros(0),
                    theirs,
                    mass,
                    total,
                    by_person[first - offset : end - offset],
                )
        if one:
            for f in range(first, end):
                for b in range(lags.size):
                    for after in range(2):
                        for p in range(periods):
                            by_person[f - offset, b, after, 1] += weight[person[f], p] * rate[b, after, p]


def scan(world: World, blocks: Blocks) -> NDArray[np.float64]:
    """Return the sums of each of *blocks*; shape (blocks, bins, 2, :data:`SUMS`)."""
    sums = np.zeros((blocks.of.size, world.lags.size, 2, SUMS))
    with interruptible():
        _walk(world, np.zeros(0), _NOBODY, blocks, sums, False, _NOTHING)
    return sums


def detail(
    world: World,
    v: int,
    begin: NDArray[np.float64] | None = None,
    until: NDArray[np.float64] | None = None,
    people: bool = False,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the sums of *v* by item, and by person what O and E would lose without that one of the audience.

    Args:
        world: All people and events.
        v: Index of a person.
        begin: By item of v, in order: later events count after this time only; NaN leaves the item out. None: all.
        until: Shape (items of v, audience of v): from when on a pair counts for nothing, neither as audience nor to
            compare; -∞: never at all, ∞: always. None: all always.
        people: Whether to return the second; it is empty otherwise.

    Returns:
        Shapes (items, bins, 2, :data:`SUMS`) and (audience, bins, 2, 2).
    """
    items = int(world.taken.start[v + 1] - world.taken.start[v])
    audience = int(world.audience.start[v + 1] - world.audience.start[v])
    by_item = np.zeros((items, world.lags.size, 2, SUMS))
    by_person = np.zeros((audience if people else 0, world.lags.size, 2, 2))
    start = np.zeros(0) if begin is None else begin
    ends = _NOBODY if until is None else until
    with interruptible():
        _walk(world, start, ends, blocks_of(world, v, v + 1), by_item, True, by_person)
    return by_item, by_person
