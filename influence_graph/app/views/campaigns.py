"""The campaigns of a brand as pages show them: when they were, what happened around them, and their lift."""

from __future__ import annotations

from datetime import datetime, timedelta

import pandas as pd

from influence_graph.app.lift.campaigns import campaigns_in
from influence_graph.app.lift.records import SALES_OUTCOME, LiftRecords
from influence_graph.model.records import CAMPAIGNS
from influence_graph.model.results import LIFT
from influence_graph.stores.base import InteractionFilter, Reader

AROUND = timedelta(days=7)
"""Time on each side of a campaign in which interactions are counted."""
_LIFT = [name for name in LIFT.schema.names if name not in ("campaign", "first")]


def campaigns_of(view: Reader, brand: str, as_of: datetime | None, *, with_lift: bool = True) -> pd.DataFrame:
    """Return the campaigns of *brand* up to *as_of*, by day; records that differ by their segment alone are one.

    Args:
        view: One state of a store.
        brand: Id of the brand.
        as_of: The time for which they are shown; None: all.
        with_lift: Whether to add what the current run of lift tells, which knows nothing of earlier times.

    Returns:
        The columns campaign (id of its first record), at, kind (None for none); and where a run of lift is kept, those
        of ``LIFT`` without its ids, missing for a campaign that is later than the run.
    """
    records = LiftRecords(view, SALES_OUTCOME).campaigns
    tables = [table.select(["event_id", "at"]).to_pandas() for table in view.records(CAMPAIGNS)]
    times = pd.concat(tables).set_index("event_id")["at"] if tables else pd.Series(dtype=object)
    own = campaigns_in(records[records["brand"] == brand])
    rows = [(each.ids[0], times[each.ids[0]], each.kind or None) for each in own]
    frame = pd.DataFrame(rows, columns=["campaign", "at", "kind"]).astype({"at": "datetime64[us, UTC]"})
    if as_of is not None:
        frame = frame[frame["at"] <= as_of].reset_index(drop=True)
    current = view.results(LIFT) if with_lift else None
    if current is None:
        return frame
    kept = current[1].to_pandas()[["campaign", *_LIFT]]
    merged: pd.DataFrame = frame.merge(kept, on="campaign", how="left")
    return merged


def with_interactions(view: Reader, brand: str, campaigns: pd.DataFrame, as_of: datetime | None) -> pd.DataFrame:
    """Return *campaigns* of *brand* with the number of its interactions before and after, within :data:`AROUND`."""
    times = view.interactions(InteractionFilter(brands=[brand], as_of=as_of))["at"].to_pandas()
    before = [int(((times >= at - AROUND) & (times < at)).sum()) for at in campaigns["at"]]
    after = [int(((times >= at) & (times < at + AROUND)).sum()) for at in campaigns["at"]]
    return campaigns.assign(before=before, after=after)
