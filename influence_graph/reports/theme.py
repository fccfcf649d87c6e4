"""The style of plots, and their conversion to SVG and PNG.

A plot is drawn once, as SVG, with placeholder colors; in the page these are CSS variables, so that
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
"""Placeholder colors: text, secondary text, grid, above zero, below zero, second series, background."""

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
_COLOR = re.compile(r'\b(fill|stroke)="(#0\d0\d0\d)"')
_LIGHT = re.compile(r"(--\w+): (#\w+);")
_USED = re.compile(r"var\((--\w+)\)")
_VIEW = re.compile(r'viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"')
_SIZE = re.compile(r'(<svg[^>]*?)\swidth="[\d.]+"\sheight="[\d.]+"')


def to_svg(chart: Any) -> str:  # noqa: ANN401 (altair's charts have no common public type)
    """Return *chart* as an SVG element for an HTML page: scaled to its width, without scripts and addresses."""
    import vl_convert

    specification = _styled(chart).to_json()
    svg = str(vl_convert.vegalite_to_svg(specification))
    start, mark, rest = svg.partition(">")
    start = _SIZE.sub(r"\1", _NAMESPACE.sub("", start))
    return _TAG.sub(lambda tag: _COLOR.sub(_variable, tag[0]), _renamed_clips(start + mark + rest, specification))


def _styled(chart: Any) -> Any:  # noqa: ANN401
    """Return *chart* with the fonts and colors of the page."""
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


def _renamed_clips(svg: str, specification: str) -> str:
    """Return *svg* with its clip paths named by what is drawn.

    The converter numbers them through all plots of a process: the same plot would differ from run to run.
    """
    digest = blake2b(specification.encode(), digest_size=6).hexdigest()
    names = {clip: f"plot-{digest}-{number}" for number, clip in enumerate(dict.fromkeys(_CLIP.findall(svg)))}
    return _CLIP_USE.sub(lambda match: match[1] + names.get(match[2], match[2]), svg)


def _variable(match: re.Match[str]) -> str:
    """Return the attribute with its placeholder as a CSS variable."""
    return f'{match[1]}="var({_VARIABLES[match[2]]})"'


def standalone(svg: str) -> str:
    """Return an SVG element of a page as a file of its own, in the colors of the light page."""
    style = resources.files(__package__).joinpath("templates/page.css").read_text("utf-8")
    colors = dict(reversed(_LIGHT.findall(style)))  # the first rule of the style is that of the light page
    width, height = (float(size) for size in _VIEW.findall(svg)[0])
    head = f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{width:g}"'
    background = f'<rect width="100%" height="100%" fill="{colors["--card"]}"/>'
    start, mark, rest = svg.partition(">")
    start = start.replace("<svg", f'{head} height="{height:g}"', 1)
    return _USED.sub(lambda match: colors[match[1]], f"{start}{mark}{background}{rest}")


def to_png(svg: str, scale: float = 2.0) -> bytes:
    """Return a standalone SVG as a PNG, with *scale* pixels per unit of length."""
    import vl_convert

    return bytes(vl_convert.svg_to_png(svg, scale=scale))
