"""``inspect``: what a file is and what it would become; nothing is stored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import pandas as pd

from influence_graph.app.inspect import ROWS, Inspection, next_command, saved_mapping
from influence_graph.app.inspect import inspect as look
from influence_graph.cli.mapping import mapping_options, take_mapping
from influence_graph.cli.options import FILE
from influence_graph.cli.output import emit, note, tell
from influence_graph.cli.questions import described
from influence_graph.errors import InputError
from influence_graph.files import write_whole
from influence_graph.ingest.guessing.spelled import quoted
from influence_graph.ingest.options import ReadOptions
from influence_graph.ingest.rejects import described as described_reject
from influence_graph.model.records import KINDS
from influence_graph.text import count_text, one_line, printable

_EDGE_COLUMNS = 4  # of a list of edges, at most: two ends, a weight and a time


@click.command(epilog="Example: influence-graph inspect orders.csv -o shop.toml")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "kind", type=click.Choice(list(KINDS)), help="Record kind.  [default: guessed]")
@mapping_options
@click.option("--timezone", help="IANA zone of the times in FILE that state none, such as Europe/Berlin.")
@click.option("--rows", type=click.IntRange(1, 1_000_000), default=ROWS, show_default=True, help="Rows to look at.")
@click.option("-o", "--output", type=FILE, help="Write the mapping to this TOML file, to be edited.")
@click.option("--force", is_flag=True, help="Let -o replace a file.")
@click.option("--format", "format_", type=click.Choice(("table", "json")), default="table", show_default=True)
def inspect(file: Path, rows: int, output: Path | None, *, force: bool, format_: str, **options: Any) -> None:
    """Show what FILE is, what its columns would become, and the command that ingests it.

    The first rows are tried, and those that would be rejected are shown. Nothing is stored, and no store is needed.
    """
    seen = look(file, ReadOptions(**take_mapping(options), **options), rows)
    if output is not None:
        if output.exists() and output.samefile(file):
            raise InputError(f"{output} is the file that is looked at, and would be lost", remedy="name another file")
        _write(seen, output, force=force)
    if format_ == "json":
        click.echo(json.dumps(seen.to_dict(), ensure_ascii=False, indent=2))
    else:
        _show(seen, output)


def _write(seen: Inspection, output: Path, *, force: bool) -> None:
    if seen.mapping is None:
        raise InputError(f"there is no mapping to write: {seen.guess.reason or seen.questions[0].remedy}")
    if output.is_file() and not force:
        raise InputError(f"{output} exists", remedy="name another file, or replace it with --force")
    write_whole(output, saved_mapping(seen))
    note(f"mapping written to {output}")


def _show(seen: Inspection, output: Path | None) -> None:
    layout = ", ".join(f"{name} {value}" for name, value in seen.layout.items())
    rows = f"all {count_text(seen.rows, 'row')}" if seen.whole else f"the first {count_text(seen.rows, 'row')}"
    tell(f"{seen.file}: {', '.join(filter(None, (seen.format, layout)))}; {rows} of {seen.size:,} bytes looked at")
    tell(f"It looks like {described(seen)}." if seen.mapping else f"It cannot be told what it is: {_why(seen)}.")
    if seen.mapping is None and len(seen.columns) <= _EDGE_COLUMNS:
        tell(f"If it is a list of edges: influence-graph import edges {quoted(seen.file)}")
    click.echo()
    emit(_columns(seen), "table", top=0)
    if seen.more_columns:
        tell(f"And {count_text(seen.more_columns, 'column')} more, not used.")
    if without := ", ".join(f"{name} is {text}" for name, text in seen.without_column.items()):
        tell(f"Without a column: {without}.")
    if seen.mapping is not None:
        click.echo()
        _show_trial(seen)
    if seen.questions:
        click.echo()
        tell("To be stated:")
        for question in seen.questions:
            tell(one_line(f"{question.text}  {question.remedy}"), "  ")
    if command := next_command(seen, output):
        click.echo()
        click.echo(printable(f"Next: {command}"))


def _why(seen: Inspection) -> str:
    return seen.guess.reason or "its columns fit several kinds of record"


def _columns(seen: Inspection) -> pd.DataFrame:
    rows = [
        (
            one_line(each.name, 60),
            each.type,
            each.empty,
            one_line(", ".join(each.examples), 60),
            _use(seen, each.becomes),
        )
        for each in seen.columns
    ]
    return pd.DataFrame(rows, columns=["column", "type", "empty", "examples", "becomes"])


def _use(seen: Inspection, becomes: tuple[str, ...]) -> str:
    return "; ".join(becomes) or ("" if seen.mapping is None else "not used")


def _show_trial(seen: Inspection) -> None:
    without = f", {count_text(seen.left_out, 'value')} left out" if seen.left_out else ""
    tell(f"Of these rows {seen.accepted:,} would be stored, {seen.rejected:,} rejected{without}.")
    for reject in seen.rejects:
        tell(f"{described_reject(reject)}; {reject.remedy}", "  ")
    if more := seen.rejected + seen.left_out - len(seen.rejects):
        tell(f"and {more:,} more", "  ")
    if seen.same_but_case:
        ids = f"{count_text(seen.same_but_case, 'id')} of people {'differs' if seen.same_but_case == 1 else 'differ'}"
        tell(f"{ids} from another in capital letters only: they would be different people.")
