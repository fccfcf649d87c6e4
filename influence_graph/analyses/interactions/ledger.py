"""Interactions as arrays: what a frame or table of records becomes before points are calculated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa

from influence_graph.analyses.interactions import columns
from influence_graph.analyses.interactions.corrections import Corrections
from influence_graph.model.display import short_line
from influence_graph.model.frames import Frame
from influence_graph.model.records import INTERACTIONS, LIST_SEPARATOR, RETRACTION, FieldType
from influence_graph.model.times import Time, checked_as_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROS_PER_DAY = 86_400_000_000
END_OF_TIME = np.iinfo(np.int64).max
"""A time as of which all is known."""


class Moment(NamedTuple):
    """The time of a score, and the time as of which events must be known; they differ in hindsight."""

    valid: datetime
    known: datetime


@dataclass(frozen=True, eq=False)
class Coded:
    """A text column as ``codes`` into sorted ``names``; -1 stands for null."""

    codes: NDArray[np.int32]
    names: NDArray[np.object_]

    def text(self, row: int) -> str | None:
        """Return the text of *row*, None for null."""
        code = self.codes[row]
        return None if code < 0 else str(self.names[code])


@dataclass(frozen=True, eq=False)
class Lists:
    """Brands named together, once per distinct list: list ``i`` is ``items[start[i]:start[i + 1]]``."""

    start: NDArray[np.int64]
    items: NDArray[np.int32]


@dataclass(frozen=True, eq=False, repr=False)
class Ledger:
    """Interactions as columns; an optional column that the input lacks is None, a null number NaN, true 1 and false 0.

    ``at`` and ``known`` are µs since 1970 UTC; ``known`` is ``recorded_at``, or ``at`` where null.
    ``with_list`` is an index into ``lists``, -1 for none. ``replaces`` names the event that a row
    corrects; ``correction`` is the place of a row in ``corrections``, -1 where it neither replaces
    another nor is replaced. All three are None where no row replaces another.
    """

    event_id: pa.Array
    at: NDArray[np.int64]
    known: NDArray[np.int64]
    consumer: Coded
    brand: Coded
    lists: Lists
    with_list: NDArray[np.int32] | None = None
    direction: Coded | None = None
    touchpoint: Coded | None = None
    kind: Coded | None = None
    points: NDArray[np.float64] | None = None
    valence: NDArray[np.float64] | None = None
    weight: NDArray[np.float64] | None = None
    reach: NDArray[np.float64] | None = None
    confidence: NDArray[np.float64] | None = None
    blame: NDArray[np.float64] | None = None
    value: NDArray[np.float64] | None = None
    currency: Coded | None = None
    paid: NDArray[np.float64] | None = None
    recognized: NDArray[np.float64] | None = None
    replaces: pa.Array | None = None
    correction: NDArray[np.int32] | None = None
    corrections: Corrections | None = None

    def __len__(self) -> int:
        return self.at.size

    def __repr__(self) -> str:
        figures = {"interactions": len(self), "latest": self.latest()}
        return short_line("Ledger", figures)

    def latest(self) -> datetime | None:
        """Return the latest time of an event or of its recording; None if there are none."""
        return None if not len(self) else to_datetime(int(max(self.at.max(), self.known.max())))

    def moment(self, as_of: Time | None = None, valid_at: Time | None = None) -> Moment | None:
        """Return the time that *as_of* and *valid_at* select; None if neither is given and there are no events.

        *as_of* defaults to the latest time known, *valid_at* to *as_of*.

        Raises:
            InputError: One of them is not a time with a zone.
        """
        valid = checked_as_of(valid_at, "valid_at")
        known = checked_as_of(as_of) or self.latest() or valid
        return None if known is None else Moment(valid or known, known)

    def as_known_at(self, as_of: datetime, valid_at: datetime | None = None) -> Ledger:
        """Return the interactions up to *valid_at* (default *as_of*) that were known and not replaced at *as_of*.

        An event does not count while a record that replaces it is known and not taken back; a retraction never
        counts (see :mod:`influence_graph.analyses.interactions.corrections`).
        """
        known, valid = to_micros(as_of), to_micros(valid_at or as_of)
        keep = (self.at <= valid) & (self.known <= known)
        if self.corrections is not None:
            _, is_last = self.corrections.standing(known)
            keep &= np.append(is_last, True)[self.correction]
        keep &= ~self.retracts()
        return self if keep.all() else self.take(keep)

    def without(self, left_out: NDArray[np.bool_]) -> Ledger:
        """Return the ledger without the records where *left_out* holds; the events that they replaced count again."""
        return self.take(~left_out)._with_corrections()

    def take(self, keep: NDArray[np.bool_]) -> Ledger:
        """Return the rows where *keep* holds; ids keep their codes."""
        changed: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, pa.Array):
                changed[field.name] = value.filter(pa.array(keep))
            elif isinstance(value, Coded):
                changed[field.name] = replace(value, codes=value.codes[keep])
            elif isinstance(value, np.ndarray):
                changed[field.name] = value[keep]
        return replace(self, **changed)

    def named_with(self, row: int) -> list[int]:
        """Return the codes of the other brands that *row* names."""
        if self.with_list is None or self.with_list[row] < 0:
            return []
        chosen, own = self.with_list[row], self.brand.codes[row]
        items = self.lists.items[self.lists.start[chosen] : self.lists.start[chosen + 1]]
        return [int(brand) for brand in items if brand != own]

    def all_named(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Return a row and a brand for each brand in the list of a row, in the order of the rows."""
        if self.with_list is None:
            return np.empty(0, np.int64), np.empty(0, np.int32)
        rows = np.flatnonzero(self.with_list >= 0)
        chosen = self.with_list[rows]
        sizes = np.diff(self.lists.start)[chosen]
        row = np.repeat(rows, sizes)
        within = np.arange(row.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return row, self.lists.items[np.repeat(self.lists.start[chosen], sizes) + within]

    def replacing(self, rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return which of ``corrections`` replace one of *rows*, a flag for each row, transitively."""
        if self.corrections is None or self.correction is None:
            return np.empty(0, np.bool_)
        records = np.zeros(len(self.corrections) + 1, np.bool_)
        records[self.correction[rows]] = True  # the last one is "none", where -1 points
        return self.corrections.replacing(records[:-1])

    def retractions(self) -> pa.Array:
        """Return the ids of the records that only retract another one."""
        return self.event_id.filter(pa.array(self.retracts()))

    def retracts(self) -> NDArray[np.bool_]:
        """Return which records only retract another one."""
        names = [] if self.kind is None else self.kind.names.tolist()
        is_retraction = np.array([*(name.strip().lower() == RETRACTION for name in names), False])  # null: the last
        if self.kind is None or not is_retraction.any():
            return np.zeros(len(self), np.bool_)
        retracts: NDArray[np.bool_] = is_retraction[self.kind.codes]
        return retracts

    def _with_corrections(self) -> Ledger:
        """Return the ledger with ``corrections`` made from ``replaces``, for any order of rows."""
        if self.replaces is None or self.replaces.null_count == len(self):
            return replace(self, replaces=None, correction=None, corrections=None)
        corrections = Corrections.of(self.event_id, self.known, self.replaces, self.retracts())
        correction = np.full(len(self), -1, np.int32)
        correction[corrections.row] = np.arange(len(corrections), dtype=np.int32)
        return replace(self, correction=correction, corrections=corrections)


def to_micros(time: datetime) -> int:
    """Return *time*, which has a zone, as µs since 1970 UTC, rounded down."""
    return (time - EPOCH) // timedelta(microseconds=1)


def to_datetime(micros: int) -> datetime:
    """Return µs since 1970 as a UTC time."""
    return EPOCH + timedelta(microseconds=micros)


def read_ledger(interactions: Frame) -> Ledger:
    """Return *interactions* as a ledger in which each event id occurs once.

    Args:
        interactions: Columns of the interactions record; only ``event_id, at, consumer, brand`` are
            needed. ``at`` and ``recorded_at`` are times with a zone, or ISO 8601 texts with one.

    Raises:
        InputError: A column is missing, a value is out of its limits, an event replaces itself, or an
            event id is repeated with another payload.
    """
    table = columns.distinct_events(columns.as_table(interactions))
    at = columns.micros(table, "at", required=True)
    recorded = columns.micros(table, "recorded_at")
    consumer = Coded(*columns.codes(table, "consumer", required=True))
    brand, with_list, lists = _brands(table)
    event_id = columns.event_ids(table)
    return Ledger(
        event_id=event_id,
        at=at,
        known=at if recorded is None else np.where(recorded == columns.NULL_TIME, at, recorded),
        consumer=consumer,
        brand=brand,
        lists=lists,
        with_list=with_list,
        replaces=columns.replaced_ids(table, event_id),
        **_optional(table),
    )._with_corrections()


def _optional(table: pa.Table) -> dict[str, Any]:
    readers: dict[FieldType, Callable[..., Any]] = {
        FieldType.NUMBER: columns.numbers,
        FieldType.TRUTH: columns.numbers,
        FieldType.CHOICE: lambda table, name: Coded(*columns.codes(table, name)),
        FieldType.TEXT: lambda table, name: Coded(*columns.codes(table, name)),
    }
    names = {field.name for field in fields(Ledger)} & set(table.column_names) & set(INTERACTIONS.by_name)
    kinds = {name: INTERACTIONS.by_name[name].type for name in names}
    return {name: readers[kind](table, name) for name, kind in kinds.items() if kind in readers}


def _brands(table: pa.Table) -> tuple[Coded, NDArray[np.int32] | None, Lists]:
    """Code brands and lists of brands by one sorted list of names."""
    codes, names = columns.codes(table, "brand", required=True)
    if "with_brands" not in table.column_names:
        return Coded(codes, names), None, Lists(np.zeros(1, np.int64), np.empty(0, np.int32))
    with_list, texts = columns.codes(table, "with_brands")
    lists = [columns.split_list(text, LIST_SEPARATOR) for text in texts]
    brands = np.array(sorted({*names, *(name for each in lists for name in each)}), dtype=object)
    place = {name: index for index, name in enumerate(brands)}
    moved = np.array([place[name] for name in names], dtype=np.int32)
    items = np.array([place[name] for each in lists for name in each], dtype=np.int32)
    start = np.concatenate([[0], np.cumsum([len(each) for each in lists], dtype=np.int64)])
    return Coded(moved[codes] if codes.size else codes, brands), with_list, Lists(start.astype(np.int64), items)
