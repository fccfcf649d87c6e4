"""What tests ask of records: whole tables by kind, and the lift of sales."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa

from influence_graph.model.records import Batch


def tables(batches: Iterator[Batch]) -> dict[str, pa.Table]:
    found: dict[str, list[pa.Table]] = {}
    for batch in batches:
        found.setdefault(batch.kind.name, []).append(batch.table)
    return {name: pa.concat_tables(parts) for name, parts in found.items()}


def lift(sales: pd.DataFrame, brand: str, segment: str, first: pd.Timestamp, days: int) -> tuple[float, float]:
    """Return the mean lift per day and its standard error: the segment against the others, scaled to fit before."""
    wide = sales[sales["brand"] == brand].pivot(index="date", columns="segment", values="value")
    wide.index = pd.to_datetime(wide.index)
    control = wide.drop(columns=segment).mean(axis=1)
    before, during = wide.index < first, (wide.index >= first) & (wide.index < first + pd.Timedelta(days=days))
    scale = wide.loc[before, segment].mean() / control[before].mean()
    rest = wide[segment] - scale * control
    return float(rest[during].mean()), float(rest[before].std() * np.sqrt(1 / during.sum() + 1 / before.sum()))
