"""Which of the found do not stand without another one, and which stand on one follower or one item alone.

Attribution: who copies an influencer fast has the same audience a little later, and looks like one. So each found
person is tested again without the pairs of an item and one of the audience whom another found person had reached
already. Whoever is weakest then is dropped, until all stand. It only removes; it carries no guarantee of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from influence_graph.analyses.influencers.evidence import E
from influence_graph.kernels.influencers.audience import detail

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from numpy.typing import NDArray

    from influence_graph.analyses.influencers.evidence import Evidence
    from influence_graph.kernels.influencers.audience import World

    Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Met:
    """The pairs of an item and one of the audience of somebody that another person reached with the item.

    Attributes:
        items: Places of the items among those of the former.
        audience: Places in the audience.
        at: Shape (items, audience): when the other had; -∞ for not later than the former took up the item.
    """

    items: Ints
    audience: Ints
    at: NDArray[np.float64]

    @property
    def before(self) -> NDArray[np.bool_]:
        """Which had been reached already when the former took up the item."""
        return np.isneginf(self.at)

    @property
    def places(self) -> tuple[Ints, Ints]:
        """Index of the pairs in an array of all items and all of the audience."""
        return self.items[:, None], self.audience[None, :]


@dataclass
class Reach:
    """From when on each of some people had reached whom with what another one did; remembers what was asked.

    Attributes:
        world: All people and events.
        people: Who will be asked about; empty: anybody.
    """

    world: World
    people: Collection[int] = ()
    _known: dict[tuple[int, int], Met | None] = field(default_factory=dict)
    _near: dict[int, frozenset[int]] = field(default_factory=dict)
    _sorted: dict[int, tuple[Ints, Ints]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Find out who of ``people`` are seen by the same, so that others are passed over."""
        audience, members = self.world.audience, np.array(sorted(self.people), dtype=np.int64)
        if not members.size:
            return
        seen = [audience.person[audience.start[v] : audience.start[v + 1]] for v in members]
        place = np.repeat(np.arange(members.size), [part.size for part in seen])
        shape = members.size, self.world.people.stratum.size
        watched = csr_array((np.ones(place.size, dtype=np.int32), (place, np.concatenate(seen))), shape=shape)
        shared = (watched @ watched.T).tocsr()
        for n, v in enumerate(members.tolist()):
            near = members[shared.indices[shared.indptr[n] : shared.indptr[n + 1]]]
            self._near[v] = frozenset(near.tolist())

    def met(self, other: int, v: int) -> Met | None:
        """Return which pairs of *v* *other* reached; None for none."""
        if v in self._near and other not in self._near[v]:
            return None
        if (other, v) not in self._known:
            self._known[other, v] = self._pairs(other, v)
        return self._known[other, v]

    def shape(self, v: int) -> tuple[int, int]:
        """Return the number of items and of the audience of *v*."""
        taken, audience = self.world.taken, self.world.audience
        return int(taken.start[v + 1] - taken.start[v]), int(audience.start[v + 1] - audience.start[v])

    def by(self, others: Iterable[int], v: int) -> NDArray[np.float64] | None:
        """Return when the first of *others* but *v* reached each pair of *v*, ∞ for never; None where nobody did."""
        first = None
        for other in self.near(v, others):
            met = self.met(other, v)
            if met is not None:
                first = np.full(self.shape(v), np.inf) if first is None else first
                first[met.places] = np.minimum(first[met.places], met.at)
        return first

    def already(self, others: Iterable[int], v: int) -> Ints:
        """Return how many of *others* but *v* had reached each pair of *v* when *v* took up the item."""
        count = np.zeros(self.shape(v), dtype=np.int64)
        for other in self.near(v, others):
            met = self.met(other, v)
            if met is not None:
                count[met.places] += met.before
        return count

    def near(self, v: int, others: Iterable[int]) -> list[int]:
        """Return who of *others* but *v* may have reached anybody who sees *v*, in their order."""
        near = self._near.get(v)
        return [other for other in others if other != v and (near is None or other in near)]

    def _pairs(self, other: int, v: int) -> Met | None:
        events, taken, audience = self.world.events, self.world.taken, self.world.audience
        (sees, order), (their, their_order) = self._audience(v), self._audience(other)
        mine, theirs = common(sees, their)
        own, act = (slice(taken.start[one], taken.start[one + 1]) for one in (v, other))
        items, there = common(taken.items[own], taken.items[act])
        if not (mine.size and items.size):
            return None
        began = audience.since[audience.start[other] + their_order[theirs]]
        at = events.times[taken.place[act][there]]
        own_at = events.times[taken.place[own][items]][:, None]
        # Whoever took it up at the very time of v had not before.
        before = (at[:, None] < own_at) & (began[None, :] <= own_at)
        return Met(items, order[mine], np.where(before, -np.inf, np.maximum(at[:, None], began[None, :])))

    def _audience(self, v: int) -> tuple[Ints, Ints]:
        """Return the audience of *v*, ascending, and the place of each."""
        if v not in self._sorted:
            people = self.world.audience.person[self.world.audience.start[v] : self.world.audience.start[v + 1]]
            order = np.argsort(people)
            self._sorted[v] = people[order], order
        return self._sorted[v]


def common(one: Ints, other: Ints) -> tuple[Ints, Ints]:
    """Return where each of *other* that is in *one* stands in *one*, which ascends without repeats, and in *other*."""
    if not one.size:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    place = np.minimum(np.searchsorted(one, other), one.size - 1)
    there = np.flatnonzero(one[place] == other)
    return place[there], there


@dataclass(frozen=True)
class Standing:
    """Who stands, in the order given, and who does not because of whom.

    Attributes:
        kept: Those who stand.
        p: p of each of them without the pairs of the others.
        dropped: Who does not: the found person who had reached most of their pairs, and p without those of others.
        reach: Who of these and of others who might be meant reached whom.
    """

    kept: list[int]
    p: dict[int, float]
    dropped: dict[int, tuple[int, float]]
    reach: Reach = field(repr=False)


def standing(
    world: World, evidence: Evidence, found: list[int], level: float, beside: Collection[int] = ()
) -> Standing:
    """Return who of *found* stands, with p up to *level*, without the pairs that the others and *beside* had reached.

    First the weakest falls, by pairs that others had reached already, until all stand. Then, the strongest first, each
    must stand without what their audience took up after somebody who stands had reached it, too.
    """
    reach = Reach(world, [*found, *beside])
    kept = list(found)
    already = {v: reach.already([*kept, *beside], v) for v in kept}
    p = {v: p_unreached(world, evidence, v, already[v]) for v in kept}
    dropped: dict[int, tuple[int, float]] = {}
    changed: set[int] = set()  # whose p is to be calculated anew, which seldom rises
    while kept:
        weakest = max(kept, key=lambda v: (p[v], -evidence.p[v], v))
        again = {weakest} & changed if p[weakest] > level else set(changed)
        if again:
            p |= {v: p_unreached(world, evidence, v, already[v]) for v in sorted(again)}
            changed -= again
            continue
        if p[weakest] <= level:
            break
        kept.remove(weakest)
        dropped[weakest] = _most(reach, [*kept, *beside], weakest), p[weakest]
        changed.discard(weakest)
        for v in reach.near(weakest, kept):
            met = reach.met(weakest, v)
            if met is not None and met.before.any():
                already[v][met.places] -= met.before
                changed.add(v)
    stand: list[int] = []
    for v in sorted(kept, key=lambda v: (p[v], evidence.p[v], v)):
        p[v] = max(p[v], p_without(reach, evidence, [*stand, *beside], v))
        if p[v] <= level:
            stand.append(v)
        else:
            dropped[v] = _most(reach, [*stand, *beside], v), p[v]
    stand = [v for v in kept if v in set(stand)]
    return Standing(stand, {v: p[v] for v in stand}, dropped, reach)


def p_without(reach: Reach, evidence: Evidence, others: Iterable[int], v: int) -> float:
    """Return the worst p of *v* without any one follower or item; each pair ends when one of *others* reaches it."""
    return max(worst_without_one(reach.world, evidence, v, reach.by(others, v)))


def _most(reach: Reach, others: Iterable[int], v: int) -> int:
    """Return who of *others* reached most of the pairs of *v*, -1 for nobody."""
    met = ((reach.met(other, v), other) for other in reach.near(v, others))
    counts = [(each.at.size, -other) for each, other in met if each is not None]
    return -max(counts)[1] if counts else -1


def rivals(world: World, evidence: Evidence, standing: Standing, level: float) -> dict[int, list[int]]:
    """Return, for each who stands, who was dropped and would make them fall in turn: it is one or the other."""
    reach, found = standing.reach, {}
    for v in standing.kept:
        already = reach.already(standing.kept, v)
        dropped = reach.near(v, standing.dropped)
        found[v] = [u for u in dropped if _falls_by(world, evidence, reach, u, v, already, level)]
    return found


def _falls_by(  # noqa: PLR0913
    world: World, evidence: Evidence, reach: Reach, u: int, v: int, already: Ints, level: float
) -> bool:
    """Return whether p of *v* is above *level* without the pairs reached *already*, and those that *u* had."""
    met = reach.met(u, v)
    if met is None or not (met.before & (already[met.places] == 0)).any():
        return False
    more = already.copy()
    more[met.places] += met.before
    return p_unreached(world, evidence, v, more) > level


def p_unreached(world: World, evidence: Evidence, v: int, reached: Ints) -> float:
    """Return the worst p of *v* without any one follower or item, and without the pairs *reached* by more than 0."""
    until = np.where(reached > 0, -np.inf, np.inf) if reached.any() else None
    return max(worst_without_one(world, evidence, v, until))


def worst_without_one(
    world: World, evidence: Evidence, v: int, until: NDArray[np.float64] | None = None, mirrored: bool = False
) -> tuple[float, float]:
    """Return the largest p of *v* without any one follower, and without any one item; see :func:`without_each`."""
    people, items = without_each(world, evidence, v, until, mirrored)
    return float(people.max(initial=0.0)), float(items.max(initial=0.0))


def without_each(
    world: World, evidence: Evidence, v: int, until: NDArray[np.float64] | None = None, mirrored: bool = False
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return p of *v* without each of the audience, and without each item, in the order of the world.

    Args:
        world: All people and events.
        evidence: The priors.
        v: Who is tested.
        until: Until when pairs count; see :func:`~influence_graph.kernels.influencers.audience.detail`.
        mirrored: Whether *evidence* is of the mirrored question, with before for after.
    """
    by_item, by_person = detail(world, v, until=until, people=True)
    total = by_item.sum(axis=0)[None, :, :, :2]
    people, items = total - by_person, total - by_item[:, :, :, :2]
    for part in (people, items):
        part[..., E] = np.maximum(part[..., E], 0.0)
    if mirrored:
        people, items = people[:, :, ::-1], items[:, :, ::-1]
    return evidence.p_of(people), evidence.p_of(items)
