"""Plots of rankings, reach and seeds: drawn to scale, with their intervals, in each format."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pandas as pd
import pytest

from influence_graph.errors import InputError
from influence_graph.reports.charts import influence as charts

SCORES = pd.DataFrame({"id": [f"p{i}" for i in range(25)], "score": [float(25 - i) for i in range(25)]})
ROUNDS = pd.DataFrame({"round": [0, 1, 2], "reach": [1.0, 3.0, 4.0], "low": [1.0, 2.5, 3.4], "high": [1.0, 3.5, 4.6]})
SEEDS = pd.DataFrame({"rank": [1, 2], "cumulative_gain": [5.0, 7.0], "std_error": [0.3, 0.4]})


def texts(svg: str) -> list[str]:
    return ["".join(element.itertext()) for element in ET.fromstring(svg).iter("text")]


def test_a_ranking_shows_the_twenty_best_and_their_scores() -> None:
    shown = texts(charts.ranking(SCORES, "PageRank").svg)
    assert {"PageRank", "p0", "p19", "25", "6"} <= set(shown)
    assert "p20" not in shown


def test_a_ranking_with_errors_has_whiskers_in_place_of_numbers() -> None:
    plot = charts.ranking(SCORES.assign(std_error=0.5), "Reach")
    assert plot.caption == "Whiskers: 95 % intervals."
    assert plot.svg.count('stroke-width="2"') == 20
    assert charts.ranking(SCORES, "PageRank").caption == ""


@pytest.mark.parametrize(
    ("seeds", "title"), [(1, "Reach of 1 person by round"), (1200, "Reach of 1,200 people by round")]
)
def test_reach_by_round_has_a_whole_number_per_round(seeds: int, title: str) -> None:
    plot = charts.reach_by_round(ROUNDS, seeds)
    assert plot.title == title
    assert {"0", "1", "2", "rounds since the start", "people reached"} <= set(texts(plot.svg))


def test_the_certificate_stands_under_the_curve_of_seeds() -> None:
    plot = charts.spread_by_seeds(SEEDS, 6.25, 8.5)
    assert "at least 6.25, and no choice more than 8.5" in plot.caption
    assert {"1", "2", "seeds"} <= set(texts(plot.svg))


def test_one_seed_and_one_round_are_drawn_too() -> None:
    for svg in (charts.spread_by_seeds(SEEDS[:1], 4.0, 5.0).svg, charts.reach_by_round(ROUNDS[:1], 1).svg):
        assert "NaN" not in svg
        assert ET.fromstring(svg).tag == "svg"


def test_a_page_escapes_its_title(tmp_path: Path) -> None:
    charts.write_plot(tmp_path / "x.html", charts.Plot("<b> & co", "", charts.ranking(SCORES, "s").svg))
    page = (tmp_path / "x.html").read_text("utf-8")
    assert "<h1>&lt;b&gt; &amp; co</h1>" in page
    assert "default-src 'none'" in page


def test_a_plot_of_another_format_or_in_no_folder_is_refused(tmp_path: Path) -> None:
    plot = charts.ranking(SCORES, "s")
    for path, said in ((tmp_path / "x.pdf", "no plot"), (tmp_path / "no" / "x.svg", "cannot be written")):
        with pytest.raises(InputError, match=said):
            charts.write_plot(path, plot)
