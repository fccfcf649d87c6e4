"""The lift of repeated campaigns of one or more kinds, whose effects overlap: a smooth effect by lag for each kind.

The value of day t is x_t·β + Σ_k Σ_l f_k(l) n_k(t - l) + σ e_t, with n_k(t) the campaigns of kind k on day t, f_k(l)
the effect l days after one, and e as in :mod:`influence_graph.analyses.lift.predictive`. Each f_k is smooth: its second
differences are independent and normal with variance τ² σ², where f_k is 0 beyond the last lag and free at lag 0 (pinned
there, too, it would be too small). Given error model and τ² all is linear; both are integrated over their restricted
likelihood, τ² over a flat prior of its logarithm. A distributed lag of this kind: Shiller 1973,
https://doi.org/10.2307/1914050.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from influence_graph.analyses.checks import is_whole, require
from influence_graph.analyses.intervals import Estimate, estimate_text
from influence_graph.analyses.lift.daily import days_of, read_daily
from influence_graph.analyses.lift.growth import GROWTH_LEVEL, growth_p, growth_text
from influence_graph.analyses.lift.lag_effects import lag_effects
from influence_graph.analyses.lift.lags import LEVEL
from influence_graph.analyses.lift.predictive import ERRORS, fit
from influence_graph.analyses.lift.series import checked
from influence_graph.analyses.lift.series_result import CANNOT_TELL, status_of
from influence_graph.analyses.lift.window import LEAST_BEFORE, design_of, require_changing
from influence_graph.analyses.result import Displayed
from influence_graph.errors import InputError
from influence_graph.model.frames import as_frame
from influence_graph.model.ids import id_codes
from influence_graph.text import count_text

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import NDArray

    from influence_graph.analyses.lift.daily import Daily
    from influence_graph.analyses.lift.lag_effects import LagEffects
    from influence_graph.analyses.lift.predictive import Mixture
    from influence_graph.model.frames import Frame
    from influence_graph.model.parameters import SeriesLiftParameters

    Floats = NDArray[np.float64]

_ENDS = LEVEL / 2, 1 - LEVEL / 2
_LEAST_LAGS = 2
_SINGULAR = 1e-9
_METHOD = "smooth distributed lag with AR(1) and white noise, error models integrated"


@dataclass(frozen=True, eq=False, repr=False)
class RepeatedLift(Displayed):
    """How much campaigns of each kind lifted a daily series, by the days since one.

    Attributes:
        totals: One row per kind: kind, campaigns (on the days of the data), total (of one campaign, over the declared
            days) with low and high (95 %), p (two-sided), status (``higher``, ``lower``, ``no clear change`` or
            ``cannot tell``). Numbers are missing where it cannot be told.
        together: What all campaigns did over all days of the data, with the 95 % interval; None where it cannot be
            told.
        table: One row per kind and lag; see :meth:`to_frame`.
        reason: Why it cannot be told, in words; None where it can.
        parameters: The parameters, as JSON values.
        digest: Digest of the series.
    """

    totals: pd.DataFrame
    together: Estimate | None
    table: pd.DataFrame
    reason: str | None
    parameters: Mapping[str, Any]
    digest: str

    def to_frame(self) -> pd.DataFrame:
        """Return a row per kind and lag: kind, day (since the campaign), effect, low, high (95 % of each by itself)."""
        return self.table.copy()

    def sentences(self) -> list[str]:
        """Return the findings in words."""
        if self.together is None:
            return [f"What the campaigns did cannot be told: {self.reason}."]
        many = count_text(self.parameters["days"], "day")
        lines = [self._sentence(row, many) for row in self.totals.to_dict("records")]
        return [*lines, f"All campaigns together: {estimate_text(self.together, '+')}."]

    def _sentence(self, row: Mapping[Hashable, Any], many: str) -> str:
        total = estimate_text(Estimate(row["total"], row["low"], row["high"], row["campaigns"], _METHOD), "+")
        seen, kind = count_text(row["campaigns"], "campaign"), row["kind"]
        return f"A campaign of the kind {kind}: {total} over {many} (p = {row['p']:.2g}; {seen}): {row['status']}."

    def _figures(self) -> Mapping[str, object]:
        if self.together is None:
            return {"status": CANNOT_TELL, "days": self.parameters["days"]}
        return dict(zip(self.totals["kind"], self.totals["total"], strict=True)) | {"days": self.parameters["days"]}


def repeated_lift(
    daily: Frame,
    campaigns: Frame,
    *,
    days: int,
    controls: Sequence[str] = (),
    options: SeriesLiftParameters | None = None,
) -> RepeatedLift:
    """Return what campaigns did that were repeated, of kinds whose effects overlap, over days declared beforehand.

    Args:
        daily: One row per day, without gaps: date, value, and a column per control.
        campaigns: One row per campaign: kind, date; two of a kind on one day count twice.
        days: How many days from a campaign on may have an effect, ≥ 2.
        controls: Columns that follow the series, and that no campaign touched.
        options: What the series is made of.

    Raises:
        InputError: There are no campaigns, or one is not on a day of the data; fewer than 28 days have none in the
            declared days before them; kinds follow each other at one fixed distance, or the effects cannot be told
            apart for another reason; or as for :func:`~influence_graph.analyses.lift.series.series_lift`.
    """
    chosen = checked(options)
    require(is_whole(days) and days >= _LEAST_LAGS, "days", days, f"a whole number of {_LEAST_LAGS} or more", "use 14")
    read = read_daily(daily, controls)
    kinds, counts = _counted(read, campaigns)
    lagged = np.concatenate([_lagged(count, days) for count in counts], axis=1)
    design, names = _design(read, chosen)
    require_changing(read.values, "the outcome", "")
    fit(read.values, design, names)  # which refuses what cannot be fitted even without campaigns
    _require_separable(kinds, counts, lagged, design)
    posterior = lag_effects(read.values, design, lagged, days)
    reason = _growing(posterior, read.values, design, lagged)
    return RepeatedLift(
        totals=_totals(kinds, counts, posterior, known=reason is None),
        together=None if reason else _estimate(posterior.of(lagged.sum(axis=0)[None, :]), len(read)),
        table=_by_lag(kinds, posterior, known=reason is None),
        reason=reason,
        parameters=asdict(chosen) | {"days": days, "controls": list(read.names)},
        digest=read.digest,
    )


def _counted(read: Daily, campaigns: Frame) -> tuple[list[str], NDArray[np.int64]]:
    """Return the kinds, and how many campaigns of each were on each day; shape (kinds, days)."""
    frame = as_frame(campaigns, "campaigns", ("kind", "date"), ("kind", "date"))
    if not len(frame):
        raise InputError("there are no campaigns", remedy="give at least two of a kind")
    names, (codes,) = id_codes(frame["kind"])
    place = (days_of(frame["date"], "date") - np.datetime64(read.first)).astype(np.int64)
    outside = np.flatnonzero((place < 0) | (place >= len(read)))
    if outside.size:
        message = f"the campaign on {read.day(int(place[outside[0]]))} is not on a day from {read.first} to {read.last}"
        raise InputError(message, remedy="give these days, too, or leave it out")
    counts = np.zeros((len(names), len(read)), dtype=np.int64)
    np.add.at(counts, (codes, place), 1)
    return [str(name) for name in names], counts


def _lagged(count: NDArray[np.int64], days: int) -> Floats:
    """Return how many campaigns were each number of days before each day; shape (days of the data, lags)."""
    padded = np.concatenate([np.zeros(days - 1), count])
    return np.lib.stride_tricks.sliding_window_view(padded, days)[:, ::-1].copy()


def _design(read: Daily, options: SeriesLiftParameters) -> tuple[Floats, tuple[str, ...]]:
    trend = not read.names if options.trend is None else options.trend
    design, names = design_of(read.first, len(read), len(read), (options.weekday, trend))
    named = (f"the control {name!r}" for name in read.names)
    return np.column_stack([design, read.controls]), (*names, *named)


def _require_separable(kinds: list[str], counts: NDArray[np.int64], lagged: Floats, design: Floats) -> None:
    """Refuse effects that the days cannot tell apart."""
    quiet = int((lagged.sum(axis=1) == 0).sum())
    remedy = "give more days without campaigns, or declare fewer"
    require(quiet >= LEAST_BEFORE, "the number of days without a campaign", quiet, f"at least {LEAST_BEFORE}", remedy)
    days = lagged.shape[1] // len(kinds)
    for one, other in combinations(range(len(kinds)), 2):
        gap = _fixed_gap(counts[one], counts[other])
        if gap is not None and abs(gap) < days:
            seen = f"each {kinds[other]!r} is {_apart_text(gap)} a {kinds[one]!r}"
            remedy = "count them as one kind, or vary the distance"
            raise InputError(f"{seen}: their effects cannot be told apart", remedy=remedy)
    columns = np.concatenate([design, lagged], axis=1)
    length = np.sqrt(np.einsum("tc,tc->c", columns, columns))
    new = np.abs(np.diagonal(np.linalg.qr(columns / np.where(length > 0, length, 1.0), mode="r")))
    if len(columns) <= columns.shape[1] or new.min() < _SINGULAR:
        message = "the effects of the campaigns by lag cannot be told apart, or not from the days of the week"
        raise InputError(message, remedy="declare fewer days, or give more campaigns at other distances")


def _fixed_gap(one: NDArray[np.int64], other: NDArray[np.int64]) -> int | None:
    """Return by how many days the campaigns *other* follow those of *one*, None unless all at the same distance."""
    first, second = np.flatnonzero(one), np.flatnonzero(other)
    gap = int(second[0] - first[0])
    alike = np.array_equal(first + gap, second) and np.array_equal(one[first], other[second])
    return gap if alike else None


def _apart_text(gap: int) -> str:
    return "on the day of" if gap == 0 else f"{count_text(abs(gap), 'day')} {'after' if gap > 0 else 'before'}"


def _growing(posterior: LagEffects, outcome: Floats, design: Floats, lagged: Floats) -> str | None:
    """Return why nothing can be told if the noise grows, else None."""
    model = int(posterior.model[np.argmax(posterior.weight)])
    left = outcome - lagged @ posterior.likeliest
    p = growth_p(left - design @ fit(left, design).coefficients[model], ERRORS, model)
    return growth_text(p) if p <= GROWTH_LEVEL else None


def _totals(kinds: list[str], counts: NDArray[np.int64], posterior: LagEffects, known: bool) -> pd.DataFrame:
    """Return a row per kind."""
    days = len(posterior.effects) // len(kinds)
    rows = np.repeat(np.eye(len(kinds)), days, axis=1)
    frame = _frame(posterior.of(rows), "total", known)
    p = posterior.of(rows).p_value(np.zeros(len(kinds)))
    status = [status_of(*one) if known else CANNOT_TELL for one in zip(frame["total"], p, strict=True)]
    frame.insert(0, "kind", kinds)
    frame.insert(1, "campaigns", counts.sum(axis=1))
    return frame.assign(p=p if known else np.nan, status=status)


def _by_lag(kinds: list[str], posterior: LagEffects, known: bool) -> pd.DataFrame:
    """Return a row per kind and lag."""
    days = len(posterior.effects) // len(kinds)
    frame = _frame(posterior.of(np.eye(len(posterior.effects))), "effect", known)
    frame.insert(0, "kind", np.repeat(np.array(kinds, dtype=object), days))
    frame.insert(1, "day", np.tile(np.arange(days), len(kinds)))
    return frame


def _frame(numbers: Mixture, name: str, known: bool) -> pd.DataFrame:
    low, high = (numbers.quantile(level) for level in _ENDS)
    frame = pd.DataFrame({name: numbers.mean, "low": low, "high": high})
    return frame if known else frame * np.nan


def _estimate(number: Mixture, count: int) -> Estimate:
    """Return the first of the numbers with its interval."""
    value, low, high = (float(part[0]) for part in (number.mean, *(number.quantile(level) for level in _ENDS)))
    return Estimate(value, min(low, value), max(high, value), count, _METHOD)
