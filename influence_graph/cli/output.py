"""Data on standard output, everything else on standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pandas as pd
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from influence_graph.app.formats import FileFormat, write_frames
from influence_graph.app.lookups import names_of
from influence_graph.errors import InfluenceGraphError, InputError
from influence_graph.model.names import NO_NAMES
from influence_graph.text import one_line

if TYPE_CHECKING:
    from influence_graph.app.ingest import OnProgress
    from influence_graph.reports.plots import Plot
    from influence_graph.stores.base import Store

TABLE_ROWS = 20


def note(text: str) -> None:
    """Print a line about the data on standard error."""
    click.echo(text, err=True)


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
    known, in the other formats always a column. Returned is what was printed.
    """
    chosen = chosen_format(format_)
    if table is not None and chosen == "table":
        frame = table
    limit = (TABLE_ROWS if chosen == "table" else 0) if top is None else top
    shown = frame.head(limit) if limit else frame
    if names is not None:
        shown = names_beside(names, shown)
    if chosen == "table":
        if title:
            click.echo(title)
        _table(shown)
        if len(shown) < len(frame) and top is None:
            note(f"{len(shown):,} of {len(frame):,} rows; --top 0 shows all")
        return shown
    if chosen == "parquet" and sys.stdout.isatty():
        raise InputError("parquet is not for a terminal", remedy="redirect the output: > result.parquet")
    sys.stdout.flush()
    write_frames([shown.reset_index(drop=True)], FileFormat(chosen), sys.stdout.buffer)
    return shown


def names_beside(store: Store, frame: pd.DataFrame) -> pd.DataFrame:
    """Return *frame* with the names of its nodes; a store that cannot be read now must not cost the result."""
    try:
        with store.snapshot() as view:
            return names_of(view, frame).beside(frame)
    except InfluenceGraphError as error:
        note(f"without names: {error}")
        return NO_NAMES.beside(frame)


def _table(frame: pd.DataFrame) -> None:
    """Print *frame*; one row too wide for the terminal goes down the page, a value per line."""
    frame = _known_names(frame)
    wide = None if sys.stdout.isatty() else 200
    console = Console(no_color=bool(os.environ.get("NO_COLOR")), width=wide, soft_wrap=False)
    table = _drawn(frame)
    if len(frame) == 1 and Console(width=10_000).measure(table).maximum > console.width:
        values = [(str(name), _cell(frame[name].iloc[0])) for name in frame.columns]
        for name, value in values:
            console.print(f"{name:<{max(len(each) for each, _ in values)}}  {value}", markup=False, highlight=False)
        return
    console.print(table)


def _known_names(frame: pd.DataFrame) -> pd.DataFrame:
    """Return *frame* without columns of names in which none is known."""
    named = [column for column in frame.columns if str(column) == "name" or str(column).endswith("_name")]
    return frame.drop(columns=[column for column in named if frame[column].isna().all()])


def _drawn(frame: pd.DataFrame) -> Table:
    table = Table(header_style="bold", box=None, pad_edge=False)
    numeric = [frame[name].dtype.kind in "iuf" for name in frame.columns]
    for name, right in zip(frame.columns, numeric, strict=True):
        table.add_column(str(name), justify="right" if right else "left", overflow="fold")
    for row in frame.itertuples(index=False):
        table.add_row(*(Text(_cell(value)) for value in row))
    return table


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if pd.isna(value) else f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d %H:%M")
    return "" if value is None or value is pd.NaT or value is pd.NA else one_line(str(value), 200)


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
