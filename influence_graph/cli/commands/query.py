"""``query``: Cypher, read-only."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import click
import pandas as pd

from influence_graph.cli.options import DurationType, TextType, format_option, store_option, timezone_option
from influence_graph.cli.output import emit, note
from influence_graph.stores.base import QUERY_ROWS, QUERY_SECONDS, Store
from influence_graph.stores.neo4j.queries import NamedQuery, load


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
    if _is_name(cypher.strip()):
        cypher = _named(cypher.strip(), given).text
        parameters = {key: _value(value, texts=True) for key, value in given.items()}
    else:
        parameters = {key: _value(value) for key, value in given.items()}
    rows = store.query(cypher, parameters, timeout=timeout.total_seconds(), max_rows=max_rows)
    emit(pd.DataFrame(rows.rows, columns=rows.columns), format_, top=0)
    if not rows.rows and ":Current" in cypher:
        note(_why_no_rows(cypher, store))


def _why_no_rows(cypher: str, store: Store) -> str:
    """Return the line that says which results *cypher* needs and *store* lacks."""
    written = {run.kind for run in store.runs() if run.status == "finished"}
    for kind in re.findall(r":Current \{kind: '(score|rank|learn|seeds)'\}", cypher):
        if kind not in written:
            return f"no {kind} has been written: run `{kind} --write` with --store {store.url}"
    return f"no rows: results are kept by `rank --write` and `score --write` with --store {store.url}"


def _is_name(text: str) -> bool:
    return bool(text) and all(c.isalnum() or c in "-_" for c in text)


def _named(name: str, given: Mapping[str, str]) -> NamedQuery:
    query = load(name)
    wanted = f"{name} takes {', '.join(query.parameters) or 'none'}"
    for key in [*query.parameters, *given]:
        if key not in given or key not in query.parameters:
            what = "is missing" if key not in given else "is unknown"
            raise click.BadParameter(f"{key} {what}; {wanted}: --param NAME=VALUE", param_hint="--param")
    return query


def _split(item: str) -> tuple[str, str]:
    key, separator, value = item.partition("=")
    if not separator or not key:
        raise click.BadParameter(f"{item!r} is not KEY=VALUE", param_hint="--param")
    return key, value


def _value(text: str, *, texts: bool = False) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return the JSON value of *text*, or else *text*; with *texts* only JSON strings count as JSON."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return text if texts and not isinstance(value, str) else value
