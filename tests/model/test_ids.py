"""Ids: one text for one node, whatever type it comes in."""

from __future__ import annotations

import datetime as dt
import unicodedata
import uuid
from decimal import Decimal
from enum import Enum

import networkx as nx
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.errors import InputError
from influence_graph.model.graph import Graph
from influence_graph.model.ids import EXACT, id_codes, id_text, id_texts


class Color(str, Enum):  # noqa: UP042 - as people write it
    RED = "red"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("june", "june"),
        (" june\u00a0", "june"),
        ("cafe\u0301", "caf\u00e9"),
        (b"caf\xc3\xa9", "caf\u00e9"),
        (np.bytes_(b"ann"), "ann"),
        (np.str_("ann"), "ann"),
        (Color.RED, "red"),
        (7, "7"),
        (np.int32(-7), "-7"),
        (7.0, "7"),
        (-0.0, "0"),
        (np.float32(7), "7"),
        (float(EXACT - 1), "9007199254740991"),
        (2**70, "1180591620717411303424"),
        (Decimal("7.00"), "7"),
        (Decimal(2**70), "1180591620717411303424"),
        ((0, 1), "(0, 1)"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (dt.date(2026, 1, 2), "2026-01-02"),
        ("nan", "nan"),
        ("007", "007"),
        ("1.0", "1.0"),
    ],
)
def test_an_id_is_one_text_in_any_type(value, text):
    assert id_text(value) == text


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "missing"),
        (pd.NA, "missing"),
        (pd.NaT, "missing"),
        (float("nan"), "missing"),
        (Decimal("nan"), "missing"),
        (True, "truth value"),
        (np.False_, "truth value"),
        (1.5, "the id 1.5 is no whole number"),
        (float("inf"), "no whole number"),
        (Decimal("1.5"), "no whole number"),
        (float(EXACT), "9007199254740992 is a float of 2\\^53 or more"),
        (b"\xff", "not UTF-8"),
        ("", "empty"),
        (" \u00a0\t", "empty"),
    ],
)
def test_what_names_nobody_is_refused_in_one_line(value, message):
    with pytest.raises(InputError, match=message) as caught:
        id_text(value)
    assert caught.value.remedy
    assert "\n" not in str(caught.value)


@given(st.lists(st.text(max_size=4) | st.integers(-9, 9).map(lambda n: f"#{n}"), max_size=9))
def test_columns_become_what_their_values_become(values):
    good = [value for value in values if value.strip()]
    texts = id_texts(good)
    assert texts.tolist() == [unicodedata.normalize("NFC", value).strip() for value in good]


@pytest.mark.parametrize("columns", [([1, "1"],), ([1], ["1"]), ([1.0, 2.0], ["x", "2"]), (["1"], [Decimal(1)])])
def test_a_number_and_a_text_never_merge(columns):
    with pytest.raises(InputError, match="is given as a number and as text"):
        id_codes(*columns)


SAME = [
    [1, 2, 3],
    [1.0, 2.0, 3.0],
    np.array([1, 2, 3], np.uint8),
    np.array([1, 2, 3], np.float32),
    pd.Series([1, 2, 3], dtype="Int64"),
    pd.Series([1.0, 2.0, 3.0], dtype="Float64"),
    pd.Series([1, 2, 3], dtype="category"),
    pd.array([1, 2, 3], dtype="int32[pyarrow]"),
    pa.array([1, 2, 3]),
    pa.chunked_array([[1, 2], [3]]),
    (Decimal(1), Decimal(2), Decimal(3)),
]


@pytest.mark.parametrize("source", SAME, ids=lambda s: type(s).__name__)
@pytest.mark.parametrize("target", SAME, ids=lambda s: type(s).__name__)
def test_numbers_of_any_two_types_are_the_same_people(source, target):
    graph = Graph.from_edges(source, target)
    assert graph.ids.tolist() == ["1", "2", "3"]
    assert graph.number_of_edges == 3


@pytest.mark.parametrize(
    ("values", "names"),
    [
        (np.array([b"ann", b"june"]), ["ann", "june"]),
        ([b"ann", "june"], ["ann", "june"]),
        (pd.Series(["ann", "june"], dtype="category"), ["ann", "june"]),
        (pd.Series(["ann", "june"], dtype="string[pyarrow]"), ["ann", "june"]),
        (pa.array(["ann", "june"]).dictionary_encode(), ["ann", "june"]),
        (["cafe\u0301", "caf\u00e9 "], ["caf\u00e9"]),
        (np.array(["2026-01-02"], "datetime64[D]"), ["2026-01-02"]),
        (np.array(["2026-01-02"], "datetime64[ns]"), ["2026-01-02 00:00:00"]),
    ],
)
def test_texts_of_any_type_are_read(values, names):
    assert Graph.from_edges(values, values).ids.tolist() == names


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA])
@pytest.mark.parametrize("others", [["x"], [1], [1.0]])
def test_a_missing_end_is_no_node(missing, others):
    with pytest.raises(InputError, match="missing"):
        Graph.from_edges(others * 2, [*others, missing])
    with pytest.raises(InputError, match="missing"):
        Graph.from_arrays([*others, missing], [0], [1])


def test_ids_that_are_one_text_are_no_two_nodes():
    with pytest.raises(InputError, match="is that of two nodes"):
        Graph.from_arrays(["caf\u00e9", "cafe\u0301"], [0], [1])
    with pytest.raises(InputError, match="is that of two nodes"):
        Graph.from_networkx(nx.DiGraph([("a", "a ")]))


def test_a_nan_node_of_networkx_is_refused():
    frame = pd.DataFrame({"source": list("abcd"), "target": ["x", np.nan, np.nan, np.nan]})
    g = nx.from_pandas_edgelist(frame, create_using=nx.DiGraph)
    with pytest.raises(InputError, match="missing"):
        Graph.from_networkx(g)


@pytest.mark.parametrize("name", [1, 1.0, np.int64(1), np.float32(1), "1", b"1", " 1 ", Decimal(1)])
def test_a_node_is_found_by_its_id_of_any_type(name):
    assert Graph.from_edges([1, 2], [2, 3]).index_of(name) == 0


@pytest.mark.parametrize("name", [None, float("nan"), 1.5, True, ""])
def test_what_is_no_id_is_refused_where_a_node_is_looked_up(name):
    with pytest.raises(InputError):
        Graph.from_edges([1, 2], [2, 3]).index_of(name)
