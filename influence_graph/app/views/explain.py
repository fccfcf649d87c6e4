"""One bond explained: its past, read once, answers for any time; and its story, the score at each turning point."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd

from influence_graph.analyses.fusion.change import ScoreChange, change_of
from influence_graph.analyses.fusion.explain import BondPast, Explanation
from influence_graph.app.lookups import names_of, require
from influence_graph.model.names import BRAND, CONSUMER, NodeNames
from influence_graph.model.parameters import ExplainParameters
from influence_graph.model.records import BRANDS, PEOPLE
from influence_graph.reports.pages.data import BondStory, ReportData
from influence_graph.stores.base import InteractionFilter, Reader
from influence_graph.version import __version__

MAX_MOMENTS = 200
DECAY_STEPS = 24


@dataclass(frozen=True, eq=False)
class Bond:
    """All that the score of one bond ever depended on.

    Attributes:
        past: The bond at any time.
        as_of: The time requested, else the latest time of the store, so that ``explain`` and ``score`` agree.
        store: Address of the store.
        names: Names of the consumer, the brand, and the brands of the consumer's events.
    """

    past: BondPast
    as_of: datetime | None
    store: str
    names: NodeNames

    def explanation(self, valid_at: datetime | None = None) -> Explanation:
        """Return the terms of the score at the time requested, in hindsight where *valid_at* is given."""
        return self.past.at(self.as_of, valid_at)

    def change(self, start: datetime, end: datetime) -> ScoreChange:
        """Return what moved the score from *start* to *end*.

        Raises:
            InputError: *start* is after *end*.
        """
        return change_of(self.past, start, end)

    def story(self) -> BondStory:
        """Return the score over time, up to the time requested."""
        return bond_story(self.past, self.as_of)


def read_bond(view: Reader, parameters: ExplainParameters) -> Bond:
    """Read the past of the bond of *parameters*.

    Raises:
        NotFound: the consumer, the brand, or an event to leave out is not in the store.
    """
    require(view, PEOPLE, [parameters.consumer])
    require(view, BRANDS, [parameters.brand])
    interactions = view.interactions(InteractionFilter(consumers=[parameters.consumer], history=True))
    ends = parameters.consumer, parameters.brand
    past = BondPast(interactions, ends, parameters.policy, parameters.without)
    around = pd.DataFrame({"brand": [parameters.brand, *interactions["brand"].unique().to_pylist()]})
    names = names_of(view, pd.DataFrame({"consumer": [parameters.consumer]}), around)
    return Bond(past, parameters.as_of or view.latest(), view.url, names)


def bond_story(past: BondPast, as_of: datetime | None = None) -> BondStory:
    """Return the story of the bond of *past* up to *as_of*, by default all of it.

    Its series holds the score as it was known after each event, late record and correction (the last
    ``MAX_MOMENTS`` of them), and between them where it decays.
    """
    explained = past.at(as_of)
    series = _series(past, explained)
    return BondStory(explained.consumer, explained.brand, explained.score, explained.contributions, series)


def story_page(bond: Bond, parameters: ExplainParameters) -> ReportData:
    """Return a report on the story of *bond* alone."""
    story = bond.story()
    return ReportData(
        version=__version__,
        generated_at=datetime.now(UTC),
        title=f"{bond.names.of(CONSUMER, story.consumer) or story.consumer} and "
        f"{bond.names.of(BRAND, story.brand) or story.brand}",
        store=bond.store,
        as_of=bond.as_of,
        stories=(story,),
        parameters=parameters.policy.to_dict(),
        names=bond.names,
    )


def _series(past: BondPast, explained: Explanation) -> pd.DataFrame:
    columns = ["at", "score", "event_id", "label"]
    turns = past.change_times(explained.as_of)[-MAX_MOMENTS:] if explained.as_of else []
    if not turns or explained.as_of is None:
        return pd.DataFrame(columns=columns)
    first, last = turns[0], explained.as_of
    before = first - max((last - first) / 20, timedelta(days=1))
    moments = {*turns, last, before}
    if bool((explained.contributions["decay"] < 1).any()):
        moments |= {first + (last - first) * step / DECAY_STEPS for step in range(DECAY_STEPS)}
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
    moved = change.terms[~change.terms["reason"].isin(["decayed", "unchanged"]) & (change.terms["change"] != 0)]
    if moved.empty:
        return change.end, None, ""
    most = moved.loc[moved["change"].abs().nlargest(1).index].to_dict("records")[0]
    reason = "" if most["reason"] == "new" else f", {most['reason']}"
    return change.end, str(most["event_id"]), f"{most['change']:+.3g} {most['kind'] or 'interaction'}{reason}"
