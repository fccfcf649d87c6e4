"""Chunks to validated batches and rejects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.ingest.chunks import Chunk, ParsedColumn
from influence_graph.ingest.faults import Fault, Faults, Notes
from influence_graph.ingest.rules import (
    Period,
    Violations,
    currency_of,
    fill_days,
    fill_defaults,
    kinds_of,
    negative_sales,
    other_currencies,
    violations,
)
from influence_graph.ingest.values.checks import check_notation
from influence_graph.ingest.values.columns import parse_column
from influence_graph.ingest.values.days import days_as_written
from influence_graph.ingest.values.notation import PLAIN, Notation
from influence_graph.model.records import CAMPAIGNS, INTERACTIONS, SALES, Batch, Field, RecordKind, Reject

_NEGATIVE = "kept as stated: returns lower the sum"
_MISSING = Fault("", "is empty", "fill it in: it is required")


@dataclass
class Validator:
    """Validates the records of one file.

    Attributes:
        kind: Kind of the records.
        file: What rejects call the file.
        zone: Zone of times that state none; None rejects them.
        period: When interactions may have happened and become known.
        currency: That of all values, of which others are rejected; None: that of the first value that states one.
        notations: How the columns of fields are written, by field; others are plain.
        shown: What rejects call the column of a field, by field; others are called like the field.
        kinds: How often each kind of interaction occurs in the good records so far.
        notes: How many values were changed without a fault, or kept though unusual, by what they are and what was done.

    Raises:
        InputError: A notation does not suit its field.
    """

    kind: RecordKind
    file: str
    zone: ZoneInfo | None = None
    period: Period = field(default_factory=Period)
    currency: str | None = None
    notations: Mapping[str, Notation] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    notes: Notes = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._notations = dict(self.notations)
        for name, notation in self.notations.items():
            check_notation(notation, self.kind.by_name[name])

    def validate(self, chunk: Chunk) -> tuple[Batch, list[Reject]]:
        """Return the good records of *chunk*, and what was rejected in order of lines.

        A record with several faults is rejected for the first one in the order of ``kind.fields``. Bad values of fields
        that only describe are left out, each with a reject of its own unless its record is rejected.
        """
        faulty: Violations = {}
        left_out: list[tuple[int, str, Fault]] = []
        columns = []
        for each in self.kind.fields:
            values, faults = self._column(chunk, each)
            columns.append(values)
            if each.describes:
                left_out += [(row, each.name, fault) for row, fault in faults.items()]
                continue
            for row, fault in faults.items():
                faulty.setdefault(row, (each.name, fault))
        table = pa.Table.from_arrays(columns, schema=self.kind.schema)
        if self.kind is CAMPAIGNS:
            table = fill_days(table, self._days(chunk))
        for row, violation in violations(self.kind, table, self.period).items():
            faulty.setdefault(row, violation)
        if self.kind is INTERACTIONS:
            for row, violation in self._other_currencies(table, faulty).items():
                faulty.setdefault(row, violation)
        good = np.ones(len(chunk.lines), dtype=bool)
        good[list(faulty)] = False
        if faulty:
            table = table.filter(pa.array(good))
        self._count(table)
        batch = Batch(self.kind, fill_defaults(self.kind, table), pa.array(chunk.lines[good]), self.file)
        return batch, self._rejects(chunk, faulty, [each for each in left_out if each[0] not in faulty])

    def _count(self, table: pa.Table) -> None:
        """Count what there is to say about the good records in *table*."""
        if self.kind is INTERACTIONS:
            self.kinds.update(kinds_of(table))
        if self.kind is SALES and (below := negative_sales(table)):
            self.notes["negative value", _NEGATIVE] += below

    def _other_currencies(self, table: pa.Table, faulty: Violations) -> Violations:
        """Return the rows whose currency is not that of the values before them."""
        if self.currency is None:
            bad = pa.array(sorted(faulty), pa.int64())
            good = pc.invert(pc.is_in(pa.array(range(table.num_rows), pa.int64()), bad)) if faulty else None
            self.currency = currency_of(table if good is None else table.filter(good))
        return {} if self.currency is None else other_currencies(table, self.currency)

    def _column(self, chunk: Chunk, each: Field) -> tuple[pa.Array, Faults]:
        """Return one column, and its faults."""
        raw = chunk.columns.get(each.name)
        if raw is None:
            raw = pa.nulls(len(chunk.lines))
        notation = self._notations.get(each.name, PLAIN)
        parsed = parse_column(raw, each, self.zone, notation)
        if parsed.currency and not notation.currency:
            self._notations[each.name] = replace(notation, currency=parsed.currency)
        for note, rows in parsed.notes.items():
            self.notes["id", note] += len(rows)
        faults: Faults = {**parsed.faults, **chunk.faults.get(each.name, {})}
        if each.required and parsed.values.null_count:
            faults = {**dict.fromkeys(_null_rows(parsed), _MISSING), **faults}
        return parsed.values, faults

    def _days(self, chunk: Chunk) -> pa.Array:
        """Return the date of ``at`` as each record has it written."""
        raw = chunk.columns.get("at")
        if raw is None:
            return pa.nulls(len(chunk.lines), pa.date32())
        return days_as_written(raw, self._notations.get("at", PLAIN))

    def _rejects(self, chunk: Chunk, faulty: Violations, left_out: list[tuple[int, str, Fault]]) -> list[Reject]:
        named = [(int(chunk.lines[row]), column, fault, False) for row, (column, fault) in faulty.items()]
        named += [(int(chunk.lines[row]), column, fault, True) for row, column, fault in left_out]
        named += [(line, "", fault, False) for line, fault in chunk.skipped]
        named.sort(key=lambda item: item[0])
        return [
            self._reject(line, self.shown.get(column, column), fault, value_only)
            for line, column, fault, value_only in named
        ]

    def _reject(self, line: int, column: str, fault: Fault, value_only: bool) -> Reject:
        reason = f"{fault.reason}; only this value was left out" if value_only else fault.reason
        return Reject(self.file, line, column, fault.value, reason, fault.remedy, value_only)


def _null_rows(parsed: ParsedColumn) -> list[int]:
    nulls = parsed.values.is_null().to_numpy(zero_copy_only=False)
    return [int(row) for row in np.flatnonzero(nulls)]
