"""How objects show themselves: one short line at the prompt, a caption and a table in a notebook, and a plot."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Protocol

from influence_graph.text import one_line

if TYPE_CHECKING:
    from os import PathLike

    import pandas as pd

ROWS = 20
"""Rows of a table that are shown in a notebook."""
_LINE, _TEXT, _ITEMS = 150, 40, 3  # most characters of a line and of one text in it, most items of a list
_DRAW = "influence_graph.reports.results.draw:plot"  # imported when something is first drawn


class Drawing(Protocol):
    """A plot that a notebook shows, and that can be saved."""

    @property
    def alt(self) -> str:
        """What it shows, for readers who cannot see it."""
        ...

    def save(self, path: str | PathLike[str]) -> None:
        """Write the plot to *path* (.svg, .png or .html)."""
        ...

    def _repr_html_(self) -> str:
        """Return the plot as a notebook shows it."""
        ...


class Drawable:
    """Mixin of what can be drawn: ``reports/results/draw.py`` has one row for each such class."""

    def plot(self, names: Mapping[str, str] | None = None) -> Drawing:
        """Return the plot of this, which a notebook shows and ``.save("file.svg")`` writes.

        Args:
            names: Display names by id, such as ``store.names("people")``; ids stand where there are none.

        Raises:
            InputError: there is nothing to draw.
        """
        drawing: Drawing = resolve_name(_DRAW)(self, names)
        return drawing


def short_line(name: str, figures: Mapping[str, object]) -> str:
    """Return ``<name: figure value, …>``, one line of at most 150 characters.

    Example:
        >>> short_line("Spread", {"mean": 2.5, "simulations": 10_000})
        '<Spread: mean 2.5, simulations 10,000>'
    """
    inside = ", ".join(f"{figure} {_shown(value)}" for figure, value in figures.items())
    return f"<{one_line(f'{name}: {inside}' if inside else name, _LINE - 2)}>"


def html_table(
    name: str,
    figures: Mapping[str, object],
    frame: pd.DataFrame,
    rows: int | None = None,
    noun: str = "row",
    parameters: Mapping[str, object] | None = None,
) -> str:
    """Return a caption with *figures* and the first rows of *frame* as HTML; all texts are escaped.

    It has no colors of its own, so that it is readable on light and on dark pages.

    Args:
        name: What is shown.
        figures: The main figures by name.
        frame: Table; at most 20 of its rows are shown.
        rows: Number of rows that there are in all; None: those of *frame*.
        noun: What a row is.
        parameters: With what it was calculated, for a second line of the caption: those that are one value.
    """
    total = len(frame) if rows is None else rows
    head = frame.head(ROWS)
    table = _without_missing(head).to_html(index=False, escape=True, border=0, na_rep="", float_format="{:.6g}".format)
    counted = f"1 {noun}" if total == 1 else f"{total:,} {noun}s"
    if len(head) < total:
        counted = f"first {len(head):,} of {counted}"
    said = "".join(f", {html.escape(f'{figure} {_shown(value)}')}" for figure, value in figures.items())
    given = [f"{each} {_shown(value)}" for each, value in (parameters or {}).items() if _is_told(value)]
    with_ = f"<br><small>calculated with {html.escape(one_line(', '.join(given), 2 * _LINE))}</small>" if given else ""
    caption = f"<figcaption><b>{html.escape(name)}</b>{said}; {counted}{with_}</figcaption>"
    cells = table.replace("<th>", '<th scope="col">')
    return f'<figure style="margin: 0">{caption}<div style="overflow-x: auto" tabindex="0">{cells}</div></figure>'


def _without_missing(frame: pd.DataFrame) -> pd.DataFrame:
    """Return *frame* with nothing where texts, times or whole numbers are missing; numbers are left to pandas."""
    missing = frame.isna()
    others = [name for name in frame.columns if frame[name].dtype.kind != "f" and missing[name].any()]
    return frame.assign(**{str(name): frame[name].astype(object).where(~missing[name], "") for name in others})


def _is_told(value: object) -> bool:
    """Return whether a parameter is one value, which a caption has room for."""
    return value is not None and not isinstance(value, Mapping) and value not in ((), [], "")


def html_points(name: str, sentences: Iterable[str]) -> str:
    """Return *sentences* as a list under *name* as HTML; all texts are escaped.

    Example:
        >>> html_points("Votes", ["1 < 2"])
        '<div><b>Votes</b><ul><li>1 &lt; 2</li></ul></div>'
    """
    points = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in sentences)
    return f"<div><b>{html.escape(name)}</b><ul>{points}</ul></div>"


def _shown(value: object) -> str:
    """Return *value* for a line: counts with separators, numbers with six digits, the first items of a list."""
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "none"}[value]
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, tuple | list):
        more = "" if len(value) <= _ITEMS else f" and {len(value) - _ITEMS:,} more"
        return " ".join(_shown(item) for item in value[:_ITEMS]) + more
    return one_line(str(value), _TEXT)
