"""What has changed in the current results of a store."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.model.names import CAMPAIGN, CONSUMER
from influence_graph.model.results import RESULTS, ResultKind, Shape

if TYPE_CHECKING:
    from influence_graph.stores.base import Store

COLUMNS = ["result", "label", "id", "other", "before", "after"]
_KEY = COLUMNS[:4]
_SAME = 1e-9


def current(store: Store) -> dict[str, pd.DataFrame]:
    """Return the current results of *store* by kind, as columns label, id, other and value."""
    found: dict[str, pd.DataFrame] = {}
    with store.snapshot() as view:
        for kind in RESULTS.values():
            result = view.results(kind)
            if result is not None:
                found[kind.kind] = _values(kind, result[1].to_pandas())
    return found


def changes(
    before: dict[str, pd.DataFrame], after: dict[str, pd.DataFrame], people: Collection[str] = ()
) -> pd.DataFrame:
    """Return the rows of the results *before* and *after* whose values differ by more than 1e-9 of them.

    Args:
        before: As :func:`current` gives them.
        after: Likewise.
        people: Who is left out: they were forgotten.

    Returns:
        The columns :data:`COLUMNS`, largest change first: ``value`` is a score, a probability, or the rank of a seed.
        A row that only one of them has is null in the other.
    """
    frames = []
    for kind, old in before.items():
        new = after.get(kind, old.head(0))
        both = old.merge(new, on=_KEY[1:], how="outer", suffixes=("_old", "_new"))
        values = pd.DataFrame({"before": both.pop("value_old"), "after": both.pop("value_new")})
        frames.append(pd.concat([both.assign(result=kind), values], axis=1)[COLUMNS])
    if not frames:
        return pd.DataFrame(columns=COLUMNS)
    found = pd.concat(frames, ignore_index=True)
    was, now = found["before"].to_numpy(float), found["after"].to_numpy(float)
    size = np.abs(np.nan_to_num(now) - np.nan_to_num(was))
    differs = (size > _SAME * np.maximum(1.0, np.abs(np.nan_to_num(was)))) | (np.isnan(was) != np.isnan(now))
    forgotten = found["label"].eq(CONSUMER) & (found["id"].isin(people) | found["other"].isin(people))
    differs &= ~forgotten.to_numpy(bool)
    order = np.argsort(-size[differs], kind="stable")
    shown: pd.DataFrame = found[differs].iloc[order].reset_index(drop=True)
    return shown


def _values(kind: ResultKind, frame: pd.DataFrame) -> pd.DataFrame:
    if kind.shape is Shape.NODES:
        values = {"label": frame["label"], "id": frame["id"], "other": "", "value": frame["score"]}
    elif kind.shape is Shape.CAMPAIGNS:
        values = {"label": CAMPAIGN, "id": frame["campaign"], "other": "", "value": frame["lift"]}
    elif kind.shape is Shape.EDGES:
        one, other, value = frame.columns[:3]
        values = {"label": CONSUMER, "id": frame[one], "other": frame[other], "value": frame[value]}
    else:
        values = {"label": CONSUMER, "id": frame["id"], "other": "", "value": frame["rank"].astype(float)}
    return pd.DataFrame(values)
