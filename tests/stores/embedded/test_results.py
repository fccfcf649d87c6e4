"""Runs, results and leases in the open file."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from influence_graph.model.results import RANK, SCORE
from influence_graph.model.runs import Run
from influence_graph.stores.embedded import results, schema
from tests.stores.given import DAY, bonds, ranks, run

json_values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**53), 2**53),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=8),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=6,
)


@settings(deadline=None, max_examples=30)
@given(st.dictionaries(st.text(max_size=8), json_values, max_size=4))
def test_parameters_of_a_run_come_back_as_they_were(parameters: dict[str, object]) -> None:
    with duckdb.connect() as connection:
        schema.migrate(connection, "memory")
        results.write(connection, replace(run("rank", "r"), parameters=parameters), ranks())
        (found,) = results.runs(connection)
    assert found.parameters == parameters


def test_parameters_are_kept_as_json_that_every_parser_takes(connection: duckdb.DuckDBPyConnection) -> None:
    given_ = {"half_life": math.inf, "low": [-math.inf, 1.0], "none": math.nan}
    results.write(connection, replace(run("rank", "r"), parameters=given_), ranks())
    (found,) = results.runs(connection)
    assert found.parameters == {"half_life": "inf", "low": ["-inf", 1.0], "none": None}


@settings(deadline=None, max_examples=30)
@given(
    st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1)).map(lambda t: t.replace(tzinfo=UTC)),
    st.sampled_from([timedelta(0), timedelta(hours=5, minutes=45), -timedelta(hours=3)]),
)
def test_times_of_a_run_are_kept_in_utc_to_the_microsecond(started: datetime, offset: timedelta) -> None:
    from datetime import timezone

    local = started.astimezone(timezone(offset))
    with duckdb.connect() as connection:
        schema.migrate(connection, "memory")
        kept = Run("r", "rank", "finished", local, local + timedelta(seconds=1), "d", "0")
        results.write(connection, kept, ranks())
        (found,) = results.runs(connection)
    assert (found.started_at, found.finished_at) == (started, started + timedelta(seconds=1))
    assert found.started_at.tzinfo is UTC


def test_the_current_results_replace_the_former_ones_of_their_kind_alone(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    results.write(connection, run("rank", "rank-1"), ranks(("Consumer", "ann", 1.0), ("Consumer", "bob", 2.0)))
    results.write(connection, run("score", "score-1"), bonds(("ann", "acme", 1.0)))
    results.write(connection, run("rank", "rank-2"), ranks(("Consumer", "cid", 3.0)))
    found = results.results(connection, RANK)
    assert found is not None
    assert (found[0].id, found[1].to_pylist()) == ("rank-2", [{"label": "Consumer", "id": "cid", "score": 3.0}])
    score = results.results(connection, SCORE)
    assert score is not None
    assert score[1]["as_of"].to_pylist() == [DAY]
    statuses = {each.id: each.status for each in results.runs(connection)}
    assert statuses == {"rank-1": "superseded", "score-1": "finished", "rank-2": "finished"}


def test_runs_are_newest_first_and_ids_break_ties(connection: duckdb.DuckDBPyConnection) -> None:
    for id_, day in (("a", 1), ("c", 3), ("b", 3), ("d", 2)):
        started = replace(run("rank", id_), started_at=DAY.replace(day=day))
        results.write(connection, started, ranks())
    assert [each.id for each in results.runs(connection)] == ["c", "b", "d", "a"]


def test_kinds_with_a_hyphen_have_a_table_of_their_own(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    from influence_graph.model.results import kind_of

    results.write(connection, run("in-degree", "i"), ranks(("Consumer", "ann", 2.0)))
    results.write(connection, run("degree", "d"), ranks(("Consumer", "ann", 5.0)))
    found = results.results(connection, kind_of("in-degree"))
    assert found is not None
    assert found[1]["score"].to_pylist() == [2.0]
