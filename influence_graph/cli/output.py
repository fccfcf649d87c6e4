"""Data on standard output, everything else on standard error."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np
import pandas as pd
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from influence_graph.app.formats import FileFormat, write_frames
from influence_graph.app.lookups import names_of
from influence_graph.cli.tables import without_empty_names
from influence_graph.cli.zones import local
from influence_graph.errors import InfluenceGraphError, InputError
from influence_graph.model.names import NO_NAMES
from influence_graph.model.touchpoints import unknown_line
from influence_graph.text import cut, one_line, printable

if TYPE_CHECKING:
    from influence_graph.app.ingest import OnProgress
    from influence_graph.app.jobs.estimate import ResourceEstimate
    from influence_graph.reports.plots import Plot
    from influence_graph.stores.base import Store

TABLE_ROWS = 20
_NUMBER = re.compile(r"\d")
_WORD = 12  # characters of a longer word that may be broken


def note(text: str) -> None:
    """Print a line about the data on standard error."""
    click.echo(printable(text), err=True)


def note_unknown(kinds: Mapping[str, int], where: str = "") -> None:
    """Note the interactions of *kinds* that have no meaning yet, if there are any."""
    if kinds:
        note(where + unknown_line(kinds))


def save_plot(path: Path, plot: Plot) -> None:
    """Write *plot* to *path*, and note where."""
    from influence_graph.reports.pages.plot import write_plot

    write_plot(path, plot)
    note(f"plot written to {path}")


def chosen_format(format_: str | None) -> str:
    """Return *format_*, or table on a terminal and jsonl in a pipe."""
    return format_ or ("table" if sys.stdout.isatty() else "jsonl")


def emit(
    frame: pd.DataFrame,
    format_: str | None,
    *,
    top: int | None = None,
    title: str = "",
    table: pd.DataFrame | None = None,
    names: Store | None = None,
) -> pd.DataFrame:
    """Print the first *top* rows of *frame* (0: all; None: 20 as a table, else all); as a table, those of *table*.

    Where *names* says where to look them up, the names of the rows shown stand beside ids: in a table those that are
    known, in the other formats always a column. Times are in the zone that the command was asked for. Returned is
    what was printed.
    """
    chosen = chosen_format(format_)
    frame, table = local(frame), local(table)
    if table is not None and chosen == "table":
        frame = table
    limit = (TABLE_ROWS if chosen == "table" else 0) if top is None else top
    shown = frame.head(limit) if limit else frame
    if names is not None:
        shown = names_beside(names, shown)
    if chosen == "table":
        if title:
            click.echo(title)
        _table(without_empty_names(shown))
        if len(shown) < len(frame) and top is None:
            note(f"{len(shown):,} of {len(frame):,} rows; --top 0 shows all")
        return shown
    if chosen == "parquet" and sys.stdout.isatty():
        raise InputError("parquet is not for a terminal", remedy="redirect the output: > result.parquet")
    sys.stdout.flush()
    write_frames([shown.reset_index(drop=True)], FileFormat(chosen), sys.stdout.buffer)
    return shown


def tell(sentence: str, indent: str = "") -> None:
    """Print *sentence* after *indent*; a terminal, which would break it anywhere, gets lines broken at blanks."""
    sentence = printable(sentence)
    if not _on_terminal():
        click.echo(indent + sentence)
        return
    lines = textwrap.TextWrapper(Console().width, indent, f"{indent}  ", break_long_words=False, break_on_hyphens=False)
    click.echo(lines.fill(sentence))


def show_estimate(expected: ResourceEstimate, format_: str | None) -> None:
    """Print what a run will take, as a row and as a sentence."""
    emit(expected.to_frame(), format_)
    note(f"{expected}, once compiled: the first run after installing takes some seconds more")


def names_beside(store: Store, frame: pd.DataFrame) -> pd.DataFrame:
    """Return *frame* with the names of its nodes; a store that cannot be read now must not cost the result."""
    try:
        with store.snapshot() as view:
            return names_of(view, frame).beside(frame)
    except InfluenceGraphError as error:
        note(f"without names: {error}")
        return NO_NAMES.beside(frame)


def _on_terminal() -> bool:
    return sys.stdout.isatty() or "COLUMNS" in os.environ


def _table(frame: pd.DataFrame) -> None:
    """Print *frame*; where the terminal has no room for it, its rows go down the page, a value per line.

    Words may be broken at the end of a line, numbers never are.
    """
    console = Console(no_color=bool(os.environ.get("NO_COLOR")), width=None if _on_terminal() else 200, soft_wrap=False)
    names = [str(name) for name in frame.columns]
    cells = [[_cell(value) for value in row] for row in frame.itertuples(index=False)]
    least = [max(map(_least_width, (name, *column))) for name, *column in zip(names, *cells, strict=True)]
    wanted = [max(map(len, column)) for column in zip(names, *cells, strict=True)]
    room = console.width - 2 * (len(names) - 1)
    if sum(wanted) > room and (len(cells) == 1 or sum(least) > room):
        _print_down(console, names, cells)
        return
    table = Table(header_style="bold", box=None, pad_edge=False)
    for place, width in enumerate(_widths(wanted, least, room)):
        values = frame.iloc[:, place]
        right = values.dtype.kind in "iuf" or any(isinstance(value, float) for value in values)
        table.add_column(names[place], justify="right" if right else "left", overflow="fold", width=width)
    for row in cells:
        table.add_row(*map(Text, row))
    console.print(table)


def _widths(wanted: list[int], least: list[int], room: int) -> list[int]:
    """Return widths of columns that have *room* together, the widest narrowed first, none below its *least*."""
    widths = list(wanted)
    while sum(widths) > room:
        narrowed = max((width, place) for place, width in enumerate(widths) if width > least[place])[1]
        widths[narrowed] -= 1
    return widths


def _least_width(text: str) -> int:
    """Return the width that *text* needs for none of its numbers to be broken."""
    words = text.split()
    return max((len(word) if _NUMBER.search(word) else min(len(word), _WORD) for word in words), default=0)


def _print_down(console: Console, names: list[str], rows: list[list[str]]) -> None:
    """Print each row as lines of name and value; a value that has no room beside its name goes below it."""
    width = max(map(len, names), default=0)
    for number, row in enumerate(rows):
        if number:
            console.print()
        for name, value in zip(names, row, strict=True):
            beside = width + 2 + _least_width(value) <= console.width
            line = f"{name:<{width}}  {value}" if beside else f"{name}\n  {value}"
            console.print(line, markup=False, highlight=False)


def _cell(value: object) -> str:
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ", ".join(map(_cell, value))
    if isinstance(value, float):
        return "" if pd.isna(value) else f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d %H:%M")
    return "" if value is None or value is pd.NaT or value is pd.NA else cut(str(value), 200)


@contextmanager
def progress() -> Iterator[OnProgress | None]:
    """Give a callback that draws progress bars on a terminal's standard error, None elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[done]}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def update(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(one_line(name, 40), total=total or None, done="")
            shown = f"{done / total:.0%}" if total else f"{done:,} records"
            bars.update(tasks[name], completed=done, done=shown)

        yield update
