"""Rules across fields, and defaults of the fields that identify a record."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.ingest.rules import Period, fill_defaults, violations
from influence_graph.model.records import INTERACTIONS, PEOPLE, RETRACTION, SALES, TIES, RecordKind
from influence_graph.model.touchpoints import TouchpointTable

TABLE = TouchpointTable.load()
AT = datetime(2026, 1, 1, tzinfo=UTC)
ENDS = st.sampled_from("abc")


def table(kind: RecordKind, *rows: dict) -> pa.Table:
    return pa.Table.from_pylist([{name: row.get(name) for name in kind.names} for row in rows], schema=kind.schema)


@given(st.lists(st.tuples(ENDS, ENDS, st.sampled_from(["follows", "friend", None])), min_size=1, max_size=8))
def test_friends_are_stored_once_with_their_ends_in_order_and_other_ties_as_they_are(ties) -> None:
    rows = [{"source": source, "target": target, "kind": kind} for source, target, kind in ties]
    given_table = table(TIES, *rows)
    assert set(violations(TIES, given_table, Period())) == {row for row, (a, b, _) in enumerate(ties) if a == b}
    found, unknown = fill_defaults(TIES, given_table, TABLE)
    assert not unknown
    assert [(row["source"], row["target"], row["kind"]) for row in found.to_pylist()] == [
        (*sorted((a, b)), kind) if kind == "friend" else (a, b, kind or "follows") for a, b, kind in ties
    ]


def test_stated_directions_are_kept_and_others_follow_from_the_kind() -> None:
    rows = [
        {"kind": "giveaway"},
        {"kind": "giveaway", "direction": "to_brand", "touchpoint": "expediting"},
        {"kind": "unheard of"},
        {"kind": "unheard of"},
        {},
    ]
    found, unknown = fill_defaults(INTERACTIONS, table(INTERACTIONS, *rows), TABLE)
    rule, default = TABLE.rule("giveaway"), TABLE.rule(None)
    assert [(row["direction"], row["touchpoint"]) for row in found.to_pylist()] == [
        (rule.direction, rule.touchpoint),
        ("to_brand", "expediting"),
        *[(default.direction, default.touchpoint)] * 3,
    ]
    assert dict(unknown) == {"unheard of": 2}


def test_the_limits_of_a_period_are_inclusive_and_no_limit_accepts_all() -> None:
    rows = [{"event_id": str(hour), "at": datetime(2026, 1, 1, hour, tzinfo=UTC)} for hour in range(5)]
    events = table(INTERACTIONS, *rows)
    assert violations(INTERACTIONS, events, Period()) == {}
    period = Period(datetime(2026, 1, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, 3, tzinfo=UTC))
    assert {row: column for row, (column, _) in violations(INTERACTIONS, events, period).items()} == {0: "at", 4: "at"}


def test_corrections_must_name_another_event() -> None:
    rows = [
        {"event_id": "1", "at": AT, "replaces": "1"},
        {"event_id": "2", "at": AT, "kind": RETRACTION.upper()},
        {"event_id": "3", "at": AT, "kind": RETRACTION, "replaces": "1"},
    ]
    found = violations(INTERACTIONS, table(INTERACTIONS, *rows), Period())
    assert {row: column for row, (column, _) in found.items()} == {0: "replaces", 1: "replaces"}
    assert all(fault.remedy for _, fault in found.values())


def test_kinds_without_rules_are_unchanged() -> None:
    people = table(PEOPLE, {"id": "a"})
    assert violations(PEOPLE, people, Period()) == {}
    assert fill_defaults(PEOPLE, people, TABLE)[0].equals(people)
    sales = table(SALES, {"brand": "b", "segment": "s"}, {"brand": "b"})
    assert fill_defaults(SALES, sales, TABLE)[0]["segment"].to_pylist() == ["s", ""]
