"""How far one table of a result is from another: the sum (L1) and the largest of the absolute differences."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from influence_graph.model.results import ResultKind, Shape

TOLERANCE = 1e-8
"""Most that a result may be away from the full one; of values above 1 in size, relative to them."""
_KEYS = {Shape.NODES: ["label", "id"], Shape.ROWS: ["rank"], Shape.CAMPAIGNS: ["campaign"]}


class Distance(NamedTuple):
    """Sum and largest of the absolute differences, ∞ where ids differ, and whether all are within TOLERANCE."""

    total: float
    largest: float
    is_close: bool


def distance(kind: ResultKind, found: pa.Table, full: pa.Table) -> Distance:
    """Return how far the rows *found* of *kind* are from those of the *full* calculation, whatever their order.

    A number that only one of them has counts as a whole; another text or time, as ∞.
    """
    keys = _KEYS.get(kind.shape, [column.name for column in kind.columns[:2]])
    frames = [table.to_pandas().set_index(keys).sort_index() for table in (found, full)]
    if not frames[0].index.equals(frames[1].index):
        every = frames[0].index.union(frames[1].index)
        frames = [frame.reindex(every) for frame in frames]
    total, largest, is_close = 0.0, 0.0, True
    for name in frames[0].columns:
        one, other = (frame[name] for frame in frames)
        apart = _apart(one, other)
        if apart.size:
            total, largest = total + float(apart.sum()), max(largest, float(apart.max()))
            is_close &= bool((apart <= TOLERANCE * np.maximum(1.0, _size(other))).all())
    return Distance(total, largest, is_close)


def _apart(one: pd.Series[float], other: pd.Series[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    if one.dtype.kind in "iuf" and other.dtype.kind in "iuf":
        return np.abs(one.fillna(0.0).to_numpy(np.float64) - other.fillna(0.0).to_numpy(np.float64))
    same = (one == other) | (one.isna() & other.isna())
    return np.where(same.to_numpy(), 0.0, math.inf)


def _size(values: pd.Series[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    if values.dtype.kind not in "iuf":
        return np.zeros(len(values))
    return np.abs(values.fillna(0.0).to_numpy(np.float64))
