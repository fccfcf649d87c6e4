"""Questions about people: what they give and get, and who they are."""

from __future__ import annotations

import numpy as np
import pandas as pd

from influence_graph.explore.answers.kept import Kept, best_first, names_of
from influence_graph.stores.base import Reader


def gives_and_gets(view: Reader, person: str) -> pd.DataFrame:
    """Return what a person gave each brand and got from it."""
    kept = Kept(view)
    events = _sides(kept.events(consumers=[person]))
    found = events.groupby("brand").agg(
        interactions=("at", "size"), gave=("gave", "sum"), got=("got", "sum"), first=("at", "min"), last=("at", "max")
    )
    frame = found.round({"gave": 6, "got": 6}).reset_index()
    frame = frame.assign(name=names_of(kept.brands, frame["brand"]), both=frame["gave"] + frame["got"])
    return best_first(frame, "both", "brand")


def years_of_person(view: Reader, person: str) -> pd.DataFrame:
    """Return what a person gave and got in each year."""
    events = _sides(Kept(view).events(consumers=[person]))
    found = events.groupby(events["at"].dt.year.rename("year") if len(events) else "at").agg(
        interactions=("brand", "size"),
        brands=("brand", "nunique"),
        negative=("negative", "sum"),
        gave=("gave", "sum"),
        got=("got", "sum"),
    )
    return found.round({"gave": 6, "got": 6}).reset_index()


def shown_together(view: Reader, person: str) -> pd.DataFrame:
    """Return which brands a person showed or named together."""
    kept = Kept(view)
    named = kept.events(consumers=[person])[["eventId", "brand", "at", "withBrands"]].explode("withBrands")
    named = named.rename(columns={"withBrands": "other"}).dropna(subset="other").drop_duplicates(["eventId", "other"])
    pairs = named[named["other"] != named["brand"]].groupby(["brand", "other"])["at"].agg(["size", "max"]).reset_index()
    frame = pairs.rename(columns={"size": "interactions", "max": "last"}).assign(
        name=names_of(kept.brands, pairs["brand"]), otherName=names_of(kept.brands, pairs["other"])
    )
    return best_first(frame, "interactions", "brand", "other")


def consumers_by_city(view: Reader, brand: str, limit: int) -> pd.DataFrame:
    """Return how many people of each city deal with a brand, and how."""
    kept = Kept(view)
    events = kept.events(brands=[brand])
    events = events.assign(
        city=kept.people["city"].reindex(events["consumer"]).to_numpy(), negative=events["valence"] < 0
    )
    found = events.groupby("city", dropna=False).agg(
        consumers=("consumer", "nunique"),
        interactions=("at", "size"),
        negative=("negative", "sum"),
        meanValence=("valence", "mean"),
    )
    return best_first(found.reset_index(), "consumers", "city").head(limit)


def declared_influencers(view: Reader, limit: int) -> pd.DataFrame:
    """Return the people whose record calls them influencers."""
    kept = Kept(view)
    people = kept.people[kept.people["kind"] == "influencer"]
    if kept.score_run is None:
        return pd.DataFrame()
    events = kept.events(consumers=people["id"].tolist()).groupby("consumer")["at"].agg(["size", "max"])
    events = events.reindex(people["id"])
    frame = pd.DataFrame(
        {
            "id": people["id"].to_numpy(),
            "name": people["name"].to_numpy(),
            "style": people["style"].to_numpy(),
            "statedFollowers": people["followers"].to_numpy(),
            "interactions": events["size"].fillna(0).to_numpy(),
            "last": events["max"].to_numpy(),
        }
    )
    return best_first(frame, "statedFollowers", "id").head(limit)


def quiet_but_followed(view: Reader, limit: int) -> pd.DataFrame:
    """Return the people who are followed and have no interaction of their own on record."""
    kept = Kept(view)
    if kept.score_run is None:
        return pd.DataFrame()
    ties = kept.ties
    followed = ties.loc[ties["kind"].isin(["follows", "exposed"]), "target"].value_counts()
    events = kept.events()
    speak = events.loc[events["direction"] == "to_brand", "consumer"].unique()
    quiet = followed[~followed.index.isin(speak)]
    people = kept.people.reindex(quiet.index)
    columns = {"name": people["name"].to_numpy(), "style": people["style"].to_numpy(), "tiesOnRecord": quiet.to_numpy()}
    return best_first(pd.DataFrame({"id": quiet.index, **columns}), "tiesOnRecord", "id").head(limit)


def _sides(events: pd.DataFrame) -> pd.DataFrame:
    """Return *events* with what each gave the brand and the consumer got, in points, and whether it was negative."""
    to_brand = (events["direction"] == "to_brand").to_numpy(bool)
    points, returned = events["points"].astype(float), events["returned"].astype(float)
    return events.assign(
        gave=np.where(to_brand, points, returned),
        got=np.where(to_brand, returned, points),
        negative=events["valence"].astype(float) < 0,
    )
