"""``runs``, ``push``, ``pull``, ``export``, ``migrate`` and ``doctor``: care of the store."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pandas as pd

from influence_graph.app.doctor import examine
from influence_graph.app.transfer import copy, frames
from influence_graph.app.transfer import export as run
from influence_graph.cli import tables
from influence_graph.cli.options import StoreType, format_option, store_option
from influence_graph.cli.output import emit, note, progress
from influence_graph.model.records import KINDS

if TYPE_CHECKING:
    from influence_graph.stores.base import AppendReport, Store


@click.command(epilog="Example: influence-graph runs --format json")
@store_option
@format_option
def runs(store: Store, format_: str | None) -> None:
    """List the recalculations kept in the store, newest first, with parameters and input digest.

    A table shows what was asked for; the other formats have every column.
    """
    columns = ["id", "kind", "status", "started_at", "finished_at", "input_digest", "version", "parameters"]
    found = list(store.runs())
    rows = [
        (
            r.id,
            r.kind,
            r.status,
            r.started_at,
            r.finished_at,
            r.input_digest,
            r.version,
            json.dumps(dict(r.parameters)),
        )
        for r in found
    ]
    emit(pd.DataFrame(rows, columns=columns), format_, table=tables.runs(found))


@click.command(epilog="Example: influence-graph push bolt://localhost:7687")
@click.argument("target", type=StoreType(), metavar="URL")
@store_option
@format_option
def push(target: Store, store: Store, format_: str | None) -> None:
    """Copy all records of --store to the store at URL; again changes nothing."""
    _copy(store, target, format_)


@click.command(epilog="Example: influence-graph pull bolt://localhost:7687 --store backup/")
@click.argument("source", type=StoreType(), metavar="URL")
@store_option
@format_option
def pull(source: Store, store: Store, format_: str | None) -> None:
    """Copy all records of the store at URL into --store; again changes nothing."""
    _copy(source, store, format_)


def _copy(source: Store, target: Store, format_: str | None) -> None:
    with progress() as on_progress:
        reports = copy(source, target, on_progress)
    show_reports(reports, format_)
    for conflict in [c for report in reports for c in report.conflicts][:5]:
        note(f"conflict: {conflict.reason}; {target.url} keeps its own")


def show_reports(reports: list[AppendReport], format_: str | None) -> None:
    """Print what was appended per kind, and say so where nothing was."""
    columns = ["kind", "inserted", "updated", "unchanged", "conflicts"]
    rows = [(r.kind, r.inserted, r.updated, r.unchanged, len(r.conflicts)) for r in reports]
    emit(pd.DataFrame(rows, columns=columns), format_, top=0)
    if not reports:
        note("nothing to copy: the source holds no records")
    elif not any(report.inserted + report.updated for report in reports):
        note("nothing changed: the target holds all these records already")


@click.command(epilog="Example: influence-graph export interactions -o interactions.parquet")
@click.argument("what", type=click.Choice([*KINDS, "touchpoints"]))
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File; its suffix is the format.")
@store_option
@format_option
def export(what: str, output: Path | None, store: Store, format_: str | None) -> None:
    """Write all records of a kind (or the touchpoint table, to edit) to a file or to standard output."""
    if what == "touchpoints":
        _export_touchpoints(output)
        return
    if output is not None:
        rows = run(store, KINDS[what], output)
        note(f"{rows:,} {what} written to {output}")
        return
    emit(pd.concat(list(frames(store, KINDS[what]))), format_)


def _export_touchpoints(output: Path | None) -> None:
    text = files("influence_graph.model").joinpath("touchpoints.toml").read_text(encoding="utf-8")
    if output is None:
        click.echo(text, nl=False)
        return
    with click.open_file(str(output), "w", encoding="utf-8", atomic=True) as file:
        file.write(text)
    note(f"touchpoint table written to {output}; a ./touchpoints.toml is used without being named")


@click.command(epilog="Example: influence-graph migrate --store bolt://localhost:7687")
@store_option
def migrate(store: Store) -> None:
    """Create or update the store's schema; other commands do this on their first write."""
    applied = store.migrate()
    note(f"applied {', '.join(applied)}" if applied else "the schema is up to date")


@click.command(epilog="Example: influence-graph doctor --store neo4j")
@store_option
@format_option
def doctor(store: Store, format_: str | None) -> None:
    """Check the installation and the store; exit 1 (or the store's own code) if something is wrong."""
    checks = examine(store)
    emit(
        pd.DataFrame([(c.name, c.ok, c.detail, c.remedy) for c in checks], columns=["check", "ok", "detail", "remedy"]),
        format_,
        top=0,
    )
    worst = max((c.exit_code for c in checks), default=0)
    if worst:
        raise SystemExit(worst)
