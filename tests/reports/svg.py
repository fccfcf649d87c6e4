"""What is drawn in an SVG."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET


def texts(svg: str) -> list[str]:
    """Return every text, in drawing order."""
    return ["".join(element.itertext()) for element in ET.fromstring(svg).iter("text")]


def spans(svg: str) -> list[tuple[float, float]]:
    """Return where each bar begins and ends, from left to right."""
    bars = [e.get("d", "") for e in ET.fromstring(svg).iter("path") if e.get("fill", "").startswith("var(--")]
    return [(min(xs), max(xs)) for xs in map(_across, bars)]


def _across(path: str) -> list[float]:
    """Return the x coordinates of the absolute points of *path*, and of the ends of its relative lines."""
    xs: list[float] = []
    for command, numbers in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        values = [float(number) for number in re.findall(r"-?[\d.]+(?:e-?\d+)?", numbers)]
        if command in "ML":
            xs += values[::2]
        elif command == "H":
            xs += values
        elif command == "h":
            xs.append(xs[-1] + values[0])
        elif command in "CA":
            xs.append(values[-2])
    return xs
