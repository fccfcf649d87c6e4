"""The interactions of a :class:`~influence_graph.analyses.fusion.state.FusionState`, by consumer and by id."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.analyses.interactions import columns
from influence_graph.kernels.fusion import bonds as kernel
from influence_graph.model.records import INTERACTIONS, FieldType

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SEGMENTS = 8


@dataclass(frozen=True, eq=False)
class Names:
    """Texts by a code that never changes: new texts follow the old ones, in parts that grow."""

    parts: tuple[pd.Index, ...] = ()

    def __len__(self) -> int:
        return sum(len(part) for part in self.parts)

    @cached_property
    def texts(self) -> NDArray[np.object_]:
        """All texts by code."""
        return np.concatenate([part.to_numpy() for part in self.parts]) if self.parts else np.empty(0, object)

    @cached_property
    def rank(self) -> NDArray[np.int64] | None:
        """The place of each text among all in ascending order; None where that is its code."""
        if len(self.parts) < 2 and (not self.parts or self.parts[0].is_monotonic_increasing):
            return None
        rank = np.empty(len(self), np.int64)
        rank[np.argsort(self.texts, kind="stable")] = np.arange(len(self))
        return rank

    def find(self, texts: NDArray[np.object_]) -> NDArray[np.int64]:
        """Return the code of each of *texts*, -1 where it has none."""
        wanted = pd.Index(texts, dtype=object)  # of the type of the parts: their hash tables serve it
        found = np.full(len(texts), -1)
        start = 0
        for part in self.parts:
            place = part.get_indexer(wanted)
            found = np.where(place >= 0, place + start, found)
            start += len(part)
        return found

    def with_texts(self, texts: NDArray[np.object_]) -> tuple[Names, NDArray[np.int32]]:
        """Return these names and those of *texts* that are new, and the code of each of *texts*."""
        code = self.find(texts)
        new = np.flatnonzero(code < 0)
        code[new] = len(self) + np.arange(new.size)
        if not new.size:
            return self, code.astype(np.int32)
        parts = [*self.parts, pd.Index(texts[new], dtype=object)]
        while len(parts) > 1 and len(parts[-2]) < 8 * len(parts[-1]):
            parts[-2:] = [parts[-2].append(parts[-1])]
        parts[-1].get_indexer(parts[-1][:1])  # builds the hash table, which later states share
        return Names(tuple(parts)), code.astype(np.int32)


@dataclass(frozen=True, eq=False)
class Segment:
    """Interactions that were added together; ``consumer`` are codes, ``hashes`` those of the ids, sorted."""

    table: pa.Table
    consumer: NDArray[np.int32]
    hashes: NDArray[np.uint64]

    @cached_property
    def by_consumer(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the rows of each consumer start, and all rows in this order."""
        order = np.empty(len(self.consumer), np.int64)
        return kernel.group_rows(self.consumer, int(self.consumer.max(initial=-1)) + 1, order), order

    def rows_of(self, consumers: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rows of *consumers*."""
        start, order = self.by_consumer
        within = consumers[consumers < start.size - 1]
        parts = [order[start[c] : start[c + 1]] for c in within.tolist()]
        return np.concatenate(parts) if parts else np.empty(0, np.int64)

    def rows_with(self, name: str, texts: pa.Array) -> NDArray[np.int64]:
        """Return the rows whose column *name* is one of *texts*."""
        if name not in self.table.column_names:
            return np.empty(0, np.int64)
        found = pc.is_in(self.table.column(name).cast(pa.large_string()), texts)
        return np.flatnonzero(found.to_numpy())

    def take(self, rows: NDArray[np.int64]) -> pa.Table:
        """Return *rows* in the types of the record, so that tables of any origin can be put together."""
        return plain(self.table.take(rows))

    @cached_property
    def corrections(self) -> NDArray[np.int64]:
        """The rows that replace another event."""
        if "replaces" not in self.table.column_names:
            return np.empty(0, np.int64)
        return np.flatnonzero(self.table.column("replaces").is_valid().to_numpy())


@dataclass(frozen=True, eq=False)
class Archive:
    """Segments, largest first."""

    segments: tuple[Segment, ...] = ()

    def plus(self, segment: Segment) -> Archive:
        """Return the archive with one more *segment*; small ones are put together."""
        segments = [*self.segments, segment]
        while len(segments) > _SEGMENTS:
            one, two = segments[-2:]
            segments[-2:] = [
                Segment(
                    together([plain(one.table), plain(two.table)]),
                    np.concatenate([one.consumer, two.consumer]),
                    np.sort(np.concatenate([one.hashes, two.hashes])),
                )
            ]
        return Archive(tuple(segments))

    def may_know(self, hashes: NDArray[np.uint64]) -> bool:
        """Return whether any of the sorted *hashes* of ids has been seen."""
        for segment in self.segments:
            if segment.hashes.size and hashes.size:
                place = np.minimum(np.searchsorted(segment.hashes, hashes), segment.hashes.size - 1)
                if (segment.hashes[place] == hashes).any():
                    return True
        return False

    def with_ids(self, ids: pa.Array) -> tuple[pa.Table | None, NDArray[np.int64]]:
        """Return the events with these *ids*, and their consumers."""
        return self._select(lambda segment: segment.rows_with("event_id", ids))

    def of_consumers(self, consumers: NDArray[np.int64]) -> pa.Table | None:
        """Return the events of *consumers*, and all corrections of them, of whomever."""
        if not any(segment.corrections.size for segment in self.segments):
            return self._select(lambda segment: segment.rows_of(consumers))[0]
        return self._select(lambda segment: np.union1d(segment.rows_of(consumers), segment.corrections))[0]

    def corrected(self, ids: pa.Array) -> NDArray[np.bool_]:
        """Return which of the *ids* a correction names."""
        found = np.zeros(len(ids), np.bool_)
        for segment in self.segments:
            if segment.corrections.size:
                named = segment.table.column("replaces").take(segment.corrections).cast(pa.large_string())
                found |= pc.is_in(columns.large(ids), named.combine_chunks()).to_numpy(zero_copy_only=False)
        return found

    def _select(self, rows: Callable[[Segment], NDArray[np.int64]]) -> tuple[pa.Table | None, NDArray[np.int64]]:
        chosen = [(segment, rows(segment)) for segment in self.segments]
        chosen = [(segment, one) for segment, one in chosen if one.size]
        if not chosen:
            return None, np.empty(0, np.int64)
        consumers = np.concatenate([segment.consumer[one] for segment, one in chosen])
        return together([segment.take(one) for segment, one in chosen]), consumers.astype(np.int64)


def together(tables: list[pa.Table]) -> pa.Table:
    """Return the rows of all *tables*; a column that one lacks is null there."""
    return pa.concat_tables(tables, promote_options="permissive").combine_chunks()


def plain(table: pa.Table) -> pa.Table:
    """Return *table* with texts as such, times in UTC and numbers as float64, whatever they came as."""
    changed: dict[str, Any] = {}
    for name in table.column_names:
        kind = INTERACTIONS.by_name[name].type
        if kind is FieldType.TIME:
            times = columns.micros(table, name)
            changed[name] = pa.array(times, pa.timestamp("us", tz="UTC"), mask=times == columns.NULL_TIME)
        elif kind is FieldType.NUMBER:
            changed[name] = table.column(name).cast(pa.float64())
        else:
            changed[name] = table.column(name).cast(pa.large_string())
    return pa.table(changed)
