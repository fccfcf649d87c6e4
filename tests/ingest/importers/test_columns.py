"""What importers share: ids, repeats and friendships as whole columns."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.importers import columns as c

IDS = st.lists(st.sampled_from("abcd"), max_size=12)


@given(IDS)
def test_repeats_count_the_equal_rows_before(ids: list[str]) -> None:
    assert c.repeats(pa.array(ids, pa.string())).tolist() == [ids[:n].count(id_) for n, id_ in enumerate(ids)]


@given(IDS, IDS)
def test_distinct_ids_come_with_the_line_of_their_first_row(left: list[str], right: list[str]) -> None:
    lines = np.arange(10, 10 + len(left)), np.arange(50, 50 + len(right))
    found, places = c.distinct((pa.array(left, pa.string()), lines[0]), (pa.array(right, pa.string()), lines[1]))
    expected: dict[str, int] = {}
    for id_, line in zip([*left, *right], np.concatenate(lines).tolist(), strict=True):
        expected.setdefault(id_, line)
    assert dict(zip(found.to_pylist(), places.tolist(), strict=True)) == expected
    assert found.to_pylist() == list(expected)


@given(st.lists(st.tuples(st.sampled_from("abcé"), st.sampled_from("abcé")), min_size=1, max_size=12))
def test_each_friendship_is_one_tie_with_its_ends_in_order(pairs: list[tuple[str, str]]) -> None:
    left, right = (pa.array(side) for side in zip(*pairs, strict=True))
    batch = c.friends_batch(left, right, np.arange(len(pairs)), Path("f"))
    rows = [(row["source"], row["target"]) for row in batch.table.to_pylist()]
    assert rows == list(dict.fromkeys(tuple(sorted(pair)) for pair in pairs))
    assert all(tuple(sorted(pairs[line])) == row for line, row in zip(batch.lines.to_pylist(), rows, strict=True))


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=10), min_size=1))
def test_clean_text_is_printable_nfc_and_trimmed(values: list[str]) -> None:
    for value in c.clean_text(pa.array(values)).to_pylist():
        assert value is None or (value == value.strip() != "" and unicodedata.is_normalized("NFC", value))
        assert value is None or not any(unicodedata.category(letter) == "Cc" for letter in value)


def test_clean_text_of_known_values() -> None:
    given_values = pa.array(["  e\u0301 \t b ", "\x00", "", "a\u200bb"])
    assert c.clean_text(given_values).to_pylist() == ["é b", None, None, "ab"]


def test_ids_are_joined_and_prefixed_as_text() -> None:
    numbers, chunked = pa.array([1, 2]), pa.chunked_array([["x"], ["y"]])
    assert c.joined("set", numbers, chunked).to_pylist() == ["set:1:x", "set:2:y"]
    assert c.prefixed(numbers, "p-").to_pylist() == ["p-1", "p-2"]
    assert c.prefixed(chunked, "").to_pylist() == ["x", "y"]
    assert c.constant("z", 2).to_pylist() == ["z", "z"]


def test_delimited_files_keep_their_order_and_lines(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text('id;more;name\n2;x;"b\n1;y;NA\n')
    found = c.read_delimited(path, {"name": pa.string(), "id": pa.int64()}, delimiter=";", quoted=False)
    assert found.to_pylist() == [{"name": '"b', "id": 2}, {"name": "NA", "id": 1}]
    assert c.lines_of(found).tolist() == [2, 3]
    with pytest.raises(UnreadableFile, match="weight is missing; the header must have weight"):
        c.read_delimited(path, {"weight": pa.float64()}, delimiter=";", quoted=False)
    with pytest.raises(UnreadableFile, match=r"f\.csv"):
        c.read_delimited(path, {"name": pa.float64()}, delimiter=";", quoted=False)
