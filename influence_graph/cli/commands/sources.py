"""``sources``: what the records of a store came from."""

from __future__ import annotations

from dataclasses import asdict

import click
import pandas as pd

from influence_graph.cli.options import format_option, store_option, timezone_option
from influence_graph.cli.output import emit, note
from influence_graph.model.sources import Source
from influence_graph.stores.base import Store
from influence_graph.text import NOT_ON_RECORD, count_text


@click.command(epilog="Example: influence-graph sources --format json")
@timezone_option
@store_option
@format_option
def sources(store: Store, format_: str | None) -> None:
    """List the files, data sets and stores that records came from, with the rows each gave.

    The same contents are one source, whatever the file is called. `forget --source` takes one out again, by its name or
    by #NUMBER.
    """
    listed = store.sources()
    frame = pd.DataFrame([asdict(each) for each in listed], columns=list(Source.__dataclass_fields__))
    frame["added_at"] = pd.to_datetime(frame["added_at"], utc=True)
    frame["rows"] = frame["rows"].astype("Int64")
    emit(frame, format_, top=0)
    cut_off = sum(each.rows is None for each in listed)
    if cut_off:
        note(f"{count_text(cut_off, 'source')} without rows: ingest was stopped there; again goes on")
    if not listed and any(store.counts().values()):
        note(f"{NOT_ON_RECORD}: these records were stored before sources were kept")
