"""How record files are read."""

from __future__ import annotations

from dataclasses import dataclass, field

from influence_graph.ingest.rules import Period
from influence_graph.model.records import RecordKind
from influence_graph.model.touchpoints import TouchpointTable


@dataclass(frozen=True)
class ReadOptions:
    """What a caller may choose about reading.

    Attributes:
        kind: Kind of the records; None decides by the column names.
        timezone: IANA zone of times that state none, such as ``Europe/Berlin``; None rejects them.
        batch_rows: Most records per batch.
        table: Meaning of each kind of interaction, for a direction or touchpoint that is not stated.
        period: When interactions may have happened and become known; the others are rejected.
    """

    kind: RecordKind | None = None
    timezone: str | None = None
    batch_rows: int = 250_000
    table: TouchpointTable = field(default_factory=TouchpointTable.load)
    period: Period = field(default_factory=Period)
