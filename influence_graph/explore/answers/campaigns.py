"""Questions about campaigns: what happened around them, which does not say that they caused it, and their lift."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pandas as pd
import pyarrow as pa

from influence_graph.explore.answers.kept import Kept, names_of
from influence_graph.model.records import CAMPAIGN_DAY, CAMPAIGNS, SALES
from influence_graph.model.results import LIFT
from influence_graph.stores.base import Reader


def campaign_echo(view: Reader, campaign: str, days: int) -> pd.DataFrame:
    """Return the interactions of a campaign's brand in the days before and after it."""
    kept, found = Kept(view), _campaign(view, campaign)
    if found is None:
        return pd.DataFrame()
    near = _near(kept.events(brands=[found["brand"]]), found["at"], days)
    near = near.assign(
        period=(near["at"] < found["at"]).map({True: "before", False: "after"}), negative=near["valence"] < 0
    )
    rows = near.groupby("period").agg(
        interactions=("at", "size"), negative=("negative", "sum"), meanValence=("valence", "mean")
    )
    frame: pd.DataFrame = rows.reset_index()
    return frame.sort_values("period", ascending=False)


def campaign_lift(view: Reader, brand: str, limit: int) -> pd.DataFrame:
    """Return what the current run tells of the lift of a brand's campaigns, the clearest first."""
    rows = Kept(view).current(LIFT.kind)[1]
    events = _campaigns(view).rename(columns={"event_id": "campaign"})
    found = events[events["brand"] == brand].merge(rows, on="campaign").sort_values("campaign")
    ordered: pd.DataFrame = found.drop_duplicates("first").sort_values(["p", "campaign"])
    return ordered.head(limit)


def campaigns_of_brand(view: Reader, brand: str, days: int, limit: int) -> pd.DataFrame:
    """Return a brand's campaigns, the latest first, with its interactions before and after."""
    kept = Kept(view)
    if kept.score_run is None:
        return pd.DataFrame()
    campaigns = _campaigns(view)
    campaigns = campaigns[campaigns["brand"] == brand].sort_values(["at", "event_id"], ascending=[False, True])
    campaigns = campaigns.head(limit).rename(columns={"event_id": "campaign"})
    events = kept.events(brands=[brand])
    near = [_near(events, at, days)["at"] for at in campaigns["at"]]
    before = [int((times < at).sum()) for times, at in zip(near, campaigns["at"], strict=True)]
    return campaigns.assign(before=before, after=[len(each) - sum_ for each, sum_ in zip(near, before, strict=True)])


def newcomers_after(view: Reader, campaign: str, days: int, limit: int) -> pd.DataFrame:
    """Return the consumers whose first interaction with the campaign's brand came within the days after it."""
    kept, found = Kept(view), _campaign(view, campaign)
    if found is None:
        return pd.DataFrame()
    first = kept.events(brands=[found["brand"]]).drop_duplicates("consumer")
    after = first[(first["at"] >= found["at"]) & (first["at"] < found["at"] + timedelta(days=days))]
    rows = after.rename(columns={"at": "first"}).sort_values(["first", "consumer"]).head(limit)
    return pd.DataFrame(rows.assign(name=names_of(kept.people, rows["consumer"])))


def sales_around(view: Reader, campaign: str, days: int) -> pd.DataFrame:
    """Return the sales of the campaign's brand on each day around it."""
    found = _campaign(view, campaign)
    if found is None:
        return pd.DataFrame()
    sales = pa.concat_tables(view.records(SALES)).to_pandas() if view.counts()["sales"] else pd.DataFrame()
    if sales.empty:
        return sales
    start = found["at"].date() if pd.isna(found[CAMPAIGN_DAY.name]) else found[CAMPAIGN_DAY.name]
    sales = sales[sales["brand"] == found["brand"]]
    sales = sales[sales["date"].between(start - timedelta(days=days), start + timedelta(days=days))]
    rows: pd.DataFrame = sales.groupby("date")["value"].sum().round(6).reset_index().rename(columns={"date": "day"})
    return rows.assign(dayFromCampaign=[(day - start).days for day in rows["day"]])


def _campaigns(view: Reader) -> pd.DataFrame:
    tables = [table.to_pandas() for table in view.records(CAMPAIGNS)]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=CAMPAIGNS.names)


def _campaign(view: Reader, campaign: str) -> Mapping[Any, Any] | None:
    rows = _campaigns(view)
    found = rows[rows["event_id"] == campaign].to_dict("records")
    return found[0] if found else None


def _near(events: pd.DataFrame, at: pd.Timestamp, days: int) -> pd.DataFrame:
    span = timedelta(days=days)
    return events[(events["at"] >= at - span) & (events["at"] < at + span)]
