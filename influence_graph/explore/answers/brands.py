"""Questions about brands."""

from __future__ import annotations

import pandas as pd

from influence_graph.explore.answers.kept import Kept, best_first, names_of
from influence_graph.model.names import BRAND
from influence_graph.model.results import RANK
from influence_graph.stores.base import Reader


def brand_health(view: Reader, brand: str) -> pd.DataFrame:
    """Return a brand's interactions per month: how many, how many negative, mean valence."""
    events = Kept(view).events(brands=[brand])
    month = events["at"].dt.strftime("%Y-%m-01").rename("month")
    rows = judged(events, [month])
    return rows.assign(month=pd.to_datetime(rows["month"], format="%Y-%m-%d"))


def co_associated(view: Reader, brand: str, limit: int) -> pd.DataFrame:
    """Return the brands that consumers showed or named together with a brand."""
    kept = Kept(view)
    rows = (
        kept.associations[kept.associations["brand"] == brand].drop(columns="brand").rename(columns={"other": "brand"})
    )
    rows = best_first(rows, "strength", "brand").head(limit)
    return rows.assign(name=names_of(kept.brands, rows["brand"]))


def recent_events(view: Reader, brand: str, limit: int) -> pd.DataFrame:
    """Return the latest interactions of a brand, with their points on the day."""
    kept = Kept(view)
    rows = best_first(kept.events(brands=[brand]), "at", "eventId").head(limit)
    return rows.assign(name=names_of(kept.people, rows["consumer"]))


def shared_consumers(view: Reader, brand: str, other: str, limit: int) -> pd.DataFrame:
    """Return the consumers who deal with both of two brands."""
    kept = Kept(view)
    counts = [kept.events(brands=[id_])["consumer"].value_counts() for id_ in (brand, other)]
    rows = (
        pd.concat(counts, axis=1, join="inner", keys=["withBrand", "withOther"]).rename_axis("consumer").reset_index()
    )
    rows = rows.assign(both=rows["withBrand"] + rows["withOther"])
    rows = best_first(rows, "both", "consumer").head(limit)
    return rows.assign(name=names_of(kept.people, rows["consumer"]))


def top_brands(view: Reader, limit: int) -> pd.DataFrame:
    """Return the brands of the highest rank."""
    kept = Kept(view)
    ranks = kept.current(RANK.kind)[1]
    rows = ranks[ranks["label"] == BRAND].rename(columns={"score": "pageRank"})
    rows = best_first(rows, "pageRank", "id").head(limit)
    return rows.join(kept.brands[["name", "category"]], on="id")


def touchpoint_mix(view: Reader, brand: str) -> pd.DataFrame:
    """Return how a brand and its consumers meet: interactions per touchpoint, kind and direction."""
    keys = ["touchpoint", "kind", "direction"]
    rows = judged(Kept(view).events(brands=[brand]), keys)
    return best_first(rows, "interactions", *keys)


def judged(events: pd.DataFrame, keys: list[str] | list[pd.Series]) -> pd.DataFrame:
    """Return interactions, negative and meanValence (null where none is known) of *events* by *keys*."""
    marked = events.assign(negative=events["valence"] < 0)
    found = marked.groupby(keys, dropna=False, sort=True).agg(
        interactions=("valence", "size"), negative=("negative", "sum"), meanValence=("valence", "mean")
    )
    return found.reset_index()
