"""Questions about ties between people."""

from __future__ import annotations

import pandas as pd

from influence_graph.explore.answers.kept import Kept
from influence_graph.stores.base import Reader

_TYPES = {"follows": "FOLLOWS", "friend": "KNOWS", "exposed": "EXPOSED_TO"}


def audience(view: Reader, person: str, limit: int) -> pd.DataFrame:
    """Return whom a person reaches directly: followers, friends and the exposed."""
    kept = Kept(view)
    ties = kept.ties
    friends = ties[(ties["kind"] == "friend") & (ties["source"] == person)]
    back = ties[ties["target"] == person].rename(columns={"source": "id"})
    rows = pd.concat([back, friends.rename(columns={"target": "id"})], ignore_index=True)
    frame = pd.DataFrame(
        {
            "id": rows["id"],
            "name": kept.people["name"].reindex(rows["id"]).to_numpy(),
            "tie": rows["kind"].map(_TYPES),
            "weight": rows["weight"].fillna(1.0),
        }
    )
    return frame.sort_values(["weight", "id"], ascending=[False, True]).head(limit)
