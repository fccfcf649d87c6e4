"""Small batches joined to larger ones: every batch is one transaction of a store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa

from influence_graph.errors import UnreadableFile
from influence_graph.model.records import Batch


def joined(batches: Iterable[Batch], rows: int) -> Iterator[Batch]:
    """Yield *batches* of one file in order, neighbours joined while they have at most *rows* records.

    When the file turns out to be damaged, what was read before is yielded first.
    """
    waiting: list[Batch] = []
    size = 0
    try:
        for batch in batches:
            if waiting and size + len(batch.lines) > rows:
                yield _join(waiting)
                waiting, size = [], 0
            if len(batch.lines):
                waiting.append(batch)
                size += len(batch.lines)
    except UnreadableFile:
        if waiting:
            yield _join(waiting)
        raise
    if waiting:
        yield _join(waiting)


def _join(batches: list[Batch]) -> Batch:
    if len(batches) == 1:
        return batches[0]
    table = pa.concat_tables([batch.table for batch in batches]).combine_chunks()
    lines = pa.concat_arrays([batch.lines for batch in batches])
    return Batch(batches[0].kind, table, lines, batches[0].file)
