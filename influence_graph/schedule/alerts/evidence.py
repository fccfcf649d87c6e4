"""What a crossing is explained by: pasts of bonds, events, the ranking before, names; read once there is a crossing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from influence_graph.analyses.changes.links import link_changes
from influence_graph.analyses.fusion.explain import BondPast
from influence_graph.analyses.fusion.points import points_of
from influence_graph.analyses.interactions.ledger import EPOCH, to_datetime, to_micros
from influence_graph.app.views.former_graphs import former_graphs
from influence_graph.errors import NotFound
from influence_graph.model.names import BRAND, CONSUMER, NO_NAMES, NodeNames
from influence_graph.model.parameters import RankParameters
from influence_graph.model.records import BRANDS, PEOPLE
from influence_graph.model.results import RANK
from influence_graph.model.runs import Run
from influence_graph.schedule.alerts.conditions import order_of, ranking_of
from influence_graph.schedule.alerts.crossings import Crossing
from influence_graph.schedule.alerts.measures import WORSE_ABOVE
from influence_graph.schedule.alerts.records import Records
from influence_graph.schedule.alerts.rules import AnyRule, BondRule, BrandRule, InfluencerRule, SilenceRule
from influence_graph.schedule.alerts.seen import PARTS, Seen, Subject
from influence_graph.schedule.alerts.state import RuleState
from influence_graph.stores.base import InteractionFilter, Reader

if TYPE_CHECKING:
    import pyarrow as pa

EVENTS = 3
"""How many events behind a crossing are named."""
_BACK = timedelta(days=30)


@dataclass(frozen=True, eq=False)
class Found:
    """What a check found of one rule."""

    rule: AnyRule
    former: RuleState | None
    seen: Seen
    crossings: list[Crossing]
    as_of: datetime | None
    run: str | None


@dataclass(frozen=True, eq=False)
class Evidence:
    """What a crossing of one rule is explained by.

    Attributes:
        records: What the rule was checked against.
        former: The state of the rule at the last check; None before the first.
        as_of: The time that its figures hold for; None without interactions.
        pasts: The past of each bond that crossed.
        events: The events behind each crossing of a brand, see :func:`events_behind`.
        before: The ranking at the last check, first first; None where it is kept no more.
        links: Why a PageRank changed since then, of those who crossed, see
            :func:`~influence_graph.analyses.changes.links.link_changes`; None where the records do not tell.
        names: Names of people and brands.
    """

    records: Records
    former: RuleState | None = None
    as_of: datetime | None = None
    pasts: Mapping[Subject, BondPast] = field(default_factory=dict)
    events: Mapping[Subject, pd.DataFrame] = field(default_factory=dict)
    before: Sequence[str] | None = None
    links: pd.DataFrame | None = None
    names: NodeNames = NO_NAMES

    @property
    def since(self) -> datetime | None:
        """The time that the figures of the last check held for; None where there was none, or it is no earlier."""
        since = None if self.former is None else self.former.as_of
        return since if since is not None and self.as_of is not None and since <= self.as_of else None


def read_evidence(view: Reader, records: Records, found: Found, most: int) -> Evidence:
    """Return what the first *most* crossings of one rule are explained by, with the names that it takes."""
    rule, former, as_of = found.rule, found.former, found.as_of
    subjects = [each.subject for each in found.crossings[:most]]
    pasts = _pasts(view, records, subjects) if isinstance(rule, BondRule) else {}
    evidence = Evidence(records, former, as_of, pasts, **_ranked_before(view, found, subjects))
    if isinstance(rule, BrandRule):
        evidence = replace(evidence, events={who: events_behind(rule, who[0], evidence) for who in subjects})
    return replace(evidence, names=_names(view, found, subjects, evidence))


def events_behind(rule: BrandRule, brand: str, evidence: Evidence) -> pd.DataFrame:
    """Return the events with *brand* that became known since the last check and moved it to where it is.

    Returns:
        event_id, at, consumer, kind, points: at most three, the largest first; of 30 days at the first check.
    """
    ledger, as_of = evidence.records.ledger, evidence.as_of or EPOCH
    known = ledger.as_known_at(as_of)
    since = evidence.since or as_of - _BACK
    mine = (known.brand.names[known.brand.codes] == brand) & (known.known > to_micros(since))
    new = known.take(mine)
    points = points_of(new, evidence.records.policy, as_of).total
    worse = (rule.sign > 0) == (rule.measure in WORSE_ABOVE)
    moved = np.flatnonzero(points < 0 if worse else points > 0)
    rows = moved[np.argsort(-np.abs(points[moved]), kind="stable")][:EVENTS].tolist()
    return pd.DataFrame(
        {
            "event_id": [new.event_id[row].as_py() for row in rows],
            "at": [to_datetime(int(new.at[row])) for row in rows],
            "consumer": [new.consumer.text(row) for row in rows],
            "kind": [None if new.kind is None else new.kind.text(row) for row in rows],
            "points": [float(points[row]) for row in rows],
        }
    )


def _pasts(view: Reader, records: Records, subjects: Sequence[Subject]) -> dict[Subject, BondPast]:
    """Return the past of each bond of *subjects*, without those that the records do not hold any more."""
    consumers = sorted({consumer for consumer, _ in subjects})
    interactions = view.interactions(InteractionFilter(consumers=consumers, history=True))
    pasts: dict[Subject, BondPast] = {}
    for consumer, brand in subjects:
        try:
            pasts[consumer, brand] = BondPast(interactions, (consumer, brand), records.policy)
        except NotFound:
            continue
    return pasts


def _ranked_before(view: Reader, found: Found, subjects: Sequence[Subject]) -> dict[str, Any]:
    """Return the fields before and links of the evidence; none where the former ranking is not kept."""
    rule, former = found.rule, found.former
    if not isinstance(rule, InfluencerRule) or former is None or former.run is None:
        return {}
    try:
        run, table = view.results_of(former.run)
        before = order_of(rule.ranking, table)
        if ranking_of(rule.ranking) is not RANK or found.run in (None, former.run):
            return {"before": before}
        return {"before": before, "links": _links(view, (run, table), str(found.run), subjects)}
    except NotFound:
        return {}


def _links(
    view: Reader, former: tuple[Run, pa.Table], current: str, subjects: Sequence[Subject]
) -> pd.DataFrame | None:
    """Return why the PageRank of *subjects* changed; None where the records do not give the former graph back."""
    run, table = view.results_of(current)
    ranks = [each.to_pandas() for each in (former[1], table)]
    graphs = former_graphs(view, (former[0], run), ranks[0])
    if graphs is None:
        return None
    scores = [each.set_index(["label", "id"])["score"] for each in ranks]
    movers = pd.MultiIndex.from_tuples([(CONSUMER, who) for (who,) in subjects], names=["label", "id"])
    damping = float(run.parameters.get("damping_factor", RankParameters.damping_factor))
    return link_changes(graphs, (scores[0], scores[1]), movers, damping)


def _names(view: Reader, found: Found, subjects: Sequence[Subject], evidence: Evidence) -> NodeNames:
    """Return the names of all whom the sentences about *subjects* may name."""
    rule = found.rule
    consumers, brands = set(), set()
    for subject in subjects:
        parts = dict(zip(PARTS[rule.kind], subject, strict=True))
        consumers |= {parts["consumer"]} if "consumer" in parts else set()
        brands |= {parts["brand"]} if "brand" in parts else set()
        if isinstance(rule, SilenceRule) and rule.by == "brand":
            brands.add(parts["feed"])
    for events in evidence.events.values():
        consumers |= set(events["consumer"])
    if evidence.links is not None:
        ends = evidence.links[["from_label", "from_id"]].drop_duplicates()
        consumers |= set(ends.loc[ends["from_label"] == CONSUMER, "from_id"])
        brands |= set(ends.loc[ends["from_label"] == BRAND, "from_id"])
    for past in evidence.pasts.values():
        brands |= set(past.all_interactions.brand.names.tolist())
    if isinstance(rule, InfluencerRule):
        consumers |= _ranked(evidence, rule)
    return NodeNames(view.names(PEOPLE, sorted(consumers)), view.names(BRANDS, sorted(brands)))


def _ranked(evidence: Evidence, rule: InfluencerRule) -> set[str]:
    result = evidence.records.results.get(rule.ranking)
    now = [] if result is None else order_of(rule.ranking, result[1])
    return {*now[: rule.first], *(evidence.before or ())[: rule.first]}
