"""What rules are checked against: results and records of one state of a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from influence_graph.analyses.interactions.ledger import Ledger, read_ledger
from influence_graph.errors import InputError
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.results import SCORE, ResultKind
from influence_graph.model.runs import Run
from influence_graph.schedule.alerts.rules import AnyRule, BondRule
from influence_graph.stores.base import InteractionFilter, Snapshot

if TYPE_CHECKING:
    import pyarrow as pa

_OF_RECORDS = ("brand", "complaint", "silence")


@dataclass(frozen=True, eq=False)
class Records:
    """What rules are checked against, all of one state of the store.

    Attributes:
        now: The time of the check, against which silence is counted.
        as_of: The store's latest time; None without interactions.
        policy: Parameters of the current Fusion Scores, else the default ones.
        results: The current run and its rows by kind; None where there is none. Those that the rules need.
        interactions: All interactions as recorded, corrected ones too; None where no rule needs them.
    """

    now: datetime
    as_of: datetime | None
    policy: FusionPolicy
    results: Mapping[str, tuple[Run, pa.Table] | None]
    interactions: pa.Table | None = None

    @cached_property
    def ledger(self) -> Ledger:
        """The interactions as arrays."""
        return read_ledger(self.interactions)


def read_records(
    view: Snapshot, rules: Sequence[AnyRule], rankings: Mapping[str, ResultKind], now: datetime
) -> Records:
    """Return what *rules* need of *view*, and no more; *rankings* are the kinds of result by the names in the rules."""
    results = {name: view.results(kind) for name, kind in rankings.items()}
    if any(isinstance(rule, BondRule) for rule in rules):
        results[SCORE.kind] = view.results(SCORE)
    scores = results.get(SCORE.kind) or view.results(SCORE)
    records = any(rule.kind in _OF_RECORDS for rule in rules)
    return Records(
        now,
        view.latest(),
        _policy(view, None if scores is None else scores[0]),
        results,
        view.interactions(InteractionFilter(history=True)) if records else None,
    )


def _policy(view: Snapshot, scores: Run | None) -> FusionPolicy:
    """Return the policy of the run *scores*, with the store's touchpoint table, or the default one."""
    table = view.touchpoints()
    record = dict(scores.parameters.get("policy", {})) if scores is not None else {}
    record["table"] = table.digest  # a table set since then holds for all answers
    try:
        return FusionPolicy.from_dict(record, table)
    except InputError:  # a policy of another version
        return FusionPolicy(table=table)
