"""``score``: the Fusion Score of each bond."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from influence_graph.app.jobs.job import run
from influence_graph.app.jobs.scores import ScoreJob
from influence_graph.cli import tables
from influence_graph.cli.options import (
    as_of_option,
    format_option,
    policy_of,
    policy_options,
    store_option,
    timezone_option,
    top_option,
    valid_at_option,
)
from influence_graph.cli.output import chosen_format, emit, note, note_unknown
from influence_graph.cli.stopping import keeping
from influence_graph.cli.texts import TextType
from influence_graph.cli.zones import local
from influence_graph.model.parameters import ScoreParameters
from influence_graph.stores.base import Store
from influence_graph.text import count_text


@click.command(epilog="Example: influence-graph score --consumer singer --half-life 180d --as-of 2026-06-01")
@click.option("--consumer", type=TextType(), multiple=True, help="Only bonds of this consumer. Repeatable.")
@click.option("--brand", type=TextType(), multiple=True, help="Only bonds with this brand. Repeatable.")
@policy_options
@click.option("--write", is_flag=True, help="Keep the result in the store as the current score run.")
@top_option
@as_of_option
@valid_at_option
@timezone_option
@store_option
@format_option
def score(
    consumer: tuple[str, ...],
    brand: tuple[str, ...],
    write: bool,
    top: int | None,
    as_of: datetime | None,
    valid_at: datetime | None,
    store: Store,
    format_: str | None,
    **policy: Any,
) -> None:
    """Give the Fusion Score of consumer-brand bonds, strongest first."""
    with keeping(write):
        parameters = ScoreParameters(
            policy_of(policy, store), consumer or None, brand or None, as_of, valid_at, keep=write
        )
        frame = run(ScoreJob(), store, parameters, write=write)
    ordered = frame.sort_values(["fusion_score", "consumer", "brand"], ascending=[False, True, True])
    shown = tables.with_reasons(ordered) if chosen_format(format_) == "table" else None
    emit(ordered, format_, top=top, names=store, table=shown)
    note_unknown(frame.attrs["unknown_kinds"])
    hindsight = f", at {local(valid_at):%Y-%m-%d %H:%M %Z} in hindsight" if valid_at else ""
    if frame.empty:
        note("no bonds: nothing was known" + (f" by {local(as_of):%Y-%m-%d %H:%M %Z}" if as_of else f" in {store.url}"))
    else:
        note(f"{count_text(len(frame), 'bond')} as of {local(frame.attrs['as_of']):%Y-%m-%d %H:%M %Z}{hindsight}")
