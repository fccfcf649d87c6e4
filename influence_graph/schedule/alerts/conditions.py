"""Who is beyond a rule now: pure functions from results and records to :class:`~.seen.Seen`.

An estimate is beyond a limit where its whole 95 % interval is: what the data cannot tell fires nothing. It has come
back where its value is on the other side by the margin, so that a new crossing needs both. Where there is no estimate,
because observations are too few or nothing is on record, who was beyond before stays so, and it is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.analyses.brand.recovery import complaints_and_answers, days_to_recovery
from influence_graph.analyses.interactions.ledger import EPOCH, MICROS_PER_DAY, Ledger, to_micros
from influence_graph.analyses.interactions.meaning import meaning_of
from influence_graph.errors import InputError, NotFound
from influence_graph.model.names import CONSUMER
from influence_graph.model.results import RESULTS, SCORE, SEEDS, ResultKind, Shape, kind_of, measures
from influence_graph.schedule.alerts.measures import measured
from influence_graph.schedule.alerts.records import Records
from influence_graph.schedule.alerts.rules import (
    AnyRule,
    BondRule,
    BrandRule,
    ComplaintRule,
    InfluencerRule,
    SilenceRule,
)
from influence_graph.schedule.alerts.seen import MOST_SUBJECTS, Figure, Seen, Subject, cannot_tell
from influence_graph.text import NOT_ON_RECORD, count_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

_OBSERVED = "last record"
_NOISE = 1e-7
"""By how much of 1 + |limit| a figure must be beyond its limit: the same, calculated in another way, is as good."""


Former = Mapping[Subject, datetime]
"""Who was beyond a rule before and has not come back since, and which check found it."""
Condition = Callable[[Records, Any, Former], Seen]


def seen_by(records: Records, rule: AnyRule, former: Former) -> Seen:
    """Return who is beyond *rule* now.

    Args:
        records: Of one state of the store.
        rule: What is watched.
        former: Who was beyond it before, and has not come back since, with the time of the check that found it.
    """
    seen = CONDITIONS[rule.kind](records, rule, former)
    if len(seen.beyond) > MOST_SUBJECTS:
        what = count_text(len(seen.beyond), "subject")
        return cannot_tell(f"{what} are beyond it, at most {MOST_SUBJECTS:,} can be told: narrow the rule")
    return seen


def bonds_seen(records: Records, rule: BondRule, former: Former) -> Seen:
    """Return whose current Fusion Score is beyond the limit; a bond that is there no more is not held."""
    found = records.results.get(SCORE.kind)
    if found is None:
        return cannot_tell("no Fusion Scores are written; run `influence-graph recompute`")
    table = _only(found[1], consumer=rule.consumer, brand=rule.brand)
    over = rule.sign * (table["fusion_score"].to_numpy() - rule.limit)
    least = _least(rule.limit)
    far = np.flatnonzero(over > least)
    if far.size > MOST_SUBJECTS:
        return cannot_tell(f"{far.size:,} bonds are beyond it, at most {MOST_SUBJECTS:,} can be told: narrow the rule")
    far = far[np.argsort(-over[far], kind="stable")]
    scores = table["fusion_score"].to_numpy()
    beyond = {who: Figure(float(scores[row])) for who, row in zip(_bonds(table, far), far.tolist(), strict=True)}
    near = (over <= least) & (over > -rule.margin)
    if former:
        consumers = pa.array(sorted({who[0] for who in former}), pa.string())
        near &= pc.is_in(table["consumer"].cast(pa.string()), consumers).to_numpy(zero_copy_only=False)
    held = frozenset(_bonds(table, np.flatnonzero(near))) & frozenset(former) if former else frozenset()
    named = rule.consumer is not None and rule.brand is not None
    if named and not table.num_rows and not former:
        return cannot_tell(f"{NOT_ON_RECORD}: there is no such bond")
    return Seen(beyond, held)


def brands_seen(records: Records, rule: BrandRule, former: Former) -> Seen:
    """Return which brands' health or judgment is beyond the limit with its whole interval."""
    if records.as_of is None:
        return cannot_tell(f"{NOT_ON_RECORD}: there are no interactions")
    try:
        estimates = measured(records, rule, records.as_of)
    except NotFound as error:
        return cannot_tell(f"{NOT_ON_RECORD}: {error.message}")
    beyond: dict[Subject, Figure] = {}
    held: set[Subject] = set()
    unclear: dict[Subject, str] = {}
    for brand, each in estimates.items():
        who = (brand,)
        if isinstance(each, str):
            if who in former or rule.brand is not None:
                unclear[who] = each
            held |= {who} & set(former)
        elif rule.sign * (_near_end(each, rule.sign) - rule.limit) > _least(rule.limit):
            beyond[who] = each
        elif who in former and not _is_back(each.value, rule.limit, rule.sign, rule.margin):
            held.add(who)
    return Seen(_furthest(beyond, rule.limit), frozenset(held), unclear)


def influencers_seen(records: Records, rule: InfluencerRule, former: Former) -> Seen:
    """Return who is among the first of a ranking; who has fallen below them by no more than the margin is held."""
    found = records.results.get(rule.ranking)
    if found is None:
        return cannot_tell(f"no results of {rule.ranking!r} are written; run `influence-graph recompute`")
    order = order_of(rule.ranking, found[1])
    beyond: dict[Subject, Figure] = {(who,): Figure(float(place)) for place, who in enumerate(order[: rule.first], 1)}
    near = {(who,) for who in order[rule.first : rule.first + rule.margin]}
    return Seen(beyond, frozenset(near & set(former)))


def ranking_of(name: str) -> ResultKind:
    """Return the kind of result that is the ranking *name*, which may be that of a measure, such as ``pagerank``.

    Raises:
        NotFound: there is no such kind of result.
        InputError: it is no order of people.
    """
    kind = measures().get(name) or kind_of(name)
    if kind.shape is not Shape.NODES and kind.kind not in SOURCES:
        fitting = [each.kind for each in RESULTS.values() if each.shape is Shape.NODES or each.kind in SOURCES]
        raise InputError(f"{name!r} is no ranking of people", remedy=f"use {', '.join(fitting)}")
    return kind


def order_of(ranking: str, table: pa.Table) -> list[str]:
    """Return the people of a ranking, first first; a further source of influencers is a row of :data:`SOURCES`."""
    return SOURCES.get(ranking, _by_score)(table)


def _by_score(table: pa.Table) -> list[str]:
    """Return the people of a measure of nodes by falling score, equal ones by id."""
    people = table.filter(pc.equal(table["label"], CONSUMER))
    ordered = people.sort_by([("score", "descending"), ("id", "ascending")])
    ids: list[str] = ordered["id"].to_pylist()
    return ids


def _as_listed(table: pa.Table) -> list[str]:
    """Return the people of a list that states their ranks."""
    ids: list[str] = table.sort_by("rank")["id"].to_pylist()
    return ids


SOURCES: Mapping[str, Callable[[pa.Table], list[str]]] = {SEEDS.kind: _as_listed}
"""How the rows of a kind of result become an order of people, where they are not scores of nodes."""


def complaints_seen(records: Records, rule: ComplaintRule, former: Former) -> Seen:
    """Return the complaints without a recovery, as known at the store's latest time, the oldest first.

    A day counts once it is observed: what happened after the latest record is not known.
    """
    if records.as_of is None:
        return cannot_tell(f"{NOT_ON_RECORD}: there are no interactions")
    known = records.ledger.as_known_at(records.as_of)
    rows, answered = _left_alone(known, records, rule)
    age = (to_micros(records.as_of) - known.at[rows]) / MICROS_PER_DAY
    told = (age >= rule.days) & (answered | rule.recorded)
    figures = zip(rows[told].tolist(), age[told].tolist(), strict=True)
    beyond = {_complaint(known, row): Figure(days, method=_OBSERVED) for row, days in figures}
    held = frozenset(_complaint(known, row) for row in rows[~told].tolist()) & former.keys() if former else frozenset()
    return Seen(beyond, held, _unanswered(known, rows[(age >= rule.days) & ~told]))


def _left_alone(known: Ledger, records: Records, rule: ComplaintRule) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the rows of the complaints without a recovery, the oldest first, and whether the brand ever recovers."""
    complaints, answers = complaints_and_answers(known, meaning_of(known, records.policy.table))
    oldest = to_micros(records.as_of or EPOCH) - rule.forget_days * MICROS_PER_DAY
    complaints = complaints[known.at[complaints] >= oldest]
    if rule.brand is not None:
        complaints = complaints[known.brand.names[known.brand.codes[complaints]] == rule.brand]
    who = known.consumer.codes.astype(np.int64) * len(known.brand.names) + known.brand.codes
    alone = complaints[np.isinf(days_to_recovery(known.at, who, complaints, answers))]
    alone = alone[np.argsort(known.at[alone], kind="stable")]
    return alone, np.isin(known.brand.codes[alone], known.brand.codes[answers])


def _unanswered(known: Ledger, rows: NDArray[np.int64]) -> dict[Subject, str]:
    """Return of which brands it cannot be told whether the complaints *rows* about them were recovered."""
    brands, counts = np.unique(known.brand.codes[rows], return_counts=True)
    return {
        (str(known.brand.names[brand]),): f"no recovery by the brand {known.brand.names[brand]!s} is on record, so"
        f" whether {count_text(int(count), 'complaint')} had one is not known (`recorded = true`: they are recorded)"
        for brand, count in zip(brands.tolist(), counts.tolist(), strict=True)
    }


def silences_seen(records: Records, rule: SilenceRule, former: Former) -> Seen:
    """Return the feeds of which nothing became known for some days up to now, the longest silent first.

    A feed has come back once something became known; a clock that is set back, or another machine's, ends no silence.
    """
    last = last_known(records, rule)
    if rule.only is not None and (rule.only,) not in last:
        return cannot_tell(f"{NOT_ON_RECORD}: no interaction of the {rule.by} {rule.only!r}")
    if not last:
        return cannot_tell(f"{NOT_ON_RECORD}: there are no interactions")
    days = {feed: (records.now - time) / timedelta(days=1) for feed, time in last.items()}
    silent = [feed for feed, each in days.items() if rule.days < each <= rule.forget_days]
    silent.sort(key=lambda feed: -days[feed])
    quiet = (feed for feed in former if feed in last and last[feed] < former[feed] - timedelta(days=rule.days))
    return Seen({feed: Figure(days[feed], method=_OBSERVED) for feed in silent}, frozenset(quiet) - set(silent))


def last_known(records: Records, rule: SilenceRule) -> dict[Subject, datetime]:
    """Return by feed when its latest interaction became known; times later than now are of a wrong clock."""
    known = known_times(records)
    if rule.by == "all":
        latest = pc.max(known["known"]).as_py()
        return {} if latest is None else {("all",): latest}
    column = rule.by
    chosen = known if rule.only is None else known.filter(pc.equal(known[column], rule.only))
    grouped = chosen.filter(pc.is_valid(chosen[column])).group_by(column).aggregate([("known", "max")])
    return {
        (feed,): time for feed, time in zip(grouped[column].to_pylist(), grouped["known_max"].to_pylist(), strict=True)
    }


def known_times(records: Records) -> pa.Table:
    """Return brand, platform and channel (texts) of all interactions, and when each became known, up to now."""
    given: Any = records.interactions
    names = ("brand", "platform", "channel")
    columns = {name: given[name].cast(pa.string()) for name in names}
    known = pc.coalesce(given["recorded_at"], given["at"])
    table = pa.table({**columns, "known": known})
    return table.filter(pc.less_equal(known, pa.scalar(records.now, known.type)))


CONDITIONS: Mapping[str, Condition] = {
    "bond": bonds_seen,
    "brand": brands_seen,
    "influencer": influencers_seen,
    "complaint": complaints_seen,
    "silence": silences_seen,
}
"""Who is beyond a rule, by its kind."""


def _only(table: pa.Table, **wanted: str | None) -> pa.Table:
    for column, value in wanted.items():
        if value is not None:
            table = table.filter(pc.equal(table[column].cast(pa.string()), value))
    return table


def _bonds(table: pa.Table, rows: NDArray[np.int64]) -> Iterable[Subject]:
    taken = table.select(["consumer", "brand"]).take(pa.array(rows))
    return zip(taken["consumer"].to_pylist(), taken["brand"].to_pylist(), strict=True)


def _complaint(known: Ledger, row: int) -> Subject:
    return known.event_id[row].as_py(), str(known.consumer.text(row)), str(known.brand.text(row))


def _near_end(figure: Figure, sign: int) -> float:
    """Return the end of the interval that crosses the limit last."""
    end = figure.low if sign > 0 else figure.high
    return figure.value if end is None else end


def _is_back(value: float, limit: float, sign: int, margin: float) -> bool:
    """Return whether *value* is on the other side of *limit*, by the margin."""
    return sign * (value - limit) <= -margin


def _least(limit: float) -> float:
    return _NOISE * (1 + abs(limit))


def _furthest(beyond: Mapping[Subject, Figure], limit: float) -> dict[Subject, Figure]:
    return dict(sorted(beyond.items(), key=lambda pair: -abs(pair[1].value - limit)))
