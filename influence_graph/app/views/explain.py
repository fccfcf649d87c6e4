"""One bond explained: its past, read once, answers for any time; and its story, the score at each turning point."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pandas as pd

from influence_graph.analyses.fusion.change import ScoreChange, change_of
from influence_graph.analyses.fusion.curve import samples_of, steps_of
from influence_graph.analyses.fusion.explain import BondPast, Explanation
from influence_graph.analyses.interactions.ledger import to_datetime, to_micros
from influence_graph.app.lookups import names_of, require
from influence_graph.app.views.again import at, commands
from influence_graph.app.views.campaigns import campaigns_of
from influence_graph.model.names import BRAND, CONSUMER, NodeNames
from influence_graph.model.parameters import ExplainParameters
from influence_graph.model.records import BRANDS, PEOPLE
from influence_graph.reports.pages.data import BondStory, ReportData
from influence_graph.stores.base import InteractionFilter, Reader
from influence_graph.version import __version__

LABELED = 12
"""Events of a story that are named: those of the largest steps."""
_LEAD = 20  # part of the span that is shown before the first event
_WHOLE = 100.0  # points, from which on a label has no decimals
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, eq=False)
class Bond:
    """All that the score of one bond ever depended on.

    Attributes:
        past: The bond at any time.
        as_of: The time requested, else the latest time of the store, so that ``explain`` and ``score`` agree.
        store: Address of the store.
        names: Names of the consumer, the brand, and the brands of the consumer's events.
        commands: Lines for a shell that give its score again.
        campaigns: Those of the brand up to then, with their lift.
    """

    past: BondPast
    as_of: datetime | None
    store: str
    names: NodeNames
    commands: str
    campaigns: pd.DataFrame

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
        story = bond_story(self.past, self.as_of)
        shown = self.campaigns
        if story.series is None or story.series.empty:
            return story
        return replace(story, campaigns=shown[shown["at"] >= story.series["at"].iloc[0]])


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
    as_of = parameters.as_of or view.latest()
    left_out = [word for event in parameters.without for word in ("--without", event)]
    words = ["explain", *ends, *left_out, *at(as_of), "--format", "jsonl"]
    campaigns = campaigns_of(view, parameters.brand, as_of, with_lift=parameters.as_of is None)
    return Bond(past, as_of, view.url, names, commands(view, parameters.policy, words), campaigns)


def bond_story(past: BondPast, as_of: datetime | None = None) -> BondStory:
    """Return the story of the bond of *past* up to *as_of*, by default all of it.

    Its series holds the score as it was known just before and at each event, late record and correction, and between
    them where it decays; of more than 300, those that a drawing can show (``analyses/fusion/curve.py``).
    """
    explained = past.at(as_of)
    series = _series(past, explained)
    return BondStory(explained.consumer, explained.brand, explained.score, explained.contributions, series)


def story_page(bond: Bond) -> ReportData:
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
        commands=bond.commands,
        unknown_kinds=bond.explanation().unknown_kinds,
        names=bond.names,
    )


def _series(past: BondPast, explained: Explanation) -> pd.DataFrame:
    columns = ["at", "score", "event_id", "label"]
    if explained.as_of is None:
        return pd.DataFrame(columns=columns)
    end = to_micros(explained.as_of)
    steps = steps_of(*past.changes(), end)
    if not steps.size:
        return pd.DataFrame(columns=columns)
    samples = samples_of(steps, end, smooth=bool((explained.contributions["decay"] < 1).any()))
    moments = [to_datetime(time) for time in samples.time.tolist()]
    just_before = samples.before.tolist()
    scores = [past.score_at(time - before * _INSTANT) for time, before in zip(moments, just_before, strict=True)]
    lead = (moments[-1] - moments[0]) / _LEAD or timedelta(days=1)
    frame = pd.DataFrame({"at": [moments[0] - lead, *moments], "score": [scores[0], *scores]})
    events = _largest(past, frame)
    names = pd.DataFrame([events.get(row, (None, "")) for row in frame.index], columns=["event_id", "label"])
    return frame.assign(at=pd.to_datetime(frame["at"], utc=True)).join(names)


def _largest(past: BondPast, frame: pd.DataFrame) -> dict[int, tuple[str | None, str]]:
    """Return, by row, the events that made the largest steps."""
    step = frame["score"].diff().where(frame["at"].duplicated(), 0.0).abs()
    rows = step[step > 0].nlargest(LABELED, keep="all").index[:LABELED]
    return {row: _event(past, frame["at"][row].to_pydatetime()) for row in rows}


def _event(past: BondPast, moment: datetime) -> tuple[str | None, str]:
    """Return the event that moved the score most at *moment*, with all that moved it then."""
    change = change_of(past, moment - _INSTANT, moment)
    moved = change.terms[~change.terms["reason"].isin(["decayed", "unchanged"]) & (change.terms["change"] != 0)]
    if moved.empty:
        return None, ""
    most = moved.loc[moved["change"].abs().nlargest(1).index].to_dict("records")[0]
    reason = "" if most["reason"] == "new" else f", {most['reason']}"
    more = moved["event_id"].nunique() - 1
    others = f" and {more} more" if more else ""
    kind = str(most["kind"] or "interaction").replace("_", " ")
    return str(most["event_id"]), f"{_points(moved['change'].sum())} {kind}{reason}{others}"


def _points(change: float) -> str:
    return f"{change:+,.0f}" if abs(change) >= _WHOLE else f"{change:+.3g}"
