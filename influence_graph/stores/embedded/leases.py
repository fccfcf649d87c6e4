"""Leases in the open embedded file, by the clock of the machine that has it open."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from influence_graph.stores.base import Lease
from influence_graph.stores.embedded.connection import first_row
from influence_graph.stores.held import held, lost, this_process

if TYPE_CHECKING:
    import duckdb


def grant(connection: duckdb.DuckDBPyConnection, name: str, ttl: float) -> Lease:
    """Grant the lease *name* for *ttl* seconds.

    Raises:
        LockHeld: another owner holds it.
    """
    connection.begin()
    now = time.time()
    row = first_row(connection, "SELECT owner, token, expires_at, since FROM leases WHERE name = ?", [name])
    if row is not None and row[2] > now:
        connection.rollback()
        owner, token, expires_at, since = row
        raise held(Lease(name, owner, token, _time(expires_at)), None if since is None else _time(since), _time(now))
    lease = Lease(name, this_process(), 1 if row is None else row[1] + 1, _time(now + ttl))
    connection.execute("DELETE FROM leases WHERE name = ?", [name])
    connection.execute("INSERT INTO leases VALUES (?, ?, ?, ?, ?)", [name, lease.owner, lease.token, now + ttl, now])
    connection.commit()
    return lease


def renew(connection: duckdb.DuckDBPyConnection, lease: Lease, ttl: float) -> Lease:
    """Hold *lease* for *ttl* seconds from now on.

    Raises:
        LockHeld: it has expired or was granted to another.
    """
    connection.begin()
    check(connection, lease)
    expires_at = time.time() + ttl
    connection.execute("UPDATE leases SET expires_at = ? WHERE name = ?", [expires_at, lease.name])
    connection.commit()
    return Lease(lease.name, lease.owner, lease.token, _time(expires_at))


def release(connection: duckdb.DuckDBPyConnection, lease: Lease) -> None:
    """End *lease* if it is still the latest grant of its name."""
    connection.execute("UPDATE leases SET expires_at = 0 WHERE name = ? AND token = ?", [lease.name, lease.token])


def check(connection: duckdb.DuckDBPyConnection, lease: Lease | None) -> None:
    """Check *lease* in the open transaction.

    Raises:
        LockHeld: it has expired or was granted to another.
    """
    if lease is None:
        return
    row = first_row(connection, "SELECT token, expires_at FROM leases WHERE name = ?", [lease.name])
    if row is None or row[0] != lease.token or row[1] <= time.time():
        raise lost(lease)


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
