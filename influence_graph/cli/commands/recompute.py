"""``recompute``: all results made current together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import click
import pandas as pd

from influence_graph.app.recompute.artifact import write_artifact
from influence_graph.app.recompute.kinds import DEFAULT, asked_for
from influence_graph.app.recompute.recompute import recompute as recompute_now
from influence_graph.app.views.changes import read_changes
from influence_graph.app.views.states import Named
from influence_graph.cli.options import FILE, TimeType, format_option, store_option, timezone_option
from influence_graph.cli.output import emit, note
from influence_graph.cli.stopping import keeping
from influence_graph.cli.texts import TextType
from influence_graph.errors import InfluenceGraphError, NotFound
from influence_graph.model.parameters import RecomputeParameters
from influence_graph.model.recalculations import Outcome, Recalculation, Step
from influence_graph.stores.base import Store
from influence_graph.text import count_text


@click.command(epilog="Example: influence-graph recompute --only rank,fusion --verify")
@click.option(
    "--since",
    type=TextType(),
    metavar="RUN|TIME",
    help="Take also what has changed since this run or time, though a later run knows of it.",
)
@click.option("--full", is_flag=True, help="Calculate everything anew, whatever has changed.")
@click.option(
    "--only",
    type=TextType(),
    multiple=True,
    metavar="STEP,…",
    help=f"Only these: {', '.join(DEFAULT)} (or fusion, probabilities), or another measure of `rank --by`. Repeatable.",
)
@click.option(
    "--verify",
    is_flag=True,
    help="Calculate in full as well, and write nothing that differs by more than 1e-8.",
)
@click.option("--artifact", type=FILE, help="Write versions, parameters, digests, seconds and memory as JSON.")
@timezone_option
@store_option
@format_option
def recompute(
    since: str | None,
    full: bool,
    only: tuple[str, ...],
    verify: bool,
    artifact: Path | None,
    store: Store,
    format_: str | None,
) -> None:
    """Bring all results up to date together: only what has changed, and all of it becomes current at once.

    Each is calculated as its current run was asked for, at the latest time.
    """
    steps = tuple(name.strip() for text in only for name in text.split(",") if name.strip())
    asked_for(steps)
    parameters = RecomputeParameters(steps, full, _run_or_time(since), verify)
    with keeping(write=True):
        done = recompute_now(store, parameters, notify=note, progress=_told)
    if done is None:  # only a tick can have taken effect before
        return
    if artifact is not None:
        write_artifact(artifact, done, store.url)
        note(f"artifact written to {artifact}")
    frame = steps_frame(done)
    emit(frame, format_, top=0, table=_shown(frame, done.current))
    note(_summary(done))
    _what_changed(store, done)


def _what_changed(store: Store, done: Recalculation) -> None:
    """Note in a sentence what changed since the results before; what cannot be told now is not worth a failure."""
    if not any(step.outcome is Outcome.CALCULATED for step in done.steps):
        return
    try:
        with store.snapshot() as view:
            note(read_changes(view, Named.PREVIOUS, done.id, brief=True).summary())
    except NotFound:  # there was nothing before
        return
    except InfluenceGraphError as error:
        note(f"what changed cannot be told: {error}")


def _run_or_time(text: str | None) -> str | datetime | None:
    """Return *text* as a time where it is one, without a zone in UTC."""
    if text is None:
        return None
    try:
        return TimeType().convert(text, None, None)
    except click.BadParameter:
        return text


def steps_frame(done: Recalculation) -> pd.DataFrame:
    """Return a row for each step: what was done, how, why, and at what cost; memory in MB."""
    rows = [
        (
            step.kind,
            step.outcome.value,
            step.method,
            step.why,
            round(step.seconds, 3),
            round(step.memory / 2**20),
            step.difference,
            step.total_difference,
            step.run,
            step.inputs,
        )
        for step in done.steps
    ]
    columns = ["step", "outcome", "method", "why", "seconds", "memory_mb", "difference", "total_difference"]
    return pd.DataFrame(rows, columns=[*columns, "run", "inputs"])


def _shown(frame: pd.DataFrame, current: Mapping[str, str]) -> pd.DataFrame:
    """Return what a table shows of *frame*, with the run that is current now."""
    columns = ["step", "outcome", "method", "why", "seconds"]
    if frame["difference"].notna().any():
        columns += ["difference", "total_difference"]
    return frame[columns].assign(current=[current.get(step, "none") for step in frame["step"]])


def _told(step: Step) -> None:
    """Note that *step* was calculated; the table has the others."""
    if step.outcome is Outcome.CALCULATED:
        note(f"{step.kind} calculated ({step.method}), {step.seconds:.1f} s")


def _summary(done: Recalculation) -> str:
    calculated = [step.kind for step in done.steps if step.outcome is Outcome.CALCULATED]
    seconds = (done.finished_at - done.started_at).total_seconds()
    if not calculated:
        return f"nothing to calculate: all is as it was, in {seconds:.1f} s"
    return f"{', '.join(calculated)} became current together, {count_text(done.position, 'interaction')} read"
