"""Each crossing once: against an independent count of crossings with hysteresis, over random walks and restarts."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.results import RANK, SCORE
from influence_graph.model.runs import Run
from influence_graph.schedule.alerts.conditions import seen_by
from influence_graph.schedule.alerts.crossings import after, crossed
from influence_graph.schedule.alerts.messages import Fired
from influence_graph.schedule.alerts.records import Records
from influence_graph.schedule.alerts.rules import AnyRule, BondRule, InfluencerRule
from influence_graph.schedule.alerts.seen import Figure, Seen, cannot_tell
from influence_graph.schedule.alerts.state import (
    MOST_WAITING,
    TOLD,
    AlertState,
    RuleState,
    state_of,
    with_messages,
    without_old,
)

NOW = datetime(2026, 6, 1, tzinfo=UTC)
RUN = Run("run-1", "score", "finished", NOW, NOW, "", "1")


def scores(values: dict[str, float]) -> pa.Table:
    columns = {
        "consumer": list(values),
        "brand": ["acme"] * len(values),
        "fusion_score": list(values.values()),
        "to_brand": list(values.values()),
        "to_consumer": [0.0] * len(values),
        "reciprocity": [None] * len(values),
        "as_of": [NOW] * len(values),
    }
    return pa.table(columns, SCORE.schema)


def ranking(order: list[str]) -> pa.Table:
    values = [float(len(order) - place) for place in range(len(order))]
    return pa.table({"label": ["Consumer"] * len(order), "id": order, "score": values}, RANK.schema)


def records(kind: str, table: pa.Table) -> Records:
    return Records(NOW, NOW, FusionPolicy(), {kind: (RUN, table)})


def told(rule: AnyRule, former: RuleState | None, given_: Records) -> tuple[RuleState | None, list[tuple[str, str]]]:
    """Check once, and go through the form in which a store keeps the state."""
    seen = seen_by(given_, rule, {} if former is None else former.beyond)
    found = crossed(former, seen, members=isinstance(rule, InfluencerRule))
    now = after(former, seen, RuleState(NOW, NOW, "run-1"))
    kept = {} if now is None else {rule.digest: now}
    again = state_of(json.loads(json.dumps(AlertState(kept).to_dict()))).rules.get(rule.digest)
    return again, [(each.subject[0], each.change) for each in found]


def naive_crossings(walk: list[float], limit: float, margin: float, sign: int) -> int:
    """Count by hand: armed until beyond, armed again once back by the margin."""
    armed, count = True, 0
    for value in walk:
        if sign > 0:
            beyond, back = value > limit, value <= limit - margin
        else:
            beyond, back = value < limit, value >= limit + margin
        if armed and beyond:
            count, armed = count + 1, False
        elif not armed and back:
            armed = True
    return count


steps = st.lists(st.integers(-3, 3), min_size=1, max_size=60)


@settings(max_examples=150, deadline=None)
@given(st.lists(steps, min_size=1, max_size=4), st.integers(0, 4), st.booleans(), st.integers(1, 3))
def test_a_bond_fires_as_often_as_its_walk_crosses_the_limit_with_hysteresis(
    moves: list[list[int]], margin: int, above: bool, repeats: int
) -> None:
    side: dict[str, Any] = {"above": 0.0} if above else {"below": 0.0}
    rule = BondRule("walk", margin=float(margin), **side)
    walks = {f"c{number}": np.cumsum(each).astype(float).tolist() for number, each in enumerate(moves)}
    fired = dict.fromkeys(walks, 0)
    former = None
    for time in range(max(map(len, walks.values()))):
        now = records("score", scores({who: walk[min(time, len(walk) - 1)] for who, walk in walks.items()}))
        for _ in range(repeats):  # the same recalculation, looked at again
            former, found = told(rule, former, now)
            for who, change in found:
                assert change == "beyond"
                fired[who] += 1
    expected = {who: naive_crossings(walk, 0.0, margin, 1 if above else -1) for who, walk in walks.items()}
    assert fired == expected


@settings(max_examples=100, deadline=None)
@given(st.lists(st.permutations(range(8)), min_size=2, max_size=25), st.integers(1, 5), st.integers(0, 3))
def test_members_are_gained_and_lost_as_often_as_their_ranks_cross_with_hysteresis(
    orders: list[list[int]], first: int, margin: int
) -> None:
    rule = InfluencerRule("top", first=first, margin=margin)
    former, found = None, []
    for order in orders:
        former, here = told(rule, former, records("rank", ranking([f"p{who}" for who in order])))
        found += here
    expected = []
    members = set(orders[0][:first])
    for order in orders[1:]:
        gained = [who for who in order[:first] if who not in members]
        lost = [who for who in members if order.index(who) >= first + margin]
        expected += [*((f"p{who}", "gained") for who in gained), *((f"p{who}", "lost") for who in lost)]
        members = (members | set(gained)) - set(lost)
    assert sorted(found) == sorted(expected)


def test_who_was_among_the_first_at_the_first_check_has_not_joined_since() -> None:
    rule = InfluencerRule("top", first=2)
    former, found = told(rule, None, records("rank", ranking(["ann", "bob", "cid"])))
    assert found == []
    assert former is not None
    _, found = told(rule, former, records("rank", ranking(["cid", "ann"])))
    assert found == [("cid", "gained"), ("bob", "lost")]


def test_where_nothing_can_be_told_nothing_changes() -> None:
    before = RuleState(NOW, NOW, "run-1", {("ann",): NOW})
    blind, later = cannot_tell("no results"), NOW + timedelta(days=1)
    assert crossed(before, blind, members=True) == crossed(None, blind) == []
    kept = after(before, blind, RuleState(later))
    assert kept == RuleState(later, NOW, "run-1", {("ann",): NOW})
    assert after(None, blind, RuleState(later)) is None
    seen = Seen({("bob",): Figure(1.0)})
    assert crossed(after(None, blind, RuleState(later)), seen, members=True) == []


def test_a_bond_that_is_there_no_more_is_not_beyond_any_more() -> None:
    rule = BondRule("low", below=0.0, margin=9.0)
    former, found = told(rule, None, records("score", scores({"ann": -1.0, "bob": 1.0})))
    assert found == [("ann", "beyond")]
    former, found = told(rule, former, records("score", scores({"bob": 1.0})))
    assert found == []
    _, found = told(rule, former, records("score", scores({"ann": -1.0, "bob": 1.0})))
    assert found == [("ann", "beyond")]


def message(number: int, who: str = "ann", text: str = "hello") -> Fired:
    return Fired(
        f"alert-{number}", "a", "bond", "beyond", {"consumer": who, "brand": "acme"}, text, NOW, NOW, Figure(1.0)
    )


def test_the_state_comes_back_from_json_as_it_was() -> None:
    rules = {"d": RuleState(NOW, None, None, {("ann", "acme"): NOW})}
    state = with_messages(AlertState(rules), [message(1)], ("webhook", "file"))
    assert state_of(json.loads(json.dumps(state.to_dict()))) == state
    assert state_of(None) == AlertState()


def test_the_outbox_ends_and_says_how_many_were_given_up() -> None:
    state = with_messages(AlertState(), [message(number) for number in range(MOST_WAITING + 7)], ("file",))
    assert len(state.outbox.waiting) == MOST_WAITING
    assert state.outbox.given_up == 7
    assert state.outbox.waiting[0].message.id == "alert-7"
    assert len(state.told) == TOLD


def test_without_a_target_nothing_waits_and_the_message_is_kept_to_be_listed() -> None:
    state = with_messages(AlertState(), [message(1)], ())
    assert state.outbox.waiting == ()
    assert [each.id for each in state.told] == ["alert-1"]


def test_the_state_of_a_rule_that_another_configuration_checks_stays_for_90_days() -> None:
    rules = {"old": RuleState(NOW - timedelta(days=91)), "other": RuleState(NOW - timedelta(days=89))}
    assert list(without_old(rules, NOW)) == ["other"]
