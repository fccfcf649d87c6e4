"""``export``: records to a file."""

from __future__ import annotations

from pathlib import Path

import click
import pandas as pd

from influence_graph.app.transfer import export as export_records
from influence_graph.app.transfer import frames
from influence_graph.cli.options import format_option, output_option, store_option
from influence_graph.cli.output import emit, note
from influence_graph.model.records import KINDS
from influence_graph.stores.base import Store


@click.command(epilog="Example: influence-graph export interactions -o interactions.parquet")
@click.argument("what", type=click.Choice(list(KINDS)))
@output_option("File; its suffix is the format.")
@store_option
@format_option
def export(what: str, output: Path | None, store: Store, format_: str | None) -> None:
    """Write all records of a kind to a file or to standard output."""
    if output is not None:
        rows = export_records(store, KINDS[what], output)
        note(f"{rows:,} {what} written to {output}")
        return
    emit(pd.concat(list(frames(store, KINDS[what]))), format_)
