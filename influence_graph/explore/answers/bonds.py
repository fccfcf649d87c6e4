"""Questions about bonds between consumers and brands."""

from __future__ import annotations

import numpy as np
import pandas as pd

from influence_graph.explore.answers.kept import Kept, best_first, days_between, names_of, since, whole
from influence_graph.stores.base import Reader


def brand_bonds(view: Reader, brand: str, limit: int) -> pd.DataFrame:
    """Return the strongest bonds of a brand."""
    kept = Kept(view)
    rows = kept.bonds[kept.bonds["brand"] == brand]
    rows = best_first(rows, "fusionScore", "consumer").head(limit)
    return rows.assign(name=names_of(kept.people, rows["consumer"]))


def consumer_bonds(view: Reader, consumer: str) -> pd.DataFrame:
    """Return all bonds of a person, the strongest first."""
    kept = Kept(view)
    rows = kept.bonds[kept.bonds["consumer"] == consumer]
    rows = best_first(rows, "fusionScore", "brand")
    return rows.assign(name=names_of(kept.brands, rows["brand"]))


def strained_bonds(view: Reader, limit: int) -> pd.DataFrame:
    """Return the worst bonds below zero, over all brands."""
    kept = Kept(view)
    rows = kept.bonds[kept.bonds["fusionScore"] < 0].sort_values(["fusionScore", "consumer", "brand"]).head(limit)
    return rows.assign(
        consumerName=names_of(kept.people, rows["consumer"]), brandName=names_of(kept.brands, rows["brand"])
    )


def slipping_bonds(view: Reader, brand: str, days: int, limit: int) -> pd.DataFrame:
    """Return the consumers with a bond above zero who exchanged less in the last days than in as many before."""
    kept = Kept(view)
    rows = _changes(kept, brand, days)
    rows = rows[(rows["fusionScore"] > 0) & (rows["change"] < 0)].sort_values(["change", "consumer"])
    return _with_names(kept, rows.head(limit))


def warming_bonds(view: Reader, brand: str, days: int, limit: int) -> pd.DataFrame:
    """Return the consumers who knew a brand before and exchanged more in the last days than in as many before."""
    kept = Kept(view)
    rows = _changes(kept, brand, days)
    rows = rows[(rows["change"] > 0) & (rows["firstAt"] <= rows["asOf"] - pd.Timedelta(days=days))]
    return _with_names(kept, best_first(rows, "change", "consumer").head(limit))


def new_bonds(view: Reader, brand: str, days: int, limit: int) -> pd.DataFrame:
    """Return the consumers whose first interaction with a brand on record is in the last days."""
    kept = Kept(view)
    events = kept.events(brands=[brand])
    first = since(events.drop_duplicates("consumer"), kept.now, days).rename(columns={"at": "firstAt"})
    first = first.assign(interactions=first["consumer"].map(events["consumer"].value_counts()))
    rows = first.merge(_bonds_of(kept, brand), on="consumer")
    return _with_names(kept, best_first(rows, "firstAt", "consumer").head(limit))


def quiet_bonds(view: Reader, brand: str, days: int, limit: int) -> pd.DataFrame:
    """Return the consumers with a bond above zero and no interaction in the last days."""
    kept = Kept(view)
    last = kept.events(brands=[brand]).groupby("consumer")["at"].max().rename("lastAt").reset_index()
    rows = _bonds_of(kept, brand).merge(last, on="consumer")
    rows = rows[(rows["fusionScore"] > 0) & (rows["lastAt"] <= rows["asOf"] - pd.Timedelta(days=days))]
    rows = rows.assign(quietDays=days_between(rows["lastAt"], rows["asOf"]))
    return _with_names(kept, best_first(rows, "fusionScore", "consumer").head(limit))


def one_sided_bonds(view: Reader, brand: str, reciprocity: float, limit: int) -> pd.DataFrame:
    """Return the bonds of a brand in which one side gives far more than the other."""
    kept = Kept(view)
    rows = _bonds_of(kept, brand)
    rows = rows[(rows["reciprocity"].fillna(0.0) <= reciprocity) & (rows["toBrand"] != rows["toConsumer"])]
    more = np.where(rows["toBrand"] > rows["toConsumer"], "consumer", "brand")
    rows = rows.assign(givesMore=more, apart=whole((rows["toBrand"] - rows["toConsumer"]).abs()))
    return _with_names(kept, best_first(rows, "apart", "consumer").head(limit))


def what_moved(view: Reader, person: str, brand: str, days: int, limit: int) -> pd.DataFrame:
    """Return the interactions of a person and a brand in the last days, those of the most points first."""
    kept = Kept(view)
    rows = since(kept.events(brands=[brand], consumers=[person]), kept.now, days)
    rows = rows.assign(moved=whole((rows["points"] + rows["returned"]).abs()))
    return rows.sort_values(["moved", "at", "eventId"], ascending=[False, False, True]).head(limit)


def _bonds_of(kept: Kept, brand: str) -> pd.DataFrame:
    return kept.bonds[kept.bonds["brand"] == brand].drop(columns="brand")


def _with_names(kept: Kept, rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(name=names_of(kept.people, rows["consumer"]))


def _changes(kept: Kept, brand: str, days: int) -> pd.DataFrame:
    """Return the bonds of *brand* with before, recent and change (points), firstAt and lastAt."""
    bonds, events = _bonds_of(kept, brand), kept.events(brands=[brand])
    recent = since(events, kept.now, days)
    before = since(events, kept.now, 2 * days).drop(recent.index)
    found = events.groupby("consumer")["at"].agg(firstAt="min", lastAt="max")
    for name, part in (("recent", recent), ("before", before)):
        points = (part["points"] + part["returned"]).groupby(part["consumer"]).sum()
        found[name] = points.reindex(found.index, fill_value=0.0)
    found["change"] = whole(found["recent"] - found["before"])
    return bonds.merge(found.reset_index(), on="consumer")
