"""How a batch is split into transactions; what they write is tested on the server (test_store, test_conformance)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.model.records import INTERACTIONS, TIES
from influence_graph.stores.neo4j import writing
from tests.stores.given import batch, event, tie

TIED = st.lists(
    st.builds(tie, st.sampled_from("ab"), st.sampled_from("bc"), weight=st.none() | st.floats(0, 3)), min_size=1
)


@given(TIED)
def test_rows_of_one_key_are_merged_before_they_are_sent(ties: list[dict[str, Any]]) -> None:
    expected: dict[tuple[str, str], float | None] = {}
    for row in ties:
        key = row["source"], row["target"]
        expected[key] = expected.get(key) if row["weight"] is None else row["weight"]
    sent = [row for part in writing._slices(batch(TIES, *ties)) for row in part.rows]
    assert [(source, target) for source, target, *_ in sent] == list(expected)
    assert {(source, target): weight for source, target, _, weight, _ in sent} == expected


@pytest.mark.parametrize("count", [1, 3, 4, 7])
def test_events_keep_their_order_and_lines_and_each_transaction_has_its_own_token(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "TRANSACTION_ROWS", 3)
    parts = list(writing._slices(batch(INTERACTIONS, *(event(f"e{i}") for i in range(count)), first_line=10)))
    assert [row[0] for part in parts for row in part.rows] == [f"e{i}" for i in range(count)]
    assert [line for part in parts for line in part.lines] == list(range(10, 10 + count))
    assert all(len(part.rows) == len(part.lines) <= 3 for part in parts)
    assert len({part.token for part in parts}) == len(parts) == -(-count // 3)
