"""Ids: one text for one node, whatever type it comes in."""

from __future__ import annotations

import datetime as dt
import unicodedata
import uuid
from decimal import Decimal
from enum import Enum
from fractions import Fraction

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


class Plain:
    """Shown by its place in memory, which differs from run to run."""


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (1j, "1j is no whole number"),
        (Fraction(1, 2), "1/2 is no whole number"),
        (Decimal("sNaN"), "missing"),
        (np.datetime64("NaT"), "missing"),
        (pa.scalar(None), "missing"),
        (np.float32(2**24), "the id 16777216 is a float of 2\\^24 or more"),
        (np.float16(2048), "2\\^11 or more"),
        pytest.param(10**5000, "more than 4,300 digits", id="5,001 digits"),
        (Plain(), "of type Plain, which has no text of its own"),
        (Plain, "no text of its own"),
        (["a"], "of type list"),
        ({"a"}, "of type set"),
        (frozenset("ab"), "of type frozenset"),
        (np.array("a"), "of type ndarray"),
        ((["a"], 1), "of type list"),
        (("a", None), "missing"),
        (("a", float("nan")), "missing"),
        ((1, True), "truth value"),
        ("\ud800", "no text: it has half of a surrogate pair"),
    ],
)
def test_what_is_no_id_says_so_alone_and_with_its_position_in_a_column(value, message):
    column = np.empty(4, dtype=object)
    column[:3], column[3] = ["x", "x", "y"], value
    with pytest.raises(InputError, match=message):
        id_text(value)
    for call in (lambda: id_texts(column), lambda: id_codes(column), lambda: Graph.from_edges(column, column)):
        with pytest.raises(InputError, match="at position 3 "):
            call()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (pa.scalar("x "), "x"),
        (Fraction(4, 2), "2"),
        (np.float16(2047), "2047"),
        (np.float32(2**24 - 1), "16777215"),
        (np.longdouble(7), "7"),
        ((0, 1.0), "(0, 1)"),
        (("a", b"b"), "('a', 'b')"),
        (("a",), "('a',)"),
        (np.datetime64("2026-01-02"), "2026-01-02"),
        (np.datetime64(1, "ns"), "1970-01-01 00:00:00.000000001"),
        (dt.timedelta(days=2), "2 days, 0:00:00"),
    ],
)
def test_an_id_of_an_unusual_type_is_one_text_alone_and_in_a_column(value, text):
    column = np.empty(1, dtype=object)
    column[0] = value
    assert id_text(value) == id_texts(column)[0] == id_codes(column)[0][0] == text


@pytest.mark.parametrize("values", [[1, True], [True, 1], [0, False], [1.0, np.True_]])
def test_a_truth_value_is_no_number_among_numbers(values):
    for call in (lambda: Graph.from_edges(values, values), lambda: id_texts(values)):
        with pytest.raises(InputError, match="is a truth value"):
            call()


@pytest.mark.parametrize("values", [[2**53, 2.0**53], [2.0**53, 2**53], [2**53, np.float64(2**53)]])
def test_a_float_that_is_too_large_is_refused_also_beside_the_number_that_it_equals(values):
    with pytest.raises(InputError, match=r"9007199254740992 at position . is a float of 2\^53 or more"):
        Graph.from_edges(values, values)


@pytest.mark.parametrize("numbers", [[2**53 + 1, 2**53], [2**63, 1], [-1, 2**64]])
def test_whole_numbers_of_any_size_stay_apart(numbers):
    assert Graph.from_edges(numbers, numbers).ids.tolist() == sorted(map(str, numbers))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (pa.array([1, None]), "position 1 is missing"),
        (pa.array([["a"]]), "of type list"),
        (pa.array([True]), "a truth value"),
        (pa.nulls(2), "position 0 is missing"),
        (pd.Series([1, None], dtype="Int64"), "position 1 is missing"),
        (pd.Series(["a", None], dtype="category"), "position 1 is missing"),
        (pd.Series([True], dtype="boolean"), "a truth value"),
        (np.array([1j]), "no whole number"),
        (np.array(["NaT"], "datetime64[ns]"), "position 0 is missing"),
        (np.ma.masked_array([1, 2], [False, True]), "position 1 is missing"),
        (["a", "a", ""], "position 2 is empty"),
        (["a", "a", 1.5], "1.5 at position 2 is no whole number"),
        (np.array([1.0, 1.0, 1.5]), "1.5 at position 2 is no whole number"),
        ([["a"], ["b"]], "2 dimensions"),
        ([["a"], ["b", "c"]], "of type list"),
        (pd.DataFrame({"a": [1]}), "2 dimensions"),
        ({"a"}, "0 dimensions"),
    ],
)
def test_a_column_that_holds_no_ids_is_refused(values, message):
    for call in (lambda: Graph.from_edges(values, values), lambda: Graph.from_arrays(values, [], [])):
        with pytest.raises(InputError, match=message) as caught:
            call()
        assert "\n" not in str(caught.value)


def test_series_of_polars_are_columns_of_ids():
    pl = pytest.importorskip("polars")
    for column in ([1, 2], ["1", "2"], [b"1", b"2"], [Decimal(1), Decimal(2)]):
        values = pl.Series(column)
        assert Graph.from_edges(values, values).ids.tolist() == ["1", "2"]
    for values in (pl.Series([1, None]), pl.Series(["a", None]), pl.Series([["a"]]), pl.Series([True])):
        with pytest.raises(InputError):
            Graph.from_edges(values, values)


@given(st.lists(st.sampled_from([1, 2.0, "a", "a ", b"a", Decimal(3), "caf\u00e9", "cafe\u0301", (1, 2), (1.0, 2)])))
def test_each_value_of_a_column_is_coded_as_its_own_text(values):
    ids, (codes,) = id_codes(values)
    assert ids.tolist() == sorted({id_text(value) for value in values})
    assert ids[codes].tolist() == [id_text(value) for value in values] == id_texts(values).tolist()


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
