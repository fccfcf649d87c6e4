"""Numbers, times and names as text for readers."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.model.names import NodeNames
from influence_graph.reports.words import (
    date_text,
    display_name,
    distinct_labels,
    integer_text,
    name_and_id,
    node_labels,
    printable,
    signed,
    time_text,
    value_text,
)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(3.0, "+3.0"), (-2.0, "−2.0"), (0.9202126, "+0.92"), (0.0, "0.0"), (-1e-9, "0.0"), (12345.5, "+12,345.5")],
)
def test_signed_numbers_have_a_sign_and_no_needless_zeros(value: float, shown: str) -> None:
    assert signed(value) == shown


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_numbers_that_are_none_are_a_dash(value: float) -> None:
    assert signed(value) == "–"


def test_times_are_days_or_minutes_and_missing_ones_a_dash() -> None:
    moment = datetime(2026, 6, 6, 20, 5, tzinfo=UTC)
    assert (date_text(moment), time_text(moment)) == ("2026-06-06", "2026-06-06 20:05 UTC")
    assert [date_text(None), time_text(None), date_text(pd.NaT), time_text(pd.NaT)] == ["–"] * 4


def test_names_fall_back_to_ids_and_are_cut() -> None:
    names = NodeNames({"a": "Ada", "b": ""}, {"a": "Adams\n& Co"})
    assert [display_name(names, "Consumer", id_) for id_ in "ab"] == ["Ada", "b"]
    assert display_name(names, "Brand", "a") == "Adams & Co"
    assert name_and_id(names, "Consumer", "a") == "Ada (a)"
    assert len(display_name(NodeNames(), "Brand", "x" * 99)) == 34
    assert printable("a\u202eb\nc") == "a b c"


def test_a_person_and_a_brand_of_one_id_are_told_apart() -> None:
    names = NodeNames({"7": "Ada"}, {"7": "Ada", "8": "Bo"})
    shown = node_labels(names, ["Consumer", "Brand", "Brand", "Consumer"], ["7", "7", "8", "9"])
    assert shown == ["Ada (consumer 7)", "Ada (brand 7)", "Bo", "9"]
    assert node_labels(NodeNames(), ["Consumer", "Brand"], ["7", "7"]) == ["7 (consumer 7)", "7 (brand 7)"]


def test_labels_that_occur_twice_get_their_id() -> None:
    assert distinct_labels(["Ada", "Bo", "Ada"], ["1", "2", "3"]) == ["Ada (1)", "Bo", "Ada (3)"]


@given(st.lists(st.text(st.sampled_from("ab #2()1"), max_size=8)), st.booleans())
def test_no_two_labels_are_equal_and_those_that_were_distinct_stay(labels: list[str], same_ids: bool) -> None:
    shown = distinct_labels(labels, ["x"] * len(labels) if same_ids else list(range(len(labels))))
    assert len(set(shown)) == len(labels)
    if len(set(labels)) == len(labels):
        assert shown == labels


@given(st.floats(-1e12, 1e12))
def test_a_signed_number_reads_back_as_itself(value: float) -> None:
    text = signed(value).replace("−", "-").replace(",", "")
    assert float(text) == pytest.approx(value, abs=5.1e-4)


@given(st.text(), st.integers(1, 50))
def test_printable_text_has_no_control_characters_and_fits(text: str, limit: int) -> None:
    shown = printable(text, limit)
    assert shown.isprintable()
    assert len(shown) <= limit


def test_whole_numbers_have_their_thousands_separated() -> None:
    assert [integer_text(0), integer_text(1234567.0)] == ["0", "1,234,567"]


def test_values_of_parameters_have_no_braces_and_what_is_alike_stands_once() -> None:
    assert value_text({"a": "inf", "b": "inf"}) == "∞ for all"
    assert value_text({"loyalty": {"a": 1.0, "b": 0.0}, "version": "1"}) == "loyalty (a 1, b 0), version 1"
    assert value_text([{"brands": ["x", "y"], "relation": -0.5}]) == "brands x; y, relation -0.5"
    assert [value_text(value) for value in ({}, [], 100000.0, True)] == ["–", "–", "100,000", "True"]
