"""The runs kept in a store, as a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from influence_graph.app.views.states import Named, ResultState, ResultStates
from influence_graph.model.json_values import json_text
from influence_graph.model.recalculations import Recalculation
from influence_graph.model.runs import Run
from influence_graph.stores.base import Reader
from influence_graph.text import count_text

RUN_COLUMNS = ("id", "kind", "status", "started_at", "finished_at", "input_digest", "version", "parameters")


def runs_frame(runs: Iterable[Run]) -> pd.DataFrame | None:
    """Return *runs* with their parameters, None where there is none."""
    rows = [(*(getattr(run, name) for name in RUN_COLUMNS[:-1]), dict(run.parameters)) for run in runs]
    return pd.DataFrame(rows, columns=list(RUN_COLUMNS)) if rows else None


@dataclass(frozen=True, eq=False)
class RunShown:
    """A run, a recalculation or a state of the results, to be shown: rows, a title and notes."""

    title: str
    frame: pd.DataFrame
    notes: tuple[str, ...] = ()


def recalculations_frame(kept: Iterable[Recalculation]) -> pd.DataFrame:
    """Return one row per recalculation: id, times, tick, ticks covered, interactions read and the runs calculated."""
    rows = [
        (each.id, each.started_at, each.finished_at, each.tick, len(each.covers), each.position, len(_calculated(each)))
        for each in kept
    ]
    columns = ["id", "started_at", "finished_at", "tick", "covers", "interactions", "calculated"]
    return pd.DataFrame(rows, columns=columns)


def show_run(view: Reader, name: str) -> RunShown:
    """Return what is known of *name*: a run, a recalculation, a time, or ``latest``, ``previous``, ``yesterday``.

    Raises:
        NotFound: there is no such run or state.
    """
    recalculation = next((each for each in view.recalculations() if each.id == name), None)
    if recalculation is not None:
        rows = [
            (step.kind, step.outcome.value, step.method, step.why, round(step.seconds, 3), step.run)
            for step in recalculation.steps
        ]
        frame = pd.DataFrame(rows, columns=["step", "outcome", "method", "why", "seconds", "run"])
        return RunShown(recalculation.id, frame, (_read(recalculation),))
    state: ResultState = ResultStates(view).state(name)
    if name in tuple(Named) or len(state.runs) > 1:
        current = [(run.kind, run.id, run.finished_at, run.version) for run in state.runs.values()]
        return RunShown(state.name, pd.DataFrame(current, columns=["kind", "id", "finished_at", "version"]))
    (run,) = state.runs.values()
    facts = {name: getattr(run, name) for name in RUN_COLUMNS[:-1]}
    facts |= {name: value for name, value in run.parameters.items() if value not in (None, "", [], {})}
    texts = [
        value if isinstance(value, str) else json_text(value) if _plain(value) else str(value)
        for value in facts.values()
    ]
    return RunShown(run.id, pd.DataFrame({"what": list(facts), "value": texts}))


def _plain(value: object) -> bool:
    return isinstance(value, dict | list | int | float | bool)


def _calculated(recalculation: Recalculation) -> list[str]:
    return [step.kind for step in recalculation.steps if step.method]


def _read(recalculation: Recalculation) -> str:
    """Return what a recalculation read, and for which tick, in words."""
    read = f"{count_text(recalculation.position, 'interaction')} read; version {recalculation.version}"
    times = f"{recalculation.started_at:%Y-%m-%d %H:%M:%S} to {recalculation.finished_at:%Y-%m-%d %H:%M:%S} UTC"
    tick = f"; for {recalculation.tick}" if recalculation.tick else ""
    return f"{times}: {read}{tick}"
