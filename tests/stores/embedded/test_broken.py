"""SQL that cannot be sent or read is one line with its cause."""

from __future__ import annotations

from pathlib import Path

import pytest

from influence_graph.errors import InfluenceGraphError
from influence_graph.model.records import BRANDS
from influence_graph.stores.embedded.store import EmbeddedStore
from influence_graph.stores.limits import DEEPEST_VALUE, LONGEST_QUERY
from tests.stores.given import batch

NESTED: object = 1
for _ in range(100_000):
    NESTED = [NESTED]


@pytest.mark.parametrize(
    ("text", "parameters", "told"),
    [
        ("SELECT (", {}, "syntax error"),
        ("SELECT '\ud800'", {}, "character 9 of the query is no text"),
        ("SELECT '\0'", {}, "character 9 of the query is no text"),
        (f"SELECT {'(' * 300_000}1", {}, f"the limit is {DEEPEST_VALUE}"),
        (f"SELECT '{'x' * LONGEST_QUERY}'", {}, "the limit is 1,000,000"),
        ("SELECT $a", {"a": NESTED}, "parameter a is nested deeper"),
        ("SELECT $a", {"a": "\ud800"}, "cannot be sent"),
    ],
)
def test_a_broken_query_is_told_as_such(text: str, parameters: dict[str, object], told: str, tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    store.append(BRANDS, [batch(BRANDS, {"id": "acme"})])
    with pytest.raises(InfluenceGraphError, match=told) as error:
        store.query(text, parameters)
    assert error.value.exit_code in (1, 2)


def test_brackets_within_quotes_are_no_nesting(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    store.append(BRANDS, [batch(BRANDS, {"id": "acme"})])
    assert store.query(f"SELECT '{'(' * 200}'").rows == [("(" * 200,)]
