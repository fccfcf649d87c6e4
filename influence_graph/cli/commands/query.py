"""``query``: a question of the catalogue, or Cypher or SQL of one's own; read-only unless asked otherwise."""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import pandas as pd

from influence_graph.app.views.ask import ask
from influence_graph.cli import tables
from influence_graph.cli.options import DurationType, TextType, format_option, store_option, timezone_option
from influence_graph.cli.output import chosen_format, emit, note
from influence_graph.errors import InputError
from influence_graph.stores.base import QUERY_BYTES, QUERY_ROWS, QUERY_SECONDS, Rows, Store

_FILES = (".cypher", ".cyp", ".cql", ".sql")
_TIMES = re.compile(r"""(datetime|date)\(\s*(["'])(.*)\2\s*\)""")
_READ, _WRITE = "read", "write"


@click.command(
    epilog="""\b
Examples: influence-graph query brand-bonds --param brand=sweater;
  influence-graph query 'SELECT kind, max("at") FROM interactions GROUP BY ALL';
  influence-graph query 'PROFILE SELECT * FROM people WHERE id = $id' --param id=annie;
  influence-graph query 'MATCH (c:Consumer {id: $id})--(o) RETURN o.id' --param id=annie --store neo4j;
  influence-graph query 'EXPLAIN MATCH (b:Brand) RETURN b.id' --store neo4j;
  influence-graph query 'SHOW INDEXES' --store neo4j --format json;
  influence-graph query mine.cypher --param 'since=datetime("2026-06-01")' --store neo4j;
  influence-graph query - --store neo4j --access-mode write < changes.cypher"""
)
@click.argument("text", metavar="NAME|FILE|QUERY|-")
@click.option(
    "--param",
    type=TextType(),
    multiple=True,
    metavar="KEY=VALUE",
    help='A value for $KEY: JSON (1, true, null, lists, maps), datetime("…") or date("…"), or else a text;'
    " always a text for questions by NAME. Repeatable.",
)
@click.option(
    "--access-mode",
    type=click.Choice((_READ, _WRITE)),
    default=_READ,
    show_default=True,
    help="write lets a query change the graph of a Neo4j, in one transaction; what it writes is not checked as"
    " records are.",
)
@click.option(
    "--timeout",
    type=DurationType("s"),
    default=f"{QUERY_SECONDS:g}s",
    show_default=True,
    help="Longest time to answer.",
)
@click.option(
    "--max-rows",
    type=click.IntRange(min=1),
    default=QUERY_ROWS,
    show_default=True,
    help=f"More rows are refused, and so are more than {QUERY_BYTES >> 20} MiB.",
)
@timezone_option
@store_option
@format_option
def query(
    text: str,
    param: tuple[str, ...],
    access_mode: str,
    timeout: timedelta,
    max_rows: int,
    store: Store,
    format_: str | None,
) -> None:
    """Answer a question by NAME (see `queries`), or a query: its text, a FILE of it, or - for standard input.

    A Neo4j is asked in Cypher; a folder in SQL (DuckDB's) over tables named as the record files: people, brands,
    ties, interactions, campaigns and sales, and the current results: bonds, influences, ranks, seeds and runs. SHOW
    TABLES lists them, DESCRIBE people their columns; times are UTC, and the column "at" needs its quotes.

    EXPLAIN in front of a query shows how it would be answered, PROFILE how it was. What the server notices, such as
    an unknown label, and what a query changed are told on standard error.
    """
    given = dict(_split(item) for item in param)
    asked = _read(text)
    seconds = timeout.total_seconds()
    if _is_name(asked.strip()):
        values = {key: _text(value) for key, value in given.items()}
        answer = ask(store, asked.strip(), values, timeout=seconds, max_rows=max_rows)
        emit(answer.frame, format_, top=0)
        for kind in answer.missing:
            note(f"no {kind} has been written: run `{kind} --write` with --store {store.url}")
        return
    parameters = {key: _value(value) for key, value in given.items()}
    rows = store.query(asked, parameters, timeout=seconds, max_rows=max_rows, write=access_mode == _WRITE)
    _show(rows, format_)


def _read(text: str) -> str:
    """Return the query: *text* itself, what the file of that name holds, or standard input."""
    if text == "-":
        return sys.stdin.read()
    if "\n" in text or Path(text).suffix.lower() not in _FILES:
        return text
    try:
        return Path(text).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise InputError(f"{text} cannot be read: {reason}", remedy="give a file with one query") from error


def _show(rows: Rows, format_: str | None) -> None:
    """Print the answer, then what was noticed and what was changed."""
    frame = pd.DataFrame(rows.rows, columns=rows.columns)
    if rows.is_plan and rows.columns == ["plan"] and chosen_format(format_) == "table":
        for (line,) in rows.rows:  # DuckDB draws it
            click.echo(line)
    elif rows.columns or not rows.changes:
        emit(frame, format_, top=0, table=tables.plan(frame) if rows.is_plan else None)
    for line in rows.notices:
        note(line)
    if rows.changes:
        note(", ".join(f"{name}: {number:,}" for name, number in rows.changes.items()))


def _is_name(text: str) -> bool:
    return bool(text) and all(c.isalnum() or c in "-_" for c in text)


def _split(item: str) -> tuple[str, str]:
    key, separator, value = item.partition("=")
    if not separator or not key.strip():
        raise click.BadParameter(f"{item!r} is not KEY=VALUE", param_hint="--param")
    if value.startswith(">"):
        raise click.BadParameter(
            f"{item!r}: expressions are not calculated here; write {key.strip()}=VALUE, the value as JSON",
            param_hint="--param",
        )
    return key.strip(), value


def _value(text: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return the JSON value of *text*, the time that it states, or else *text*."""
    stated = _TIMES.fullmatch(text.strip())
    try:
        if stated is None:
            return json.loads(text)
        if stated[1] == "date":
            return date.fromisoformat(stated[3])
        time = datetime.fromisoformat(stated[3])
        return time if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, RecursionError) as error:
        if stated is None:
            return text
        raise click.BadParameter(
            f'{text!r} is no {stated[1]}; write for example datetime("2026-06-01T12:00Z") or date("2026-06-01")',
            param_hint="--param",
        ) from error


def _text(text: str) -> str:
    """Return the text that a JSON string stands for, or else *text*: ids of digits stay texts."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value if isinstance(value, str) else text
