"""Who might have taken up an item when somebody did: groups of events of one item and one stratum.

An event is that a person takes up an item. The events of item ``i`` in stratum ``s`` form a group, in order of time,
so that what must be summed for the audience of a person is a walk along few and short groups.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit
from scipy.sparse import csr_array

from influence_graph.kernels.interrupts import interruptible

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Events(NamedTuple):
    """The events, by item, then stratum, then time, then person.

    ``together`` is one after the last event of the group at the same time, ``at_risk`` the weight of all in the
    stratum who had not taken up the item before. The groups of item ``i`` are ``item_groups[i]:item_groups[i + 1]``,
    by stratum; the events of group ``g`` are ``group_start[g]:group_start[g + 1]``.
    """

    users: NDArray[np.int64]
    times: NDArray[np.float64]
    period: NDArray[np.int64]
    together: NDArray[np.int64]
    at_risk: NDArray[np.float64]
    item_groups: NDArray[np.int64]
    group_start: NDArray[np.int64]
    group_stratum: NDArray[np.int64]


class Taken(NamedTuple):
    """What each person took up: ``items[start[v]:start[v + 1]]``, ascending, and the place of each among the events."""

    start: NDArray[np.int64]
    items: NDArray[np.int64]
    place: NDArray[np.int64]


class People(NamedTuple):
    """The stratum of each person, and their weights.

    ``weight`` has the shape (people, periods). Where the weights were counted from the events themselves, a person who
    takes up the item in question loses ``own_same`` in the period of that and ``own_other`` in every other period, so
    that nobody is the likelier to take it up because they did; else both are 0. All are multiples of one power of 2 so
    large that sums over people are exact in any order: where nobody is left at risk, the weight at risk is 0.
    """

    stratum: NDArray[np.int64]
    weight: NDArray[np.float64]
    own_same: float
    own_other: float


class Audience(NamedTuple):
    """Who is exposed to whom: the audience of ``v`` is ``person[start[v]:start[v + 1]]``, by stratum, then person.

    ``since`` is when each exposure began, -∞ where it always was.
    """

    start: NDArray[np.int64]
    person: NDArray[np.int64]
    since: NDArray[np.float64]


@njit(cache=True, nogil=True)
def find(values, low, high, value):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return the place of *value* in the ascending ``values[low:high]``, -1 where it is not there."""
    last = high
    while low < high:
        middle = (low + high) >> 1
        if values[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low if low < last and values[low] == value else -1


@njit(cache=True, nogil=True)
def _at_risk(users, times, period, group_start, group_stratum, weight, own_weight, total, together, at_risk):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Fill *together* and *at_risk*; *total* is the weight of each stratum in each period."""
    same, other = own_weight
    for g in range(group_stratum.size):
        low, high = group_start[g], group_start[g + 1]
        later = high
        for k in range(high - 1, low - 1, -1):
            if k + 1 < high and times[k + 1] > times[k]:
                later = k + 1
            together[k] = later
        now, gone, k = -1, 0.0, low
        while k < high:
            if period[k] != now:  # all of the group again, at the weights of the new period
                now, gone = period[k], 0.0
                for j in range(low, high):
                    if j < k:
                        gone += weight[users[j], now]
                    else:  # still at risk, without the event itself
                        gone += same if period[j] == now else other
            for j in range(k, together[k]):
                at_risk[j] = total[group_stratum[g], now] - gone
            for j in range(k, together[k]):
                gone += weight[users[j], now] - same
            k = together[k]


def events_of(
    items: NDArray[np.int64],
    users: NDArray[np.int64],
    times: NDArray[np.float64],
    period: NDArray[np.int64],
    people: People,
) -> tuple[Events, Taken]:
    """Return the events, each person at most once per item, in groups, and what each person took up.

    Args:
        items: Item of each event, from 0 on without gaps, ascending.
        users: Person of each event.
        times: Time of each event, ascending within each item.
        period: Column of ``people.weight`` of each event; it never falls with time.
        people: Everybody.
    """
    strata = int(people.stratum.max(initial=0)) + 1
    order = np.argsort(items * strata + people.stratum[users], kind="stable")
    items, users, times, period = items[order], users[order], times[order], period[order]
    stratum = people.stratum[users]
    first = np.ones(items.size, dtype=np.bool_)
    first[1:] = (items[1:] != items[:-1]) | (stratum[1:] != stratum[:-1])
    starts = np.flatnonzero(first)
    ends = np.cumsum(np.bincount(items[starts], minlength=int(items.max(initial=-1)) + 1))
    item_groups = np.concatenate([[0], ends]).astype(np.int64)
    group_start = np.append(starts, items.size).astype(np.int64)
    everybody = np.arange(people.stratum.size)
    members = csr_array((np.ones(everybody.size), (people.stratum, everybody)), shape=(strata, everybody.size))
    total = members @ people.weight
    together, at_risk = np.zeros(items.size, dtype=np.int64), np.zeros(items.size)
    own = people.own_same, people.own_other
    with interruptible():
        _at_risk(users, times, period, group_start, stratum[starts], people.weight, own, total, together, at_risk)
    events = Events(users, times, period, together, at_risk, item_groups, group_start, stratum[starts])
    by_person = np.argsort(users * (item_groups.size - 1) + items)  # nobody has an item twice
    counts = np.cumsum(np.bincount(users, minlength=people.stratum.size))
    return events, Taken(np.concatenate([[0], counts]).astype(np.int64), items[by_person], by_person.astype(np.int64))
