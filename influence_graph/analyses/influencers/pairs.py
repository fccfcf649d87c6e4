"""Who of the audience of one person took up what, how long before or after the person, and whom else they saw do it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from influence_graph.analyses.influencers.inputs import DAY
from influence_graph.model.csr import row_of_each

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.influencers.inputs import Inputs
    from influence_graph.kernels.influencers.audience import World

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Pairs:
    """The adoptions of the items of one person by the audience, by item, then time, then follower.

    Attributes:
        item: Place of the item among those of the person.
        follower: Place of the follower in the audience.
        lag: Seconds from the person's own adoption to that of the follower: negative before, 0 at the same time.
        exposed: Whether the follower was exposed to the person by then; always true before and at the same time.
        others: How many other people the follower was exposed to who had taken up the item before the follower.
    """

    item: Ints
    follower: Ints
    lag: Floats
    exposed: NDArray[np.bool_]
    others: Ints

    @property
    def after(self) -> NDArray[np.bool_]:
        """Which came later, from somebody who was exposed by then."""
        return (self.lag > 0) & self.exposed


@dataclass(frozen=True, eq=False)
class Around:
    """The pairs of one person, and who else was there.

    Attributes:
        pairs: Adoptions of the audience.
        others: person (index), reached (pairs after the person's own whom that other person had reached before they
            adopted), already (of these, before the person took up the item); most first.
        second_hand: item (place), person (index), via (index), lag (seconds after the person's own): who does not see
            the person, but took it up after a follower whom they see; the first of each person and item, by lag.
    """

    pairs: Pairs
    others: pd.DataFrame
    second_hand: pd.DataFrame


def around(world: World, inputs: Inputs, v: int) -> Around:
    """Return the pairs of *v*, and who else was there."""
    log = inputs.log
    taken = slice(world.taken.start[v], world.taken.start[v + 1])
    items, own = world.taken.items[taken], world.events.times[world.taken.place[taken]]
    people = inputs.graph.number_of_nodes
    tally = _Tally(world, inputs, v)
    for n, (item, at) in enumerate(zip(items.tolist(), own.tolist(), strict=True)):
        when = np.full(people, np.inf)
        span = slice(log.offsets[item], log.offsets[item + 1])
        when[log.users[span]] = log.times[span]
        tally.add(n, at, when)
    return tally.total()


class _Tally:
    """Counts item by item."""

    def __init__(self, world: World, inputs: Inputs, v: int) -> None:
        self._seen, self._audience, self._v = _Seen(inputs), world.audience, v
        self._person, self._since = self._sees(v)
        people = inputs.graph.number_of_nodes
        self._reached, self._already = np.zeros(people, dtype=np.int64), np.zeros(people, dtype=np.int64)
        self._direct = np.zeros(people, dtype=np.bool_)
        self._direct[self._person] = self._direct[v] = True
        self._parts: list[tuple[NDArray[Any], ...]] = []
        self._further: list[tuple[int, int, int, float]] = []

    def add(self, n: int, at: float, when: Floats) -> None:
        """Add the item *n* of v, taken up at the time *at*; *when* is that of each person, ∞ for never."""
        did = np.flatnonzero(np.isfinite(when[self._person]) & (self._person != self._v))
        did = did[np.lexsort((did, when[self._person[did]]))]
        their = when[self._person[did]]
        exposed = (their <= at) | (their >= self._since[did])
        counts = np.zeros(did.size, dtype=np.int64)
        for k, (f, time) in enumerate(zip(self._person[did].tolist(), their.tolist(), strict=True)):
            others, began = self._seen.by(f)
            known = (when[others] < time) & (began <= time) & (others != self._v) & (others != f)
            counts[k] = np.count_nonzero(known)
            if time > at and exposed[k]:
                self._reached[others[known]] += 1
                self._already[others[known & (when[others] < at) & (began <= at)]] += 1
                self._pass_on(n, at, (f, time), when)
        self._parts.append((np.full(did.size, n), did, their - at, exposed, counts))

    def _pass_on(self, n: int, at: float, follower: tuple[int, float], when: Floats) -> None:
        """Add who does not see v, and took the item *n* up after *follower* did at a time, whom they see."""
        f, time = follower
        sees, since = self._sees(f)
        their = when[sees]
        later = np.isfinite(their) & (their > time) & (their >= since) & ~self._direct[sees]
        self._further += [(n, g, f, t - at) for g, t in zip(sees[later].tolist(), their[later].tolist(), strict=True)]

    def _sees(self, person: int) -> tuple[Ints, Floats]:
        mine = slice(self._audience.start[person], self._audience.start[person + 1])
        return self._audience.person[mine], self._audience.since[mine]

    def total(self) -> Around:
        """Return all."""
        columns = [np.concatenate(column) for column in zip(*self._parts, strict=True)] or [np.zeros(0)] * 5
        kinds: tuple[type, ...] = (np.int64, np.int64, np.float64, np.bool_, np.int64)
        pairs = Pairs(*(column.astype(kind) for column, kind in zip(columns, kinds, strict=True)))
        who = np.flatnonzero(self._reached)
        others = pd.DataFrame({"person": who, "reached": self._reached[who], "already": self._already[who]})
        others = others.sort_values(["reached", "already", "person"], ascending=[False, False, True])
        further = pd.DataFrame(self._further, columns=["item", "person", "via", "lag"])
        further = further.sort_values(["lag", "item", "person", "via"]).drop_duplicates(["item", "person"])
        return Around(pairs, others, further.reset_index(drop=True))


class _Seen:
    """Whom each person is exposed to, and since when."""

    def __init__(self, inputs: Inputs) -> None:
        graph = inputs.graph
        order = np.argsort(graph.indices, kind="stable")
        counts = np.bincount(graph.indices, minlength=graph.number_of_nodes)
        self._start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        self._seen, self._since = row_of_each(graph.indptr)[order], inputs.since[order]

    def by(self, f: int) -> tuple[Ints, Floats]:
        mine = slice(self._start[f], self._start[f + 1])
        return self._seen[mine], self._since[mine]


def span_text(days: float) -> str:
    """Return a length of time in words: hours below a day, years from two years on.

    Example:
        >>> span_text(0.25), span_text(1.2), span_text(12_784)
        ('6 hours', '1 day', '35 years')
    """
    if days < 1:
        value, unit = round(days * 24), "hour"
    elif days < 2 * 365.25:
        value, unit = round(days), "day"
    else:
        value, unit = round(days / 365.25), "year"
    return f"{value:,} {unit}{'' if value == 1 else 's'}"


def days_of(seconds: Floats) -> Floats:
    """Return *seconds* in days."""
    return seconds / DAY
