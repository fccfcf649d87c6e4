"""How objects show themselves: one short line at the prompt, a caption and a table in a notebook."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import TYPE_CHECKING

from influence_graph.text import one_line

if TYPE_CHECKING:
    import pandas as pd

ROWS = 20
"""Rows of a table that are shown in a notebook."""
_LINE, _TEXT, _ITEMS = 150, 40, 3  # most characters of a line and of one text in it, most items of a list


def short_line(name: str, figures: Mapping[str, object]) -> str:
    """Return ``<name: figure value, …>``, one line of at most 150 characters.

    Example:
        >>> short_line("Spread", {"mean": 2.5, "simulations": 10_000})
        '<Spread: mean 2.5, simulations 10,000>'
    """
    inside = ", ".join(f"{figure} {_shown(value)}" for figure, value in figures.items())
    return f"<{one_line(f'{name}: {inside}' if inside else name, _LINE - 2)}>"


def html_table(
    name: str, figures: Mapping[str, object], frame: pd.DataFrame, rows: int | None = None, noun: str = "row"
) -> str:
    """Return a caption with *figures* and the first rows of *frame* as HTML; all texts are escaped.

    Args:
        name: What is shown.
        figures: The main figures by name.
        frame: Table; at most 20 of its rows are shown.
        rows: Number of rows that there are in all; None: those of *frame*.
        noun: What a row is.
    """
    total = len(frame) if rows is None else rows
    head = frame.head(ROWS)
    table = head.to_html(index=False, escape=True, border=0, na_rep="", float_format="{:.6g}".format)
    counted = f"1 {noun}" if total == 1 else f"{total:,} {noun}s"
    if len(head) < total:
        counted = f"first {len(head):,} of {counted}"
    caption = "".join(f", {html.escape(f'{figure} {_shown(value)}')}" for figure, value in figures.items())
    return f"<figure><figcaption><b>{html.escape(name)}</b>{caption}; {counted}</figcaption>{table}</figure>"


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
