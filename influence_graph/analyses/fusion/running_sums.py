"""Running sums of the decayed points of all events, one per bond, direction and different half-life.

The points of an event decay by 2^{-Δt/h}, whatever its age. So one sum per bond, direction
and different half-life, all at one reference time, is enough to score every later time, and new
events are simply added. Only where a consumer links brands does the order of events matter, because
the share of a brand depends on the links so far: an event that arrives behind later ones of such a
consumer, and any correction, makes all events of that consumer be replayed, and of no one else.

The sums do not hold the events. The caller holds them, and provides the consumers of the events that the
new corrections name (``prepare``), and all events of the consumers to replay (:meth:`Update.applied`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.analyses.fusion.bond_sums import Sums, keys
from influence_graph.analyses.fusion.names import Names
from influence_graph.analyses.fusion.points import by_touchpoint, points_of
from influence_graph.analyses.fusion.scores import frame_of
from influence_graph.analyses.fusion.spillover import Amounts, EarlierLinks, direct, links_of, spilled
from influence_graph.analyses.interactions.columns import large
from influence_graph.analyses.interactions.corrections import replaced_from
from influence_graph.analyses.interactions.ledger import (
    MICROS_PER_DAY,
    Coded,
    Ledger,
    read_ledger,
    to_datetime,
    to_micros,
)
from influence_graph.analyses.interactions.meaning import may_repeat
from influence_graph.kernels.fusion import bonds as kernel
from influence_graph.model.policy.policy import FusionPolicy

if TYPE_CHECKING:
    from numpy.typing import NDArray

BEFORE_ALL = np.iinfo(np.int64).min
"""The time of the latest event where there is none."""
_T = TypeVar("_T", bound=np.generic)


@dataclass(frozen=True, eq=False)
class RunningSums:
    """The sums of all events so far; new events give new sums, and these stay as they are.

    Attributes:
        policy: Parameters of the scores.
        consumers: Consumers by code.
        brands: Brands by code.
        reference: µs since 1970: the latest time at which anything happened or became known.
        bonds: Points that remain at ``reference``: a column for each direction and different half-life.
        links: Links of each consumer between two brands as they count at ``reference``, by consumer and brand,
            and other brand.
        last: For each consumer, µs since 1970 of its latest event.
        linked: For each consumer, whether it linked brands.
        correcting: Ids of the corrections.
        replaced: The id of the event that each of them names.
    """

    policy: FusionPolicy
    consumers: Names
    brands: Names
    reference: int
    bonds: Sums
    links: Sums
    last: NDArray[np.int64]
    linked: NDArray[np.bool_]
    correcting: pa.Array
    replaced: pa.Array

    @classmethod
    def empty(cls, policy: FusionPolicy) -> RunningSums:
        """Return the sums of no events."""
        return cls(
            policy=policy,
            consumers=Names(),
            brands=Names(),
            reference=BEFORE_ALL,
            bonds=Sums.empty(2 * half_lives_of(policy)[0].size),
            links=Sums.empty(1),
            last=np.empty(0, np.int64),
            linked=np.empty(0, np.bool_),
            correcting=pa.array([], pa.large_string()),
            replaced=pa.array([], pa.large_string()),
        )

    @classmethod
    def of(cls, events: Ledger, policy: FusionPolicy) -> RunningSums:
        """Return the sums of *events*."""
        empty = cls.empty(policy)
        return empty.prepare(events, _no_consumers).applied() if len(events) else empty

    def latest(self) -> datetime | None:
        """Return the latest time at which anything happened or became known; None without events."""
        return None if self.reference == BEFORE_ALL else to_datetime(self.reference)

    def frame(self, as_of: datetime | None = None) -> pd.DataFrame:
        """Return the frame of :func:`~influence_graph.fusion_scores` at *as_of*, which is not before ``latest()``."""
        latest = self.latest()
        moment = as_of or latest
        sums = self._at(moment) if latest and moment else np.empty((0, 2))
        consumer, brand = self.bonds.consumer, self.bonds.brand
        order = self._order()
        if order is not None:
            sums, consumer, brand = sums[order], consumer[order], brand[order]
        names = pd.Index(self.consumers.texts).take(consumer), pd.Index(self.brands.texts).take(brand)
        frame = frame_of(*names, sums, self.policy)
        frame.attrs.update(as_of=moment, valid_at=moment, policy=self.policy.to_dict())
        return frame

    def prepare(self, events: Ledger, consumers_of: Callable[[pa.Array], NDArray[np.int64]]) -> Update:
        """Return how *events*, at least one and all new, change the sums.

        Args:
            events: New events, in any order.
            consumers_of: Gives the codes of the consumers of the earlier events with some ids; ids that
                no event has yet are left out.
        """
        consumers, consumer_codes = self.consumers.with_texts(events.consumer.names)
        brands, brand_codes = self.brands.with_texts(events.brand.names)
        events = _recoded(events, (consumer_codes, consumers), (brand_codes, brands))
        base = replace(
            self,
            consumers=consumers,
            brands=brands,
            reference=max(self.reference, int(events.at.max()), int(events.known.max())),
            last=_extended(self.last, len(consumers), np.int64(BEFORE_ALL)),
            linked=_extended(self.linked, len(consumers), np.bool_(False)),
        )
        if self.policy.spillover > 0:
            base.linked[links_of(events)[0] >> 32] = True
        if events.replaces is not None:
            base = base._with_corrections(events)
        replay = base._to_replay(events, consumers_of)
        np.maximum.at(base.last, events.consumer.codes, events.at)
        return Update(base, events, replay, self.reference)

    def _to_replay(self, new: Ledger, consumers_of: Callable[[pa.Array], NDArray[np.int64]]) -> NDArray[np.bool_]:
        """Return which consumers' sums cannot be patched with the *new* events, whose corrections are known.

        These are the consumers of linked brands with an event behind later ones, and the consumers of all whose
        place among the corrections is not decided by the new events alone: what a new correction replaces
        transitively from the first earlier event on, and a new event that an earlier correction names.
        """
        earliest = np.full(len(self.consumers), np.iinfo(np.int64).max)
        np.minimum.at(earliest, new.consumer.codes, new.at)
        replay: NDArray[np.bool_] = self.linked & (earliest <= self.last)
        replay[new.consumer.codes[may_repeat(new, self.policy.table)]] = True
        replay &= self.last > BEFORE_ALL  # of others there is nothing to replay
        if not len(self.replaced):
            return replay
        ids = large(new.event_id)
        is_new, names_new = pc.is_in(self.correcting, ids), pc.is_in(self.replaced, ids)
        across = replaced_from(self.correcting, self.replaced, self.replaced.filter(pc.xor(is_new, names_new)))
        earlier = across.filter(pc.invert(pc.is_in(across, ids)))
        if len(earlier):
            replay[consumers_of(earlier)] = True
        replay[new.consumer.codes[pc.is_in(ids, across).to_numpy(zero_copy_only=False)]] = True
        return replay

    def _with_corrections(self, new: Ledger) -> RunningSums:
        correcting = large(new.event_id.filter(new.replaces.is_valid()))  # type: ignore[union-attr]
        named = large(new.replaces.drop_null())  # type: ignore[union-attr]
        return replace(
            self,
            correcting=pa.concat_arrays([self.correcting, correcting]),
            replaced=pa.concat_arrays([self.replaced, named]),
        )

    def _plus(self, events: Ledger, before: int, drop: NDArray[np.bool_] | None = None) -> RunningSums:
        """Return the sums, which stand at the time *before*, with *events* added, both as of ``reference``.

        The sums of the consumers in *drop*, a flag for each, start from 0.
        """
        policy = self.policy
        half_lives, of_touchpoint = half_lives_of(policy)
        drop = np.zeros(len(self.consumers), np.bool_) if drop is None else drop
        points = points_of(events, policy, to_datetime(self.reference))
        column = (points.side * half_lives.size + of_touchpoint[points.touchpoint]).astype(np.int8)
        touched = np.zeros(len(self.consumers), np.bool_)
        touched[events.consumer.codes] = True
        passed = self.reference - before if len(self.bonds) else 0
        fading = _decay(np.array([policy.link_half_life_days]), passed)
        earlier = self.links.of(touched & ~drop).scaled(fading)
        spill, links = spilled(events, points, policy, column, EarlierLinks(earlier, self.reference))
        rows = direct(events, points, column, half_lives.size).followed_by(spill)
        bonds = _summed(rows, len(self.consumers), len(self.brands), 2 * half_lives.size)
        decay = np.tile(_decay(half_lives, passed), 2)
        return replace(self, bonds=self.bonds.plus(bonds, decay, drop), links=self.links.plus(links, fading, drop=drop))

    def _coded(self, events: Ledger) -> Ledger:
        """Return *events*, all of whose names are known, in the codes of these sums."""
        consumers = self.consumers.find(events.consumer.names).astype(np.int32)
        brands = self.brands.find(events.brand.names).astype(np.int32)
        return _recoded(events, (consumers, self.consumers), (brands, self.brands))

    def _at(self, moment: datetime) -> NDArray[np.float64]:
        half_lives, _ = half_lives_of(self.policy)
        decay = _decay(half_lives, to_micros(moment) - self.reference)
        if half_lives.size == 1:
            return self.bonds.value * decay
        return np.stack(np.split(self.bonds.value, 2, axis=1), axis=1) @ decay

    def _order(self) -> NDArray[np.int64] | None:
        """Return the bonds by name of consumer and brand, None where that is their order."""
        if self.consumers.rank is None and self.brands.rank is None:
            return None
        consumer, brand = self.bonds.consumer, self.bonds.brand
        if self.consumers.rank is not None:
            consumer = self.consumers.rank[consumer]
        if self.brands.rank is not None:
            brand = self.brands.rank[brand]
        return np.argsort((consumer << 32) | brand)


@dataclass(frozen=True, eq=False)
class Update:
    """New events that are not yet in the sums.

    Attributes:
        base: The sums before, with the names, times and corrections of the new events.
        events: The new events, in codes of ``base``.
        replay: For each consumer, whether all its events are needed: its sums start from 0.
        before: The time at which the sums of ``base`` stand, µs since 1970.
    """

    base: RunningSums
    events: Ledger
    replay: NDArray[np.bool_]
    before: int

    @property
    def replayed(self) -> NDArray[np.int64]:
        """Codes of the consumers all of whose events are needed."""
        return np.flatnonzero(self.replay)

    def applied(self, history: pa.Table | None = None) -> RunningSums:
        """Return the sums with the new events.

        Args:
            history: All events of the consumers ``replayed``, those of this update included, and all
                corrections of them; more does no harm. Not needed where no one is replayed.
        """
        known = to_datetime(self.base.reference)
        if not self.replay.any():
            return self.base._plus(self.events.as_known_at(known), self.before)
        others = self.events.take(~self.replay[self.events.consumer.codes])
        sums = self.base._plus(others.as_known_at(known), self.before, self.replay)
        if history is None:
            return sums
        again = sums._coded(read_ledger(history))
        again = again.take(self.replay[again.consumer.codes])
        return sums._plus(again.as_known_at(known), sums.reference)


def half_lives_of(policy: FusionPolicy) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the different half-lives in days, and which of them each touchpoint has."""
    return np.unique(by_touchpoint(policy.half_life), return_inverse=True)


def _no_consumers(ids: pa.Array) -> NDArray[np.int64]:
    """Return the consumers of the events with *ids* where there are no events."""
    del ids
    return np.empty(0, np.int64)


def _decay(half_lives: NDArray[np.float64], micros: int) -> NDArray[np.float64]:
    return np.exp2(-(micros / MICROS_PER_DAY) / half_lives)


def _summed(rows: Amounts, consumers: int, brands: int, width: int) -> Sums:
    consumer, brand, sums = kernel.sum_by_bond(rows, consumers, brands, width)
    return Sums(keys(consumer, brand), np.zeros(brand.size, np.int32), sums)


def _extended(values: NDArray[_T], size: int, fill: _T) -> NDArray[_T]:
    return np.append(values, np.full(size - values.size, fill, values.dtype))


def _recoded(
    ledger: Ledger, consumers: tuple[NDArray[np.int32], Names], brands: tuple[NDArray[np.int32], Names]
) -> Ledger:
    """Return *ledger* in the codes of these names; the arrays give the new code of each old one."""
    (consumer_codes, consumer_names), (brand_codes, brand_names) = consumers, brands
    items = brand_codes[ledger.lists.items] if ledger.lists.items.size else ledger.lists.items
    return replace(
        ledger,
        consumer=Coded(consumer_codes[ledger.consumer.codes], consumer_names.texts),
        brand=Coded(brand_codes[ledger.brand.codes], brand_names.texts),
        lists=replace(ledger.lists, items=items),
    )
