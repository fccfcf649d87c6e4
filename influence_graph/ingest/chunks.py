"""Records on their way from a reader to a batch: raw chunks, and parsed columns, with their faults."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from influence_graph.ingest.faults import Fault, Faults

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa


@dataclass(frozen=True)
class ParsedColumn:
    """A column in its Arrow type, null where the row is in ``faults`` or the value is missing.

    Attributes:
        values: One of each row.
        faults: Faults by row.
        notes: What was changed without a fault, and in which rows.
        currency: The sign or code that its numbers have; "" where they have none.
    """

    values: pa.Array
    faults: Faults = field(default_factory=dict)
    notes: Mapping[str, npt.NDArray[np.intp]] = field(default_factory=dict)
    currency: str = ""


@dataclass(frozen=True)
class Chunk:
    """Consecutive records as a reader returns them, not parsed yet.

    ``columns`` are Arrow arrays by column name, as readers yield them, or by field, as validation takes
    them; one may be absent. ``lines`` are the 1-based lines of the records. ``faults`` are those that the
    reader found, by column. ``skipped`` are lines that are not a record.
    """

    columns: dict[str, pa.Array]
    lines: npt.NDArray[np.int64]
    faults: dict[str, Faults] = field(default_factory=dict)
    skipped: list[tuple[int, Fault]] = field(default_factory=list)

    def slices(self, rows: int) -> list[Chunk]:
        """Return the chunk in parts of at most *rows* records."""
        if len(self.lines) <= rows:
            return [self]
        starts = range(0, len(self.lines), rows)
        return [self._part(start, rows, self.skipped if start == 0 else []) for start in starts]

    def _part(self, start: int, rows: int, skipped: list[tuple[int, Fault]]) -> Chunk:
        columns: dict[str, Any] = {name: column.slice(start, rows) for name, column in self.columns.items()}
        faults = {
            name: {row - start: fault for row, fault in of_column.items() if start <= row < start + rows}
            for name, of_column in self.faults.items()
        }
        return Chunk(columns, self.lines[start : start + rows], faults, skipped)
