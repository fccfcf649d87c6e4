"""A plot: its drawing, and what it shows in words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Plot:
    """One plot of a page or a file.

    Attributes:
        svg: The drawing, as an SVG element in the colors of a page (see ``theme.py``).
        alt: What it shows, for readers who cannot see it.
        title: Heading above it.
        note: Line below it.
    """

    svg: str
    alt: str
    title: str = ""
    note: str = ""
