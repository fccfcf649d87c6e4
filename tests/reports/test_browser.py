"""Every kind of page in a real browser: complete in itself, light and dark, narrow and wide."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from influence_graph.files import write_whole
from influence_graph.model.names import NO_NAMES
from influence_graph.reports.charts.ranking import ranking_plot
from influence_graph.reports.pages.brand import render_brand
from influence_graph.reports.pages.data import ReportData
from influence_graph.reports.pages.plot import write_plot
from influence_graph.reports.pages.report import render_report
from tests.reports.browser import assert_complete
from tests.reports.charts.test_ranking import SCORES
from tests.reports.pages.test_brand import view

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("scheme", ["light", "dark"]),
    pytest.mark.parametrize("width", [390, 1100]),
]


def test_the_report_is_complete_in_itself(
    browser, make: Callable[..., ReportData], tmp_path: Path, scheme: str, width: int
) -> None:
    file = tmp_path / "report.html"
    write_whole(file, render_report(make()))
    assert_complete(browser, file, scheme, width, plots=7)


def test_the_brand_page_is_complete_in_itself(browser, tmp_path: Path, scheme: str, width: int) -> None:
    file = tmp_path / "brand.html"
    write_whole(file, render_brand([view(), view("bolt", "acme")], NO_NAMES))
    assert_complete(browser, file, scheme, width, plots=11)


def test_the_page_of_a_plot_is_complete_in_itself(browser, tmp_path: Path, scheme: str, width: int) -> None:
    file = tmp_path / "plot.html"
    write_plot(file, ranking_plot(SCORES, "rank"))
    assert_complete(browser, file, scheme, width, plots=1)
