"""What a store knows of its schedules, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pandas as pd

from influence_graph.schedule.record import Became, Known, Runner, TickReport

_SCHEDULERS = ["schedule", "running", "owner", "since", "seen", "next", "last", "became", "done", "failed"]
_TICKS = ["schedule", "tick", "became", "at", "seconds", "covers", "owner", "recalculation", "why"]


def schedulers_frame(found: Sequence[Known], now: datetime) -> pd.DataFrame:
    """Return a row per scheduler, and one per schedule without any: who it is, and its last tick.

    ``last`` and ``became`` are the latest tick and what became of it, ``done`` and ``failed`` how many did so far.
    """
    rows = []
    for each in found:
        latest = each.ticks[0] if each.ticks else None
        rest = (_time(latest), None if latest is None else str(latest.became))
        counts = (each.counts.get(Became.DONE, 0), each.counts.get(Became.FAILED, 0))
        runners: Sequence[Runner | None] = each.runners or (None,)
        for one in runners:
            who = (False, None, None, None, None) if one is None else (one.runs(now), *vars(one).values())
            rows.append((each.name, *who, *rest, *counts))
    return pd.DataFrame(rows, columns=_SCHEDULERS)


def ticks_frame(found: Sequence[Known]) -> pd.DataFrame:
    """Return a row per tick of which the store knows what became of it, latest first."""
    rows = [
        (each.name, _time(one), str(one.became), one.at, one.seconds, one.covers, one.owner, one.recalculation, one.why)
        for each in found
        for one in each.ticks
    ]
    return pd.DataFrame(rows, columns=_TICKS)


def _time(report: TickReport | None) -> datetime | None:
    return None if report is None else datetime.fromisoformat(report.tick.rpartition("@")[2])
