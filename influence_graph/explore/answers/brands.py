"""Questions about brands."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from influence_graph.explore.answers.kept import Kept, best_first, names_of, since, whole
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


def share_of_voice(view: Reader, days: int, limit: int) -> pd.DataFrame:
    """Return which share of all that consumers did in the last days each brand has."""
    kept = Kept(view)
    events = since(_given(kept.events()), kept.now, days)
    rows = events.groupby("brand")["consumer"].agg(interactions="size", consumers="nunique").reset_index()
    rows = rows.assign(share=rows["interactions"] / rows["interactions"].sum(), asOf=kept.as_of)
    rows = best_first(rows, "interactions", "brand").head(limit)
    return rows.join(kept.brands[["name", "category"]], on="brand")


def paid_or_meant(view: Reader, brand: str, days: int) -> pd.DataFrame:
    """Return what consumers did toward a brand in the last days, by whether they were paid for it."""
    kept = Kept(view)
    events = since(_given(kept.events(brands=[brand])), kept.now, days)
    paid = events["paid"].map({True: "yes", False: "no"}).astype(object).fillna("not on record")
    rows = events.assign(paid=paid).groupby("paid").agg(
        interactions=("at", "size"), consumers=("consumer", "nunique"), meanValence=("valence", "mean"),
        points=("points", "sum"),
    )  # fmt: skip
    rows = rows.assign(share=rows["interactions"] / rows["interactions"].sum(), asOf=kept.as_of)
    return best_first(rows.reset_index(), "interactions", "paid")


def audience_overlap(view: Reader, brand: str, limit: int) -> pd.DataFrame:
    """Return which other brands share how much of a brand's audience."""
    kept = Kept(view)
    pairs = kept.events()[["brand", "consumer"]].drop_duplicates()
    own = pairs.loc[pairs["brand"] == brand, "consumer"]
    others = pairs[pairs["brand"] != brand]
    shared = others[others["consumer"].isin(own)].groupby("brand").size()
    rows = pd.DataFrame({"shared": shared, "theirs": others.groupby("brand").size().reindex(shared.index)})
    rows = rows.assign(ours=len(own), shareOfOurs=rows["shared"] / max(len(own), 1))
    rows = rows.assign(jaccard=rows["shared"] / (rows["ours"] + rows["theirs"] - rows["shared"]))
    rows = best_first(rows.rename_axis("brand").reset_index(), "jaccard", "brand").head(limit)
    return rows.assign(name=names_of(kept.brands, rows["brand"]))


def co_association_groups(view: Reader, strength: float, limit: int) -> pd.DataFrame:
    """Return the groups of brands that are linked, directly or by others, by at least a strength."""
    kept = Kept(view)
    ties = kept.associations
    ties = ties[(ties["strength"] >= strength) & (ties["brand"] < ties["other"])]
    ids = np.unique(ties[["brand", "other"]].to_numpy(object).ravel())
    ends = [np.searchsorted(ids, ties[name].to_numpy(object)) for name in ("brand", "other")]
    groups = connected_components(coo_array((np.ones(len(ties)), ends), shape=(ids.size, ids.size)), directed=False)[1]
    rows = []
    for group in range(groups.max(initial=-1) + 1):
        brands, inside = ids[groups == group], groups[ends[0]] == group
        names = pd.Series(names_of(kept.brands, brands)).fillna(pd.Series(brands)).tolist()
        rows.append((brands.tolist(), names, brands.size, int(inside.sum()), ties["strength"][inside].sum()))
    frame = pd.DataFrame(rows, columns=["brands", "names", "size", "links", "strength"])
    return best_first(frame.assign(first=frame["brands"].str[0]), "size", "first").head(limit)


def brand_leaderboard(view: Reader, limit: int) -> pd.DataFrame:
    """Return all brands by the sum of their bonds."""
    kept = Kept(view)
    score = kept.bonds["fusionScore"]
    rows = kept.bonds.assign(above=score > 0, below=score < 0).groupby("brand").agg(
        bonds=("above", "size"), above=("above", "sum"), below=("below", "sum"), sum=("fusionScore", "sum"),
        mean=("fusionScore", "mean"), asOf=("asOf", "max"),
    )  # fmt: skip
    rows = rows.assign(order=whole(rows["sum"])).reset_index()
    rows = best_first(rows, "order", "brand").head(limit)
    return rows.join(kept.brands[["name", "category"]], on="brand")


def bad_news(view: Reader, brand: str, days: int, limit: int) -> pd.DataFrame:
    """Return the interactions against a brand in the last days, those that most people saw first."""
    kept = Kept(view)
    rows = since(_given(kept.events(brands=[brand])), kept.now, days)
    rows = rows[rows["valence"] < 0]
    rows = rows.sort_values(["reach", "at", "eventId"], ascending=[False, False, True], na_position="last").head(limit)
    return rows.assign(name=names_of(kept.people, rows["consumer"]))


def channels_of_brand(view: Reader, brand: str, days: int, limit: int) -> pd.DataFrame:
    """Return on which channels and platforms consumers turned to a brand in the last days."""
    kept = Kept(view)
    events = since(_given(kept.events(brands=[brand])), kept.now, days)
    keys = ["channel", "platform"]
    people = events.groupby(keys, dropna=False)["consumer"].nunique().rename("consumers").reset_index()
    rows = best_first(judged(events, keys).assign(consumers=people["consumers"]), "interactions", *keys)
    return rows.head(limit)


def _given(events: pd.DataFrame) -> pd.DataFrame:
    """Return what consumers did toward brands."""
    return events[events["direction"] == "to_brand"]


def judged(events: pd.DataFrame, keys: list[str] | list[pd.Series]) -> pd.DataFrame:
    """Return interactions, negative and meanValence (null where none is known) of *events* by *keys*."""
    marked = events.assign(negative=events["valence"] < 0)
    found = marked.groupby(keys, dropna=False, sort=True).agg(
        interactions=("valence", "size"), negative=("negative", "sum"), meanValence=("valence", "mean")
    )
    return found.reset_index()
