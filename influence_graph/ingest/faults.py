"""Faults of single values and lines, without their place in the file; the parts of a batch that carry them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from influence_graph.text import one_line

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

MAX_SHOWN = 120  # characters of a faulty value that are shown


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the value (printable, at most ``MAX_SHOWN`` characters), the reason and the remedy."""

    value: str
    reason: str
    remedy: str = ""

    @classmethod
    def of(cls, value: str | bytes, reason: str, remedy: str = "") -> Fault:
        """Return the fault with *value* made printable and short."""
        head = value[: MAX_SHOWN + 1]  # escaping makes it longer: the rest is never shown
        text = head.decode("utf-8", "backslashreplace") if isinstance(head, bytes) else head
        short = len(text) <= MAX_SHOWN and text.isprintable()
        return cls(text if short else one_line(text, MAX_SHOWN), reason, remedy)


class BadValue(ValueError):
    """A value breaks a rule; raised by parsers of single values, and caught by those of columns."""

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


Faults = dict[int, Fault]
"""Faults by row of a batch, 0-based."""


@dataclass(frozen=True)
class Parsed:
    """One column in its Arrow type, null where the row is in ``faults`` or the value is missing."""

    values: pa.Array
    faults: Faults = field(default_factory=dict)


@dataclass(frozen=True)
class Chunk:
    """Consecutive records as a reader returns them, not parsed yet.

    ``columns`` are Arrow arrays by field name; a field may be absent. ``lines`` are the 1-based
    lines of the records. ``faults`` are those that the reader found, by column. ``skipped`` are
    lines that are not a record.
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
            name: {row - start: fault for row, fault in found.items() if start <= row < start + rows}
            for name, found in self.faults.items()
        }
        return Chunk(columns, self.lines[start : start + rows], faults, skipped)
