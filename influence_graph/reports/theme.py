"""The style of plots, and their conversion to SVG and PNG.

A plot is drawn once, as SVG, with placeholder colors; in the page these are CSS variables, so that
the same plot is readable on a light and on a dark page, and in print.
"""

from __future__ import annotations

import html
import json
import re
import textwrap
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

NARROW = 340
"""Width of a plot on the page of a telephone."""
WIDE_ONLY = "wide-only"
"""Start of the name of a layer that is left out of narrow plots."""

_NAME_SHARE = 0.4  # of a narrow plot's width that names beside bars may take
_BESIDE_STACKED = 100  # px of a narrow plot's width that axes and margins take beside plots one above the other
_LARGEST = 1.2  # times its own size: a small plot is not blown up to the width of the page
_MARGIN = 8  # px around the title and the note
_CHARACTER = 6.5  # mean width of a character of 12 px, in px
_BOLD = 1.12  # the same of bold ones, as a part of it
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
_ROLE = re.compile(r'\s(?:role|aria-[a-z]+)="[^"]*"')
_COLOR = re.compile(r'\b(fill|stroke)="(#0\d0\d0\d)"')
_LIGHT = re.compile(r"(--\w+): (#\w+);")
_USED = re.compile(r"var\((--\w+)\)")
_VIEW = re.compile(r'viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"')
_SIZE = re.compile(r'(<svg[^>]*?)\swidth="[\d.]+"\sheight="[\d.]+"')


def to_svg(chart: Any) -> str:  # noqa: ANN401 (altair's charts have no common public type)
    """Return *chart* as an SVG element for an HTML page: scaled to its width, without scripts and addresses."""
    return _drawn(_styled(chart))


def to_svgs(chart: Any, width: int) -> tuple[str, str]:  # noqa: ANN401
    """Return *chart* as :func:`to_svg` does, and for narrow pages.

    Args:
        chart: What to draw.
        width: Width of all of the narrow one, labels included: long names and titles are cut or broken to fit.
    """
    styled = _styled(chart)
    return _drawn(styled), _drawn(_fitted(styled, width))


def _drawn(specification: dict[str, Any]) -> str:
    """Return what *specification* draws."""
    import vl_convert

    text = json.dumps(specification, sort_keys=True)
    svg = str(vl_convert.vegalite_to_svg(text))
    start, mark, rest = svg.partition(">")
    across = float(_VIEW.findall(start)[0][0])
    start = _SIZE.sub(r"\1", _NAMESPACE.sub("", start)) + f' style="max-width: {_LARGEST * across:.0f}px"'
    return _TAG.sub(_of_page, _renamed_clips(start + mark + rest, text))


def _styled(chart: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the specification of *chart* with the fonts and colors of the page."""
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
        "labelSeparation": 8,
    }
    style = {
        "font": _FONT,
        "background": "transparent",
        "padding": 4,
        "aria": False,
        "axis": axis,
        "text": {"color": INK, "fontSize": 12},
        "legend": {"labelColor": MUTED, "titleColor": MUTED, "labelFontSize": 12, "orient": "top", "title": None},
    }
    specification: dict[str, Any] = chart.to_dict()
    config = specification.get("config", {})
    style["view"] = config.get("view", {}) | {"stroke": None}  # beside the size that altair states
    return {**specification, "config": config | style}


def _fitted(specification: dict[str, Any], width: int) -> dict[str, Any]:
    """Return *specification* such that all of it is *width* wide, with room for numbers at the ends of bars."""
    letters = int(width * _NAME_SHARE / _CHARACTER)
    narrow = _narrowed(specification, letters)
    narrow["config"]["axis"] |= {"labelLimit": width * _NAME_SHARE, "labelFontSize": 11, "labelLineHeight": 11}
    narrow["config"]["padding"] = {"left": 2, "top": 4, "bottom": 4, "right": 36}
    if any("\n" in str(row.get("shown")) for rows in narrow["datasets"].values() for row in rows):
        narrow["config"]["axisY"] = {"labelOffset": -4}  # the first of two lines would stand in the middle
    if "vconcat" in narrow:  # "fit-x" is of single plots alone
        parts = [part | {"width": width - _BESIDE_STACKED} for part in narrow["vconcat"]]
        return {**narrow, "vconcat": parts}
    if "layer" in narrow:
        narrow["layer"] = [part for part in narrow["layer"] if not str(part.get("name")).startswith(WIDE_ONLY)]
    return {**narrow, "width": width, "autosize": {"type": "fit-x", "contains": "padding"}}


def _narrowed(part: Any, letters: int) -> Any:  # noqa: ANN401 - any part of a specification
    """Return *part* with few ticks, titles in lines of twice *letters*, and names in at most two lines of *letters*."""
    if isinstance(part, list):
        return [_narrowed(each, letters) for each in part]
    if not isinstance(part, dict):
        return part
    changed = {name: _narrowed(value, letters) for name, value in part.items() if name != "datasets"}
    if isinstance(part.get("title"), str):
        changed["title"] = textwrap.wrap(part["title"], 2 * letters) or ""
    if "tickCount" in part:
        changed["tickCount"] = min(part["tickCount"], 4)
    if "datasets" in part:
        changed["datasets"] = {name: _two_lines(rows, letters) for name, rows in part["datasets"].items()}
    return changed


def _two_lines(rows: list[dict[str, Any]], letters: int) -> list[dict[str, Any]]:
    """Return *rows* with their names broken into two lines of *letters*, and still distinct where they are cut."""
    names: dict[str, str] = {}
    for name in dict.fromkeys(row["shown"] for row in rows if "shown" in row):
        lines = textwrap.wrap(name, letters, max_lines=2, placeholder="…", break_on_hyphens=False) or [name]
        broken = "\n".join(lines)
        while broken in names.values():
            broken += "\u200b"  # takes no room
        names[name] = broken
    return [row | {"shown": names[row["shown"]]} if "shown" in row else row for row in rows]


def _renamed_clips(svg: str, specification: str) -> str:
    """Return *svg* with its clip paths named by what is drawn.

    The converter numbers them through all plots of a process: the same plot would differ from run to run.
    """
    digest = blake2b(specification.encode(), digest_size=6).hexdigest()
    names = {clip: f"plot-{digest}-{number}" for number, clip in enumerate(dict.fromkeys(_CLIP.findall(svg)))}
    return _CLIP_USE.sub(lambda match: match[1] + names.get(match[2], match[2]), svg)


def _of_page(tag: re.Match[str]) -> str:
    """Return a tag with the colors of the page; without roles: the plot has one description, its marks have none."""
    return _COLOR.sub(_variable, _ROLE.sub("", tag[0]))


def _variable(match: re.Match[str]) -> str:
    """Return the attribute with its placeholder as a CSS variable."""
    return f'{match[1]}="var({_VARIABLES[match[2]]})"'


def standalone(svg: str, title: str = "", note: str = "") -> str:
    """Return an SVG element of a page as a file of its own, in the colors of the light page.

    *title* stands above the drawing and *note* below it, broken into lines.
    """
    style = resources.files(__package__).joinpath("templates/page.css").read_text("utf-8")
    colors = dict(reversed(_LIGHT.findall(style)))  # the first rule of the style is that of the light page
    wide, high = (float(size) for size in _VIEW.findall(svg)[0])
    above, top = _lines(title, wide, 0.0, 17, "--ink")
    below, bottom = _lines(note, wide, top + high, 12, "--muted")
    head = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    size = f'width="{wide:g}" height="{bottom:g}" viewBox="0 0 {wide:g} {bottom:g}"'
    ground = f'<rect width="100%" height="100%" fill="{colors["--card"]}"/>'
    drawing = svg.replace("<svg", f'<svg y="{top:g}" width="{wide:g}" height="{high:g}"', 1)
    whole = f"{head} {size}>{ground}{above}{drawing}{below}</svg>"
    return _USED.sub(lambda match: colors[match[1]], whole)


def _lines(text: str, width: float, top: float, size: int, color: str) -> tuple[str, float]:
    """Return *text* as lines of letters of *size* px under *top*, and where they end."""
    if not text:
        return "", top
    weight, wider = (' font-weight="600"', _BOLD) if color == "--ink" else ("", 1.0)
    lines = textwrap.wrap(text, max(int((width - 2 * _MARGIN) / (wider * _CHARACTER * size / 12)), 10))
    drawn = "".join(
        f'<text x="{_MARGIN}" y="{top + 1.45 * size * number:g}" font-family="{_FONT}" font-size="{size}"{weight}'
        f' fill="var({color})">{html.escape(line)}</text>'
        for number, line in enumerate(lines, 1)
    )
    return drawn, top + 1.45 * size * len(lines) + _MARGIN


def to_png(svg: str, scale: float = 2.0) -> bytes:
    """Return a standalone SVG as a PNG, with *scale* pixels per unit of length."""
    import vl_convert

    return bytes(vl_convert.svg_to_png(svg, scale=scale))
