"""One process at a time changes the schema of a database.

The lock is an open transaction that has named a node which must be unique, and is rolled back: whoever names it too
waits. The server ends the transaction of a process that dies, so nobody waits for the dead; nothing expires under a
long migration, and nothing is left in the graph.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import neo4j
from neo4j.exceptions import DriverError, Neo4jError
from tenacity import Retrying, retry_if_exception, wait_random_exponential

from influence_graph.errors import LockHeld
from influence_graph.stores.neo4j.database import Database
from influence_graph.stores.neo4j.driver import is_passing, translated
from influence_graph.stores.neo4j.queries import statement

WAIT_SECONDS = 60.0
_TRY_SECONDS = 5.0
_OVER_TIME = ("TransactionTimedOut", "LockClientStopped", "Transaction.Terminated")
_UNIQUE = "CREATE CONSTRAINT lease_name IF NOT EXISTS FOR (l:Lease) REQUIRE l.name IS UNIQUE"
"""As in V0001: without it two processes could name the node at once."""


@contextmanager
def schema_lock(database: Database, seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Let nobody else change the schema of *database* during the ``with`` block; wait up to *seconds* for others.

    Raises:
        LockHeld: another process is changing it for longer than that.
    """
    with database.session(neo4j.WRITE_ACCESS) as session:
        with translated(database.url):
            lock = _taken(session, database, seconds)
        try:
            yield
        finally:
            with suppress(DriverError, Neo4jError):  # the server rolls back by itself where the connection is lost
                lock.rollback()


def _taken(session: neo4j.Session, database: Database, seconds: float) -> neo4j.Transaction:
    retrying = Retrying(
        retry=retry_if_exception(_is_conflict),
        stop=lambda state: (state.seconds_since_start or 0.0) >= seconds or database.patience.left <= 0,
        wait=wait_random_exponential(multiplier=0.1, max=2.0),
        reraise=True,
    )
    try:
        return retrying(_try, session)
    except Neo4jError as error:
        if not _is_over_time(error):
            raise
        raise LockHeld(
            f"{database.url}: the schema has been changed by another process for more than {seconds:g} s",
            remedy="wait for that to end, then run the command again",
        ) from error


def _try(session: neo4j.Session) -> neo4j.Transaction:
    """Return the open transaction that is the lock; its own time has no limit, so others wait for it beforehand."""
    with session.begin_transaction(timeout=_TRY_SECONDS) as first:
        first.run(_UNIQUE).consume()
        first.commit()
    with session.begin_transaction(timeout=_TRY_SECONDS) as waiting:
        waiting.run(statement("lock-schema")).consume()
        waiting.rollback()  # else the end of the block commits
    lock = session.begin_transaction()
    lock.run(statement("lock-schema")).consume()
    return lock


def _is_conflict(error: BaseException) -> bool:
    """Return whether *error* is that of several who do the same at once, or may pass as others do."""
    if is_passing(error):
        return True
    return isinstance(error, Neo4jError) and (_is_over_time(error) or ".Schema." in (error.code or ""))


def _is_over_time(error: Neo4jError) -> bool:
    return any(word in (error.code or "") for word in _OVER_TIME)
