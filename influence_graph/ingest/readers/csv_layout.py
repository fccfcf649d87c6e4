"""Positions of the records in a block of CSV, found without parsing it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from influence_graph.ingest.readers.blocks import MAX_RECORD_BYTES

Positions = npt.NDArray[np.int64]
_LF, _CR, _QUOTE = 10, 13, 34


def record_starts(data: bytes, delimiter: str, ended: bool) -> tuple[Positions, Positions, int] | None:
    """Return the start and the line (0-based, within *data*) of each record, and the bytes they span.

    *data* begins with a record. Blank lines are no records. None means that the block needs the
    slow path: a quote in the middle of a field or never closed, a lone carriage return, or a record
    longer than ``MAX_RECORD_BYTES``.
    """
    if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
        return None
    octets = np.frombuffer(data, np.uint8)
    ends: Positions = np.flatnonzero(octets == _LF)
    numbers: Positions = np.arange(len(ends), dtype=np.int64)
    if b'"' in data:
        quotes: Positions = np.flatnonzero(octets == _QUOTE)
        if not _well_quoted(octets, quotes, ord(delimiter)) or (ended and len(quotes) % 2):
            return None
        outside = np.searchsorted(quotes, ends) % 2 == 0
        ends, numbers = ends[outside], numbers[outside]
    used = len(data) if ended else int(ends[-1]) + 1 if len(ends) else 0
    starts = np.concatenate(([0], ends + 1))
    lines = np.concatenate(([0], numbers + 1))
    longest = int(np.diff(starts, append=len(data)).max())
    if longest > MAX_RECORD_BYTES:
        return None
    within = starts < used
    starts, lines = starts[within], lines[within]
    first = octets[starts]
    blank = (first == _LF) | (first == _CR)
    return (starts[~blank], lines[~blank], used) if blank.any() else (starts, lines, used)


def _well_quoted(octets: npt.NDArray[np.uint8], quotes: Positions, delimiter: int) -> bool:
    """Return whether quotes are only around whole fields, or doubled within them.

    From left to right: the 1st, 3rd, … quote opens a field or is the second of a doubled one, the
    2nd, 4th, … closes one or is the first of a doubled one.
    """
    around: npt.NDArray[np.bool_] = np.zeros(256, dtype=bool)
    around[[delimiter, _LF, _CR, _QUOTE]] = True
    before = _bytes_at(octets, quotes[::2] - 1)
    after = _bytes_at(octets, quotes[1::2] + 1)
    return bool(around[before].all() and around[after].all())


def _bytes_at(octets: npt.NDArray[np.uint8], at: Positions) -> npt.NDArray[Any]:
    """Return the bytes at the positions *at* that lie inside of *octets*."""
    return octets[at[(at >= 0) & (at < len(octets))]]
