"""Leases in the open file: who may write, until when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from influence_graph.errors import LockHeld
from influence_graph.stores.embedded import leases


def test_tokens_grow_from_grant_to_grant_also_after_a_release(connection: duckdb.DuckDBPyConnection) -> None:
    tokens = []
    for _ in range(4):
        lease = leases.grant(connection, "recompute", 60.0)
        tokens.append(lease.token)
        leases.release(connection, lease)
    assert tokens == [1, 2, 3, 4]
    other = leases.grant(connection, "other", 60.0)
    assert other.token == 1


def test_a_held_lease_is_refused_with_its_owner_and_the_time_left(connection: duckdb.DuckDBPyConnection) -> None:
    held = leases.grant(connection, "recompute", 120.0)
    with pytest.raises(LockHeld) as error:
        leases.grant(connection, "recompute", 1.0)
    assert held.owner in str(error.value)
    assert "for 120 s more" in str(error.value) or "for 119 s more" in str(error.value)


def test_an_older_holder_cannot_release_the_lease_of_a_newer_one(connection: duckdb.DuckDBPyConnection) -> None:
    old = leases.grant(connection, "recompute", 0.0)
    new = leases.grant(connection, "recompute", 60.0)
    assert new.token == old.token + 1
    leases.release(connection, old)
    with pytest.raises(LockHeld):
        leases.grant(connection, "recompute", 60.0)


def test_a_lease_lasts_as_long_as_requested_from_now(connection: duckdb.DuckDBPyConnection) -> None:
    before = datetime.now(UTC)
    lease = leases.grant(connection, "recompute", 3600.0)
    assert before + timedelta(hours=1) <= lease.expires_at <= datetime.now(UTC) + timedelta(hours=1)
