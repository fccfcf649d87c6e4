"""All interactions of a :class:`~influence_graph.analyses.fusion.state.FusionState`, found by consumer and by id."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.analyses.interactions import columns
from influence_graph.kernels.fusion import bonds as kernel
from influence_graph.model.records import INTERACTIONS, FieldType

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MAX_SEGMENTS = 8
_TYPES = {FieldType.NUMBER: pa.float64(), FieldType.TRUTH: pa.bool_()}


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

    @cached_property
    def corrections(self) -> NDArray[np.int64]:
        """The rows that replace another event."""
        if "replaces" not in self.table.column_names:
            return np.empty(0, np.int64)
        return np.flatnonzero(self.table.column("replaces").is_valid().to_numpy())

    def rows_of(self, consumers: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rows of *consumers*."""
        start, order = self.by_consumer
        within = consumers[consumers < start.size - 1]
        parts = [order[start[c] : start[c + 1]] for c in within.tolist()]
        return np.concatenate(parts) if parts else np.empty(0, np.int64)

    def rows_with_ids(self, ids: pa.Array) -> NDArray[np.int64]:
        """Return the rows whose event id is one of *ids*, large strings."""
        return np.flatnonzero(pc.is_in(self.table.column("event_id").cast(pa.large_string()), ids).to_numpy())

    def may_have(self, hashes: NDArray[np.uint64]) -> bool:
        """Return whether any of the sorted *hashes* of ids is one of these."""
        if not self.hashes.size or not hashes.size:
            return False
        position = np.minimum(np.searchsorted(self.hashes, hashes), self.hashes.size - 1)
        return bool((self.hashes[position] == hashes).any())


@dataclass(frozen=True, eq=False)
class Archive:
    """Segments, largest first."""

    segments: tuple[Segment, ...] = ()

    def __len__(self) -> int:
        return sum(segment.table.num_rows for segment in self.segments)

    def plus(self, segment: Segment) -> Archive:
        """Return the archive with one more *segment*; small ones are merged."""
        segments = [*self.segments, segment]
        while len(segments) > _MAX_SEGMENTS:
            one, two = segments[-2:]
            segments[-2:] = [
                Segment(
                    merged([in_record_types(one.table), in_record_types(two.table)]),
                    np.concatenate([one.consumer, two.consumer]),
                    np.sort(np.concatenate([one.hashes, two.hashes])),
                )
            ]
        return Archive(tuple(segments))

    def may_have(self, hashes: NDArray[np.uint64]) -> bool:
        """Return whether any of the sorted *hashes* of ids was added before."""
        return any(segment.may_have(hashes) for segment in self.segments)

    def table(self) -> pa.Table:
        """Return all interactions."""
        tables = [in_record_types(segment.table) for segment in self.segments]
        return merged(tables) if tables else INTERACTIONS.schema.empty_table()

    def with_ids(self, ids: pa.Array) -> pa.Table | None:
        """Return the events with these *ids*, None where there are none."""
        return self._select(lambda segment: segment.rows_with_ids(ids))

    def consumers_of(self, ids: pa.Array) -> NDArray[np.int64]:
        """Return the codes of the consumers of the events with these *ids*."""
        codes = [segment.consumer[segment.rows_with_ids(ids)] for segment in self.segments]
        return np.concatenate([np.empty(0, np.int64), *codes])

    def of_consumers(self, consumers: NDArray[np.int64]) -> pa.Table | None:
        """Return the events of *consumers*, codes, and the corrections of them by any consumer."""
        if not any(segment.corrections.size for segment in self.segments):
            return self._select(lambda segment: segment.rows_of(consumers))
        return self._select(lambda segment: np.union1d(segment.rows_of(consumers), segment.corrections))

    def _select(self, rows: Callable[[Segment], NDArray[np.int64]]) -> pa.Table | None:
        chosen = [(segment, rows(segment)) for segment in self.segments]
        tables = [in_record_types(segment.table.take(positions)) for segment, positions in chosen if positions.size]
        return merged(tables) if tables else None


def merged(tables: list[pa.Table]) -> pa.Table:
    """Return the rows of all *tables*; a column that one lacks is null there."""
    return pa.concat_tables(tables, promote_options="permissive").combine_chunks()


def in_record_types(table: pa.Table) -> pa.Table:
    """Return *table* with plain texts, times in UTC and float64, so that tables of any origin can be merged."""
    changed: dict[str, Any] = {}
    for name in table.column_names:
        kind = INTERACTIONS.by_name[name].type
        if kind is FieldType.TIME:
            times = columns.micros(table, name)
            changed[name] = pa.array(times, pa.timestamp("us", tz="UTC"), mask=times == columns.NULL_TIME)
        elif kind in _TYPES:
            changed[name] = table.column(name).cast(_TYPES[kind])
        else:
            changed[name] = table.column(name).cast(pa.large_string())
    return pa.table(changed)
