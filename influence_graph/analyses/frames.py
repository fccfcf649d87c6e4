"""What the frames of results have in common: how nodes are named, and which comes first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Names = NDArray[Any] | Sequence[str]


def named(ids: Names, labels: Names | None) -> dict[str, Any]:
    """Return the column id, and the column label where there are labels."""
    return {"id": ids} if labels is None else {"id": ids, "label": labels}


def ordered(columns: Mapping[str, Any], by: str) -> pd.DataFrame:
    """Return the frame of *columns*, largest *by* first; equals are ordered by id."""
    return pd.DataFrame(columns).sort_values([by, "id"], ascending=[False, True], ignore_index=True)


def ranked(columns: Mapping[str, Any]) -> pd.DataFrame:
    """Return the frame of *columns*, highest score first, with the column rank, 1 to n."""
    frame = ordered(columns, "score")
    return frame.assign(rank=range(1, len(frame) + 1))
