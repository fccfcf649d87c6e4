"""Windows of the days before in which nothing is known to have happened, each forecast from what came before it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.analyses.lift.predictive import fits
from influence_graph.analyses.lift.window import least_before

if TYPE_CHECKING:
    from influence_graph.analyses.lift.window import Window

MOST_WINDOWS = 24
"""At most so many, the last before the event."""
_EXACT = 1e-10


def quiet_windows(window: Window) -> pd.DataFrame:
    """Return the total gap of each window of as many days as declared, end to end up to the event, the last first.

    Only windows with as many days before them as an event needs are looked at, so that each is judged as the event is;
    they do not overlap, but what lasts from one to the next makes neighbors alike. None has a day that is not used.

    Returns:
        Columns start, total (actual less forecast), low, high (95 % of what the total could be), p.
    """
    days = window.days
    ends = np.array([end for end in _ends(window)[::-1] if _can_be_fitted(window, end)], dtype=np.int64)
    made = fits(window.outcome, window.design, ends, seen=window.seen) if ends.size else []
    rows = []
    for end, fitted in zip(ends.tolist(), made, strict=True):
        total = fitted.ahead(window.design[end : end + days]).of(np.ones((1, days)))
        actual = window.outcome[end : end + days].sum()
        start = window.start - timedelta(days=window.before - end)
        low, high = (actual - float(total.quantile(level)[0]) for level in (0.975, 0.025))
        rows.append((start, actual - float(total.mean[0]), low, high, float(total.p_value([actual])[0])))
    return pd.DataFrame(rows[::-1], columns=["start", "total", "low", "high", "p"])


def _ends(window: Window) -> list[int]:
    """Return how many days are before each window, the last first."""
    used = np.concatenate([[0], np.cumsum(window.seen)])
    stop = window.before
    ends: list[int] = []
    while (end := stop - window.days) > 0 and used[end] >= least_before(window.days) and len(ends) < MOST_WINDOWS:
        skipped = np.flatnonzero(~window.seen[end:stop])
        if skipped.size:
            stop = end + int(skipped[-1])
            continue
        ends.append(end)
        stop = end
    return ends


def _can_be_fitted(window: Window, end: int) -> bool:
    """Return whether the first *end* days have no collinear columns, and noise."""
    seen = window.seen[:end]
    outcome, design = window.outcome[:end][seen], window.design[:end][seen]
    _, squares, rank, _ = np.linalg.lstsq(design, outcome)
    noisy = squares.size > 0 and float(squares[0]) > (_EXACT * np.linalg.norm(outcome)) ** 2
    return bool(rank == design.shape[1] and noisy)
