"""One bond told over time: its score at each turning point, with the events that made it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pandas as pd

from influence_graph.analyses.fusion.change import change_of
from influence_graph.reports.pages.data import BondStory, ReportData

if TYPE_CHECKING:
    from influence_graph.analyses.fusion.explain import BondPast, Explanation

MOST_MOMENTS = 200
FADING_STEPS = 24


def bond_story(past: BondPast, as_of: datetime | None = None) -> BondStory:
    """Return the story of the bond of *past* up to *as_of*, by default all of it.

    Its series holds the score as it was known after each event, late record and correction (the last
    ``MOST_MOMENTS`` of them), and between them where it fades.
    """
    told = past.at(as_of)
    return BondStory(told.consumer, told.brand, told.score, told.contributions, _series(past, told))


def story_page(story: BondStory, store: str, as_of: datetime | None, parameters: Mapping[str, object]) -> ReportData:
    """Return a report on *story* alone, from the store at the address *store*."""
    return ReportData(
        version=version("influence-graph"),
        generated_at=datetime.now(UTC),
        title=f"{story.consumer} and {story.brand}",
        store=store,
        as_of=as_of,
        stories=(story,),
        parameters=parameters,
    )


def _series(past: BondPast, told: Explanation) -> pd.DataFrame:
    columns = ["at", "score", "event_id", "label"]
    turns = past.turning_points(told.as_of)[-MOST_MOMENTS:] if told.as_of else []
    if not turns or told.as_of is None:
        return pd.DataFrame(columns=columns)
    first, last = turns[0], told.as_of
    before = first - max((last - first) / 20, timedelta(days=1))
    moments = {*turns, last, before}
    if bool((told.contributions["decay"] < 1).any()):
        moments |= {first + (last - first) * step / FADING_STEPS for step in range(FADING_STEPS)}
    rows: list[tuple[Any, ...]] = []
    former = before
    for moment in sorted(moments):
        rows.append((pd.Timestamp(moment), *_point(past, former, moment, moment in turns)))
        former = moment
    return pd.DataFrame(rows, columns=columns)


def _point(past: BondPast, former: datetime, moment: datetime, turns: bool) -> tuple[float, str | None, str]:
    """Return the score at *moment*, and the event that moved it most since *former* where it *turns*."""
    if not turns:
        return past.at(moment).score, None, ""
    change = change_of(past, former, moment)
    moved = change.terms[~change.terms["reason"].isin(["faded", "unchanged"]) & (change.terms["change"] != 0)]
    if moved.empty:
        return change.end, None, ""
    most = moved.loc[moved["change"].abs().nlargest(1).index].to_dict("records")[0]
    said = "" if most["reason"] == "new" else f", {most['reason']}"
    return change.end, str(most["event_id"]), f"{most['change']:+.3g} {most['kind'] or 'interaction'}{said}"
