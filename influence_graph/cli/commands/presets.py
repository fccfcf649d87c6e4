"""``presets``: which files of services and programs need no mapping of one's own."""

from __future__ import annotations

import click
import pandas as pd

from influence_graph.cli.options import format_option
from influence_graph.cli.output import emit
from influence_graph.ingest.presets import presets as known


@click.command(epilog="Example: influence-graph presets")
@format_option
def presets(format_: str | None) -> None:
    """List the presets of `ingest --preset`: what they read, and what must be stated beside it."""
    columns = ["name", "about", "kind", "asks", "source"]
    rows = [[name, each.about, each.kind, ", ".join(each.ask), each.source] for name, each in known().items()]
    emit(pd.DataFrame(rows, columns=columns), format_, top=0)
