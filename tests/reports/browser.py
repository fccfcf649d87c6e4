"""A page in a real browser: nothing loaded, no complaints, every plot visible, text readable."""

from __future__ import annotations

from pathlib import Path

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


def assert_complete(browser, file: Path, scheme: str, width: int, plots: int) -> None:
    """Check that *file* loads nothing, complains about nothing, and shows its headings and *plots* in full."""
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    complaints: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(file.as_uri())
    try:
        assert complaints == []
        assert [url for url in requests if url != "data:,"] == [file.as_uri()]
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
    finally:
        page.close()


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
