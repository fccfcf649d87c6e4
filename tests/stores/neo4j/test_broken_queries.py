"""A query that a server cannot be sent, or cannot read, is told as such: the server is there."""

from __future__ import annotations

import pytest

from influence_graph.errors import InfluenceGraphError, StoreUnreachable
from influence_graph.stores.limits import DEEPEST_VALUE, LONGEST_QUERY
from influence_graph.stores.neo4j.store import Neo4jStore

DEEP = "[" * 20_000
BROKEN = {
    "a syntax error": "MATCH (n",
    "no query": "hello",
    "empty": "",
    "half a character": "RETURN '\ud800'",
    "NUL": "RETURN '\0'",
    "brackets": f"RETURN {'(' * 20_000}1{')' * 20_000}",
    "lists": f"RETURN {DEEP}{']' * 20_000}",
    "too long": f"RETURN '{'x' * LONGEST_QUERY}'",
    "an unknown function": "RETURN strange(1)",
    "no parameter": "RETURN $a",
}


@pytest.mark.neo4j
@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_query_is_one_line_and_not_an_absent_server(text: str, neo4j_url: str) -> None:
    store = Neo4jStore(neo4j_url)
    try:
        with pytest.raises(InfluenceGraphError) as error:
            store.query(text, timeout=30)
        assert not isinstance(error.value, StoreUnreachable)
        assert error.value.exit_code in (1, 2)
        assert error.value.remedy
        assert store.query("RETURN 1").rows == [(1,)]
    finally:
        store.close()


def deep(levels: int) -> object:
    value: object = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.neo4j
@pytest.mark.parametrize("value", [deep(DEEPEST_VALUE + 1), deep(100_000), "\ud800", "\0", float("nan"), 2**63, {1}])
def test_a_parameter_that_cannot_be_sent_is_named(value: object, neo4j_url: str) -> None:
    store = Neo4jStore(neo4j_url)
    try:
        with pytest.raises(InfluenceGraphError, match="parameter a ") as error:
            store.query("RETURN $a", {"a": value})
        assert error.value.exit_code == 2
    finally:
        store.close()
