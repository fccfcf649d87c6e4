"""What is noted of a recalculation: its id, its times, the digest of its input."""

from __future__ import annotations

import hashlib
import io
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import pyarrow as pa

from influence_graph.model.runs import Run


def new_run(kind: str, started: datetime, input_digest: str, parameters: Mapping[str, Any]) -> Run:
    """Return a run that ends now; ids sort by time."""
    finished = datetime.now(UTC)
    id_ = f"{kind}-{started:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}"
    return Run(id_, kind, "finished", started, finished, input_digest, version("influence-graph"), parameters)


def digest_of(table: pa.Table) -> str:
    """Return a digest of the values of *table* in their order."""
    total = hashlib.blake2b(digest_size=16)
    with pa.PythonFile(_HashSink(total), "w") as sink, pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table.combine_chunks())
    return total.hexdigest()


def iso(time: datetime | None) -> str | None:
    """Return *time* as ISO 8601 text, as a run's parameters hold it."""
    return None if time is None else time.isoformat()


class _HashSink(io.RawIOBase):
    """A file that only hashes what is written to it."""

    def __init__(self, total: hashlib.blake2b) -> None:
        self._total = total

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:  # noqa: ANN401 - any buffer, as for every raw file
        self._total.update(data)
        return memoryview(data).nbytes
