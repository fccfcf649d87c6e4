"""Plots of reach and seeds: drawn to scale, with their intervals."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pandas as pd
import pytest

from influence_graph.reports.charts import diffusion as charts
from tests.reports.svg import texts

ROUNDS = pd.DataFrame({"round": [0, 1, 2], "reach": [1.0, 3.0, 4.0], "low": [1.0, 2.5, 3.4], "high": [1.0, 3.5, 4.6]})
SEEDS = pd.DataFrame({"rank": [1, 2], "spread": [5.0, 7.0], "std_error": [0.3, 0.4]})


@pytest.mark.parametrize(
    ("seeds", "title"), [(1, "Reach of 1 person by round"), (1200, "Reach of 1,200 people by round")]
)
def test_reach_by_round_has_a_whole_number_per_round(seeds: int, title: str) -> None:
    plot = charts.reach_by_round(ROUNDS, seeds)
    assert plot.title == title
    assert {"0", "1", "2", "rounds since the start", "people reached"} <= set(texts(plot.svg))
    assert plot.alt == "Line of the people reached by round: 4 people after round 2 (95 % interval 3.4 to 4.6)."


def test_the_certificate_stands_under_the_curve_of_seeds() -> None:
    plot = charts.spread_by_seeds(SEEDS, 6.25, 8.5)
    assert "at least 6.25, and no choice more than 8.5" in plot.note
    assert "up to 2: these seeds reach at least 6.25" in plot.alt
    assert {"1", "2", "number of seeds"} <= set(texts(plot.svg))


def test_one_seed_and_one_round_are_drawn_too() -> None:
    for svg in (charts.spread_by_seeds(SEEDS[:1], 4.0, 5.0).svg, charts.reach_by_round(ROUNDS[:1], 1).svg):
        assert "NaN" not in svg
        assert ET.fromstring(svg).tag == "svg"
