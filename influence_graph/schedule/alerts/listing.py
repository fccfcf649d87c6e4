"""Alerts as tables: the rules, who is beyond them, the latest messages, and what waits for delivery."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from influence_graph.schedule.alerts.messages import Fired
from influence_graph.schedule.alerts.rules import AnyRule
from influence_graph.schedule.alerts.seen import PARTS
from influence_graph.schedule.alerts.state import AlertState

_IDS = tuple(dict.fromkeys(part for parts in PARTS.values() for part in parts))
_MESSAGE = ("id", "at", "rule", "kind", "change", *_IDS, "value", "low", "high", "limit", "events", "text")


def rules_frame(rules: Sequence[AnyRule], state: AlertState) -> pd.DataFrame:
    """Return a row per rule: rule, kind, watches, beyond (how many, missing before the first check), checked_at."""
    rows = []
    for rule in rules:
        known = state.rules.get(rule.digest)
        beyond, checked_at = (None, None) if known is None else (len(known.beyond), known.checked_at)
        rows.append((rule.name, rule.kind, _watches(rule), beyond, checked_at))
    frame = pd.DataFrame(rows, columns=["rule", "kind", "watches", "beyond", "checked_at"])
    return frame.astype({"beyond": "Int64"})


def beyond_frame(rules: Sequence[AnyRule], state: AlertState) -> pd.DataFrame:
    """Return a row for each who is beyond a rule: rule, kind, her ids, since (the check that found it)."""
    rows = [
        {"rule": rule.name, "kind": rule.kind, **dict(zip(PARTS[rule.kind], who, strict=True)), "since": since}
        for rule in rules
        if rule.digest in state.rules
        for who, since in state.rules[rule.digest].beyond.items()
    ]
    return pd.DataFrame(rows, columns=["rule", "kind", *_IDS, "since"])


def messages_frame(messages: Iterable[Fired]) -> pd.DataFrame:
    """Return a row per message: its fields, ids and figure in columns of their own, events joined by ``|``."""
    rows = []
    for each in messages:
        figure = each.figure
        figures = {} if figure is None else {"value": figure.value, "low": figure.low, "high": figure.high}
        fields = {name: getattr(each, name) for name in ("id", "at", "rule", "kind", "change", "limit", "text")}
        rows.append({**fields, **each.subject, **figures, "events": "|".join(each.events)})
    return pd.DataFrame(rows, columns=list(_MESSAGE))


def waiting_frame(state: AlertState) -> pd.DataFrame:
    """Return a row per message that waits: id, at, rule, to (its targets), failed (why the last try did), text."""
    rows = [
        (each.message.id, each.message.at, each.message.rule, ", ".join(each.to), each.failed, each.message.text)
        for each in state.outbox.waiting
    ]
    return pd.DataFrame(rows, columns=["id", "at", "rule", "to", "failed", "text"])


def _watches(rule: AnyRule) -> str:
    """Return what *rule* watches as its table states it, without name and kind."""
    stated = {name: value for name, value in vars(rule).items() if name not in ("name", "kind") and value is not None}
    return ", ".join(f"{name} = {value!r}" for name, value in stated.items())
