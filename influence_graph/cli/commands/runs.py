"""``runs``: the recalculations kept in the store."""

from __future__ import annotations

import click
import pandas as pd

from influence_graph.app.views.runs import RUN_COLUMNS, runs_frame
from influence_graph.cli import tables
from influence_graph.cli.options import format_option, store_option, timezone_option
from influence_graph.cli.output import emit
from influence_graph.model.json_values import json_text
from influence_graph.stores.base import Store


@click.command(epilog="Example: influence-graph runs --format json")
@timezone_option
@store_option
@format_option
def runs(store: Store, format_: str | None) -> None:
    """List the recalculations kept in the store, newest first, with parameters and input digest.

    A table shows what was requested; the other formats have every column.
    """
    kept = store.runs()
    frame = runs_frame(kept)
    frame = pd.DataFrame(columns=RUN_COLUMNS) if frame is None else frame
    frame["parameters"] = frame["parameters"].map(json_text)
    emit(frame, format_, table=tables.runs(kept))
