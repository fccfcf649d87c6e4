"""Copying records between stores, with progress and a report."""

from __future__ import annotations

import pandas as pd

from influence_graph.app.door import Privacy
from influence_graph.app.transfer import copy
from influence_graph.cli.output import emit, note, progress
from influence_graph.cli.stopping import if_stopped_appending
from influence_graph.stores.base import AppendReport, Store


def copy_records(source: Store, target: Store, format_: str | None, privacy: Privacy) -> None:
    """Copy all records of *source* to *target*, and report what was new."""
    if_stopped_appending(target, "run the same command again")
    with progress() as on_progress:
        reports = copy(source, target, on_progress, privacy)
    show_reports(reports, format_)
    for conflict in [c for report in reports for c in report.conflicts][:5]:
        note(f"conflict: {conflict.reason}; {target.url} keeps its own")


def show_reports(reports: list[AppendReport], format_: str | None) -> None:
    """Print what was appended per kind, with a note where nothing was."""
    columns = ["kind", "inserted", "updated", "unchanged", "conflicts"]
    rows = [(r.kind, r.inserted, r.updated, r.unchanged, len(r.conflicts)) for r in reports]
    emit(pd.DataFrame(rows, columns=columns), format_, top=0)
    if not reports:
        note("nothing to copy: the source holds no records")
    elif not any(report.inserted + report.updated for report in reports):
        note("nothing changed: the target holds all these records already")
