"""``runs``: the results kept in the store, and what changed from one recalculation to another."""

from __future__ import annotations

from pathlib import Path

import click
import pandas as pd

from influence_graph.analyses.changes.overall import Changes
from influence_graph.analyses.changes.results import ResultChanges
from influence_graph.app.views.changes import EXPLAINED, what_changed
from influence_graph.app.views.runs import RUN_COLUMNS, RunShown, recalculations_frame, runs_frame, show_run
from influence_graph.cli import tables
from influence_graph.cli.options import (
    check_plot,
    format_option,
    plot_option,
    store_option,
    timezone_option,
)
from influence_graph.cli.output import chosen_format, emit, note, save_plot, tell
from influence_graph.cli.stopping import if_stopped
from influence_graph.cli.texts import TextType
from influence_graph.cli.zones import local
from influence_graph.model.json_values import json_text
from influence_graph.model.results import RESULTS
from influence_graph.reports.results import changes as drawn
from influence_graph.stores.base import KEPT_RUNS, Store
from influence_graph.text import count_text, one_line

_SHOWN = ("changes", "brands", "causes", "events", "links")


@click.group(invoke_without_command=True, epilog="Example: influence-graph runs --format json")
@click.option("--recalculations", is_flag=True, help="List the recalculations, whose results became current together.")
@timezone_option
@store_option
@format_option
@click.pass_context
def runs(ctx: click.Context, recalculations: bool, store: Store, format_: str | None) -> None:
    """List the runs kept in the store, newest first, with parameters and input digest; or compare two.

    A table shows what was requested; the other formats have every column.
    """
    if ctx.invoked_subcommand is not None:
        _refuse_options(ctx, ctx.invoked_subcommand)
        return
    if recalculations:
        emit(recalculations_frame(store.recalculations()), format_)
        return
    kept = store.runs()
    frame = runs_frame(kept)
    frame = pd.DataFrame(columns=RUN_COLUMNS) if frame is None else frame
    frame["parameters"] = frame["parameters"].map(json_text)
    emit(frame, format_, table=tables.runs(kept))


def _refuse_options(ctx: click.Context, name: str) -> None:
    """Refuse what stands on the command line before the command *name*, which would not read it."""
    typed = click.core.ParameterSource.COMMANDLINE
    ignored = next((each for each in ctx.command.params if ctx.get_parameter_source(each.name or "") is typed), None)
    if ignored is not None:
        raise click.UsageError(f"{ignored.opts[0]} stands after the command: `runs {name} {ignored.opts[0]} …`")


@runs.command(epilog="Example: influence-graph runs show latest")
@click.argument("id_", metavar="ID", type=TextType())
@timezone_option
@store_option
@format_option
def show(id_: str, store: Store, format_: str | None) -> None:
    """Show the run or recalculation ID: its parameters, what it read, and what it did."""
    with store.snapshot() as view:
        shown: RunShown = show_run(view, id_)
    emit(shown.frame, format_, top=0, title=shown.title)
    for line in shown.notes:
        note(line)


@runs.command(epilog="Example: influence-graph runs diff previous latest --only score")
@click.argument("start", metavar="[A]", type=TextType(), required=False)
@click.argument("end", metavar="[B]", type=TextType(), required=False)
@click.option(
    "--only",
    type=click.Choice(list(RESULTS)),
    multiple=True,
    metavar="KIND",
    help=f"Compare this kind of result only: {', '.join(RESULTS)}. Repeatable.",
)
@click.option(
    "--show",
    "shown",
    type=click.Choice(_SHOWN),
    default=_SHOWN[0],
    show_default=True,
    help="Which rows the formats other than a table get.",
)
@click.option(
    "--top",
    type=click.IntRange(min=0),
    default=EXPLAINED,
    show_default=True,
    help="So many that rose and so many that fell are explained, 0: all bonds.",
)
@plot_option
@timezone_option
@store_option
@format_option
def diff(
    start: str | None,
    end: str | None,
    only: tuple[str, ...],
    shown: str,
    top: int,
    plot: Path | None,
    store: Store,
    format_: str | None,
) -> None:
    """Tell who rose, who fell, and why, from the results of A to those of B.

    A and B are ids of recalculations or runs, times (what was current then), `latest`, `previous` or `yesterday`;
    without them, `previous` and `latest`. A score changes by events, which are named; what cannot be told is said.
    """
    check_plot(plot)
    found = what_changed(store, start, end, kinds=only, top=top or None)
    if chosen_format(format_) == "table":
        note(f"from {one_line(found.start)} to {one_line(found.end)}")
        for sentence in local(found).sentences():
            tell(one_line(sentence))
    else:
        emit(found.names.beside(_rows(found, shown)), format_, top=0)
        for line in found.notes:
            note(line)
    if plot:
        save_plot(plot, drawn.overall(found, found.names))


@runs.command(epilog="Example: influence-graph runs prune --keep 3")
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    default=KEPT_RUNS,
    show_default=True,
    help="How many runs of each kind stay, the current one among them.",
)
@store_option
def prune(keep: int, store: Store) -> None:
    """Delete runs, and their results, that are neither current nor among the newest of their kind."""
    if_stopped("runs were deleted whole or not at all: `influence-graph runs` tells which are left")
    note(f"{count_text(store.prune(keep), 'run')} deleted, the newest {keep:,} of each kind kept")


def _rows(found: Changes, shown: str) -> pd.DataFrame:
    """Return the rows of *found* that *shown* names."""
    if shown == "changes":
        return found.to_frame()
    if shown == "links":
        links = [each.links for each in found.results if isinstance(each, ResultChanges) and len(each.links)]
        return pd.concat(links) if links else pd.DataFrame(columns=["label", "id"])
    if found.bonds is None:
        return pd.DataFrame(columns=["consumer", "brand"])
    return {"brands": found.bonds.brands, "causes": found.bonds.causes, "events": found.bonds.terms}[shown]
