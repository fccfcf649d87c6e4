"""``queries``: the named queries."""

from __future__ import annotations

import click
import pandas as pd

from influence_graph.cli.options import format_option
from influence_graph.cli.output import emit
from influence_graph.stores.neo4j.queries import named_queries


@click.command(epilog="Example: influence-graph queries")
@format_option
def queries(format_: str | None) -> None:
    """List the named queries with their parameters."""
    rows = [(q.name, q.about, ", ".join(q.parameters), ", ".join(q.columns)) for q in named_queries()]
    emit(pd.DataFrame(rows, columns=["name", "about", "parameters", "columns"]), format_, top=0)
