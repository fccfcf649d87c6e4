"""How plots look, and how a plot becomes a piece of the page.

A plot is drawn once, as SVG, with placeholder colours; in the page these are CSS variables, so
the same plot is readable on a light and on a dark page, and in print.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from importlib import resources
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
_CLIP = re.compile(r'<clipPath id="(\w+)"')
_CLIP_USE = re.compile(r'(<clipPath id="|clip-path="url\(#)(\w+)')
_TAG = re.compile(r"<[^<>]*>")
_COLOUR = re.compile(r'\b(fill|stroke)="(#0\d0\d0\d)"')
_LIGHT = re.compile(r"(--\w+): (#\w+);")
_USED = re.compile(r"var\((--\w+)\)")
_VIEW = re.compile(r'viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"')
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
        chart.configure(font=_FONT, background="transparent", padding=4, aria=False)
        .configure_view(stroke=None)
        .configure_axis(**axis)
        .configure_text(color=INK, fontSize=12)
        .configure_legend(labelColor=MUTED, titleColor=MUTED, labelFontSize=12, orient="top", title=None)
    )


def to_svg(chart: Any) -> str:  # noqa: ANN401
    """Return *chart* as an SVG element for an HTML page: scaled to its width, no scripts, no addresses."""
    import vl_convert

    specification = styled(chart).to_json()
    svg = str(vl_convert.vegalite_to_svg(specification))
    head, mark, rest = svg.partition(">")
    head = _SIZE.sub(r"\1", _NAMESPACE.sub("", head))
    svg = head + mark + rest
    # The converter numbers clip paths on through all plots of a process: name them by what is drawn.
    name = blake2b(specification.encode(), digest_size=6).hexdigest()
    place = {clip: f"plot-{name}-{number}" for number, clip in enumerate(dict.fromkeys(_CLIP.findall(svg)))}
    svg = _CLIP_USE.sub(lambda found: found[1] + place.get(found[2], found[2]), svg)
    return _TAG.sub(lambda tag: _COLOUR.sub(_variable, tag[0]), svg)


def _variable(found: re.Match[str]) -> str:
    """Return the attribute with its placeholder as a CSS variable."""
    return f'{found[1]}="var({_VARIABLES[found[2]]})"'


def standalone(svg: str) -> str:
    """Return an SVG element of a page as a file of its own, in the colours of the light page."""
    style = resources.files(__package__).joinpath("templates/report.css").read_text("utf-8")
    colours = dict(reversed(_LIGHT.findall(style)))  # the first rule of the style is that of the light page
    width, height = (float(size) for size in _VIEW.findall(svg)[0])
    head = f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{width:g}"'
    ground = f'<rect width="100%" height="100%" fill="{colours["--card"]}"/>'
    start, mark, rest = svg.partition(">")
    start = start.replace("<svg", f'{head} height="{height:g}"', 1)
    return _USED.sub(lambda found: colours[found[1]], f"{start}{mark}{ground}{rest}")


def to_png(svg: str, scale: float = 2.0) -> bytes:
    """Return a standalone SVG as a PNG, *scale* dots per unit of length."""
    import vl_convert

    return bytes(vl_convert.svg_to_png(svg, scale=scale))
