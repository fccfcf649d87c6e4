"""Fusion Scores that are kept: brought up to date by new events, and looked up at any past instant.

A point that is left of an event fades by 2^{-Δt/h}, whatever its age. So one sum per bond, direction
and different half-life, all at one reference time, is enough to score every later time, and new
events are simply added. Only where a consumer links brands does the order of events matter, because
the share of a brand depends on the links so far: an event that comes in behind later ones of such a
consumer, and any correction, makes all events of that consumer be replayed, and of no one else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa

from influence_graph.analyses.fusion.archive import Archive, Names, Segment, plain, together
from influence_graph.analyses.fusion.bond_sums import Sums, keys
from influence_graph.analyses.fusion.points import points_of
from influence_graph.analyses.fusion.scores import NUMBERS, bond_sums, frame_of, fusion_scores
from influence_graph.analyses.fusion.spillover import Rows, links_of, spilled
from influence_graph.analyses.interactions import columns
from influence_graph.analyses.interactions.ledger import (
    Coded,
    Ledger,
    checked_as_of,
    read_ledger,
    to_datetime,
    to_micros,
)
from influence_graph.errors import InputError, NotFound
from influence_graph.kernels.fusion import bonds as kernel
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.records import TOUCHPOINTS
from influence_graph.text import did_you_mean

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MICROS_PER_DAY = 86_400e6
_NEVER = np.iinfo(np.int64).min
_T = TypeVar("_T", bound=np.generic)


@dataclass(frozen=True, eq=False)
class FusionState:
    """The Fusion Scores of a ledger, ready for more events; each update gives a new state.

    Attributes:
        policy: Parameters of the scores.
        archive: All interactions.
        consumers: Consumers by code.
        brands: Brands by code.
        reference: µs since 1970: the latest time at which anything happened or became known.
        bonds: What stands at ``reference``: a column for each direction and different half-life.
        links: How often each consumer linked two brands, by consumer and brand, and other brand.
        last: For each consumer, µs since 1970 of its latest event.
        linked: For each consumer, whether it linked brands.

    Example:
        >>> import pandas as pd
        >>> day = {"event_id": ["1"], "at": ["2026-05-01T20:00:00Z"], "consumer": ["singer"], "brand": ["sweater"]}
        >>> state = FusionState.build(pd.DataFrame({**day, "points": [3.0]}))
        >>> state = state.update(pd.DataFrame({**day, "event_id": ["2"], "points": [-1.0]}))
        >>> state.scores()["fusion_score"].tolist()
        [2.0]
    """

    policy: FusionPolicy
    archive: Archive
    consumers: Names
    brands: Names
    reference: int
    bonds: Sums
    links: Sums
    last: NDArray[np.int64]
    linked: NDArray[np.bool_]

    @classmethod
    def build(cls, interactions: pd.DataFrame | pa.Table, policy: FusionPolicy | None = None) -> FusionState:
        """Return the state of *interactions*, which are as for ``fusion_scores``.

        Raises:
            InputError: As for ``fusion_scores``.
        """
        policy = policy or FusionPolicy()
        bonds = Sums.empty(2 * _half_lives(policy)[0].size)
        none = np.empty(0, np.int64)
        state = cls(policy, Archive(), Names(), Names(), _NEVER, bonds, Sums.empty(1), none, none.astype(np.bool_))
        return state.update(interactions)

    def update(self, interactions: pd.DataFrame | pa.Table) -> FusionState:
        """Return the state after new *interactions*, in any order; those known already change nothing.

        Raises:
            InputError: As for ``fusion_scores``; an event id is known with another payload.
        """
        table = columns.as_table(interactions)
        ledger = read_ledger(table)
        if len(ledger) < table.num_rows:
            table = columns.distinct_events(table)
        hashes = columns.sorted_hashes(ledger.event_id)
        if self.archive.may_know(hashes):
            table = self._unseen(plain(table))
            ledger = read_ledger(table)
            hashes = columns.sorted_hashes(ledger.event_id)
        return self._with(table, ledger, hashes) if len(ledger) else self

    def scores(self, as_of: datetime | str | None = None) -> pd.DataFrame:
        """Return the frame of :func:`~influence_graph.fusion_scores` for all interactions so far.

        Args:
            as_of: Default: the latest time in the interactions. From then on the sums are faded; for an
                earlier time all interactions are replayed.
        """
        latest = self._latest()
        moment = checked_as_of(as_of) or latest
        if moment is None or latest is None or moment < latest:
            return fusion_scores(self._interactions(), as_of, self.policy)
        sums, consumer, brand = self._sums(moment), self.bonds.consumer, self.bonds.brand
        order = self._order()
        if order is not None:
            sums, consumer, brand = sums[order], consumer[order], brand[order]
        names = pd.Index(self.consumers.texts).take(consumer), pd.Index(self.brands.texts).take(brand)
        frame = frame_of(*names, sums, self.policy)
        frame.attrs.update(as_of=moment, valid_at=moment, policy=self.policy.to_dict())
        return frame

    def at(self, consumer: str, brand: str, times: Sequence[datetime | str]) -> pd.DataFrame:
        """Return one bond at each of *times*, from what had happened and was known by then.

        Args:
            consumer: A consumer that occurs in the interactions.
            brand: A brand that occurs in them.
            times: Times with a zone.

        Returns:
            Column time, and those of ``fusion_scores`` from fusion_score on; 0 where there was no bond.

        Raises:
            NotFound: The consumer or the brand does not occur.
            InputError: A time has no zone.
        """
        who, which = _code("consumer", consumer, self.consumers), _code("brand", brand, self.brands)
        ledger = self._ledger_of(who)
        place = self.brands.texts[which]
        sums = np.zeros((len(times), 2))
        moments = [_time(time) for time in times]
        for row, moment in enumerate(moments):
            known = ledger.as_known_at(moment)
            _, brands, found = bond_sums(known, self.policy, moment)
            sums[row] = found[known.brand.names[brands] == place].sum(axis=0)
        frame = frame_of(None, None, sums, self.policy)
        frame.insert(0, "time", moments)
        return frame[["time", *NUMBERS]]

    def interactions_of(self, consumer: str) -> pa.Table:
        """Return all that the bonds of *consumer* depend on: its interactions, and corrections of any.

        This is as good as all interactions for :func:`~influence_graph.explain`, and read faster.

        Raises:
            NotFound: The consumer does not occur.
        """
        return self._table_of(_code("consumer", consumer, self.consumers))

    def _table_of(self, who: int) -> pa.Table:
        table = self.archive.of_consumers(np.array([who]))
        return self._interactions().slice(0, 0) if table is None else table

    def _ledger_of(self, who: int) -> Ledger:
        ledger = read_ledger(self._table_of(who))
        return ledger.take(ledger.consumer.names[ledger.consumer.codes] == self.consumers.texts[who])

    def _latest(self) -> datetime | None:
        return to_datetime(self.reference) if self.archive.segments else None

    def _interactions(self) -> pa.Table:
        tables = [plain(segment.table) for segment in self.archive.segments]
        if tables:
            return together(tables)
        return pa.table({name: pa.array([], pa.string()) for name in ("event_id", "at", "consumer", "brand")})

    def _unseen(self, table: pa.Table) -> pa.Table:
        """Return the rows of *table* whose id is new; the same id with another payload is refused."""
        known, _ = self.archive.with_ids(columns.large(columns.event_ids(table)))
        return table if known is None else columns.distinct_events(together([known, table])).slice(known.num_rows)

    def _with(self, table: pa.Table, new: Ledger, hashes: NDArray[np.uint64]) -> FusionState:
        consumers, who = self.consumers.with_texts(new.consumer.names)
        brands, which = self.brands.with_texts(new.brand.names)
        new = _recoded(new, (who, consumers), (which, brands))
        latest = to_micros(new.latest() or to_datetime(0))
        grown = replace(
            self,
            archive=self.archive.plus(Segment(table, new.consumer.codes, hashes)),
            consumers=consumers,
            brands=brands,
            reference=max(self.reference, latest),
            last=_grown(self.last, len(consumers), np.int64(_NEVER)),
            linked=_grown(self.linked, len(consumers), np.bool_(False)),
        )
        again = grown._to_replay(new, self.archive)
        np.maximum.at(grown.last, new.consumer.codes, new.at)
        ledger = grown._replayed(new, again, self.archive, table) if again.any() else new
        return grown._absorbed(ledger.as_known_at(to_datetime(grown.reference)), again, self.reference)

    def _to_replay(self, new: Ledger, archive: Archive) -> NDArray[np.bool_]:
        """Return which consumers' sums cannot be patched with the *new* events; mark who links brands."""
        if self.policy.spillover > 0:
            self.linked[links_of(new)[0] >> 32] = True
        earliest = np.full(len(self.consumers), np.iinfo(np.int64).max)
        np.minimum.at(earliest, new.consumer.codes, new.at)
        again: NDArray[np.bool_] = self.linked & (earliest <= self.last)
        if new.replaces is not None:
            again[archive.with_ids(columns.large(new.replaces.drop_null()))[1]] = True
        corrected = archive.corrected(new.event_id)
        again[new.consumer.codes[corrected]] = True
        return again

    def _replayed(self, new: Ledger, again: NDArray[np.bool_], archive: Archive, table: pa.Table) -> Ledger:
        """Return the *new* events, and all earlier ones of the consumers that are to be replayed."""
        earlier = archive.of_consumers(np.flatnonzero(again))
        if earlier is None:
            return new
        ledger = read_ledger(together([earlier, plain(table)]))
        codes = [
            (names.find(coded.names).astype(np.int32), names)
            for coded, names in ((ledger.consumer, self.consumers), (ledger.brand, self.brands))
        ]
        ledger = _recoded(ledger, *codes)
        wanted = again[ledger.consumer.codes]
        wanted[earlier.num_rows :] = True
        return ledger.take(wanted)

    def _absorbed(self, ledger: Ledger, again: NDArray[np.bool_], before: int) -> FusionState:
        """Return the state with the events of *ledger* added; sums of the consumers in *again* start anew."""
        policy = self.policy
        half_lives, of_touchpoint = _half_lives(policy)
        points = points_of(ledger, policy, to_datetime(self.reference))
        column = (points.side * half_lives.size + of_touchpoint[points.touchpoint]).astype(np.int8)
        touched = np.zeros(len(self.consumers), np.bool_)
        touched[ledger.consumer.codes] = True
        spill, links = spilled(ledger, points, policy, column, self.links.of(touched & ~again))
        rows = Rows(ledger.consumer.codes, ledger.brand.codes, column, points.points * points.decay)
        bonds = _folded(rows.followed_by(spill), len(self.consumers), len(self.brands), 2 * half_lives.size)
        fade = np.tile(_fade(half_lives, self.reference - before if len(self.bonds) else 0), 2)
        return replace(self, bonds=self.bonds.plus(bonds, fade, again), links=self.links.plus(links, drop=again))

    def _sums(self, moment: datetime) -> NDArray[np.float64]:
        half_lives, _ = _half_lives(self.policy)
        fade = _fade(half_lives, to_micros(moment) - self.reference)
        if half_lives.size == 1:
            return self.bonds.value * fade
        return np.stack(np.split(self.bonds.value, 2, axis=1), axis=1) @ fade

    def _order(self) -> NDArray[np.int64] | None:
        """Return the bonds by name of consumer and brand, None where they stand so already."""
        if self.consumers.rank is None and self.brands.rank is None:
            return None
        consumer, brand = self.bonds.consumer, self.bonds.brand
        if self.consumers.rank is not None:
            consumer = self.consumers.rank[consumer]
        if self.brands.rank is not None:
            brand = self.brands.rank[brand]
        return np.argsort((consumer << 32) | brand)


def _half_lives(policy: FusionPolicy) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the different half-lives in days, and which of them each touchpoint has."""
    days = np.array([policy.half_life(name) for name in TOUCHPOINTS])
    return np.unique(days, return_inverse=True)


def _fade(half_lives: NDArray[np.float64], micros: int) -> NDArray[np.float64]:
    return np.exp2(-(micros / _MICROS_PER_DAY) / half_lives)


def _folded(rows: Rows, consumers: int, brands: int, width: int) -> Sums:
    consumer, brand, sums = kernel.sum_by_bond(rows, consumers, brands, width)
    return Sums(keys(consumer, brand), np.zeros(brand.size, np.int32), sums)


def _grown(values: NDArray[_T], size: int, fill: _T) -> NDArray[_T]:
    return np.append(values, np.full(size - values.size, fill, values.dtype))


def _recoded(
    ledger: Ledger, consumers: tuple[NDArray[np.int32], Names], brands: tuple[NDArray[np.int32], Names]
) -> Ledger:
    """Return *ledger* with codes of the state."""
    (who, people), (which, products) = consumers, brands
    items = which[ledger.lists.items] if ledger.lists.items.size else ledger.lists.items
    return replace(
        ledger,
        consumer=Coded(who[ledger.consumer.codes], people.texts),
        brand=Coded(which[ledger.brand.codes], products.texts),
        lists=replace(ledger.lists, items=items),
    )


def _code(what: str, name: str, names: Names) -> int:
    code = int(names.find(np.array([name], dtype=object))[0])
    if code < 0:
        remedy = did_you_mean(name, names.texts, f"list the {what}s with scores()")
        raise NotFound(f"no {what} {name!r} among the {len(names):,} of the interactions", remedy=remedy)
    return code


def _time(time: datetime | str) -> datetime:
    moment = checked_as_of(time, "times")
    if moment is None:
        raise InputError("a time is None", remedy="give times with a zone")
    return moment
