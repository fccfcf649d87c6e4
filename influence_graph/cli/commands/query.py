"""``query`` and ``queries``: Cypher, read-only."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from influence_graph.cli.options import format_option, store_option
from influence_graph.cli.output import emit
from influence_graph.stores.base import Store


@click.command(
    epilog="Examples: influence-graph query brand-bonds --param brand=sweater --store neo4j;"
    ' echo "MATCH (c:Consumer) RETURN count(c)" | influence-graph query - --store neo4j'
)
@click.argument("text", metavar="NAME|CYPHER|-")
@click.option(
    "--param", multiple=True, metavar="KEY=VALUE", help="Query parameter; JSON, or else a string. Repeatable."
)
@click.option("--timeout", type=click.FloatRange(min=0.1), default=60.0, show_default=True, help="Seconds.")
@click.option("--max-rows", type=click.IntRange(min=1), default=100_000, show_default=True)
@store_option
@format_option
def query(text: str, param: tuple[str, ...], timeout: float, max_rows: int, store: Store, format_: str | None) -> None:
    """Answer a read-only Cypher query: a named one (see `queries`), its text, or - for standard input."""
    import pandas as pd

    parameters = dict(_parameter(item) for item in param)
    cypher = sys.stdin.read() if text == "-" else text
    if _is_name(cypher):
        from influence_graph.stores.neo4j.queries import load

        cypher = load(cypher).text
    rows = store.query(cypher, parameters, timeout=timeout, max_rows=max_rows)
    emit(pd.DataFrame(rows.rows, columns=rows.columns), format_, top=0)


@click.command(epilog="Example: influence-graph queries")
@format_option
def queries(format_: str | None) -> None:
    """List the named queries with their parameters."""
    import pandas as pd

    from influence_graph.stores.neo4j.queries import named_queries

    rows = [(q.name, q.about, ", ".join(q.parameters), ", ".join(q.columns)) for q in named_queries()]
    emit(pd.DataFrame(rows, columns=["name", "about", "parameters", "columns"]), format_, top=0)


def _is_name(text: str) -> bool:
    return bool(text) and all(c.isalnum() or c in "-_" for c in text)


def _parameter(item: str) -> tuple[str, Any]:
    key, separator, value = item.partition("=")
    if not separator or not key:
        raise click.BadParameter(f"{item!r} is not KEY=VALUE", param_hint="--param")
    try:
        return key, json.loads(value)
    except ValueError:
        return key, value
