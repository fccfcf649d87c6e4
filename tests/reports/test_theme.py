"""Plots as files: the colors of the light page, the size of the drawing, the same bytes each time."""

from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as ET

import altair as alt
import pandas as pd
import pytest

from influence_graph.reports.theme import GAIN, INK, LOSS, standalone, to_png, to_svg

FRAME = pd.DataFrame({"name": ["a", "b"], "value": [1.0, 2.0]})


def chart(color: str) -> alt.Chart:
    base = alt.Chart(FRAME).mark_bar(color=color, clip=True)
    return base.encode(x="value:Q", y="name:N").properties(width=200, height=60)


@pytest.mark.parametrize(("color", "variable"), [(GAIN, "--gain"), (LOSS, "--loss"), (INK, "--ink")])
def test_placeholder_colors_become_variables_of_the_page(color: str, variable: str) -> None:
    svg = to_svg(chart(color))
    assert f'fill="var({variable})"' in svg
    assert not re.search(r'="#0[1-7]0[1-7]0[1-7]"', svg)
    assert "xmlns" not in svg
    assert not re.search(r"\s(role|aria-[a-z]+)=", svg)  # the page describes the plot as a whole
    assert not re.match(r"<svg[^>]* width=", svg)


def test_the_same_plot_is_the_same_text_and_another_has_its_own_ids() -> None:
    first, again, other = (to_svg(chart(color)) for color in (GAIN, GAIN, LOSS))
    assert first == again
    ids = [set(re.findall(r'id="([^"]+)"', svg)) for svg in (first, other)]
    assert all(ids)
    assert ids[0].isdisjoint(ids[1])


def test_a_file_of_its_own_has_the_colors_of_the_light_page_and_a_size() -> None:
    svg = standalone(to_svg(chart(GAIN)))
    root = ET.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "var(" not in svg
    assert {"#17718c", "#ffffff"} <= {element.get("fill") for element in root.iter()}
    assert float(root.attrib["width"]) > 200
    assert float(root.attrib["height"]) > 60


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_png_has_so_many_pixels_per_unit(scale: float) -> None:
    svg = standalone(to_svg(chart(GAIN)))
    png = to_png(svg, scale)
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    root = ET.fromstring(svg).attrib
    assert width == pytest.approx(scale * float(root["width"]), abs=scale)
    assert height == pytest.approx(scale * float(root["height"]), abs=scale)
