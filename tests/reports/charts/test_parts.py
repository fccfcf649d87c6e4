"""What all plots share: valid SVG in the colors of the page, with names as they are; axes and scales."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.reports.charts import bonds, brand, diffusion, touchpoints
from influence_graph.reports.charts.parts import axis_title, integer_axis, padded_scale
from influence_graph.reports.charts.ranking import ranking_plot
from influence_graph.reports.plots import Plot
from tests.reports.charts.test_diffusion import ROUNDS, SEEDS
from tests.reports.svg import texts

DAYS = pd.to_datetime(["2026-06-06", "2026-06-13"], utc=True)


def all_plots() -> dict[str, Plot]:
    named = pd.DataFrame({"shown": ["a", "b"], "value": [3.0, 2.0], "low": [2.0, -1.0], "high": [4.0, 3.0]})
    series = pd.DataFrame({"at": DAYS, "score": [3.0, 1.0], "event_id": ["e", None], "label": ["x", ""]})
    touch = pd.DataFrame({"shown": ["a", "a"], "side": ["to", "from"], "count": [3, 2]})
    shares = pd.DataFrame({"consumers": [0.0, 0.5, 1.0], "bond": [0.0, 0.2, 1.0]})
    return {
        "ranking": ranking_plot(pd.DataFrame({"id": ["a"], "label": ["Consumer"], "score": [1.0]}), "rank"),
        "bonds": bonds.bond_bars(pd.DataFrame({"shown": ["a", "b"], "fusion_score": [2.0, -1.0]}), "Strongest"),
        "distribution": bonds.distribution([-1.0, 0.5, 2.0]),
        "line": bonds.score_line(series),
        "waterfall": bonds.waterfall(pd.DataFrame({"shown": ["a", "b"], "contribution": [3.0, -2.0]}), 1.0),
        "touchpoints": touchpoints.touchpoint_bars(touch),
        "valence": touchpoints.valence_bars(
            pd.DataFrame({"shown": ["a"], "negative": [1], "neutral": [2], "positive": [3]})
        ),
        "trend": brand.trend(pd.DataFrame({"shown": "a", "at": DAYS, "total": [1.0, 2.0]}), [DAYS[0]]),
        "intervals": brand.interval_dots(named, "change", "Change"),
        "values": brand.value_bars(named, "customers", "Customers"),
        "lorenz": brand.lorenz_curve(shares),
        "rounds": diffusion.reach_by_round(ROUNDS, 1),
        "seeds": diffusion.spread_by_seeds(SEEDS, 6.25, 8.5),
    }


def test_every_plot_is_well_formed_and_takes_its_colors_from_the_page() -> None:
    for name, plot in all_plots().items():
        root = ET.fromstring(plot.svg)
        assert root.tag == "svg", name
        used = {e.get(key) for e in root.iter() for key in ("fill", "stroke") if e.get(key)}
        assert {color for color in used if color.startswith("#")} <= {"#ddd", "#888", "#000"}, (name, used)
        assert "var(--muted)" in used


def test_every_plot_has_a_title_and_a_sentence_for_those_who_cannot_see_it() -> None:
    for name, plot in all_plots().items():
        assert plot.title, name
        assert plot.alt.endswith("."), name
        assert "nan" not in plot.alt.casefold(), name


def test_colors_and_ids_in_names_are_left_alone() -> None:
    name = 'clip1 fill="#010101" "#020202"'
    plot = bonds.bond_bars(pd.DataFrame({"shown": [name], "fusion_score": [2.0]}), "Strongest")
    assert name in texts(plot.svg)


def test_ids_differ_between_plots_and_every_reference_has_its_id() -> None:
    drawn = [plot.svg for plot in all_plots().values()]
    ids = [id_ for svg in drawn for id_ in re.findall(r'id="([^"]+)"', svg)]
    assert len(ids) == len(set(ids)) > 0
    assert {ref for svg in drawn for ref in re.findall(r"url\(#([^)]+)\)", svg)} <= set(ids)


@pytest.mark.parametrize(
    ("kind", "column", "title"),
    [
        ("rank", "score", "PageRank"),
        ("reach", "score", "People reached alone (people)"),
        ("score", "fusion_score", "Fusion Score (points)"),
        ("learn", "mean_delay", "Probability of influence (seconds)"),
    ],
)
def test_axes_are_titled_by_the_table_of_results(kind: str, column: str, title: str) -> None:
    assert axis_title(kind, column) == title


@given(st.lists(st.floats(-1e9, 1e9), min_size=1))
def test_a_scale_holds_zero_and_all_values(values: list[float]) -> None:
    low, high = padded_scale(values).to_dict()["domain"]
    assert low <= min(0, *values)
    assert high >= max(0, *values)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_an_axis_of_whole_numbers_starts_at_the_first_and_has_few(first: int, more: int) -> None:
    values = integer_axis(first, first + more).to_dict()["values"]
    assert values[0] == first
    assert values[-1] <= first + more
    assert len(values) <= 16
    assert len({after - before for before, after in pairwise(values)}) <= 1
