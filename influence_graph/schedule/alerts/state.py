"""What is remembered of alerts between checks: one state of the store, written in one step with its outbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from influence_graph.schedule.alerts.messages import Fired, Outbox, Waiting, fired_of, time_of
from influence_graph.schedule.alerts.seen import Subject

STATE = "alerts"
"""Name of the state in a store."""
TOLD = 100
"""Of how many messages the state keeps a copy, for `alerts list`."""
MOST_WAITING = 1_000
"""How many messages wait at most; of more the oldest are given up, and counted."""
FORGET_RULES = timedelta(days=90)
"""How long the state of a rule that nobody checks any more is kept: another configuration may."""


@dataclass(frozen=True)
class RuleState:
    """What is known of a rule from the last check.

    Attributes:
        checked_at: When that was.
        as_of: The store's latest time then.
        run: The run of its ranking or scores then; None where there is none.
        beyond: Who was beyond it, and since which check.
    """

    checked_at: datetime
    as_of: datetime | None = None
    run: str | None = None
    beyond: Mapping[Subject, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class AlertState:
    """All that is remembered between checks: one state of the store.

    Attributes:
        rules: By digest of the rule.
        outbox: What waits for delivery.
        told: The latest messages, the oldest first.
    """

    rules: Mapping[str, RuleState] = field(default_factory=dict)
    outbox: Outbox = field(default_factory=Outbox)
    told: tuple[Fired, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values; :func:`state_of` reads them back."""
        return {
            "rules": {digest: _rule_dict(rule) for digest, rule in self.rules.items()},
            "outbox": [_waiting_dict(each) for each in self.outbox.waiting],
            "given_up": self.outbox.given_up,
            "told": [message.to_dict() for message in self.told],
        }


def state_of(values: Mapping[str, Any] | None) -> AlertState:
    """Return the state that :meth:`AlertState.to_dict` gave, an empty one of None."""
    if values is None:
        return AlertState()
    waiting = (Waiting(fired_of(each["message"]), tuple(each["to"]), each["failed"]) for each in values["outbox"])
    rules = {digest: _rule_state(rule) for digest, rule in values["rules"].items()}
    told = tuple(map(fired_of, values["told"]))
    return AlertState(rules, Outbox(tuple(waiting), values["given_up"]), told)


def with_messages(state: AlertState, messages: list[Fired], targets: tuple[str, ...]) -> AlertState:
    """Return *state* with *messages* waiting for *targets*."""
    waiting = [*state.outbox.waiting, *(Waiting(each, targets) for each in messages if targets)]
    too_many = max(len(waiting) - MOST_WAITING, 0)
    outbox = Outbox(tuple(waiting[too_many:]), state.outbox.given_up + too_many)
    return replace(state, outbox=outbox, told=(*state.told, *messages)[-TOLD:])


def without_old(rules: Mapping[str, RuleState], now: datetime) -> dict[str, RuleState]:
    """Return *rules* without those that nobody has checked for :data:`FORGET_RULES`."""
    return {digest: each for digest, each in rules.items() if now - each.checked_at < FORGET_RULES}


def _waiting_dict(waiting: Waiting) -> dict[str, Any]:
    return {"message": waiting.message.to_dict(), "to": list(waiting.to), "failed": waiting.failed}


def _rule_dict(rule: RuleState) -> dict[str, Any]:
    return {
        "checked_at": rule.checked_at.isoformat(),
        "as_of": None if rule.as_of is None else rule.as_of.isoformat(),
        "run": rule.run,
        "beyond": [[*who, since.isoformat()] for who, since in rule.beyond.items()],
    }


def _rule_state(values: Mapping[str, Any]) -> RuleState:
    beyond = {tuple(row[:-1]): datetime.fromisoformat(row[-1]) for row in values["beyond"]}
    return RuleState(datetime.fromisoformat(values["checked_at"]), time_of(values["as_of"]), values["run"], beyond)
