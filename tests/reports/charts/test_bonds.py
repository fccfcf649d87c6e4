"""The plots of bonds: drawn to scale, in the colors of gains and losses, with their words."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pandas as pd
import pytest

from influence_graph.reports.charts import bonds as charts
from tests.reports.svg import spans, texts


def bond_frame(names: list[str], scores: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"shown": names, "fusion_score": scores})


@pytest.mark.parametrize("score", [4.0, -4.0])
def test_a_gain_and_a_loss_have_their_own_colors_and_signs(score: float) -> None:
    svg = charts.bond_bars(bond_frame(["a"], [score]), "Strongest").svg
    assert ("var(--gain)" in svg, "var(--loss)" in svg) == (score > 0, score < 0)
    assert ("+4.0" if score > 0 else "−4.0") in svg


def test_a_waterfall_starts_each_term_where_the_last_one_ended() -> None:
    terms = pd.DataFrame({"shown": ["up", "down"], "contribution": [3.0, -2.0]})
    svg = charts.waterfall(terms, 1.0).svg
    assert [text for text in texts(svg) if text in {"+3.0", "−2.0", "+1.0"}] == ["+3.0", "−2.0", "+1.0"]
    (zero, top), (low, high), (start, end) = spans(svg)
    assert high == pytest.approx(top)
    assert start == pytest.approx(zero)
    assert low == pytest.approx(end) == pytest.approx(zero + (top - zero) / 3)


def test_a_histogram_holds_what_lies_far_outside() -> None:
    root = ET.fromstring(charts.distribution([0.0] * 999 + [1000.0]).svg)
    bars = [e.get("d", "") for e in root.iter("path") if e.get("fill") == "var(--gain)"]
    heights = [float(re.search(r"v(-?[\d.]+)", bar)[1]) for bar in bars]
    assert len(bars) == 2
    assert (heights[0] / heights[1]) ** 2 == pytest.approx(999, rel=1e-6)


def test_a_histogram_says_where_it_is_cut() -> None:
    assert charts.distribution([0.0] * 999 + [1000.0]).note == (
        "1,000 bonds, 0 of them below zero, from 0.0 to +1,000.0. The outer bars count all beyond the central 99 %."
    )
    assert charts.distribution([-1.0]).note == "1 bond, 1 of them below zero, from −1.0 to −1.0."


def test_only_marked_rows_of_a_series_are_named() -> None:
    series = pd.DataFrame(
        {
            "at": ["2026-06-13", "2026-06-06", "2026-06-20"],
            "score": [1.0, 3.0, 0.5],
            "event_id": ["fish", "concert", None],
            "label": ["bad fish", "a concert", "not an event"],
        }
    )
    plot = charts.score_line(series.assign(at=pd.to_datetime(series["at"], utc=True)))
    assert {"bad fish", "a concert"} <= set(texts(plot.svg))
    assert "not an event" not in plot.svg
    assert plot.alt == "Line of the Fusion Score over time: +3.0 on 2026-06-06, +1.0 on 2026-06-13."
