"""The kind of a file follows from its columns; where it does not, the message says what is missing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.detect import detect_kind, listed, require_columns
from influence_graph.model.records import INTERACTIONS, KINDS, TIES

FILE = Path("records.csv")
DISTINCT = [kind for kind in KINDS.values() if kind.required != ["id"]]


@given(st.data(), st.sampled_from(DISTINCT))
def test_required_columns_in_any_order_with_others_decide(data: st.DataObject, kind) -> None:
    extra = data.draw(st.lists(st.sampled_from(kind.names), unique=True))
    unknown = data.draw(st.lists(st.sampled_from(["x", "y", "z"]), unique=True))
    names = data.draw(st.permutations(list(dict.fromkeys([*kind.required, *extra, *unknown]))))
    assert detect_kind(FILE, names) is kind


@given(st.lists(st.sampled_from(["x", "y", "id2", "name", "value"]), unique=True))
def test_columns_without_the_required_ones_are_refused_with_the_nearest_kind(names: list[str]) -> None:
    with pytest.raises(UnreadableFile, match=r"the nearest is .*, which lacks ") as caught:
        detect_kind(FILE, names)
    assert all(kind in caught.value.remedy for kind in KINDS)


def test_two_kinds_that_fit_equally_are_both_named() -> None:
    with pytest.raises(UnreadableFile, match="people or brands") as caught:
        detect_kind(FILE, ["id", "name"])
    assert caught.value.remedy == "choose one: --as people or --as brands"


def test_a_missing_column_is_named_with_those_that_are_there() -> None:
    require_columns(FILE, TIES, ["target", "source"])
    with pytest.raises(UnreadableFile, match=re.escape("lacks consumer, brand, required of interactions; it has 'at'")):
        require_columns(FILE, INTERACTIONS, ["at", "event_id"])


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], "none"),
        (["a", "b"], "'a', 'b'"),
        (["x" * 70], repr("x" * 60)),
        ([str(n) for n in range(22)], ", ".join(repr(str(n)) for n in range(20)) + " and 2 more"),
    ],
)
def test_lists_of_names_are_short(names: list[str], expected: str) -> None:
    assert listed(names) == expected
