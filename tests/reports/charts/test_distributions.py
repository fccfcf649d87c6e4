"""Distributions: shares counted one by one, and what is said of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.reports.charts import distributions as charts
from tests.reports.svg import texts


@given(st.lists(st.integers(0, 20), min_size=1, max_size=60))
def test_the_curve_is_the_share_with_at_least_so_much(values: list[int]) -> None:
    frame = charts._at_least(np.array(values, np.float64))
    assert frame["value"].tolist() == sorted({value for value in values if value > 0})
    for value, share in frame.itertuples(index=False):
        assert share == pytest.approx(sum(each >= value for each in values) / len(values))


def test_a_long_curve_is_thinned_and_keeps_its_ends() -> None:
    values = np.arange(1, 100_001, dtype=float)
    frame = charts._at_least(values)
    assert len(frame) <= 200
    assert (frame["value"].iloc[0], frame["share"].iloc[0]) == (1.0, 1.0)
    assert (frame["value"].iloc[-1], frame["share"].iloc[-1]) == (100_000.0, 1e-5)


def test_a_histogram_says_how_many_there_are_and_names_its_mark() -> None:
    plot = charts.histogram({"a": np.array([1.0, 2.0]), "b": np.array([4.0])}, "weight", "ties", "T", ("rate", 2.5))
    assert plot.note == "3 ties from 1 to 4, median 2. Dashed: rate, 2.5."
    assert {"a", "b", "rate", "weight", "ties (square-root scale)"} <= set(texts(plot.svg))
    assert "rate" not in texts(plot.narrow)


def test_equal_values_are_drawn_too() -> None:
    plot = charts.histogram({"all": np.array([3.0, 3.0])}, "weight", "ties", "T")
    assert "NaN" not in plot.svg
    assert plot.note == "2 ties from 3 to 3, median 3."
