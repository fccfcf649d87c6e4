"""Columns of ids and of lists of ids: the same as one value after the other."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.errors import InputError
from influence_graph.model.id_columns import id_column, id_list_column
from influence_graph.model.ids import id_text

texts = st.text(st.characters(codec="utf-8"), max_size=4)


def column(values, type_=None, chunks=1):
    array = pa.array(values, type_)
    size = max(-(-len(array) // chunks), 1)
    return pa.chunked_array([array.slice(start, size) for start in range(0, len(array), size)], array.type)


def naive(value):
    return None if value is None or not str(value).strip() else id_text(value)


@given(st.lists(st.none() | texts, max_size=20), st.booleans(), st.integers(1, 3))
def test_texts_are_those_of_one_value_after_the_other(values, encoded, chunks):
    found = column(values, pa.string(), chunks)
    if encoded:
        found = found.dictionary_encode()
    assert id_column("x", found).cast(pa.string()).to_pylist() == [naive(value) for value in values]


@given(st.lists(st.none() | st.integers(-(2**62), 2**62), max_size=20))
def test_integers_are_exact(values):
    found = id_column("x", column(values, pa.int64(), 2)).to_pylist()
    assert found == [None if value is None else str(value) for value in values]


def test_usual_texts_are_not_copied():
    usual = column(["ann", "bob", None])
    assert id_column("x", usual).chunk(0).buffers()[2].address == usual.chunk(0).buffers()[2].address


@pytest.mark.parametrize(
    ("values", "type_", "expected"),
    [
        ([1.0, None, float("nan")], pa.float64(), ["1", None, None]),
        ([b"ann", None], pa.binary(), ["ann", None]),
        ([b"ann", b"bob"], pa.binary(3), ["ann", "bob"]),
        ([None, None], pa.null(), [None, None]),
        ([], pa.int32(), []),
    ],
)
def test_other_types_are_text(values, type_, expected):
    assert id_column("x", column(values, type_)).to_pylist() == expected


def test_whole_decimals_are_whole_numbers_whatever_their_scale():
    assert id_column("x", column([1, 20], pa.decimal128(9, 0)).cast(pa.decimal128(9, 2))).to_pylist() == ["1", "20"]


@pytest.mark.parametrize(
    ("values", "type_", "message"),
    [
        ([1.5], pa.float64(), "x: the id 1.5 is no whole number"),
        ([2.0**53 + 2], pa.float64(), "x: the id 9007199254740994 is a float of 2^53 or more"),
        ([True], pa.bool_(), "x: the id True is a truth value"),
        ([b"\xff"], pa.binary(), r"x: the id b'\xff' is not UTF-8"),
        ([["a"]], pa.list_(pa.string()), "x is of type list<item: string>, must be text or whole numbers"),
        ([{"a": 1}], pa.struct({"a": pa.int8()}), "x is of type struct"),
    ],
)
def test_what_is_no_id_is_refused_naming_the_column(values, type_, message):
    with pytest.raises(InputError) as caught:
        id_column("x", column(values, type_))
    assert message in str(caught.value)


def test_text_that_is_not_utf_8_and_periods_are_refused():
    broken = pa.Array.from_buffers(pa.string(), 1, [None, pa.array(["a"]).buffers()[1], pa.py_buffer(b"\xff")])
    with pytest.raises(InputError, match="x is not UTF-8"):
        id_column("x", pa.chunked_array([broken]))
    periods = pa.array(pd.Series(pd.period_range("2024", periods=2)))
    with pytest.raises(InputError, match="x is of type extension"):
        id_column("x", pa.chunked_array([periods]))


def test_spellings_of_one_id_in_a_dictionary_are_that_id():
    given_column = pa.DictionaryArray.from_arrays(pa.array([0, 1, 2], pa.int8()), ["cafe\u0301", "caf\u00e9 ", ""])
    assert id_column("x", pa.chunked_array([given_column])).to_pylist() == ["caf\u00e9", "caf\u00e9", None]


LISTS = [["hat", "scarf"], None, [], ["one"], [" one ", None, ""], ["cafe\u0301"], ["scarf,hat"], ["a,b", "c"]]


@pytest.mark.parametrize("type_", [pa.list_(pa.string()), pa.large_list(pa.large_string())])
@pytest.mark.parametrize("chunks", [1, 3])
def test_lists_are_the_text_of_a_file(type_, chunks):
    expected = ["hat|scarf", None, None, "one", "one", "caf\u00e9", "scarf,hat|", "a,b|c"]
    found = id_list_column("with_brands", column(LISTS, type_, chunks))
    assert found.to_pylist() == expected
    assert id_list_column("with_brands", found).to_pylist() == expected  # and stay as they are


def test_a_json_list_is_a_list_and_a_closed_text_is_as_it_stands():
    given_column = column(['["hat", "scarf"]', "[1]", "[]", "a,b|c", "a,b|", None, "plain"])
    expected = ["hat|scarf", "1", None, "a,b|c", "a,b|", None, "plain"]
    assert id_list_column("x", given_column).to_pylist() == expected
    assert id_list_column("x", given_column.dictionary_encode()).to_pylist() == expected


listed = st.text(st.sampled_from("[],;ab \u00e9"), max_size=3)


@given(
    st.lists(
        st.none() | st.lists(st.none() | listed | texts.filter(lambda text: "|" not in text), max_size=3), max_size=8
    )
)
def test_any_list_reads_back(lists):
    found = id_list_column("x", column(lists, pa.list_(pa.string()), 2)).to_pylist()
    assert id_list_column("x", column(found, pa.string())).to_pylist() == found
    for text, given_list in zip(found, lists, strict=True):
        ids = [naive(each) for each in given_list or [] if naive(each) is not None]
        assert [each for each in (text or "").split("|") if each] == ids


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([["a|b"]], "the id 'a|b' in x holds '|', which separates ids"),
        (["a|b", "scarf, hat"], 'may be one id or several; write "scarf|hat"; one id is written "scarf, hat|"'),
        (["hat;scarf"], 'write "hat|scarf"; one id is written "hat;scarf|", or given in a list'),
        (["[hat]"], "x '[hat]' is no list of ids; write several ids as"),
        (['["a|b"]'], "the id 'a|b' in x holds '|'"),
        (['[{"a": 1}]'], "must be text or whole numbers"),
        ([[1.5]], "x: the id 1.5 is no whole number"),
        ([[["a"]]], "must be text or whole numbers"),
        ([True], "is a truth value"),
    ],
)
def test_unclear_lists_are_refused_with_the_remedy(values, message):
    with pytest.raises(InputError) as caught:
        id_list_column("x", column(values))
    assert message in str(caught.value)


def test_an_unclear_text_of_a_dictionary_is_refused_too():
    with pytest.raises(InputError, match="may be one id or several"):
        id_list_column("x", column(np.array(["a", "b,c"])).dictionary_encode())
