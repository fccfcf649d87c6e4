"""Check the rules against a store: who has crossed one since the last check is put into the outbox, once.

The state is read and written under the lease :data:`~influence_graph.stores.base.RECALCULATION`, checked in the same
transaction: of two checkers at once one waits or is refused, and a late one writes nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import islice

import pyarrow.compute as pc

from influence_graph.model.results import SCORE
from influence_graph.schedule.alerts.conditions import ranking_of, seen_by
from influence_graph.schedule.alerts.crossings import after, crossed
from influence_graph.schedule.alerts.deliver import names_of_targets
from influence_graph.schedule.alerts.evidence import Evidence, Found, read_evidence
from influence_graph.schedule.alerts.explain import explained
from influence_graph.schedule.alerts.messages import Fired, chat_text
from influence_graph.schedule.alerts.records import Records, read_records
from influence_graph.schedule.alerts.rules import NO_DELIVERY, AnyRule, Delivery, InfluencerRule, check_rules
from influence_graph.schedule.alerts.seen import PARTS
from influence_graph.schedule.alerts.state import (
    STATE,
    AlertState,
    RuleState,
    state_of,
    with_messages,
    without_old,
)
from influence_graph.stores.base import Lease, Store
from influence_graph.text import count_text

MOST_MESSAGES = 20
"""How many crossings of a rule at one check get a message each; all others are in one more."""
_TOLD = 5  # of whom it is said that it cannot be told
_LISTED = 50  # ids in that message
Notify = Callable[[str], None]


def check(
    store: Store,
    rules: Sequence[AnyRule],
    lease: Lease,
    delivery: Delivery = NO_DELIVERY,
    *,
    now: datetime | None = None,
    notify: Notify | None = None,
) -> list[Fired]:
    """Return who has crossed *rules* since the last check, and put the messages into the outbox of *store*.

    Nothing is sent here: :func:`~.deliver.deliver` does, from the outbox, also what a process that died had left
    there. A second check finds nothing new, whoever makes it.

    Args:
        store: Where results, records and the state of the alerts are.
        rules: What is watched.
        lease: Held by the caller; checked in the transaction that writes the state.
        delivery: Which targets the messages will wait for.
        now: The time against which silence is counted; None: of this machine's clock.
        notify: Called with a line for each rule of which something cannot be told.

    Raises:
        InputError: two rules have the same name or watch the same, or a ranking is no order of people.
        NotFound: a ranking is no kind of result.
        LockHeld: the lease has expired or was granted to another owner; nothing was written.
    """
    check_rules(rules)
    moment = now or datetime.now(UTC)
    rankings = {rule.ranking: ranking_of(rule.ranking) for rule in rules if isinstance(rule, InfluencerRule)}
    state = state_of(store.state(STATE))
    with store.snapshot() as view:
        records = read_records(view, rules, rankings, moment)
    found = [_found(records, rule, state.rules.get(rule.digest)) for rule in rules]
    if notify is not None:
        for line in (line for each in found for line in _unclear(each)):
            notify(line)
    messages = _messages(store, records, found)
    store.set_state(STATE, _after(state, found, messages, (moment, delivery)).to_dict(), lease)
    return messages


def trial_message(store: str = "", now: datetime | None = None) -> Fired:
    """Return a message that tells of nothing, to see whether it arrives."""
    moment = now or datetime.now(UTC)
    text = "This is a test of the alerts of influence-graph: nothing has happened."
    return Fired(_id(moment), "test", "test", "test", {}, text, moment, store=store)


def _found(records: Records, rule: AnyRule, former: RuleState | None) -> Found:
    seen = seen_by(records, rule, {} if former is None else former.beyond)
    crossings = crossed(former, seen, members=isinstance(rule, InfluencerRule))
    kind = rule.ranking if isinstance(rule, InfluencerRule) else SCORE.kind if rule.kind == "bond" else None
    result = None if kind is None else records.results.get(kind)
    if result is None:
        return Found(rule, former, seen, crossings, records.as_of, None)
    run, table = result
    as_of = pc.max(table["as_of"]).as_py() if kind == SCORE.kind else run.finished_at
    return Found(rule, former, seen, crossings, as_of, run.id)


def _unclear(found: Found) -> list[str]:
    """Return of whom it cannot be told whether she is beyond the rule, and why, in a few lines."""
    name, unclear = found.rule.name, found.seen.unclear
    lines = [
        f"alert {name!r}: cannot tell{f' of {subject[0]!r}' if subject else ''}: {why}"
        for subject, why in islice(unclear.items(), _TOLD)
    ]
    more = len(unclear) - _TOLD
    return [*lines, f"alert {name!r}: cannot tell of {more:,} more either"] if more > 0 else lines


def _after(
    state: AlertState, found: Sequence[Found], messages: list[Fired], given: tuple[datetime, Delivery]
) -> AlertState:
    moment, delivery = given
    rules = dict(state.rules)
    for each in found:
        now = after(each.former, each.seen, RuleState(moment, each.as_of, each.run))
        if now is not None:
            rules[each.rule.digest] = now
    kept = AlertState(without_old(rules, moment), state.outbox, state.told)
    return with_messages(kept, messages, names_of_targets(delivery))


def _messages(store: Store, records: Records, found: Sequence[Found]) -> list[Fired]:
    """Return the messages about all crossings, explained from one more snapshot where there are any."""
    told = [each for each in found if each.crossings]
    if not told:
        return []
    with store.snapshot() as view:
        evidence = [read_evidence(view, records, each, MOST_MESSAGES) for each in told]
        url = view.url
    return [message for each, by in zip(told, evidence, strict=True) for message in _of_rule(each, by, url)]


def _of_rule(found: Found, evidence: Evidence, url: str) -> list[Fired]:
    rule, moment = found.rule, evidence.records.now
    limit = getattr(rule, "limit", None)
    messages = []
    for crossing in found.crossings[:MOST_MESSAGES]:
        sentences, events = explained(crossing, rule, evidence)
        subject = dict(zip(PARTS[rule.kind], crossing.subject, strict=True))
        text = chat_text([f"{rule.name}:", *sentences])
        about = (rule.name, rule.kind, crossing.change, subject, text, moment, evidence.as_of)
        messages.append(Fired(_id(moment), *about, crossing.figure, limit, events, url))
    more = found.crossings[MOST_MESSAGES:]
    if more:
        listed = ", ".join(" – ".join(each.subject) for each in more[:_LISTED])
        text = chat_text([f"{rule.name}: {count_text(len(more), 'more crossing')} at the same check: {listed}."])
        messages.append(Fired(_id(moment), rule.name, rule.kind, "more", {}, text, moment, evidence.as_of, store=url))
    return messages


def _id(moment: datetime) -> str:
    """Return a new id of a message; ids sort by time."""
    return f"alert-{moment.astimezone(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:12]}"
