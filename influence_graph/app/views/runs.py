"""The runs kept in a store, as a table."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from influence_graph.model.runs import Run

RUN_COLUMNS = ("id", "kind", "status", "started_at", "finished_at", "input_digest", "version", "parameters")


def runs_frame(runs: Iterable[Run]) -> pd.DataFrame | None:
    """Return *runs* with their parameters, None where there is none."""
    rows = [(*(getattr(run, name) for name in RUN_COLUMNS[:-1]), dict(run.parameters)) for run in runs]
    return pd.DataFrame(rows, columns=list(RUN_COLUMNS)) if rows else None
