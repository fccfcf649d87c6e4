"""The results of a run as bytes: Parquet, compressed by zstd; what both stores keep of former runs for comparison."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from influence_graph.errors import StoreDamaged
from influence_graph.model.results import RESULTS
from influence_graph.text import one_line

PART_BYTES = 1_000_000
"""Bytes of a part at most, where a store keeps parts."""
_LEVEL = 1  # the higher ones take three times as long for a tenth less


def packed(table: pa.Table) -> bytes:
    """Return *table* as the bytes of a Parquet file, its rows in their order."""
    sink = pa.BufferOutputStream()
    texts = [field.name for field in table.schema if pa.types.is_string(field.type)]
    numbers = [field.name for field in table.schema if pa.types.is_floating(field.type)]
    pq.write_table(
        table,
        sink,
        compression="zstd",
        compression_level=_LEVEL,
        use_dictionary=texts,  # numbers hardly repeat: a dictionary of them takes three times as long
        use_byte_stream_split=numbers,
        write_statistics=False,
    )
    return bytes(sink.getvalue().to_pybytes())


def unpacked(parts: Iterable[bytes], kind: str) -> pa.Table:
    """Return the table whose bytes are *parts* in their order, with the columns of *kind* where it is known.

    Raises:
        StoreDamaged: they are not the bytes of a table.
    """
    try:
        table = pq.read_table(pa.BufferReader(b"".join(parts)))
        return table.cast(RESULTS[kind].schema) if kind in RESULTS else table
    except (pa.ArrowException, OSError) as error:
        raise StoreDamaged(
            f"the {kind} results of a former run are damaged: {one_line(str(error), 120)}",
            remedy="`influence-graph runs prune --keep 1` deletes those of all former runs, or restore a backup",
        ) from error


def parts(data: bytes) -> Iterator[bytes]:
    """Yield *data* in parts of at most :data:`PART_BYTES`."""
    for start in range(0, len(data), PART_BYTES):
        yield data[start : start + PART_BYTES]
