"""Reading and writing through the driver: managed transactions, bounded retries, our own errors."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any, TypeVar, cast

import neo4j
from tenacity import RetryCallState, Retrying, retry_if_exception, wait_random_exponential

from influence_graph.ending import Held, is_ending, wait
from influence_graph.stores.base import WAIT_SECONDS
from influence_graph.stores.neo4j.cutting import cut, cut_session
from influence_graph.stores.neo4j.driver import (
    ACQUIRE_SECONDS,
    CONNECT_SECONDS,
    check_url,
    connection_to,
    is_passing,
    open_driver,
    resolve,
    translated,
)
from influence_graph.stores.neo4j.queries import statement
from influence_graph.stores.neo4j.waiting import Patience

RETRY_SECONDS = 60.0
"""How long a write waits for a server that went away."""
_READ_RETRY_SECONDS = 10.0
_FETCH_ROWS, _FETCH_LISTS = 1000, 2
_SOON_SECONDS, _LATER_SECONDS = 0.001, 1.0

T = TypeVar("T")


class Database:
    """One database of one server; connects at the first use.

    Args:
        url: ``bolt://host:port`` or ``neo4j://…``, with ``+s`` or ``+ssc`` for TLS.
        allow_remote_plaintext: Let an unencrypted connection leave this machine.
        retry_seconds: How long a write waits for a server that went away.
        timeout: How long the server may keep us waiting, in seconds.
        in_all: Count the waits of all calls together, as a command does; see :class:`.waiting.Patience`.

    Raises:
        InputError: the address is not allowed.
    """

    def __init__(
        self,
        url: str,
        *,
        allow_remote_plaintext: bool = False,
        retry_seconds: float = RETRY_SECONDS,
        timeout: float = WAIT_SECONDS,
        in_all: bool = False,
    ) -> None:
        check_url(url, allow_remote_plaintext=allow_remote_plaintext)
        self.url = url
        self.patience = Patience(url, timeout, in_all=in_all)
        self._retry_seconds = retry_seconds
        self._driver: neo4j.Driver | None = None
        self._held: Held | None = None
        self._name: str | None = None

    def read(self, name: str, /, **parameters: Any) -> list[neo4j.Record]:
        """Return the rows of the store's statement *name*.

        Raises:
            StoreUnreachable: the server does not answer, or kept us waiting too long.
        """
        return self._retried(_READ_RETRY_SECONDS, partial(self._read_once, name, parameters))

    def stream(self, name: str, /, **parameters: Any) -> Iterator[neo4j.Record]:
        """Yield the rows of the store's statement *name*, a few at a time: each may hold a long list.

        Raises:
            StoreUnreachable: the server does not answer, or kept us waiting too long.
        """
        session = self._session(neo4j.READ_ACCESS, _FETCH_LISTS, "OFF", self.patience)
        with translated(self.url, has_answered=True), self._closing(session):
            with self._waiting(session):
                rows = iter(session.run(statement(name), parameters))
            while True:
                with self._waiting(session):  # not while the caller works on the row
                    record = next(rows, None)
                if record is None:
                    return
                self.patience.acknowledge(_rows_in(record))
                yield record

    def write(self, work: Callable[[neo4j.ManagedTransaction], T]) -> T:
        """Run *work* in one transaction, again while the failure may pass; *work* must be idempotent.

        Raises:
            StoreUnreachable: the server stayed away longer than the retries last, or kept us waiting too long.
        """
        return self._retried(self._retry_seconds, partial(self._write_once, work))

    def execute(self, text: str, **parameters: Any) -> None:
        """Run a statement of a migration in transactions of its own, again while the failure may pass."""
        self._retried(self._retry_seconds, partial(self._execute_once, text, parameters))

    @contextmanager
    def session(
        self, access: str, fetch_size: int = _FETCH_ROWS, notices: str = "OFF", patience: Patience | None = None
    ) -> Iterator[neo4j.Session]:
        """Give a session on the database for the ``with`` block, all of which counts as waiting for the server.

        Args:
            access: ``neo4j.READ_ACCESS`` or ``neo4j.WRITE_ACCESS``.
            fetch_size: Rows that the server sends at once.
            notices: The least severity that is told.
            patience: How long the server may take, if not as long as for the rest.

        Raises:
            StoreUnreachable: nothing answers, or the server kept us waiting too long.
            AuthenticationFailed: user name or password are wrong.
        """
        with translated(self.url, has_answered=True), self._opened(access, fetch_size, notices, patience) as session:
            yield session

    def connect(self, patience: Patience) -> neo4j.Driver:
        """Return the driver, which the first call connects.

        Raises:
            StoreUnreachable: nothing answers, or *patience* is over.
            AuthenticationFailed: user name or password are wrong.
        """
        patience.check()
        if self._driver is None:
            connection = connection_to(self.url)
            with patience.counting():
                driver, held = open_driver(connection, min(CONNECT_SECONDS, patience.left))
            self._driver, self._held, self._name = driver, held, connection.database
        return self._driver

    def close(self) -> None:
        """Close all connections; the next use connects again."""
        if self._driver is not None:
            if self.patience.left <= 0:
                cut(self._driver)  # closing tells the server first
            self._driver.close()
            self._driver = None
        if self._held is not None:
            self._held.release()
            self._held = None

    def _session(self, access: str, fetch_size: int, notices: str, patience: Patience) -> neo4j.Session:
        """Return a session; the first one connects."""
        return self.connect(patience).session(
            database=self._name,
            default_access_mode=access,
            fetch_size=fetch_size,
            notifications_min_severity=notices,  # type: ignore[arg-type]
            connection_acquisition_timeout=max(min(ACQUIRE_SECONDS, patience.left), _SOON_SECONDS),
        )

    @contextmanager
    def _opened(
        self, access: str, fetch_size: int = _FETCH_ROWS, notices: str = "OFF", patience: Patience | None = None
    ) -> Iterator[neo4j.Session]:
        """Give a session as :meth:`session` does, with the driver's own errors."""
        patience = patience or self.patience
        session = self._session(access, fetch_size, notices, patience)
        with patience.waiting(partial(cut_session, session)), session:
            yield session

    def _waiting(self, session: neo4j.Session, *, is_closing: bool = False) -> AbstractContextManager[None]:
        return self.patience.waiting(partial(cut_session, session), is_closing=is_closing)

    @contextmanager
    def _closing(self, session: neo4j.Session) -> Iterator[None]:
        """Close *session* after the ``with`` block, within the time that is left."""
        try:
            yield
        finally:
            with self._waiting(session, is_closing=True):
                session.__exit__(*sys.exc_info())  # type: ignore[no-untyped-call]

    @property
    def _server_seconds(self) -> float:
        """When the server ends a write itself: it may not hear that we gave up, and would keep the locks."""
        return self.patience.seconds + _LATER_SECONDS

    def _retried(self, seconds: float, attempt: Callable[[], T]) -> T:
        """Return what *attempt* returns, tried again for *seconds*, if the server may keep us waiting as long."""
        retrying = Retrying(
            retry=retry_if_exception(self._may_pass),
            stop=partial(self._is_over, seconds),
            wait=wait_random_exponential(multiplier=0.2, max=5.0),
            sleep=self._sleep,
            reraise=True,
        )
        with translated(self.url, has_answered=True):
            return retrying(attempt)

    def _may_pass(self, error: BaseException) -> bool:
        return is_passing(error) and not is_ending()

    def _is_over(self, seconds: float, state: RetryCallState) -> bool:
        return (state.seconds_since_start or 0.0) >= seconds or state.upcoming_sleep >= self.patience.left

    def _sleep(self, seconds: float) -> None:
        with self.patience.counting():
            wait(seconds)
            resolve(self.url, min(CONNECT_SECONDS, max(self.patience.left - seconds, 0.0)))

    def _read_once(self, name: str, parameters: dict[str, Any]) -> list[neo4j.Record]:
        with self._opened(neo4j.READ_ACCESS) as session:
            return session.execute_read(partial(self._rows, name, parameters))

    def _rows(self, name: str, parameters: dict[str, Any], tx: neo4j.ManagedTransaction) -> list[neo4j.Record]:
        records = []
        for record in tx.run(statement(name), parameters):
            self.patience.acknowledge(_rows_in(record))
            records.append(record)
        return records

    def _execute_once(self, text: str, parameters: dict[str, Any]) -> None:
        with self._opened(neo4j.WRITE_ACCESS) as session:
            session.run(neo4j.Query(text, timeout=self._server_seconds), parameters).consume()

    def _write_once(self, work: Callable[[neo4j.ManagedTransaction], T]) -> T:
        limited = neo4j.unit_of_work(timeout=self._server_seconds)
        with self._opened(neo4j.WRITE_ACCESS) as session:
            answer, rows = session.execute_write(limited(partial(_counted, work)))
            self.patience.acknowledge(rows)
            return answer


class _Counting:
    """A transaction that counts the records that its statements may write: those of their lists, or of their limit."""

    def __init__(self, tx: neo4j.ManagedTransaction) -> None:
        self._tx = tx
        self.rows = 0

    def run(self, text: Any, parameters: Mapping[str, Any]) -> neo4j.Result:  # noqa: ANN401 - as the driver's
        self.rows += sum(len(value) for value in parameters.values() if isinstance(value, list))
        self.rows += parameters.get("limit", 0)
        return self._tx.run(text, parameters)  # type: ignore[arg-type]


def _counted(work: Callable[[neo4j.ManagedTransaction], T], tx: neo4j.ManagedTransaction) -> tuple[T, int]:
    """Return the answer of *work*, and how many records its statements may have written."""
    counting = _Counting(tx)
    return work(cast("neo4j.ManagedTransaction", counting)), counting.rows


def _rows_in(record: neo4j.Record) -> int:
    """Return how many rows *record* stands for: those of its lists, else one."""
    return sum(len(value) for value in record.values() if isinstance(value, list)) or 1


def run(tx: neo4j.ManagedTransaction, name: str, /, **parameters: Any) -> list[neo4j.Record]:
    """Run the store's statement *name* in the open transaction and return its rows."""
    return list(tx.run(statement(name), parameters))


def single(tx: neo4j.ManagedTransaction, name: str, /, **parameters: Any) -> Mapping[str, Any]:
    """Return the only row of the store's statement *name*, {} where there is none."""
    rows = run(tx, name, **parameters)
    return rows[0] if rows else {}
