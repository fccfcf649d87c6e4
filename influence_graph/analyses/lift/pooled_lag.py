"""When the effects of several events of one kind began: one lag for all of them, each with a size of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from influence_graph.analyses.lift.lags import LEVEL, likeliest_lags
from influence_graph.analyses.lift.series_result import SeriesLift
from influence_graph.analyses.result import Displayed
from influence_graph.errors import InputError
from influence_graph.text import count_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_LEAST = 1e-300  # chance of a lag below which it is rounding
_LIFTS = "give results of series_lift, such as [first, second]"


@dataclass(frozen=True, eq=False, repr=False)
class PooledLag(Displayed):
    """The lag of the first day of the effects of several events: day 0 is that of the event.

    Attributes:
        likeliest: The likeliest lag.
        lags: The lags that together have a chance of 95 % or more, likeliest first taken; ascending.
        chances: Shape (days,): the chance of each lag, if all events have the same and there are effects.
        p: How often as many windows stand out as much where no event has an effect.
        table: One row per event; see :meth:`to_frame`.
        left_out: How many events could not be told.
        parameters: The parameters, as JSON values.
        digest: Digest of the series and of their events.
    """

    likeliest: int
    lags: tuple[int, ...]
    chances: Floats
    p: float
    table: pd.DataFrame
    left_out: int
    parameters: Mapping[str, Any]
    digest: str

    @property
    def clear(self) -> bool:
        """Whether there are effects to date (p up to 0.05), and a lag that they cannot have."""
        return self.p <= LEVEL and (len(self.lags) < self.chances.size or self.chances.size == 1)

    def to_frame(self) -> pd.DataFrame:
        """Return a row per event.

        Columns: start; likeliest, first and last (of its own lags), p (whether there is anything to date), agrees
        (whether the common lag is among its own).
        """
        return self.table.copy()

    def sentences(self) -> list[str]:
        """Return the findings in words."""
        many = count_text(len(self.table), "event")
        if not self.clear:
            lines = [f"When the effects of {many} began cannot be told (p = {self.p:.2g})."]
        else:
            ends = f"{self.lags[0]} to {self.lags[-1]}"
            lines = [f"The effects of {many} began on day {self.likeliest} ({ends}); day 0 is that of the event."]
            apart = int((~self.table["agrees"]).sum())
            if apart:
                lines.append(f"In {apart:,} of them the lag is none of their own: they may not be of one kind.")
        if self.left_out:
            lines.append(f"{count_text(self.left_out, 'event')} could not be told.")
        return lines

    def _figures(self) -> Mapping[str, object]:
        told = f"{self.likeliest} ({self.lags[0]} to {self.lags[-1]})" if self.clear else "cannot tell"
        return {"lag": told, "p": self.p, "events": len(self.table)}


def pooled_lag(lifts: Iterable[SeriesLift]) -> PooledLag:
    """Return on which day after it the effects of events of one kind began, as if it were the same of all.

    The likelihoods of each lag are multiplied: of each event size and length of the effect and the noise are integrated
    by themselves, so they may differ (:mod:`influence_graph.analyses.lift.lags`). Lags up to the shortest horizon are
    compared, each as likely before the data. Whether there is anything to date is asked of all events together, by
    Fisher's product of their p (Heard and Rubin-Delanchy 2018, https://doi.org/10.1093/biomet/asx076).

    Args:
        lifts: Results of :func:`~influence_graph.analyses.lift.series.series_lift`, or what stands ``beside`` a panel,
            one per event. Their horizons must not overlap in one series, or what they say is counted twice. Those of
            which nothing can be told are counted and passed over.

    Raises:
        InputError: One is no such result or is given twice, or there is none of which anything can be told.

    Example:
        >>> import numpy as np
        >>> import pandas as pd
        >>> from influence_graph.analyses.lift.series import series_lift
        >>> value = 20 + np.random.default_rng(0).normal(size=140)
        >>> value[[63, 64, 65, 123, 124, 125]] += 4.0
        >>> daily = {"date": pd.date_range("2026-01-01", periods=140), "value": value}
        >>> first = series_lift(daily, start="2026-03-02", days=10)
        >>> second = series_lift(daily, start="2026-05-01", days=10, skip=[("2026-03-02", "2026-03-11")])
        >>> found = pooled_lag([first, second])
        >>> found.likeliest, found.lags
        (3, (2, 3))
    """
    from scipy.stats import combine_pvalues

    given = _checked(lifts)
    onsets = [(lift, lift.onset) for lift in given if lift.onset is not None]
    if not onsets:
        message = f"of {count_text(len(given), 'event')} there is none of which anything can be told"
        raise InputError(message, remedy=_LIFTS)
    days = min(onset.chances.size for _, onset in onsets)
    logs = sum(np.log(np.maximum(onset.chances[:days], _LEAST)) for _, onset in onsets)
    chances = np.exp(logs - np.max(logs))
    chances = chances / chances.sum()
    likeliest, lags = likeliest_lags(chances)
    rows = [
        {
            "start": lift.parameters["start"],
            "likeliest": onset.likeliest,
            "first": onset.lags[0],
            "last": onset.lags[-1],
            "p": onset.p,
            "agrees": likeliest in onset.lags,
        }
        for lift, onset in onsets
    ]
    return PooledLag(
        likeliest=likeliest,
        lags=lags,
        chances=chances,
        p=float(combine_pvalues([onset.p for _, onset in onsets], method="fisher").pvalue),
        table=pd.DataFrame(rows),
        left_out=len(given) - len(onsets),
        parameters={"events": len(given), "days": days},
        digest=_digest(given),
    )


def _checked(lifts: Iterable[SeriesLift]) -> list[SeriesLift]:
    """Return *lifts*, each of which is one, and there once."""
    given, known = list(lifts), set()
    for lift in given:
        if not isinstance(lift, SeriesLift):
            raise InputError(f"lifts hold a {type(lift).__name__}, must be SeriesLift", remedy=_LIFTS)
        event = lift.digest, lift.parameters["start"]
        if event in known:
            raise InputError(f"the event on {event[1]} is given twice", remedy="give each event once")
        known.add(event)
    if not given:
        raise InputError("there are no events to pool", remedy=_LIFTS)
    return given


def _digest(lifts: list[SeriesLift]) -> str:
    state = hashlib.blake2b(digest_size=16)
    for lift in lifts:
        state.update(f"{lift.digest} {lift.parameters['start']} {lift.parameters['days']}\n".encode())
    return state.hexdigest()
