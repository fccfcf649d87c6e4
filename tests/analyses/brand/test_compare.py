"""Two brands side by side: differences, their intervals, and the texts."""

import numpy as np
import pytest

from influence_graph.analyses.brand.compare import Line, compare, frame_of, measures
from influence_graph.analyses.brand.view import brand_view
from influence_graph.analyses.intervals import Estimate
from tests.analyses.brand.events import crowd, events


@pytest.fixture(scope="module")
def views():
    records = crowd(60)
    return brand_view(records, "acme"), brand_view(records, "bolt")


def test_every_difference_is_the_first_less_the_second_within_its_interval(views):
    for line in compare(*views):
        if line.difference is not None:
            assert line.difference.value == line.first.value - line.second.value
            assert line.difference.low <= line.difference.value <= line.difference.high


def test_the_other_way_round_every_difference_is_reversed(views):
    for line, back in zip(compare(*views), compare(*reversed(views)), strict=True):
        assert (line.measure, line.first, line.second) == (back.measure, back.second, back.first)
        if line.difference is not None:
            assert (line.difference.low, line.difference.high) == pytest.approx(
                (-back.difference.high, -back.difference.low)
            )


@pytest.mark.parametrize(("low", "high", "clear"), [(0.1, 0.5, True), (-0.5, -0.1, True), (-0.1, 0.5, False)])
def test_a_difference_is_clear_where_its_interval_leaves_out_0(low, high, clear):
    line = Line("share", "{:.0%}", None, None, Estimate((low + high) / 2, low, high, 30, "MOVER"))
    assert line.clear is clear
    text = frame_of([Line("share", "{:.0%}", 0.5, 0.3, line.difference)], "a", "b")["difference"][0]
    assert text.endswith("not distinguishable from 0") is not clear
    assert text[0] in "+-"


def test_what_neither_brand_has_is_left_out_and_what_one_has_is_too_few_for_the_other():
    few = brand_view(events((0, "ann", "acme", "wear")), "acme")
    many = brand_view(events(*[(n, f"c{n}", "acme", "wear") for n in range(30)]), "acme")
    rows = frame_of(compare(few, many), "acme", "acme").set_index("measure")
    assert rows.columns.tolist() == ["acme", "acme (again)", "difference"]
    assert rows.loc["mean bond"].tolist() == ["too few observations", "+1", ""]
    assert "value per customer" not in rows.index


def test_measures_are_one_row_per_brand_and_measure_with_numbers(views):
    frame = measures(list(views))
    assert frame.columns.tolist() == ["brand", "measure", "value", "low", "high", "count", "method"]
    assert len(frame) == 2 * len(compare(*views))
    assert frame.groupby("brand").size().nunique() == 1
    counted = frame[frame["method"] == "counted"]
    assert counted[["low", "high"]].isna().all(axis=None)
    estimated = frame[(frame["method"] != "counted") & frame["value"].notna()]
    assert (estimated["low"] <= estimated["value"]).all()
    assert (estimated["value"] <= estimated["high"]).all()
    assert (estimated["count"] >= 10).all()
    assert frame["value"].dtype == np.float64
