"""Options of reading record files."""

from __future__ import annotations

from dataclasses import dataclass, field

from influence_graph.ingest.layout import Layout
from influence_graph.ingest.mapping.mapping import Mapping
from influence_graph.ingest.mapping.rules import Changes
from influence_graph.ingest.rules import Period
from influence_graph.model.records import BATCH_ROWS, RecordKind


@dataclass(frozen=True)
class ReadOptions:
    """How record files are read.

    Attributes:
        kind: Kind of the records, or its name; None detects it from the column names.
        timezone: IANA zone of times that state none, such as ``Europe/Berlin``; None rejects them.
        batch_rows: Maximum records of a batch.
        layout: How the file is laid out; it comes before that of the mapping.
        mapping: How its columns become fields; None: each column is the field of its name.
        changes: Fields that are stated one by one; they come before the mapping.
        decimal: How numbers are written where the mapping does not say it: ``.`` or ``,``, as in :class:`Notation`.
        period: When interactions may have happened and become known; others are rejected.
    """

    kind: RecordKind | str | None = None
    timezone: str | None = None
    batch_rows: int = BATCH_ROWS
    layout: Layout = field(default_factory=Layout)
    mapping: Mapping | None = None
    changes: Changes = field(default_factory=Changes)
    decimal: str = ""
    period: Period = field(default_factory=Period)
