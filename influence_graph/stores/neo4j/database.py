"""Reading and writing through the driver: managed transactions, bounded retries, our own errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import neo4j
from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_random_exponential

from influence_graph.stores.neo4j.driver import check_url, connection_to, is_passing, open_driver, translated
from influence_graph.stores.neo4j.queries import statement

RETRY_SECONDS = 60.0
_FETCH_LISTS = 2

T = TypeVar("T")


class Database:
    """One database of one server; connects at the first use."""

    def __init__(self, url: str, *, allow_remote_plaintext: bool = False, retry_seconds: float = RETRY_SECONDS) -> None:
        check_url(url, allow_remote_plaintext=allow_remote_plaintext)
        self.url = url
        self._retry_seconds = retry_seconds
        self._driver: neo4j.Driver | None = None
        self._name: str | None = None

    def read(self, name: str, /, **parameters: Any) -> list[neo4j.Record]:
        """Return the rows of the store's statement *name*."""
        with self.session(neo4j.READ_ACCESS) as session, translated(self.url):
            return session.execute_read(lambda tx: list(tx.run(statement(name), parameters)))

    def stream(self, name: str, /, **parameters: Any) -> Iterator[neo4j.Record]:
        """Yield the rows of the store's statement *name*, a few at a time: each may hold a long list."""
        with self.session(neo4j.READ_ACCESS, fetch_size=_FETCH_LISTS) as session, translated(self.url):
            yield from session.run(statement(name), parameters)

    def write(self, work: Callable[[neo4j.ManagedTransaction], T]) -> T:
        """Run *work* in one transaction, again while the failure may pass; *work* must be idempotent.

        Raises:
            StoreUnreachable: the server stayed away longer than the retries last.
        """
        retrying = Retrying(
            retry=retry_if_exception(is_passing),
            stop=stop_after_delay(self._retry_seconds),
            wait=wait_random_exponential(multiplier=0.2, max=5.0),
            reraise=True,
        )
        with translated(self.url):
            answer: T = retrying(self._write_once, work)
            return answer

    def execute(self, text: str, **parameters: Any) -> None:
        """Run a statement of a migration in transactions of its own."""
        with self.session(neo4j.WRITE_ACCESS) as session, translated(self.url):
            session.run(text, parameters).consume()

    def session(self, access: str, fetch_size: int = 1000, notices: str = "OFF") -> neo4j.Session:
        """Return a session on the database; the first one connects. *notices* is the least severity that is told.

        Raises:
            StoreUnreachable: nothing answers.
            AuthenticationFailed: user name or password are wrong.
        """
        if self._driver is None:
            connection = connection_to(self.url)
            self._driver, self._name = open_driver(connection), connection.database
        return self._driver.session(
            database=self._name,
            default_access_mode=access,
            fetch_size=fetch_size,
            notifications_min_severity=notices,  # type: ignore[arg-type]
        )

    def close(self) -> None:
        """Close all connections; the next use connects again."""
        if self._driver is not None:
            self._driver.close()
            self._driver = None

    def _write_once(self, work: Callable[[neo4j.ManagedTransaction], T]) -> T:
        with self.session(neo4j.WRITE_ACCESS) as session:
            return session.execute_write(work)


def run(tx: neo4j.ManagedTransaction, name: str, /, **parameters: Any) -> list[neo4j.Record]:
    """Run the store's statement *name* in the open transaction and return its rows."""
    return list(tx.run(statement(name), parameters))


def single(tx: neo4j.ManagedTransaction, name: str, /, **parameters: Any) -> Mapping[str, Any]:
    """Return the only row of the store's statement *name*, {} where there is none."""
    rows = run(tx, name, **parameters)
    return rows[0] if rows else {}
