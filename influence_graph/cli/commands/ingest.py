"""``ingest``: records into the store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pandas as pd

from influence_graph.app.ingest import IngestOptions, refuse_without_record
from influence_graph.app.ingest import ingest as run
from influence_graph.cli.mapping import mapping_options, take_mapping
from influence_graph.cli.options import (
    FILE,
    DurationType,
    SizeType,
    TimeType,
    format_option,
    store_option,
)
from influence_graph.cli.output import emit, note, note_unknown, progress
from influence_graph.cli.privacy import privacy_options, take_privacy
from influence_graph.cli.questions import with_answers
from influence_graph.cli.stopping import if_stopped_appending
from influence_graph.ingest.rules import Period
from influence_graph.model.records import KINDS
from influence_graph.stores.base import Store
from influence_graph.text import count_text, one_line

if TYPE_CHECKING:
    from influence_graph.app.ingest import FileReport


@click.command(
    epilog="Example: influence-graph ingest people.csv interactions.jsonl.gz --timezone Europe/Berlin;"
    " influence-graph ingest orders.csv --as interactions --map consumer=Email --map at='Created at'"
    " --map event_id=Order --set brand=acme"
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--as", "kind", type=click.Choice(list(KINDS)), help="Record kind of all files.  [default: by header]")
@mapping_options
@click.option(
    "--timezone",
    help="IANA zone of the times in FILEs that state none, such as Europe/Berlin; without it they are rejected.",
)
@click.option(
    "--max-rejects", type=click.IntRange(min=0), help="Stop with exit 1 when more rows are bad.  [default: never]"
)
@click.option("--rejects", type=FILE, default=IngestOptions.rejects, show_default=True)
@click.option(
    "--rejects-size",
    type=SizeType(),
    default=SizeType.shown(IngestOptions.rejects_size),
    show_default=True,
    help="Size that this file may have; further bad rows are only counted.",
)
@click.option("--batch-rows", type=click.IntRange(1, 5_000_000), default=IngestOptions.batch_rows, show_default=True)
@click.option(
    "--allow-skew",
    type=DurationType(),
    default="1d",
    show_default=True,
    help="How far beyond now an interaction may lie, such as 36h; others are rejected.",
)
@click.option("--not-before", type=TimeType(), help="Reject interactions before this time.  [default: never]")
@click.option("--dry-run", is_flag=True, help="Report what would happen, and write nothing.")
@privacy_options
@store_option
@format_option
def ingest(
    files: tuple[Path, ...],
    store: Store,
    format_: str | None,
    allow_skew: timedelta,
    not_before: datetime | None,
    **options: Any,
) -> None:
    """Add records from FILEs: CSV, JSON, Parquet or workbooks, packed or not; - is standard input.

    Good rows are stored; bad rows go to the rejects file with file, line, column, value and remedy. The same file
    twice changes nothing. Columns are the fields of their names, in any case; --map, --set, --mapping or --preset
    say what others are, the same for all FILEs: of --map event_id=digest the id is made of the row.
    Ties that a file repeats become one with the sum of their weights.
    """
    kind = KINDS[options.pop("kind")] if options["kind"] else options.pop("kind")
    period = Period(not_before, latest_allowed(datetime.now(UTC), allow_skew))
    privacy = take_privacy(options)
    settings = IngestOptions(kind=kind, period=period, privacy=privacy, **take_mapping(options), **options)
    if not settings.dry_run:
        settings = with_answers(files, settings)
        if_stopped_appending(store, "ingest the same files again")
    with progress() as on_progress:
        reports = run(store, files, settings, on_progress)
    columns = ["file", "kind", "rows", "inserted", "updated", "unchanged", "conflicts", "rejected"]
    columns += ["forgotten"] if any(report.forgotten for report in reports) else []
    emit(pd.DataFrame([[getattr(r, c) for c in columns] for r in reports], columns=columns), format_, top=0)
    for report in reports:
        _notes(report)
    _summary(reports, settings.dry_run, settings.rejects)
    refuse_without_record(reports)


def latest_allowed(now: datetime, skew: timedelta) -> datetime:
    """Return the latest time at which an interaction may lie; beyond the calendar it is the calendar's end."""
    return now + min(skew, datetime.max.replace(tzinfo=UTC) - now)


def _notes(report: FileReport) -> None:
    if report.placeholders:
        note(f"{report.file}: {report.placeholders:,} people or brands are named here and declared in no file yet")
    if report.ignored_columns:
        note(f"{report.file}: columns ignored: {one_line(', '.join(report.ignored_columns))}")
    for reason, rows in report.skipped.items():
        note(f"{report.file}: {count_text(rows, 'row')} skipped: {one_line(reason)}")
    for line in report.notes:
        note(f"{report.file}: {line}")
    note_unknown(report.unknown_kinds, f"{report.file}: ")


def _summary(reports: list[FileReport], dry_run: bool, rejects: Path) -> None:
    changed = sum(r.inserted + r.updated for r in reports)
    rejected = sum(r.rejected for r in reports)
    if rejected:
        note(f"{count_text(rejected, 'row')} rejected" + ("" if dry_run else f": see {rejects}"))
    left_out = sum(r.values_left_out for r in reports)
    if left_out:
        kept = f"{count_text(left_out, 'bad value')} left out, and the {'record' if left_out == 1 else 'records'} kept"
        note(kept + ("" if dry_run else f": see {rejects}"))
    unlisted = sum(r.unlisted for r in reports)
    if unlisted:
        note(f"{rejects} has no room for the last {unlisted:,} of them: --rejects-size gives it more")
    if not changed:
        stored = sum(r.unchanged for r in reports)
        note(f"nothing changed: {f'all {stored:,} good records were stored already' if stored else 'no good records'}")
    elif dry_run:
        note(f"dry run: {count_text(changed, 'record')} would be written; nothing was")
