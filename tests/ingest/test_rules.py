"""Rules across fields, and defaults of the fields that identify a record."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.ingest.faults import Fault
from influence_graph.ingest.rules import (
    Period,
    currency_of,
    fill_defaults,
    kinds_of,
    other_currencies,
    violations,
)
from influence_graph.model.records import INTERACTIONS, PEOPLE, RETRACTION, SALES, TIES, RecordKind

AT = datetime(2026, 1, 1, tzinfo=UTC)
ENDS = st.sampled_from("abc")


def table(kind: RecordKind, *rows: dict) -> pa.Table:
    return pa.Table.from_pylist([{name: row.get(name) for name in kind.names} for row in rows], schema=kind.schema)


@given(st.lists(st.tuples(ENDS, ENDS, st.sampled_from(["follows", "friend", None])), min_size=1, max_size=8))
def test_friends_are_stored_once_with_their_ends_in_order_and_other_ties_as_they_are(ties) -> None:
    rows = [{"source": source, "target": target, "kind": kind} for source, target, kind in ties]
    given_table = table(TIES, *rows)
    assert set(violations(TIES, given_table, Period())) == {row for row, (a, b, _) in enumerate(ties) if a == b}
    found = fill_defaults(TIES, given_table)
    assert [(row["source"], row["target"], row["kind"]) for row in found.to_pylist()] == [
        (*sorted((a, b)), kind) if kind == "friend" else (a, b, kind or "follows") for a, b, kind in ties
    ]


def test_what_an_interaction_does_not_say_stays_unsaid_and_its_kinds_are_counted() -> None:
    kinds = ["giveaway", "unheard of", "unheard of", None]
    events = table(INTERACTIONS, *({"kind": kind} for kind in kinds))
    assert fill_defaults(INTERACTIONS, events).equals(events)
    assert kinds_of(events) == {"giveaway": 1, "unheard of": 2}


def test_values_have_the_currency_of_the_first_one_that_states_it() -> None:
    stated = [(None, "USD"), (1.0, None), (2.0, "EUR"), (3.0, "USD"), (4.0, "eur"), (None, "USD"), (5.0, None)]
    events = table(INTERACTIONS, *({"value": value, "currency": currency} for value, currency in stated))
    assert currency_of(events) == "EUR"
    found = other_currencies(events, "EUR")
    fault = Fault("USD", "the other values are in EUR", "convert to one currency")
    assert found == {3: ("currency", fault)}
    assert currency_of(events.slice(0, 2)) is None


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
    assert fill_defaults(PEOPLE, people).equals(people)
    sales = table(SALES, {"brand": "b", "segment": "s"}, {"brand": "b"})
    assert fill_defaults(SALES, sales)["segment"].to_pylist() == ["s", ""]
