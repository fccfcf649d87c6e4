"""How plots look, and how a plot becomes a piece of the page.

A plot is drawn once, as SVG, with placeholder colours; in the page these are CSS variables, so
the same plot is readable on a light and on a dark page, and in print.
"""

from __future__ import annotations

import re
from typing import Any

INK, MUTED, GRID, GAIN, LOSS, SECOND, GROUND = (
    "#010101",
    "#020202",
    "#030303",
    "#040404",
    "#050505",
    "#060606",
    "#070707",
)
"""Placeholder colours: text, secondary text, grid, above zero, below zero, second series, background."""

_VARIABLES = {
    INK: "--ink",
    MUTED: "--muted",
    GRID: "--grid",
    GAIN: "--gain",
    LOSS: "--loss",
    SECOND: "--second",
    GROUND: "--card",
}
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"
_NAMESPACE = re.compile(r'\sxmlns(:xlink)?="[^"]*"')
_SIZE = re.compile(r'(<svg[^>]*?)\swidth="[\d.]+"\sheight="[\d.]+"')


def styled(chart: Any) -> Any:  # noqa: ANN401 (altair's charts have no common public type)
    """Return *chart* in the style of the report."""
    axis = {
        "labelColor": MUTED,
        "titleColor": MUTED,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridColor": GRID,
        "domainColor": GRID,
        "tickColor": GRID,
        "labelLimit": 310,
    }
    return (
        chart.configure(font=_FONT, background="transparent", padding=4)
        .configure_view(stroke=None)
        .configure_axis(**axis)
        .configure_text(color=INK, fontSize=12)
        .configure_legend(labelColor=MUTED, titleColor=MUTED, labelFontSize=12, orient="top", title=None)
    )


def to_svg(chart: Any) -> str:  # noqa: ANN401
    """Return *chart* as an SVG element for an HTML page: scaled to its width, no scripts, no addresses."""
    import vl_convert

    svg = str(vl_convert.vegalite_to_svg(styled(chart).to_json()))
    head, mark, rest = svg.partition(">")
    head = _SIZE.sub(r"\1", _NAMESPACE.sub("", head))
    svg = head + mark + rest
    for colour, variable in _VARIABLES.items():
        svg = svg.replace(f'"{colour}"', f'"var({variable})"')
    return svg
