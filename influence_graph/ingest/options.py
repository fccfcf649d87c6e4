"""Options of reading record files."""

from __future__ import annotations

from dataclasses import dataclass, field

from influence_graph.ingest.rules import Period
from influence_graph.model.records import BATCH_ROWS, RecordKind
from influence_graph.model.touchpoints import TouchpointTable


@dataclass(frozen=True)
class ReadOptions:
    """How record files are read.

    Attributes:
        kind: Kind of the records; None detects it from the column names.
        timezone: IANA zone of times that state none, such as ``Europe/Berlin``; None rejects them.
        batch_rows: Maximum records of a batch.
        table: Meaning of each kind of interaction: its direction and touchpoint where the record states none.
        period: When interactions may have happened and become known; others are rejected.
    """

    kind: RecordKind | None = None
    timezone: str | None = None
    batch_rows: int = BATCH_ROWS
    table: TouchpointTable = field(default_factory=TouchpointTable.load)
    period: Period = field(default_factory=Period)
