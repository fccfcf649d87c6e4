"""Answering a user's query within its limits: read-only, unless the right to write was asked for."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import neo4j

from influence_graph.errors import StoreError
from influence_graph.stores.base import QUERY_BYTES, Rows
from influence_graph.stores.limits import check_limits, check_query, too_many_bytes, too_many_rows
from influence_graph.stores.neo4j import guard
from influence_graph.stores.neo4j.database import Database
from influence_graph.stores.neo4j.plans import changes, notices, plan_rows
from influence_graph.stores.neo4j.queries import statement
from influence_graph.stores.neo4j.values import check_parameter, plain, size
from influence_graph.stores.neo4j.waiting import KeptWaiting, Patience

_GRACE_SECONDS, _PROBE_SECONDS = 2.5, 1.5  # together below 5
_MARK = "influence-graph"
_FETCH_ROWS = 200  # what is fetched ahead is memory that no limit knows of


@dataclass(frozen=True)
class Limits:
    """Seconds and rows that an answer may take, and whether the query may write.

    ``mark`` is by what its transactions are found on the server.
    """

    timeout: float
    max_rows: int
    write: bool = False
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)


def query(database: Database, text: str, parameters: Mapping[str, Any], limits: Limits) -> Rows:
    """Return the answer to the query *text*.

    Raises:
        InputError: it does more than it may, has a parameter that cannot be sent, or too many rows or bytes.
        StoreError: the server refused it, or it took longer than its timeout.
        StoreUnreachable: the server stopped answering.
    """
    check_limits(limits.timeout, limits.max_rows)
    check_query(text, parameters)
    asked = guard.asked(text)
    if not limits.write:
        guard.check_text(asked)
    for name, value in parameters.items():
        check_parameter(name, value)
    access = neo4j.WRITE_ACCESS if limits.write else neo4j.READ_ACCESS
    connecting = Patience(database.url, limits.timeout)
    database.connect(connecting)
    patience = Patience(database.url, connecting.left + _GRACE_SECONDS)
    try:
        with database.session(access, _FETCH_ROWS, "INFORMATION", patience) as session:
            return _answer(session, asked, dict(parameters), limits)
    except KeptWaiting:
        raise _given_up(database, limits) from None


def _answer(session: neo4j.Session, asked: guard.Asked, parameters: dict[str, Any], limits: Limits) -> Rows:
    limited: dict[str, Any] = {"timeout": limits.timeout, "metadata": {_MARK: limits.mark}}
    explained = session.run(neo4j.Query(f"EXPLAIN {asked.text}", **limited), parameters).consume()
    guard.check_administration(explained.plan)
    if asked.ask is guard.Ask.EXPLAIN:  # which runs nothing
        return plan_rows(explained)
    if not limits.write:
        guard.check_plan(explained.plan or {}, explained.query_type or "")
    text = f"PROFILE {asked.text}" if asked.ask is guard.Ask.PROFILE else asked.text
    if limits.write and guard.commits_by_itself(explained.plan):
        return _rows(session.run(neo4j.Query(text, **limited), parameters), limits)
    with session.begin_transaction(**limited) as transaction:
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


def _given_up(database: Database, limits: Limits) -> StoreError:
    """Return the error of a query without an answer: the server is silent, or busy with a single step of the query.

    Neo4j ends a query between two rows: a regular expression or a loop over a list within one row is not ended.
    """
    try:
        with database.session(neo4j.READ_ACCESS, patience=Patience(database.url, _PROBE_SECONDS)) as session:
            running = session.run(statement("still-runs"), {"mark": limits.mark}).single(strict=True)["running"]
    except StoreError:
        running = False
    if not running:
        return KeptWaiting(database.url, limits.timeout)
    return StoreError(
        f"the query took longer than {limits.timeout:g} s, and the server cannot end it: one step of it goes on there",
        remedy="ask for shorter lists and simpler patterns; a restart of the server ends what still runs",
    )
