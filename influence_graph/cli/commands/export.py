"""``export``: records, or the touchpoint table, to a file."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import click
import pandas as pd

from influence_graph.app.transfer import export as export_records
from influence_graph.app.transfer import frames
from influence_graph.cli.options import format_option, output_option, store_option
from influence_graph.cli.output import emit, note
from influence_graph.files import write_whole
from influence_graph.model.records import KINDS
from influence_graph.stores.base import Store


@click.command(epilog="Example: influence-graph export interactions -o interactions.parquet")
@click.argument("what", type=click.Choice([*KINDS, "touchpoints"]))
@output_option("File; its suffix is the format.")
@store_option
@format_option
def export(what: str, output: Path | None, store: Store, format_: str | None) -> None:
    """Write all records of a kind (or the touchpoint table, to edit) to a file or to standard output."""
    if what == "touchpoints":
        _export_touchpoints(output)
        return
    if output is not None:
        rows = export_records(store, KINDS[what], output)
        note(f"{rows:,} {what} written to {output}")
        return
    emit(pd.concat(list(frames(store, KINDS[what]))), format_)


def _export_touchpoints(output: Path | None) -> None:
    text = files("influence_graph.model").joinpath("touchpoints.toml").read_text(encoding="utf-8")
    if output is None:
        click.echo(text, nl=False)
        return
    write_whole(output, text)
    note(f"touchpoint table written to {output}; a ./touchpoints.toml is used without being named")
