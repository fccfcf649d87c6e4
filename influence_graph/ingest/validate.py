"""Chunks to validated batches and rejects."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from influence_graph.ingest.chunks import Chunk, ParsedColumn
from influence_graph.ingest.faults import Fault, Faults
from influence_graph.ingest.rules import Period, fill_defaults, violations
from influence_graph.ingest.values.columns import parse_column
from influence_graph.model.records import Batch, Field, RecordKind, Reject
from influence_graph.model.touchpoints import TouchpointTable

_MISSING = Fault("", "is empty", "fill it in: it is required")
_Faulty = dict[int, tuple[str, Fault]]


@dataclass
class Validator:
    """Validates the records of one file; ``unknown_kinds`` counts kinds that the touchpoint table does not have."""

    kind: RecordKind
    file: str
    table: TouchpointTable
    zone: ZoneInfo | None = None
    period: Period = field(default_factory=Period)
    unknown_kinds: Counter[str] = field(default_factory=Counter)

    def validate(self, chunk: Chunk) -> tuple[Batch, list[Reject]]:
        """Return the good records of *chunk*, and the others as rejects in order of their lines.

        A record with several faults is rejected for the first one in the order of ``kind.fields``.
        """
        faulty: _Faulty = {}
        columns = [self._column(chunk, each, faulty) for each in self.kind.fields]
        table = pa.Table.from_arrays(columns, schema=self.kind.schema)
        for row, violation in violations(self.kind, table, self.period).items():
            faulty.setdefault(row, violation)
        good = np.ones(len(chunk.lines), dtype=bool)
        good[list(faulty)] = False
        if faulty:
            table = table.filter(pa.array(good))
        table, unknown = fill_defaults(self.kind, table, self.table)
        self.unknown_kinds.update(unknown)
        return Batch(self.kind, table, pa.array(chunk.lines[good]), self.file), self._rejects(chunk, faulty)

    def _column(self, chunk: Chunk, each: Field, faulty: _Faulty) -> pa.Array:
        """Return one column; add its faults to *faulty* for rows that have none yet."""
        raw = chunk.columns.get(each.name)
        rows = len(chunk.lines)
        if raw is None:
            raw = pa.nulls(rows)
        parsed = parse_column(raw, each, self.zone)
        faults: Faults = {**parsed.faults, **chunk.faults.get(each.name, {})}
        if each.required and parsed.values.null_count:
            faults = {**dict.fromkeys(_null_rows(parsed), _MISSING), **faults}
        for row, fault in faults.items():
            faulty.setdefault(row, (each.name, fault))
        return parsed.values

    def _rejects(self, chunk: Chunk, faulty: _Faulty) -> list[Reject]:
        named = [(int(chunk.lines[row]), column, fault) for row, (column, fault) in faulty.items()]
        named += [(line, "", fault) for line, fault in chunk.skipped]
        named.sort(key=lambda item: item[0])
        return [
            Reject(self.file, line, column, fault.value, fault.reason, fault.remedy) for line, column, fault in named
        ]


def _null_rows(parsed: ParsedColumn) -> list[int]:
    nulls = parsed.values.is_null().to_numpy(zero_copy_only=False)
    return [int(row) for row in np.flatnonzero(nulls)]
