"""Answering a user's read-only query within its deadline."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import neo4j

from influence_graph.errors import InfluenceGraphError, InputError, StoreUnreachable
from influence_graph.stores.base import Rows
from influence_graph.stores.neo4j.database import Database
from influence_graph.stores.neo4j.driver import translated
from influence_graph.stores.neo4j.guard import check_plan, check_prefix
from influence_graph.stores.neo4j.values import check_parameter, plain

_GRACE_SECONDS = 3.0

T = TypeVar("T")


def query(database: Database, text: str, parameters: Mapping[str, Any], timeout: float, max_rows: int) -> Rows:
    """Return the answer to the read-only query *text*.

    Raises:
        InputError: it does more than read, has a parameter that cannot be sent, or too many rows.
        StoreError: the server refused it, or it took longer than *timeout* seconds.
        StoreUnreachable: the server stopped answering.
    """
    check_prefix(text)
    for name, value in parameters.items():
        check_parameter(name, value)
    session = database.session(neo4j.READ_ACCESS)
    return _within(
        timeout + _GRACE_SECONDS, database.url, lambda: _answer(session, text, parameters, timeout, max_rows)
    )


def _answer(session: neo4j.Session, text: str, parameters: Mapping[str, Any], timeout: float, max_rows: int) -> Rows:
    with session:  # closed by the thread that reads: closing waits for the server too
        explained = session.run(neo4j.Query(f"EXPLAIN {text}", timeout=timeout), dict(parameters)).consume()
        check_plan(explained.plan)
        result = session.run(neo4j.Query(text, timeout=timeout), dict(parameters))
        columns = list(result.keys())
        rows: list[tuple[Any, ...]] = []
        for record in result:
            if len(rows) == max_rows:
                raise InputError(f"the answer has more than {max_rows} rows", remedy="add a LIMIT, or raise --max-rows")
            rows.append(tuple(plain(value) for value in record.values()))
        return Rows(columns, rows)


def _within(seconds: float, url: str, work: Callable[[], T]) -> T:
    """Return what *work* returns; give up waiting after *seconds*, which the driver itself cannot.

    A server that stops sending in mid-result would hold the driver for minutes.
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
        raise StoreUnreachable(f"{url} sent nothing more for {seconds:g} s", remedy="check the network and the server")
    if errors:
        raise errors[0]
    return answers[0]
