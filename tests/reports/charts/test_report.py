"""The plots: valid SVG in the colours of the page, drawn to scale, with names as they are."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pandas as pd
import pytest

from influence_graph.reports.charts import report as charts


def bond_frame(names: list[str], scores: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"shown": names, "fusion_score": scores})


def all_charts() -> dict[str, str]:
    terms = pd.DataFrame({"shown": ["a", "b"], "contribution": [3.0, -2.0]})
    series = pd.DataFrame({"at": ["2026-06-06", "2026-06-13"], "score": [3.0, 1.0], "label": ["x", ""]})
    touch = pd.DataFrame({"shown": ["a", "a"], "side": ["to", "from"], "count": [3, 2]})
    return {
        "ranking": charts.ranking(pd.DataFrame({"shown": ["a"], "label": ["Consumer"], "score": [1.0]})),
        "bonds": charts.bond_bars(bond_frame(["a", "b"], [2.0, -1.0])),
        "distribution": charts.distribution([-1.0, 0.5, 2.0]),
        "touchpoints": charts.touchpoint_bars(touch),
        "line": charts.score_line(series),
        "waterfall": charts.waterfall(terms, 1.0),
    }


def test_every_plot_is_well_formed_and_takes_its_colours_from_the_page() -> None:
    for name, svg in all_charts().items():
        root = ET.fromstring(svg)
        assert root.tag == "svg", name
        used = {e.get(key) for e in root.iter() for key in ("fill", "stroke") if e.get(key)}
        assert {colour for colour in used if colour.startswith("#")} <= {"#ddd", "#888", "#000"}, (name, used)
        assert "var(--muted)" in used


def test_colours_and_ids_in_names_are_left_alone() -> None:
    name = 'clip1 fill="#010101" "#020202"'
    root = ET.fromstring(charts.bond_bars(bond_frame([name], [2.0])))
    assert name in [text.text for text in root.iter("text")]


def test_ids_differ_between_plots_and_every_reference_has_its_id() -> None:
    drawn = all_charts()
    ids = [id_ for svg in drawn.values() for id_ in re.findall(r'id="([^"]+)"', svg)]
    assert len(ids) == len(set(ids)) > 0
    assert {ref for svg in drawn.values() for ref in re.findall(r"url\(#([^)]+)\)", svg)} <= set(ids)


def spans(svg: str) -> list[tuple[float, float]]:
    """Return where each bar begins and ends, from left to right."""
    bars = [e.get("d", "") for e in ET.fromstring(svg).iter("path") if e.get("fill", "").startswith("var(--")]
    points = [[float(x) for x in re.findall(r"(-?[\d.]+),-?[\d.]+", bar)] for bar in bars]
    return [(min(xs), max(xs)) for xs in points]


@pytest.mark.parametrize("score", [4.0, -4.0])
def test_a_gain_and_a_loss_have_their_own_colours_and_signs(score: float) -> None:
    svg = charts.bond_bars(bond_frame(["a"], [score]))
    assert ("var(--gain)" in svg, "var(--loss)" in svg) == (score > 0, score < 0)
    assert ("+4.0" if score > 0 else "−4.0") in svg


def test_a_waterfall_starts_each_term_where_the_last_one_ended() -> None:
    terms = pd.DataFrame({"shown": ["up", "down"], "contribution": [3.0, -2.0]})
    svg = charts.waterfall(terms, 1.0)
    texts = [e.text for e in ET.fromstring(svg).iter("text")]
    assert [text for text in texts if text in {"+3.0", "−2.0", "+1.0"}] == ["+3.0", "−2.0", "+1.0"]
    (zero, top), (low, high), (start, end) = spans(svg)
    assert high == pytest.approx(top)
    assert start == pytest.approx(zero)
    assert low == pytest.approx(end) == pytest.approx(zero + (top - zero) / 3)


def test_a_histogram_holds_what_lies_far_outside() -> None:
    root = ET.fromstring(charts.distribution([0.0] * 999 + [1000.0]))
    bars = [e.get("d", "") for e in root.iter("path") if e.get("fill") == "var(--gain)"]
    heights = [float(re.search(r"v(-?[\d.]+)", bar)[1]) for bar in bars]
    assert len(bars) == 2
    assert (heights[0] / heights[1]) ** 2 == pytest.approx(999, rel=1e-6)
