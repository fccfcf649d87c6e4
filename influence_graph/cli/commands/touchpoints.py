"""``touchpoints``: what each kind of interaction means in a store."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click
import pandas as pd

from influence_graph.app.touchpoints import TableInUse, set_table, table_in_use, with_line
from influence_graph.cli.options import FILE, format_option, output_option, store_option
from influence_graph.cli.output import emit, note, note_unknown
from influence_graph.cli.stopping import if_stopped
from influence_graph.cli.texts import TextType
from influence_graph.errors import InputError
from influence_graph.files import write_whole
from influence_graph.model.touchpoints import TouchpointTable
from influence_graph.model.touchpoints_file import dump_table
from influence_graph.stores.base import Store
from influence_graph.text import count_text, one_line

_dry_run = click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")


@click.group(epilog="Example: influence-graph touchpoints show purchase complaint")
def touchpoints() -> None:
    """Show, compare and set what each kind of interaction means.

    The table belongs to the store. Records keep what they say; what they do not say is looked up whenever they are
    read, so that a change holds for all answers at once.
    """


@touchpoints.command(epilog="Example: influence-graph touchpoints show -o touchpoints.toml")
@click.argument("kinds", type=TextType(), nargs=-1, metavar="[KIND]...")
@output_option("File to write the whole table to.")
@store_option
@format_option
def show(kinds: tuple[str, ...], output: Path | None, store: Store, format_: str | None) -> None:
    """Print the store's table as a file to edit, or what each KIND means, one row per kind."""
    use = table_in_use(store)
    if kinds:
        emit(use.rules(kinds), format_, top=0)
    elif output is None:
        click.echo(dump_table(use.table), nl=False)
    if output is not None:
        write_whole(output, dump_table(use.table))
        note(f"touchpoint table written to {output}")
    changed = [kind or "default" for kind in use.table.changes()]
    different = f"not as built in: {one_line(', '.join(changed))}" if changed else "the built-in table"
    note(f"{len(use.table.kinds):,} kinds; {different}")


@touchpoints.command(
    "set",
    epilog="Example: influence-graph touchpoints set 'support ticket' touchpoint=problem_recovery valence=-1",
)
@click.argument("what", metavar="FILE|KIND")
@click.argument("assignments", type=TextType(), nargs=-1, metavar="[KEY=VALUE]...")
@_dry_run
@store_option
@format_option
def set_(what: str, assignments: tuple[str, ...], dry_run: bool, store: Store, format_: str | None) -> None:
    """Make the TOML table FILE that of the store, or change keys of the line of one KIND.

    Kinds that FILE leaves out are as built in. What changes is listed, with the interactions that it concerns.
    """
    use = table_in_use(store)
    _change(store, use, _chosen(use, what, assignments), dry_run=dry_run, format_=format_)


@touchpoints.command(epilog="Example: influence-graph touchpoints diff")
@click.argument("file", type=FILE, required=False)
@store_option
@format_option
def diff(file: Path | None, store: Store, format_: str | None) -> None:
    """List what is different in the store's table from the built-in one; or in FILE from the store's table."""
    use = table_in_use(store)
    changes = use.changes(None, use.table) if file is None else use.changes(use.table, TouchpointTable.load(file))
    emit(changes, format_, top=0)
    if changes.empty:
        other = "the built-in one" if file is None else str(file)
        note(f"the touchpoint table of {store.url} and {other} are the same")


@touchpoints.command(epilog="Example: influence-graph touchpoints reset --dry-run")
@_dry_run
@store_option
@format_option
def reset(dry_run: bool, store: Store, format_: str | None) -> None:
    """Give the store the built-in table again."""
    _change(store, table_in_use(store), TouchpointTable.load(), dry_run=dry_run, format_=format_)


def _chosen(use: TableInUse, what: str, assignments: tuple[str, ...]) -> TouchpointTable:
    """Return the table that is asked for: of a file, or with one line changed."""
    if assignments:
        return with_line(use.table, what, assignments)
    if not Path(what).exists():
        remedy = "name a TOML table, or say what a kind means: KIND touchpoint=problem_recovery valence=-1"
        raise InputError(f"there is no file {what!r}", remedy=remedy)
    return TouchpointTable.load(Path(what))


def _change(store: Store, use: TableInUse, table: TouchpointTable, *, dry_run: bool, format_: str | None) -> None:
    """Show what *table* changes, and make it that of *store*."""
    changes = use.changes(use.table, table)
    emit(changes, format_, top=0)
    if changes.empty:
        note(f"nothing changed: {store.url} has this touchpoint table already")
        return
    if not dry_run:
        if_stopped("the table was set whole or not at all: `influence-graph touchpoints diff` tells which")
        set_table(store, table)
    _notes(changes, use.given_meaning(table))
    note_unknown(table.unknown(use.interactions))
    note("dry run: nothing was changed" if dry_run else "from now on all answers use it; what was written stays")


def _notes(changes: pd.DataFrame, given: Mapping[str, int]) -> None:
    kinds = changes.drop_duplicates("kind")
    changed = "1 kind changes" if len(kinds) == 1 else f"{len(kinds):,} kinds change"
    note(f"{changed}, of {count_text(int(kinds['interactions'].sum()), 'interaction')}")
    for kind, count in given.items():
        get = "gets" if count == 1 else "get"
        note(f"{count_text(count, 'interaction')} of kind {one_line(kind)!r} {get} a meaning")
