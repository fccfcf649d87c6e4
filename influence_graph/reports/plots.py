"""A plot: its drawing, what it shows in words, and the formats of its file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from influence_graph.errors import InputError

SUFFIXES = (".svg", ".html", ".png")


@dataclass(frozen=True)
class Plot:
    """One plot of a page or a file.

    Attributes:
        svg: The drawing, as an SVG element in the colors of a page (see ``theme.py``).
        alt: What it shows, for readers who cannot see it.
        title: Heading above it.
        note: Line below it.
        narrow: The drawing for narrow pages; "": the same.
    """

    svg: str
    alt: str
    title: str = ""
    note: str = ""
    narrow: str = ""


def check_suffix(path: Path) -> None:
    """Check that *path* ends as one of the formats of plots does; ``pages/plot.py`` writes them.

    Raises:
        InputError: it does not.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(f"{path} is no plot: the ending is {path.suffix!r}", remedy=f"use {', '.join(SUFFIXES)}")
