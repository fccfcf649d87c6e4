"""A page in a real browser: nothing loaded, no complaints, every plot visible, text readable, WCAG kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_VISIBLE = "[...document.querySelectorAll('.plot svg text')].filter(e => e.checkVisibility() && e.textContent.trim())"
_OUTSIDE = f"""{_VISIBLE}.filter(e => {{
    const text = e.getBoundingClientRect(), plot = e.ownerSVGElement.getBoundingClientRect();
    return e.style.opacity !== '0' && e.getAttribute('opacity') !== '0'
        && (text.left < plot.left - 1 || text.right > plot.right + 1 || text.bottom > plot.bottom + 1);
}}).map(e => e.textContent)"""
"""Texts in plots that reach beyond the drawing, where they are cut."""
_SMALLEST = f"""Math.min(...{_VISIBLE}.map(e => parseFloat(getComputedStyle(e).fontSize)
    * Math.hypot(e.getScreenCTM().b, e.getScreenCTM().d)))"""
"""Size of the smallest letters in plots, in px of the screen."""


@dataclass
class Opened:
    """A page, and what it asked for and complained about."""

    page: Any
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def findings(self) -> list[str]:
        """Return the rules of axe-core that the page breaks seriously, each with the first element."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page).response["violations"]
        serious = [each for each in found if each["impact"] in {"serious", "critical"}]
        return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in serious]


@contextmanager
def opened(browser, file: Path, scheme: str = "light", width: int = 1200, **more: Any) -> Iterator[Opened]:
    """Open *file* in a browser without a network."""
    context = browser.new_context(offline=True, color_scheme=scheme, viewport={"width": width, "height": 900}, **more)
    page = context.new_page()
    found = Opened(page)
    page.on("console", lambda message: found.complaints.append(message.text))
    page.on("pageerror", lambda error: found.complaints.append(str(error)))
    page.on("request", lambda request: found.requests.append(request.url))
    try:
        page.goto(file.as_uri())
        yield found
    finally:
        context.close()


def assert_complete(browser, file: Path, scheme: str, width: int, plots: int) -> None:
    """Check that *file* loads nothing, complains about nothing, is accessible, and shows headings and *plots*."""
    with opened(browser, file, scheme, width) as found:
        page = found.page
        assert found.complaints == []
        assert [url for url in found.requests if url != "data:,"] == [file.as_uri()]
        assert page.locator("h1").is_visible()
        for heading in page.locator("h2").all():
            assert heading.is_visible()
        drawn = page.locator(".plot svg").filter(visible=True)
        boxes = [plot.bounding_box() for plot in drawn.all()]
        assert len(boxes) == plots
        for box in boxes:
            assert box is not None
            assert box["width"] >= 250
            assert box["height"] > 60
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(_OUTSIDE) == []
        assert page.evaluate(_SMALLEST) >= 9
        assert _contrast(page) > 7
        assert found.findings() == []


def _contrast(page) -> float:
    """Return the contrast of the text in the first plot against the card behind it (WCAG 2)."""
    ink = "getComputedStyle(document.querySelector('.plot svg text[fill=\"var(--ink)\"]')).fill"
    ground = "getComputedStyle(document.querySelector('section')).backgroundColor"
    lights = sorted(_luminance(page.evaluate(color)) for color in (ink, ground))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(color: str) -> float:
    """Return the relative luminance of ``rgb(r, g, b)``."""
    parts = [float(part) / 255 for part in color[color.index("(") + 1 : -1].split(",")[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
