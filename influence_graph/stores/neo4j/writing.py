"""Appending one batch of records in transactions of a few thousand rows.

Every transaction first locks the ledger node, so that one writes at a time: what it finds by key stays true
until it commits, and the ``seq`` it leaves on each record grows in the order of the commits. The
two rules are those of the embedded store: people, brands, ties and sales are merged by key,
interactions and campaigns never change, but for the day of a campaign that has none of its own.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from influence_graph.model.records import CAMPAIGN_DAY, CAMPAIGNS, INTERACTIONS, Batch, RecordKind
from influence_graph.model.sources import NAMED_ONLY
from influence_graph.stores.base import AppendReport, Progress, conflict
from influence_graph.stores.frozen_meaning import FIELDS
from influence_graph.stores.neo4j.database import Database, run, single
from influence_graph.stores.neo4j.meaning import by_direction, table_of
from influence_graph.stores.neo4j.rows import Row, normalized, to_rows
from influence_graph.stores.neo4j.sources import Noted, note

if TYPE_CHECKING:
    import neo4j

    from influence_graph.model.touchpoints import TouchpointTable

TRANSACTION_ROWS = 10_000
_AT, _DAY = CAMPAIGNS.names.index("at"), CAMPAIGNS.names.index(CAMPAIGN_DAY.name)
_ZERO = datetime(1970, 1, 1)
_ADD = {"people": "add-consumers", "brands": "add-brands"}
_FIND: dict[str, tuple[str, ...]] = {"interactions": ("find-interactions-to-brand", "find-interactions-to-consumer")}
_WRITE: dict[str, dict[str, str]] = {
    "interactions": {"to_brand": "write-interactions-to-brand", "to_consumer": "write-interactions-to-consumer"},
    "ties": {"follows": "write-ties-follows", "friend": "write-ties-friend", "exposed": "write-ties-exposed"},
}


@dataclass(frozen=True)
class _Slice:
    """Rows of one transaction, from ``source``; ``lines`` are their lines in ``file``, ``token`` marks its commit.

    ``tombstones`` is the number of those among which their people were looked for, None: they were not.
    """

    kind: RecordKind
    rows: Sequence[Row]
    lines: Sequence[int]
    file: str
    token: str
    source: int | None
    tombstones: int | None


class Outdated(Exception):
    """Somebody was forgotten since the people of a batch were looked for; the rest of it is not stored."""


class _Attempts:
    """One slice's transaction and its replays; remembers the report of an unacknowledged commit."""

    def __init__(self, part: _Slice, url: str) -> None:
        self._part, self._url = part, url
        self._report = AppendReport(part.kind.name)

    def __call__(self, tx: neo4j.ManagedTransaction) -> AppendReport:
        ledger = single(tx, "lock-ledger", token=self._part.token)
        if not ledger["done"]:  # else the former attempt has committed and only its answer was lost
            if self._part.tombstones not in (None, ledger["tombstones"]):
                raise Outdated
            self._report = _append(tx, self._part, ledger, self._url)
        return self._report


def append_batch(
    database: Database, batch: Batch, progress: Progress | None, tombstones: int | None = None
) -> AppendReport:
    """Append *batch* and return exact counts, also where a commit had to be repeated.

    Args:
        database: Where to.
        batch: The records.
        progress: Called with the number of records just done.
        tombstones: Among how many of them people were looked for, None: they were not.

    Raises:
        Outdated: there is another number of them.
    """
    report = AppendReport(batch.kind.name)
    done = 0
    for part in _slices(batch, tombstones):
        report.add(database.write(_Attempts(part, database.url)))
        done += len(part.rows)
        if progress:
            progress(len(part.rows))
    repeated = batch.table.num_rows - done
    report.unchanged += repeated
    if progress and repeated:
        progress(repeated)
    return report


def _slices(batch: Batch, tombstones: int | None = None) -> Iterator[_Slice]:
    kind, rows, lines = batch.kind, to_rows(batch.table), batch.lines.to_pylist()
    if not kind.immutable:
        rows = list(_merged_by_key(kind, rows))
    for start in range(0, len(rows), TRANSACTION_ROWS):
        end = start + TRANSACTION_ROWS
        token = uuid.uuid4().hex
        yield _Slice(kind, rows[start:end], lines[start:end], batch.file, token, batch.source, tombstones)


def _merged_by_key(kind: RecordKind, rows: Iterable[Row]) -> Iterable[Row]:
    """Return one row per key, in order of appearance: the last value that is not null wins."""
    key_of = _key(kind)
    merged: dict[Row, Row] = {}
    for row in rows:
        key = key_of(row)
        merged[key] = _overlaid(merged[key], row) if key in merged else row
    return merged.values()


def _append(tx: neo4j.ManagedTransaction, part: _Slice, ledger: Mapping[str, Any], url: str) -> AppendReport:
    report, seq = AppendReport(part.kind.name), ledger["seq"]
    named_only = None if part.source is None else NAMED_ONLY
    for column, of in part.kind.endpoints.items():
        position = part.kind.names.index(column)
        ids = sorted({row[position] for row in part.rows})
        report.placeholders += single(tx, _ADD[of], ids=ids, seq=seq, origin=named_only)["added"]
    found = _find(tx, part, ledger["frozen"])
    days: list[Row] = []
    rows = _new(part, found, report, days) if part.kind.immutable else _changed(part, found.rows, report)
    for name, selected in _split(part.kind, rows, lambda: table_of(ledger["touchpoints"], url)).items():
        if selected:
            run(tx, name, rows=selected, seq=seq, origin=part.source)
    if days:
        run(tx, "set-days", rows=days, seq=seq)
    if part.source is not None and found.notes:
        note(tx, part.kind, part.source, found.notes, _given(part, report))
    return report


def _given(part: _Slice, report: AppendReport) -> list[Row]:
    """Return the keys of the rows of *part* that are no conflict."""
    key_of = _key(part.kind)
    refused = {each.line for each in report.conflicts}
    if not refused:
        return [key_of(row) for row in part.rows]
    return [key_of(row) for row, line in zip(part.rows, part.lines, strict=True) if line not in refused]


@dataclass(frozen=True)
class _Found:
    """What is stored under the keys of a slice: rows, what they say of sources, and which of them are frozen."""

    rows: dict[Row, Row] = field(default_factory=dict)
    notes: dict[Row, Noted] = field(default_factory=dict)
    frozen: set[Row] = field(default_factory=set)


def _find(tx: neo4j.ManagedTransaction, part: _Slice, frozen_seq: int) -> _Found:
    """Return what is stored under the keys of *part*; frozen is what was up to the transaction *frozen_seq*."""
    key_of = _key(part.kind)
    keys = [key_of(row) for row in part.rows]
    found = _Found()
    for name in _FIND.get(part.kind.name, (f"find-{part.kind.name}",)):
        for record in run(tx, name, keys=keys):
            row = normalized(record["row"], part.kind)
            found.rows[key_of(row)] = row
            found.notes[key_of(row)] = Noted(record["element"], record["origin"], record["also"])
            if part.kind is INTERACTIONS and record["seq"] <= frozen_seq:
                found.frozen.add(key_of(row))
    return found


def _new(part: _Slice, found: _Found, report: AppendReport, days: list[Row]) -> list[Row]:
    """Return the rows whose id is not stored; the others are unchanged or conflicts, or go to *days*."""
    stored, key_of = found.rows, _key(part.kind)
    new = []
    for row, line in zip(part.rows, part.lines, strict=True):
        key = key_of(row)
        known = stored.get(key)
        if known is None:
            stored[key] = row
            new.append(row)
        elif different := _different(part.kind, known, row, is_frozen=key in found.frozen):
            report.conflicts.append(conflict(part.file, line, part.kind, row[0], different))
        elif part.kind is CAMPAIGNS and _has_own_day(row) and not _has_own_day(known):
            stored[key] = row
            days.append(row)
            report.updated += 1
        else:
            report.unchanged += 1
    report.inserted = len(new)
    return new


def _changed(part: _Slice, stored: dict[Row, Row], report: AppendReport) -> list[Row]:
    """Return the rows to write: new ones, and stored ones in which a value differs."""
    key_of = _key(part.kind)
    changed = []
    for row in part.rows:
        known = stored.get(key_of(row))
        if known is None:
            report.inserted += 1
            changed.append(row)
            continue
        merged = _overlaid(known, row)
        if merged == known:
            report.unchanged += 1
        else:
            report.updated += 1
            changed.append(merged)
    return changed


def _split(kind: RecordKind, rows: list[Row], table: Callable[[], TouchpointTable]) -> dict[str, list[Row]]:
    """Return *rows* by the statement that writes them; interactions mean what *table* says."""
    if kind.name not in _WRITE:
        return {f"write-{kind.name}": rows}
    if kind is INTERACTIONS:
        selected = by_direction(rows, table())
    else:
        position = kind.names.index("kind")
        selected = {value: [row for row in rows if row[position] == value] for value in _WRITE[kind.name]}
    return {name: selected[value] for value, name in _WRITE[kind.name].items()}


def _overlaid(known: Row, row: Row) -> Row:
    return tuple(old if value is None else value for old, value in zip(known, row, strict=True))


def _key(kind: RecordKind) -> Any:  # noqa: ANN401 - a function from a row to its key
    positions = [kind.names.index(name) for name in kind.key]
    if len(positions) == 1:
        only = positions[0]
        return lambda row: (row[only],)
    return lambda row: tuple(row[position] for position in positions)


def _different(kind: RecordKind, known: Row, row: Row, *, is_frozen: bool) -> list[str]:
    """Return the fields that differ.

    In a frozen record a meaning that only one side states is no difference, nor is a day that only one side has.
    """
    if known == row:
        return []
    pairs = zip(kind.names, known, row, strict=True)
    different = [(name, (old, value)) for name, old, value in pairs if old != value]
    if kind is CAMPAIGNS and not (_has_own_day(known) and _has_own_day(row)):
        return [name for name, _ in different if name != CAMPAIGN_DAY.name]
    return [name for name, pair in different if not (is_frozen and name in FIELDS and None in pair)]


def _has_own_day(row: Row) -> bool:
    """Return whether a campaign states another day than that of ``at`` in UTC."""
    at, day = row[_AT], row[_DAY]
    return day is not None and day != (_ZERO + timedelta(microseconds=at)).date()
