"""What tests ask of records: whole tables by kind, their bytes, whether they are valid, and the lift of sales."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import numpy as np
import pandas as pd
import pyarrow as pa

from influence_graph.ingest.chunks import Chunk
from influence_graph.ingest.validate import Validator
from influence_graph.model.records import KINDS, Batch
from influence_graph.model.touchpoints import TouchpointTable


def tables(batches: Iterator[Batch]) -> dict[str, pa.Table]:
    found: dict[str, list[pa.Table]] = {}
    for batch in batches:
        found.setdefault(batch.kind.name, []).append(batch.table)
    return {name: pa.concat_tables(parts) for name, parts in found.items()}


class Generated(Protocol):
    """What was generated."""

    @property
    def truth(self) -> Mapping[str, Any]: ...

    def batches(self) -> Iterator[Batch]: ...


def digest(made: Generated) -> str:
    """Of all that was generated: its records and its truth."""
    found = hashlib.sha256(json.dumps(made.truth, sort_keys=True).encode())
    for batch in made.batches():
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, batch.table.schema) as writer:
            writer.write_table(batch.table.combine_chunks())
        found.update(sink.getvalue())
    return found.hexdigest()


def require_validated(batches: list[Batch]) -> None:
    """Require that the records are what the validator makes of them as texts, and that no two have one key."""
    for batch in batches:
        raw = {name: batch.table[name].combine_chunks() for name in batch.table.column_names}
        text = {name: column.cast(pa.string()) for name, column in raw.items() if column.null_count < len(column)}
        for name in {"at", "since"} & set(text):
            text[name] = pa.array([time.isoformat() for time in raw[name].to_pylist()])
        validator = Validator(batch.kind, batch.file)
        validated, rejects = validator.validate(Chunk(text, batch.lines.to_numpy()))
        assert rejects == []
        assert not TouchpointTable.load().unknown(validator.kinds)
        assert validated.table.equals(batch.table)
    for name, table in tables(iter(batches)).items():
        assert not table.select(list(KINDS[name].key)).to_pandas().duplicated().any()


def lift(sales: pd.DataFrame, brand: str, segment: str, first: pd.Timestamp, days: int) -> tuple[float, float]:
    """Return the mean lift per day and its standard error: the segment against the others, scaled to fit before."""
    wide = sales[sales["brand"] == brand].pivot(index="date", columns="segment", values="value")
    wide.index = pd.to_datetime(wide.index)
    control = wide.drop(columns=segment).mean(axis=1)
    before, during = wide.index < first, (wide.index >= first) & (wide.index < first + pd.Timedelta(days=days))
    scale = wide.loc[before, segment].mean() / control[before].mean()
    rest = wide[segment] - scale * control
    return float(rest[during].mean()), float(rest[before].std() * np.sqrt(1 / during.sum() + 1 / before.sum()))
