"""``query``: a question of the catalogue, or Cypher or SQL of one's own; read-only unless asked otherwise."""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from pathlib import Path

import click

from influence_graph.app.views.ask import ask
from influence_graph.cli.answers import show_answer, show_rows, value_of
from influence_graph.cli.options import asking_options, format_option, timeout_of, timezone_option
from influence_graph.cli.stopping import if_stopped
from influence_graph.cli.texts import TextType
from influence_graph.errors import InputError
from influence_graph.stores.base import QUERY_BYTES, QUERY_ROWS, Store
from influence_graph.stores.limits import LONGEST_QUERY

_FILES = (".cypher", ".cyp", ".cql", ".sql")
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
    "--max-rows",
    type=click.IntRange(min=1),
    default=QUERY_ROWS,
    show_default=True,
    help=f"More rows are refused, and so are more than {QUERY_BYTES >> 20} MiB.",
)
@timezone_option
@asking_options
@format_option
@click.pass_context
def query(
    ctx: click.Context,
    text: str,
    param: tuple[str, ...],
    access_mode: str,
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
    if _is_name(asked.strip()):
        values = {key: _text(value) for key, value in given.items()}
        show_answer(ask(store, asked.strip(), values, timeout=timeout_of(ctx), max_rows=max_rows), store, format_)
        return
    parameters = {key: value_of(value) for key, value in given.items()}
    if access_mode == _WRITE:
        if_stopped("what the query has changed is kept in whole transactions: look before you run it again")
    rows = store.query(asked, parameters, timeout=timeout_of(ctx), max_rows=max_rows, write=access_mode == _WRITE)
    show_rows(rows, format_)


def _read(text: str) -> str:
    """Return the query: *text* itself, what the file of that name holds, or standard input."""
    file = None if text == "-" else Path(text)
    if file is not None and ("\n" in text or file.suffix.lower() not in _FILES):
        return text
    try:
        with nullcontext(sys.stdin) if file is None else file.open(encoding="utf-8-sig") as stream:
            return stream.read(LONGEST_QUERY + 1)  # a longer one is refused
    except (OSError, UnicodeDecodeError) as error:
        name = "standard input" if file is None else text
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise InputError(f"{name} cannot be read: {reason}", remedy="give a file with one query") from error


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


def _text(text: str) -> str:
    """Return the text that a JSON string stands for, or else *text*: ids of digits stay texts."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value if isinstance(value, str) else text
