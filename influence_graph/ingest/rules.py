"""Rules across the fields of one record, and the defaults of the fields that identify it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.ingest.faults import Fault
from influence_graph.ingest.values.zones import EARLIEST
from influence_graph.model.records import RETRACTION, RecordKind


@dataclass(frozen=True)
class Period:
    """When interactions may have happened and become known; None: no limit."""

    not_before: datetime | None = None
    not_after: datetime | None = None


Violations = dict[int, tuple[str, Fault]]
"""Rows that break a rule, each with the column and the fault."""


def violations(kind: RecordKind, table: pa.Table, period: Period) -> Violations:
    """Return the rows of *table* that break a rule across fields or are outside *period*, with column and fault."""
    if kind.name == "ties":
        remedy = "remove the row: a tie is between two people"
        return _violations(table, "target", _equal(table, "source", "target"), "source and target are the same", remedy)
    if kind.name == "interactions":
        return {**_outside_period(table, period), **_bad_corrections(table)}
    return _far_days(table) if kind.name == "campaigns" else {}


def _equal(table: pa.Table, one: str, other: str) -> pa.ChunkedArray:
    return pc.equal(table.column(one), table.column(other))


def _violations(table: pa.Table, column: str, broken: pa.ChunkedArray, reason: str, remedy: str) -> Violations:
    """Return the rows where *broken* is true (null: it is not), each with the value of *column*."""
    rows = np.flatnonzero(broken.fill_null(False).to_numpy())
    values = table.column(column).take(pa.array(rows)).to_pylist()
    texts = ["" if v is None else v.isoformat() if isinstance(v, date) else str(v) for v in values]
    return {int(row): (column, Fault.of(text, reason, remedy)) for row, text in zip(rows, texts, strict=True)}


def _bad_corrections(table: pa.Table) -> Violations:
    remedy = "name in replaces the event that is corrected or retracted"
    self_replacing = _violations(
        table, "replaces", _equal(table, "event_id", "replaces"), "an event cannot replace itself", remedy
    )
    kinds = table.column("kind")
    if kinds.null_count == len(kinds):
        return self_replacing
    nameless = pc.and_(pc.equal(pc.utf8_lower(kinds), RETRACTION), table.column("replaces").is_null())
    return {
        **self_replacing,
        **_violations(table, "replaces", nameless, "a retraction must name the event that it replaces", remedy),
    }


def _far_days(table: pa.Table) -> Violations:
    """Return the campaigns of another day than ``at`` can be anywhere on earth."""
    apart = pc.days_between(_utc_days(table), table.column("day"))
    remedy = "correct one of them, or leave out day: it is then the date of at as written"
    far = pc.greater(pc.abs(apart), 1)
    return _violations(table, "day", far, "is more than one day from the date of at in UTC", remedy)


def _utc_days(table: pa.Table) -> pa.ChunkedArray:
    return table.column("at").cast(pa.timestamp("us")).cast(pa.date32(), safe=False)


def fill_days(table: pa.Table, written: pa.Array) -> pa.Table:
    """Return a *table* of campaigns in which those without a day have the date of ``at`` as *written*, else in UTC."""
    written = pc.max_element_wise(written, pa.scalar(EARLIEST.date(), pa.date32()), skip_nulls=False)
    return _fill(_fill(table, "day", written), "day", _utc_days(table))


def _outside_period(table: pa.Table, period: Period) -> Violations:
    outside: Violations = {}
    for column in ("recorded_at", "at"):  # of a row with two faults that of ``at`` is reported
        times = table.column(column)
        if period.not_after is not None:
            reason = f"is in the future: the limit is {period.not_after:%Y-%m-%d %H:%M %Z}"
            remedy = "correct the time, or allow more with --allow-skew"
            outside |= _violations(table, column, pc.greater(times, _time(period.not_after)), reason, remedy)
        if period.not_before is not None:
            reason = f"is before the limit {period.not_before:%Y-%m-%d %H:%M %Z}"
            remedy = "correct the time, or set an earlier --not-before"
            outside |= _violations(table, column, pc.less(times, _time(period.not_before)), reason, remedy)
    return outside


def _time(limit: datetime) -> pa.Scalar:
    return pa.scalar(limit, pa.timestamp("us", tz="UTC"))


def fill_defaults(kind: RecordKind, table: pa.Table) -> pa.Table:
    """Return *table* with the defaults of *kind* filled in that are part of what identifies a record."""
    if kind.name == "ties":
        return _fill_ties(table)
    return _fill(table, "segment", pa.scalar("")) if kind.name == "sales" else table


def kinds_of(table: pa.Table) -> Counter[str]:
    """Return how often each kind occurs in a *table* of interactions; those of no kind are left out."""
    counted = pc.value_counts(table.column("kind").drop_null())
    return Counter({each["values"].as_py(): each["counts"].as_py() for each in counted})


def currency_of(table: pa.Table) -> str | None:
    """Return the currency of the first value in a *table* of interactions that states one."""
    stated = table.column("currency").filter(table.column("value").is_valid()).drop_null()
    return stated[0].as_py() if len(stated) else None


def other_currencies(table: pa.Table, currency: str) -> Violations:
    """Return the rows of a *table* of interactions whose value is in another currency than *currency*."""
    different = pc.not_equal(pc.utf8_upper(table.column("currency")), currency.upper())
    mixed = pc.and_(different, table.column("value").is_valid())
    remedy = "convert to one currency"
    return _violations(table, "currency", mixed, f"the other values are in {currency}", remedy)


def negative_sales(table: pa.Table) -> int:
    """Return how many records in a *table* of sales are below zero."""
    return pc.sum(pc.less(table.column("value"), 0)).as_py() or 0


def _fill(table: pa.Table, name: str, default: Any) -> pa.Table:  # noqa: ANN401 - scalar or array
    column = table.column(name)
    if column.null_count == 0:
        return table
    return table.set_column(table.schema.get_field_index(name), name, pc.coalesce(column, default))


def _fill_ties(table: pa.Table) -> pa.Table:
    """Set the default kind, follows; a friendship is stored once, with its ends in order."""
    table = _fill(table, "kind", pa.scalar("follows"))
    source, target = table.column("source"), table.column("target")
    swapped = pc.and_(pc.equal(table.column("kind"), "friend"), pc.greater(source, target))
    if not pc.any(swapped).as_py():
        return table
    table = table.set_column(0, "source", pc.if_else(swapped, target, source))
    return table.set_column(1, "target", pc.if_else(swapped, source, target))
