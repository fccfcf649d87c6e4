"""Who was at the same place on the same day, and on how many days, without a table of all pairs at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

BLOCK = 1 << 21
"""Meetings of two that are looked at together, or a little more: all that one person has are."""
_CODES = 1 << 62  # several numbers are coded as one below it


class Presences(NamedTuple):
    """Who was where on which day, each once, by place, then day, then person."""

    person: NDArray[np.int64]
    place: NDArray[np.int64]
    day: NDArray[np.int64]


class Gatherings(NamedTuple):
    """Presences by place and day: of two people or more, but no crowds.

    Row ``i`` is ``person[i]`` on ``day[i]``; its gathering ends before row ``end[i]``, and people ascend within it.
    ``number`` counts the gatherings; left out are ``crowds``, which have ``crowded`` people together, and those who
    were alone.
    """

    person: NDArray[np.int64]
    day: NDArray[np.int64]
    end: NDArray[np.int64]
    number: int
    crowds: int
    crowded: int


class Pairs(NamedTuple):
    """Pairs ``one < other``, ascending, the number of days on which they met, and the day since which they count."""

    one: NDArray[np.int64]
    other: NDArray[np.int64]
    days: NDArray[np.int64]
    since: NDArray[np.int64]


class Block(NamedTuple):
    """The pairs of some people, how many more met on too few days, and the rows of gatherings behind us."""

    pairs: Pairs
    fewer: int
    done: int


def presences(person: NDArray[np.int64], place: NDArray[np.int64], day: NDArray[np.int64]) -> Presences:
    """Return the different ones among records of *person*, *place*, both from 0 on, and *day*."""
    if not person.size:
        return Presences(person, place, day)
    first, people = int(day.min()), int(person.max()) + 1
    span = int(day.max()) - first + 1
    if (int(place.max()) + 1) * span * people < _CODES:  # sorting numbers is several times faster than sorting rows
        code = (place * span + (day - first)) * people + person
        code.sort()
        rest, person = np.divmod(code[_new(code)], people)
        place, day = np.divmod(rest, span)
        return Presences(person, place, day + first)
    order = np.lexsort((person, day, place))
    person, place, day = person[order], place[order], day[order]
    kept = _new(person) | _new(place) | _new(day)
    return Presences(person[kept], place[kept], day[kept])


def gatherings(there: Presences, most_people: int) -> Gatherings:
    """Return who was together, without gatherings of more than *most_people*, 2 or more."""
    start = np.flatnonzero(_new(there.place) | _new(there.day))
    size = np.diff(np.append(start, there.person.size))
    crowd, together = size > most_people, (size > 1) & (size <= most_people)
    kept = np.repeat(together, size)
    sizes = size[together]
    end = np.repeat(np.cumsum(sizes), sizes)
    return Gatherings(there.person[kept], there.day[kept], end, sizes.size, int(crowd.sum()), int(size[crowd].sum()))


def meetings(found: Gatherings, people: int, least_days: int, block: int = BLOCK) -> Iterator[Block]:
    """Yield the pairs who met on *least_days* days or more, since the day that made them so many.

    Memory: the gatherings, and what *block* meetings need, or those of the one person who has more of them.

    Args:
        found: Gatherings of persons below *people*.
        people: Their number.
        least_days: 1 or more.
        block: Meetings to look at together.
    """
    if not found.person.size:
        return
    order = np.argsort(found.person, kind="stable")
    later = found.end[order] - order - 1  # partners of each row who come after it: each pair once
    behind = np.concatenate([[0], np.cumsum(later)])
    bounds = np.append(np.flatnonzero(_new(found.person[order])), order.size)  # of each person
    first = int(found.day.min())
    span = int(found.day.max()) - first + 1
    most = max(1, _CODES // (people * span))  # people of a block, or their codes were too large
    at = 0
    while at < bounds.size - 1:
        limit = np.searchsorted(behind[bounds], behind[bounds[at]] + block, "right") - 1
        stop = min(max(int(limit), at + 1), at + most)
        low, high = int(bounds[at]), int(bounds[stop])
        rows = np.repeat(order[low:high], later[low:high])
        partner = rows + 1 + np.arange(rows.size) - np.repeat(behind[low:high] - behind[low], later[low:high])
        base = int(found.person[order[low]])
        code = ((found.person[rows] - base) * people + found.person[partner]) * span + found.day[rows] - first
        pairs, fewer = _counted(code, span, least_days)
        one, other = np.divmod(pairs.one, people)
        yield Block(Pairs(one + base, other, pairs.days, pairs.since + first), fewer, high)
        at = stop


def _counted(code: NDArray[np.int64], span: int, least_days: int) -> tuple[Pairs, int]:
    """Return the pairs among the codes ``pair * span + day`` with days enough, and how many have not.

    Both ends of a pair are one number yet, ``one``.
    """
    code.sort()
    pair, day = np.divmod(code[_new(code)], span)  # two places on one day are one day
    start = np.flatnonzero(_new(pair))
    days = np.diff(np.append(start, pair.size))
    enough = days >= least_days
    start, days = start[enough], days[enough]
    pairs = Pairs(pair[start], pair[start], days, day[start + least_days - 1])
    return pairs, int(enough.size - start.size)


def _new(values: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which of *values* differ from the one before."""
    new = np.ones(values.size, np.bool_)
    new[1:] = values[1:] != values[:-1]
    return new
