"""The page in a real browser: nothing loaded, nothing complained about, everything visible."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from influence_graph.reports.files import write_atomic
from influence_graph.reports.pages.data import ReportData
from influence_graph.reports.pages.report import render_report

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1100])
def test_the_page_is_complete_in_itself(
    browser, make: Callable[..., ReportData], tmp_path: Path, scheme: str, width: int
) -> None:
    file = tmp_path / "report.html"
    write_atomic(file, render_report(make()))
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    try:
        assert said == []
        assert [url for url in asked if url != "data:,"] == [file.as_uri()]
        assert page.locator("h1").is_visible()
        for heading in page.locator("h2").all():
            assert heading.is_visible()
        plots = page.locator(".plot svg").all()
        assert len(plots) == 7
        for plot in plots:
            box = plot.bounding_box()
            assert box is not None
            assert box["width"] >= 250
            assert box["height"] > 60
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert contrast(page) > 7
    finally:
        page.close()


def contrast(page) -> float:
    """Return the contrast of the words in the first plot against the card behind them (WCAG 2)."""
    fill = "getComputedStyle(document.querySelector('.plot svg text[fill=\"var(--ink)\"]')).fill"
    ground = "getComputedStyle(document.querySelector('section')).backgroundColor"
    lights = sorted(luminance(page.evaluate(colour)) for colour in (fill, ground))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance of ``rgb(r, g, b)``."""
    parts = [float(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
