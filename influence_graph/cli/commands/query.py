"""``query``: Cypher, read-only."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from typing import Any

import click
import pandas as pd

from influence_graph.app.views.ask import ask
from influence_graph.cli.options import DurationType, TextType, format_option, store_option, timezone_option
from influence_graph.cli.output import emit, note
from influence_graph.stores.base import QUERY_ROWS, QUERY_SECONDS, Store


@click.command(
    epilog="Examples: influence-graph query brand-bonds --param brand=sweater --store neo4j;"
    ' echo "MATCH (c:Consumer) RETURN count(c)" | influence-graph query - --store neo4j'
)
@click.argument("text", metavar="NAME|CYPHER|-")
@click.option(
    "--param",
    type=TextType(),
    multiple=True,
    metavar="KEY=VALUE",
    help="Query parameter; JSON or else a text, always a text for named queries. Repeatable.",
)
@click.option(
    "--timeout",
    type=DurationType("s"),
    default=f"{QUERY_SECONDS:g}s",
    show_default=True,
    help="Longest time to answer.",
)
@click.option("--max-rows", type=click.IntRange(min=1), default=QUERY_ROWS, show_default=True)
@timezone_option
@store_option
@format_option
def query(
    text: str, param: tuple[str, ...], timeout: timedelta, max_rows: int, store: Store, format_: str | None
) -> None:
    """Answer a read-only Cypher query: a named one (see `queries`), its text, or - for standard input."""
    given = dict(_split(item) for item in param)
    cypher = sys.stdin.read() if text == "-" else text
    seconds = timeout.total_seconds()
    if _is_name(cypher.strip()):
        values = {key: _text(value) for key, value in given.items()}
        answer = ask(store, cypher.strip(), values, timeout=seconds, max_rows=max_rows)
        emit(answer.frame, format_, top=0)
        for kind in answer.missing:
            note(f"no {kind} has been written: run `{kind} --write` with --store {store.url}")
        return
    parameters = {key: _value(value) for key, value in given.items()}
    rows = store.query(cypher, parameters, timeout=seconds, max_rows=max_rows)
    emit(pd.DataFrame(rows.rows, columns=rows.columns), format_, top=0)


def _is_name(text: str) -> bool:
    return bool(text) and all(c.isalnum() or c in "-_" for c in text)


def _split(item: str) -> tuple[str, str]:
    key, separator, value = item.partition("=")
    if not separator or not key:
        raise click.BadParameter(f"{item!r} is not KEY=VALUE", param_hint="--param")
    return key, value


def _value(text: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return the JSON value of *text*, or else *text*."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _text(text: str) -> str:
    """Return the text that a JSON string stands for, or else *text*: ids of digits stay texts."""
    value = _value(text)
    return value if isinstance(value, str) else text
