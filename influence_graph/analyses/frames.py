"""What the frames of results have in common: how nodes are named, and which comes first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Names = NDArray[Any] | Sequence[str]


def named(ids: Names, labels: Names | None) -> dict[str, Any]:
    """Return the column id, and the column label where there are labels."""
    return {"id": ids} if labels is None else {"id": ids, "label": labels}


def texts_of(
    ids: NDArray[Any], labels: NDArray[Any] | None, nodes: NDArray[np.int64]
) -> tuple[tuple[str, ...], tuple[str, ...] | None]:
    """Return the ids of *nodes* in their order, and their labels where there are labels."""
    return tuple(map(str, ids[nodes])), None if labels is None else tuple(map(str, labels[nodes]))


def best_of(ids: Names, scores: NDArray[np.float64]) -> str:
    """Return the id of the highest score, the first by id of equals."""
    return min(str(ids[i]) for i in np.flatnonzero(scores == scores.max()).tolist())


def ordered(columns: Mapping[str, Any], by: str) -> pd.DataFrame:
    """Return the frame of *columns*, largest *by* first; equals are ordered by id."""
    return pd.DataFrame(columns).sort_values([by, "id"], ascending=[False, True], ignore_index=True)


def ranked(columns: Mapping[str, Any]) -> pd.DataFrame:
    """Return the frame of *columns*, highest score first, with the column rank, 1 to n."""
    frame = ordered(columns, "score")
    return frame.assign(rank=range(1, len(frame) + 1))


def chosen(
    ids: Sequence[str], labels: Sequence[str] | None, columns: Mapping[str, Any], gains: NDArray[np.float64]
) -> pd.DataFrame:
    """Return the frame of nodes in the order chosen: rank, id, [label], *columns* and the running sum of *gains*."""
    rank = np.arange(1, len(ids) + 1)
    return pd.DataFrame({"rank": rank, **named(ids, labels), **columns, "spread": np.cumsum(gains)})
