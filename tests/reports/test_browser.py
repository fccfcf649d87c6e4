"""Every kind of page in a real browser: complete in itself, light and dark, narrow and wide."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import influence_graph as ig
from influence_graph.files import write_whole
from influence_graph.model.names import NO_NAMES
from influence_graph.reports.charts.bonds import bond_bars
from influence_graph.reports.charts.brand import trend, value_bars
from influence_graph.reports.charts.ranking import ranking_plot
from influence_graph.reports.pages.brand import render_brand
from influence_graph.reports.pages.data import ReportData
from influence_graph.reports.pages.influencer_sections import case_section, found_influencers
from influence_graph.reports.pages.page import Page, render_page
from influence_graph.reports.pages.parts import Section
from influence_graph.reports.pages.plot import write_plot
from influence_graph.reports.pages.report import render_report
from tests.analyses.brand.events import START, events
from tests.analyses.brand.test_trend import trend_of
from tests.reports.browser import assert_complete
from tests.reports.charts.test_ranking import SCORES
from tests.reports.pages import test_influencer_sections as influencers
from tests.reports.pages.test_brand import view

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("scheme", ["light", "dark"]),
    pytest.mark.parametrize("width", [400, 1100]),
]


def test_the_report_is_complete_in_itself(
    browser, make: Callable[..., ReportData], tmp_path: Path, scheme: str, width: int
) -> None:
    file = tmp_path / "report.html"
    write_whole(file, render_report(make()))
    assert_complete(browser, file, scheme, width, plots=7)


@cache
def brand_page() -> str:
    return render_brand([view(), view("bolt", "acme")], NO_NAMES)


def test_the_brand_page_is_complete_in_itself(browser, tmp_path: Path, scheme: str, width: int) -> None:
    file = tmp_path / "brand.html"
    write_whole(file, brand_page())
    assert_complete(browser, file, scheme, width, plots=12)


def test_the_page_of_a_plot_is_complete_in_itself(browser, tmp_path: Path, scheme: str, width: int) -> None:
    file = tmp_path / "plot.html"
    write_plot(file, ranking_plot(SCORES, "rank"))
    assert_complete(browser, file, scheme, width, plots=1)


@cache
def influencer_page() -> str:
    found = influencers.with_shares(ig.find_influencers(influencers.TIES, influencers.DID, strata=[0] * 6))
    case = ig.influencer_case("june", influencers.TIES, influencers.DID, strata=[0] * 6)
    sections = found_influencers(found), case_section(case, influencers.NAMES)
    return render_page(Page("Influencers", [replace(part, anchor=f"s{n}") for n, part in enumerate(sections)]))


def test_sections_of_influencers_are_complete(browser, tmp_path: Path, scheme: str, width: int) -> None:
    file = tmp_path / "influencers.html"
    write_whole(file, influencer_page())
    assert_complete(browser, file, scheme, width, plots=3)


@pytest.mark.parametrize("count", [1, 2, 50, 200])
def test_any_number_of_bars_is_readable(browser, tmp_path: Path, scheme: str, width: int, count: int) -> None:
    names = [f"The {number}th listener of a long name" for number in range(count)]
    scores = np.linspace(123_456, 1, count)
    signs = np.where(np.arange(count) % 2, -scores, scores)
    named = pd.DataFrame({"shown": names, "value": scores})
    plots = [
        ranking_plot(pd.DataFrame({"id": names, "score": scores}), "rank"),
        bond_bars(pd.DataFrame({"shown": names, "fusion_score": signs}), "Strongest"),
        value_bars(named, "customers", "Customers"),
    ]
    file = tmp_path / "bars.html"
    write_whole(file, render_page(Page("Bars", [Section("bars", "Bars", plots=plots)])))
    assert_complete(browser, file, scheme, width, plots=3)
    assert [("more are not drawn" in plot.note) for plot in plots] == [count > 20, count > 40, count > 40]


def test_a_step_is_drawn_upright_at_its_event(browser, tmp_path: Path, scheme: str, width: int) -> None:
    june = [(0, "wear"), (12_000, "wear")]
    records = events(*[(day, "june", "sweater", kind) for day, kind in june]).assign(points=[3.0, -2.0])
    found = trend_of(records, "sweater", START + timedelta(days=13_000))
    file = tmp_path / "step.html"
    write_plot(file, trend(found.assign(shown="sweater"), []))
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    page.goto(file.as_uri())
    line = page.locator(".plot svg .mark-line path").filter(visible=True).get_attribute("d")
    page.close()
    points = [tuple(map(float, pair.split(","))) for pair in re.findall(r"-?[\d.]+,-?[\d.]+", line)]
    assert len(points) == 5
    (x0, y0), (x1, y1), (x2, y2), (x3, y3), (x4, y4) = points
    assert (x0, x2) == (x1, x3)  # upright
    assert (y1, y3) == (y2, y4)  # level between the events
    assert y0 - y1 == pytest.approx(1.5 * (y3 - y2), rel=0.02)
    assert (x2 - x1) / (x4 - x1) == pytest.approx(12 / 13, rel=0.01)
