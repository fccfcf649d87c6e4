"""Leases: one process at a time may write under a name, by the server's clock."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from influence_graph.stores.base import Lease
from influence_graph.stores.held import held, lost, this_process
from influence_graph.stores.neo4j.database import Database, run, single
from influence_graph.stores.neo4j.rows import time_of

if TYPE_CHECKING:
    import neo4j


@contextmanager
def leased(database: Database, name: str, ttl: float) -> Iterator[Lease]:
    """Hold the lease *name* for *ttl* seconds of the server's clock.

    Raises:
        LockHeld: another owner holds it.
    """
    lease = database.write(partial(_grant, name, ttl))
    try:
        yield lease
    finally:
        database.write(lambda tx: run(tx, "release-lease", name=name, token=lease.token))


def renew(database: Database, lease: Lease, ttl: float) -> Lease:
    """Hold *lease* for *ttl* seconds of the server's clock from now on.

    Raises:
        LockHeld: it has expired or passed on.
    """
    return database.write(partial(_renew, lease, ttl))


def check(tx: neo4j.ManagedTransaction, lease: Lease | None) -> None:
    """Lock *lease* until the end of the transaction.

    Raises:
        LockHeld: it has expired or passed on.
    """
    if lease is not None and not single(tx, "check-lease", name=lease.name, token=lease.token).get("valid"):
        raise lost(lease)


def _grant(name: str, ttl: float, tx: neo4j.ManagedTransaction) -> Lease:
    asked = time.time()
    row = single(tx, "grant-lease", name=name, owner=this_process(), ttl=round(ttl * 1000))
    now = time_of(row["now"])
    lease = Lease(name, row["owner"], row["token"], time_of(row["expiresAt"]), _ahead(now, asked))
    if not row["granted"]:
        raise held(lease, row["since"] and time_of(row["since"]), now)
    return lease


def _renew(lease: Lease, ttl: float, tx: neo4j.ManagedTransaction) -> Lease:
    asked = time.time()
    row = single(tx, "renew-lease", name=lease.name, token=lease.token, ttl=round(ttl * 1000))
    if not row:
        raise lost(lease)
    return replace(lease, expires_at=time_of(row["expiresAt"]), ahead=_ahead(time_of(row["now"]), asked))


def _ahead(now: datetime, asked: float) -> float:
    """Return how many seconds the server's clock, which said *now*, is ahead of that here, which said *asked* before.

    0.0 where the server may have looked at it at any moment until the answer came.
    """
    first, last = now.timestamp() - time.time(), now.timestamp() - asked
    return 0.0 if first <= 0 <= last else (first + last) / 2
