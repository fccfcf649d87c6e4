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
    they do not overlap, but what lasts from one to the next makes neighbors alike.

    Returns:
        Columns start, total (actual less forecast), low, high (95 % of what the total could be), p.
    """
    days, least = window.days, least_before(window.days)
    ends = np.arange(window.before - days, least - 1, -days)[:MOST_WINDOWS][::-1]
    ends = np.array([end for end in ends if _can_be_fitted(window, int(end))], dtype=np.int64)
    rows = []
    for end, fitted in zip(ends.tolist(), fits(window.outcome, window.design, ends) if ends.size else [], strict=True):
        total = fitted.ahead(window.design[end : end + days]).of(np.ones((1, days)))
        actual = window.outcome[end : end + days].sum()
        start = window.start - timedelta(days=window.before - end)
        low, high = (actual - float(total.quantile(level)[0]) for level in (0.975, 0.025))
        rows.append((start, actual - float(total.mean[0]), low, high, float(total.p_value([actual])[0])))
    return pd.DataFrame(rows[::-1], columns=["start", "total", "low", "high", "p"])


def _can_be_fitted(window: Window, end: int) -> bool:
    """Return whether the first *end* days have no collinear columns, and noise."""
    outcome, design = window.outcome[:end], window.design[:end]
    _, squares, rank, _ = np.linalg.lstsq(design, outcome)
    noisy = squares.size > 0 and float(squares[0]) > (_EXACT * np.linalg.norm(outcome)) ** 2
    return bool(rank == design.shape[1] and noisy)
