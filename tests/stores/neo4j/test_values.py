"""Plain Python out of Cypher answers, and what may be sent as a parameter."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import neo4j
import pytest
from hypothesis import given
from hypothesis import strategies as st
from neo4j.spatial import WGS84Point
from neo4j.time import Date, DateTime, Duration, Time

from influence_graph.errors import InputError
from influence_graph.stores.neo4j.values import check_parameter, plain

SENDABLE = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
    | st.datetimes()
    | st.dates()
    | st.times()
    | st.timedeltas()
)
NESTED = st.recursive(SENDABLE, lambda some: st.lists(some) | st.dictionaries(st.text("abc"), some), max_leaves=8)


@given(NESTED)
def test_what_can_be_sent_is_accepted_however_deep(value: Any) -> None:
    check_parameter("x", value)


@pytest.mark.parametrize(
    "value", [math.nan, math.inf, -math.inf, 2**63, -(2**63) - 1, "a\0b", "\ud800", object(), {1}, b"bytes", 1j]
)
@pytest.mark.parametrize("wrap", [lambda v: v, lambda v: [1, [v]], lambda v: (v,), lambda v: {"a": {"b": v}}])
def test_what_cannot_be_sent_is_refused_by_the_name_of_the_parameter(value: Any, wrap: Any) -> None:
    with pytest.raises(InputError, match="query parameter x has the value"):
        check_parameter("x", wrap(value))


def test_the_keys_of_maps_are_checked_too() -> None:
    with pytest.raises(InputError, match="query parameter x"):
        check_parameter("x", {"a\0": 1})


@given(NESTED)
def test_plain_values_stay_as_they_are(value: Any) -> None:
    assert plain(value) == value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (DateTime(2026, 1, 2, 3, 4, 5, 6000, tzinfo=UTC), datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)),
        (Date(2026, 1, 2), date(2026, 1, 2)),
        (Time(3, 4, 5), time(3, 4, 5)),
        (Duration(days=1, seconds=2), "P1DT2S"),
        (WGS84Point((1.0, 2.0)), [1.0, 2.0]),
        ({"at": [Date(2026, 1, 2)]}, {"at": [date(2026, 1, 2)]}),
    ],
)
def test_values_of_the_driver_become_those_of_python(value: Any, expected: Any) -> None:
    assert plain(value) == expected


def test_a_length_of_time_may_be_sent() -> None:
    check_parameter("window", timedelta(days=30))


@pytest.mark.neo4j
def test_nodes_relationships_and_paths_become_maps(neo4j_url: str) -> None:
    from influence_graph.stores.neo4j.database import Database

    database = Database(neo4j_url)
    text = "CREATE p = (a:B:A {x: 1})-[r:T {y: date('2026-01-02')}]->(b:C) RETURN a, r, p"
    with database.session(neo4j.WRITE_ACCESS) as session, session.begin_transaction() as tx:
        a, r, p = (plain(value) for value in tx.run(text).single(strict=True))
        tx.rollback()
    database.close()
    assert a == {"labels": ["A", "B"], "properties": {"x": 1}}
    assert r == {"type": "T", "properties": {"y": date(2026, 1, 2)}}
    assert p == {"nodes": [a, {"labels": ["C"], "properties": {}}], "relationships": [r]}
