"""The open file that the tests of its parts use."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from influence_graph.stores.embedded import schema


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        schema.migrate(opened, "memory")
        yield opened
