"""A plot for notebooks: it shows itself on light and dark pages, without a network, and can be saved."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from influence_graph.reports.pages.plot import write_plot
from influence_graph.reports.plots import Plot

if TYPE_CHECKING:
    from os import PathLike

_COLORS = {
    "--ink": "currentColor",
    "--muted": "color-mix(in srgb, currentColor 72%, transparent)",
    "--grid": "color-mix(in srgb, currentColor 20%, transparent)",
    "--gain": "#2188a6",
    "--loss": "#d05a3a",
    "--second": "#8c6fc0",
    "--card": "transparent",
}
"""Colors on a page of unknown brightness: text has the page's, the others stand out 4 : 1 from white and black."""
_USED = re.compile(r"var\((--\w+)\)")


@dataclass(frozen=True)
class Drawing(Plot):
    """What ``.plot()`` returns: one plot, with its title, its note and what it shows in words (``alt``).

    A notebook shows it in the colors of its page; ``save`` writes it to a file.
    """

    def __repr__(self) -> str:
        return f"<Drawing: {self.title or self.alt}>"

    def save(self, path: str | PathLike[str]) -> None:
        """Write the plot to *path*, whole or not at all: .svg, .png or .html by its ending.

        Raises:
            InputError: the ending is another one, or *path* cannot be written.
        """
        write_plot(Path(path), self)

    def _repr_html_(self) -> str:
        """Return the plot with its title and note, in colors that are readable on a light and on a dark page."""
        svg = _USED.sub(lambda match: _COLORS[match[1]], self.svg)
        svg = svg.replace("<svg", '<svg aria-hidden="true"', 1)  # its parts are said by the label of the whole
        title = f'<figcaption style="font-weight: 600">{html.escape(self.title)}</figcaption>' if self.title else ""
        note = f'<p style="margin: 4px 0; font-size: 90%">{html.escape(self.note)}</p>' if self.note else ""
        drawn = f'<div role="img" aria-label="{html.escape(self.alt)}">{svg}</div>'
        return f'<figure style="margin: 8px 0; max-width: 960px">{title}{drawn}{note}</figure>'
