"""Answering a user's query within its limits: read-only, unless the right to write was asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import neo4j

from influence_graph.errors import InfluenceGraphError, StoreError, StoreUnreachable
from influence_graph.stores.base import QUERY_BYTES, Rows
from influence_graph.stores.limits import check_limits, too_many_bytes, too_many_rows
from influence_graph.stores.neo4j import guard
from influence_graph.stores.neo4j.database import Database
from influence_graph.stores.neo4j.driver import translated
from influence_graph.stores.neo4j.plans import changes, notices, plan_rows
from influence_graph.stores.neo4j.values import check_parameter, plain, size

_GRACE_SECONDS, _PROBE_SECONDS = 2.5, 1.5  # together below 5
_FETCH_ROWS = 200  # what is fetched ahead is memory that no limit knows of

T = TypeVar("T")


@dataclass(frozen=True)
class Limits:
    """Seconds and rows that an answer may take, and whether the query may write."""

    timeout: float
    max_rows: int
    write: bool = False


def query(database: Database, text: str, parameters: Mapping[str, Any], limits: Limits) -> Rows:
    """Return the answer to the query *text*.

    Raises:
        InputError: it does more than it may, has a parameter that cannot be sent, or too many rows or bytes.
        StoreError: the server refused it, or it took longer than its timeout.
        StoreUnreachable: the server stopped answering.
    """
    check_limits(limits.timeout, limits.max_rows)
    asked = guard.asked(text)
    if not limits.write:
        guard.check_text(asked)
    for name, value in parameters.items():
        check_parameter(name, value)
    access = neo4j.WRITE_ACCESS if limits.write else neo4j.READ_ACCESS
    session = database.session(access, _FETCH_ROWS, notices="INFORMATION")
    seconds = limits.timeout + _GRACE_SECONDS
    try:
        return _within(seconds, database.url, lambda: _answer(session, asked, dict(parameters), limits))
    except _Silent:
        raise _given_up(database, seconds) from None


def _answer(session: neo4j.Session, asked: guard.Asked, parameters: dict[str, Any], limits: Limits) -> Rows:
    with session:  # closed by the thread that reads: closing waits for the server too
        explained = session.run(neo4j.Query(f"EXPLAIN {asked.text}", timeout=limits.timeout), parameters).consume()
        guard.check_administration(explained.plan)
        if asked.ask is guard.Ask.EXPLAIN:  # which runs nothing
            return plan_rows(explained)
        if not limits.write:
            guard.check_plan(explained.plan or {}, explained.query_type or "")
        text = f"PROFILE {asked.text}" if asked.ask is guard.Ask.PROFILE else asked.text
        if limits.write and guard.commits_by_itself(explained.plan):
            return _rows(session.run(neo4j.Query(text, timeout=limits.timeout), parameters), limits)
        with session.begin_transaction(timeout=limits.timeout) as transaction:
            rows = _rows(transaction.run(text, parameters), limits)
            transaction.commit()
        return rows


def _rows(result: neo4j.Result, limits: Limits) -> Rows:
    """Return the rows of *result*, or of its plan where it was profiled."""
    columns = list(result.keys())
    rows: list[tuple[Any, ...]] = []
    left = QUERY_BYTES
    for record in result:
        if len(rows) == limits.max_rows:
            raise too_many_rows(limits.max_rows)
        row = tuple(plain(value) for value in record.values())
        left -= size(row)
        if left < 0:
            raise too_many_bytes()
        rows.append(row)
    summary = result.consume()
    if summary.profile:
        return replace(plan_rows(summary), changes=changes(summary))
    return Rows(columns, rows, notices(summary), changes(summary))


class _Silent(Exception):
    """Nothing came within the time."""


def _within(seconds: float, url: str, work: Callable[[], T]) -> T:
    """Return what *work* returns; give up waiting after *seconds*, which the driver itself cannot.

    A server that stops sending in mid-result would hold the driver for minutes.

    Raises:
        _Silent: it takes longer.
    """
    answers: list[T] = []
    errors: list[InfluenceGraphError] = []

    def run() -> None:
        try:
            with translated(url):
                answers.append(work())
        except InfluenceGraphError as error:  # raised again in the caller's thread
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise _Silent
    if errors:
        raise errors[0]
    return answers[0]


def _given_up(database: Database, seconds: float) -> StoreError:
    """Return the error of a query without an answer; a server that answers others is busy with a single step of it.

    Neo4j ends a query between two rows: a regular expression or a loop over a list within one row is not ended.
    """
    try:
        _within(_PROBE_SECONDS, database.url, lambda: next(database.stream("read-ledger"), None))
    except (_Silent, StoreError):
        return StoreUnreachable(
            f"{database.url} sent nothing more for {seconds:g} s", remedy="check the network and the server"
        )
    return StoreError(
        f"the query took longer than {seconds:g} s, and the server cannot end it: one step of it goes on there",
        remedy="ask for shorter lists and simpler patterns; a restart of the server ends what still runs",
    )
