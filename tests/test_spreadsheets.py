"""Formulas in CSV: guarded for spreadsheets, and the same text again for ingestion."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.spreadsheets import guard_column, guarded, unguard_column, unguarded

LIKE_FORMULAS = st.text("'=+-@\t\ra1", max_size=6) | st.text(max_size=10)


@given(LIKE_FORMULAS)
def test_reading_takes_away_what_writing_adds(text):
    assert unguarded(guarded(text)) == text


@given(LIKE_FORMULAS)
def test_no_guarded_text_begins_like_a_formula(text):
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.lists(LIKE_FORMULAS | st.none(), max_size=20))
def test_columns_are_treated_like_their_texts(texts):
    written = guard_column(pd.Series(texts, dtype="string")).tolist()
    assert [None if pd.isna(each) else each for each in written] == [t if t is None else guarded(t) for t in texts]
    raw = pa.array([t if t is None else t.encode("utf-8", "surrogatepass") for t in texts], pa.binary())
    read = unguard_column(raw).to_pylist()
    assert [b if b is None else b.decode("utf-8", "surrogatepass") for b in read] == [
        t if t is None else unguarded(t) for t in texts
    ]


@pytest.mark.parametrize("text", ["june", "'tis", "'1'=", "o'=x", "", " =x", "''june"])
def test_other_texts_stay(text):
    assert guarded(text) == unguarded(text) == text
