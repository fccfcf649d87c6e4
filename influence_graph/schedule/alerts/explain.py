"""A crossing in plain words: what happened, the figure with its interval, and the events behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.analyses.changes.result_sentences import link_part
from influence_graph.analyses.fusion.change import change_of
from influence_graph.analyses.fusion.sentences import change_sentence, term_sentence
from influence_graph.analyses.interactions.ledger import EPOCH, to_micros
from influence_graph.analyses.intervals import number_text
from influence_graph.errors import NotFound
from influence_graph.model.names import BRAND, CONSUMER
from influence_graph.schedule.alerts.conditions import known_times, order_of, ranking_of
from influence_graph.schedule.alerts.crossings import Crossing
from influence_graph.schedule.alerts.evidence import EVENTS, Evidence
from influence_graph.schedule.alerts.measures import FORMS, TITLES, measured
from influence_graph.schedule.alerts.rules import (
    AnyRule,
    BondRule,
    BrandRule,
    ComplaintRule,
    InfluencerRule,
    SilenceRule,
)
from influence_graph.schedule.alerts.seen import Figure
from influence_graph.text import count_text

_BACK = timedelta(days=30)
_LATER = timedelta(microseconds=1)


Told: TypeAlias = tuple[list[str], tuple[str, ...]]
"""Sentences, and the ids of the events that they name."""


def explained(crossing: Crossing, rule: AnyRule, evidence: Evidence) -> Told:
    """Return what happened in a few sentences, and the ids of the events behind it, the most important first."""
    return _EXPLAINED[rule.kind](crossing, rule, evidence)


def _bond(crossing: Crossing, rule: BondRule, evidence: Evidence) -> Told:
    consumer, brand = crossing.subject
    names = evidence.names
    what = f"The Fusion Score of {names.text(CONSUMER, consumer)} and {names.text(BRAND, brand)}"
    figure = crossing.figure or Figure(0.0)
    value, past = f"{figure.value:+.6g}", evidence.pasts.get(crossing.subject)
    moment = evidence.as_of
    if past is None or moment is None:
        return [f"{what} {_crossed(rule, crossing, value)}."], ()
    head = f"{what} {_crossed(rule, crossing, value)} on {moment:%Y-%m-%d}"
    if evidence.since is not None:
        change = change_of(past, evidence.since, moment)
        leading = _leading(change.terms, change.terms["change"], rule.sign)
        if leading:
            sentences = [change_sentence(term, brand, names) for term in leading]
            start = f"{change.start:+.6g} on {evidence.since:%Y-%m-%d}"
            return [f"{head}, from {start}.", *_behind(sentences)], _ids(leading)
    terms = past.at(moment).contributions
    leading = _leading(terms, terms["contribution"], rule.sign)
    return [f"{head}.", *_behind([term_sentence(term, brand, names) for term in leading])], _ids(leading)


def _brand(crossing: Crossing, rule: BrandRule, evidence: Evidence) -> Told:
    (brand,) = crossing.subject
    form, moment = FORMS[rule.measure], evidence.as_of or EPOCH
    what = f"{TITLES[rule.measure]} {evidence.names.text(BRAND, brand)}"
    head = f"{what} {_crossed(rule, crossing, _figure_text(crossing.figure, form), form)} on {moment:%Y-%m-%d}"
    former = _measured_before(rule, brand, evidence)
    if former is not None and evidence.since is not None:
        head += f", from {_figure_text(former, form, short=True)} on {evidence.since:%Y-%m-%d}"
    events = evidence.events[crossing.subject].to_dict("records")
    sentences = [
        f"{event['points']:+.3g} {_kind(event)} of {evidence.names.text(CONSUMER, event['consumer'])}"
        f" on {event['at']:%Y-%m-%d} ({event['event_id']})"
        for event in events
    ]
    return [f"{head}.", *_behind(sentences)], _ids(events)


def _influencer(crossing: Crossing, rule: InfluencerRule, evidence: Evidence) -> Told:
    (who,) = crossing.subject
    found = evidence.records.results[rule.ranking]
    order = [] if found is None else order_of(rule.ranking, found[1])
    title = ranking_of(rule.ranking).title
    joined = crossing.change == "gained"
    head = f"{evidence.names.text(CONSUMER, who)} {'joined' if joined else 'left'} the first {rule.first} by {title}"
    now, before = _place(order, who), _place(evidence.before, who)
    head += f": {now} of {len(order):,} now" + ("" if evidence.before is None else f", {before} before")
    others = _passed(order, evidence.before or (), rule.first, joined)
    text = ", ".join(evidence.names.text(CONSUMER, other) for other in others[:EVENTS])
    more = f" and {len(others) - EVENTS:,} more" if len(others) > EVENTS else ""
    exchange = [f"{'No longer' if joined else 'Now'} among them: {text}{more}."] if others else []
    return [f"{head}.", *exchange, *_links_behind(crossing, who, evidence)], ()


def _links_behind(crossing: Crossing, who: str, evidence: Evidence) -> list[str]:
    """Return the links by which a PageRank changed most in the direction of the crossing."""
    if evidence.before is None or evidence.links is None:
        return [] if evidence.before is None else ["Which links are behind it cannot be told from the records."]
    toward = 1 if crossing.change == "gained" else -1
    own = evidence.links[(evidence.links["id"] == who) & (toward * evidence.links["change"] > 0)]
    parts = [link_part(link, evidence.names) for link in own.head(EVENTS).to_dict("records")]
    return [f"Behind it: {'; '.join(parts)}."] if parts else []


def _complaint(crossing: Crossing, rule: ComplaintRule, evidence: Evidence) -> Told:
    event, consumer, brand = crossing.subject
    figure, moment = crossing.figure or Figure(0.0), evidence.as_of or EPOCH
    at = moment - timedelta(days=figure.value)
    names = evidence.names
    who = f"{names.text(CONSUMER, consumer)} complained about {names.text(BRAND, brand)} on {at:%Y-%m-%d} ({event})"
    what = f"no recovery is on record {_days(figure.value)} later, by the latest record of {moment:%Y-%m-%d}"
    return [f"{who}: {what}; the rule allows {_days(rule.days)}."], (event,)


def _silence(crossing: Crossing, rule: SilenceRule, evidence: Evidence) -> Told:
    (feed,) = crossing.subject
    what = "All feeds are" if rule.by == "all" else f"The {rule.by} {_feed(rule, feed, evidence)} is"
    days = (crossing.figure or Figure(0.0)).value
    last = evidence.records.now - timedelta(days=days)
    head = f"{what} silent for {_days(days)}: the last interaction became known on {last:%Y-%m-%d %H:%M} UTC"
    return [f"{head}; the rule allows {_days(rule.days)}.", _before_silence(rule, feed, last, evidence)], ()


def _before_silence(rule: SilenceRule, feed: str, last: datetime, evidence: Evidence) -> str:
    """Return how the feed was in the 30 days before, which shows whether the silence is unusual."""
    known = known_times(evidence.records)
    if rule.by != "all":
        known = known.filter(pc.equal(known[rule.by], feed))
    times = np.sort(known["known"].cast(pa.int64()).to_numpy())
    recent = times[times > to_micros(last - _BACK)]
    if recent.size < 2:
        return "In the 30 days before there was no other."
    longest = float(np.diff(recent).max()) / timedelta(days=1).total_seconds() / 1e6
    return f"In the 30 days before there were {recent.size:,}, with no pause longer than {_days(longest)}."


_EXPLAINED: Mapping[str, Callable[[Crossing, Any, Evidence], Told]] = {
    "bond": _bond,
    "brand": _brand,
    "influencer": _influencer,
    "complaint": _complaint,
    "silence": _silence,
}


def _crossed(rule: BondRule | BrandRule, crossing: Crossing, value: str, form: str = "{:g}") -> str:
    side = f"{'above' if rule.sign > 0 else 'below'} {number_text(rule.limit, form)}"
    if crossing.first:
        return f"was {side} already at the first check: {value}"
    return f"{'rose' if rule.sign > 0 else 'fell'} {side}: {value}"


def _figure_text(figure: Figure | None, form: str, *, short: bool = False) -> str:
    """Return a figure with its interval, and how it was made unless *short*."""
    if figure is None:
        return "cannot tell"
    text = number_text(figure.value, form)
    if figure.low is None or figure.high is None:
        return text
    of = "" if figure.count is None else f", {count_text(figure.count, 'observation')}"
    made = "" if short else f", {figure.method}{of}"
    return f"{text} ({number_text(figure.low, form)} to {number_text(figure.high, form)}{made})"


def _measured_before(rule: BrandRule, brand: str, evidence: Evidence) -> Figure | None:
    if evidence.since is None:
        return None
    try:
        former = measured(evidence.records, rule, evidence.since).get(brand)
    except NotFound:
        return None
    return former if isinstance(former, Figure) else None


def _leading(terms: pd.DataFrame, amount: pd.Series[float], sign: int) -> list[dict[Any, Any]]:
    """Return the terms of the largest *amount* in the direction of *sign*."""
    moved = amount[amount * sign > 0].abs().sort_values(ascending=False, kind="stable").index[:EVENTS]
    return terms.loc[moved].to_dict("records")


def _behind(sentences: Sequence[str]) -> list[str]:
    if not sentences:
        return ["Behind it: no event of its own, only the time that has passed, or what others did."]
    return [f"Behind it: {'; '.join(sentences)}."]


def _ids(events: Sequence[Mapping[Any, Any]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(event["event_id"]) for event in events))


def _kind(event: Mapping[Any, Any]) -> str:
    return str(event["kind"] or "interaction").replace("_", " ")


def _place(order: Sequence[str] | None, who: str) -> str:
    return f"place {order.index(who) + 1:,}" if order is not None and who in order else "not ranked"


def _passed(order: Sequence[str], before: Sequence[str], first: int, joined: bool) -> list[str]:
    """Return who left the first when another joined, or joined when another left."""
    now, then = order[:first], before[:first]
    return [who for who in then if who not in now] if joined else [who for who in now if who not in then]


def _feed(rule: SilenceRule, feed: str, evidence: Evidence) -> str:
    return evidence.names.text(BRAND, feed) if rule.by == "brand" else repr(feed)


def _days(days: float) -> str:
    text = f"{days:.3g}"
    return f"{text} day" if text == "1" else f"{text} days"
