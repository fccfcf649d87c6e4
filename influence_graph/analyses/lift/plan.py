"""What a campaign would have to do for this history to show it: asked before it, not after it.

The days to come without the event are a mixture of t, given the days before. An effect is shown where the total is out
of the 95 % of that mixture, so the chance to show an effect δ is the part of the mixture that δ moves out of it: what
simulation of the declared days on the fitted error models gives in the limit of many courses, calculated exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from influence_graph.analyses.checks import is_number, is_whole, require
from influence_graph.analyses.intervals import number_text
from influence_graph.analyses.lift.daily import read_daily
from influence_graph.analyses.lift.growth import GROWTH_LEVEL, growth_of
from influence_graph.analyses.lift.lags import LEVEL
from influence_graph.analyses.lift.predictive import fit
from influence_graph.analyses.lift.series import checked
from influence_graph.analyses.lift.skipped import number_of_day, skipped_days
from influence_graph.analyses.lift.window import LEAST_WINDOWS, window_of
from influence_graph.analyses.result import Displayed
from influence_graph.text import count_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from influence_graph.analyses.lift.daily import Daily
    from influence_graph.analyses.lift.predictive import Ahead, Mixture
    from influence_graph.model.frames import Frame
    from influence_graph.model.parameters import SeriesLiftParameters
    from influence_graph.model.times import Day

    Floats = NDArray[np.float64]

POWER = 0.8
_MOST_DAYS = 90
_POINTS = 61  # of the curve of power


@dataclass(frozen=True, eq=False, repr=False)
class LiftPlan(Displayed):
    """Which effects this history can show.

    Attributes:
        smallest: The smallest total over the declared days that is shown with power 0.8, in the unit of the series.
        smallest_percent: The same in % of what is expected without it; None unless that is above 0.
        power: The chance to show the effect that was asked about over the declared days; None where none was.
        days_needed: The fewest days over which that effect is shown with power 0.8; None where none was asked about, or
            no number of days that this history allows is enough.
        table: One row per number of days; see :meth:`to_frame`.
        curve: By rising total effect over the declared days: effect, percent (of what is expected; missing unless that
            is above 0), power.
        noise_grows: Whether the noise of the history grows, so that none of this may hold.
        parameters: The parameters, as JSON values.
        digest: Digest of the series.
    """

    smallest: float
    smallest_percent: float | None
    power: float | None
    days_needed: int | None
    table: pd.DataFrame
    curve: pd.DataFrame
    noise_grows: bool
    parameters: Mapping[str, Any]
    digest: str

    def to_frame(self) -> pd.DataFrame:
        """Return a row per number of days from 1 on: to the declared one, or up to 90 where an effect was asked about.

        Columns: days, expected (total without the event), smallest (total that is shown with power 0.8),
        smallest_percent (of what is expected), power (of the effect that was asked about; missing where none was).
        """
        return self.table.copy()

    def sentences(self) -> list[str]:
        """Return the findings in words."""
        many = count_text(self.parameters["days"], "day")
        part = "" if self.smallest_percent is None else f" ({number_text(self.smallest_percent)} %)"
        lines = [
            f"Over {many} this history shows a rise of {number_text(self.smallest)}{part} or more in 4 of 5 campaigns."
        ]
        if self.power is not None:
            effect = f"a rise of {number_text(100 * self.parameters['effect'])} %"
            lines.append(f"Over {many} {effect} is shown with a chance of {100 * self.power:.0f} %.")
            lines.append(self._enough(effect))
        if self.noise_grows:
            lines.append("The noise of the history grows: this may not hold on the days to come.")
        return lines

    def _enough(self, effect: str) -> str:
        """Return how many days show *effect*; few may do where many do not, as near days are foretold best."""
        if self.days_needed is None:
            return f"To show {effect} in 4 of 5 campaigns takes more than this history allows."
        if self.days_needed < self.parameters["days"] and (self.power or 0.0) < POWER:
            first = "day" if self.days_needed == 1 else f"{self.days_needed:,} days"
            return f"Over the first {first} alone it is shown in 4 of 5 campaigns, if it begins at once."
        return f"To show {effect} in 4 of 5 campaigns takes {count_text(self.days_needed, 'day')}."

    def _figures(self) -> Mapping[str, object]:
        figures: dict[str, object] = {"days": self.parameters["days"], "smallest": self.smallest}
        if self.smallest_percent is not None:
            figures["percent"] = self.smallest_percent
        return figures | ({} if self.power is None else {"power": self.power})


def lift_plan(
    daily: Frame,
    *,
    days: int,
    effect: float | None = None,
    controls: Sequence[str] = (),
    skip: Iterable[tuple[Day | int, Day | int]] = (),
    options: SeriesLiftParameters | None = None,
) -> LiftPlan:
    """Return which effects of a campaign on the day after the last one the series can show.

    Args:
        daily: One row per day, without gaps: date, value, and a column per control, whose last days are taken to come
            again.
        days: How many days will be declared.
        effect: A rise to ask about, as a part of what is expected: 0.1 for 10 %.
        controls: As for :func:`~influence_graph.analyses.lift.series.series_lift`.
        skip: Spans of days of the history that are not used, as for ``series_lift``.
        options: What the series is made of.

    Raises:
        InputError: *effect* is not above 0, nothing is expected without it of which it could be a part, or as for
            ``series_lift``.

    Example:
        >>> import numpy as np
        >>> import pandas as pd
        >>> value = 100 + np.random.default_rng(0).normal(size=120)
        >>> plan = lift_plan({"date": pd.date_range("2026-01-01", periods=120), "value": value}, days=7, effect=0.1)
        >>> plan.power > 0.99, plan.days_needed
        (True, 1)
    """
    chosen = checked(options)
    require(is_whole(days) and days >= 1, "days", days, "a whole number of 1 or more", "use 14")
    within = effect is None or (is_number(effect) and 0 < effect < np.inf)
    require(within, "effect", effect, "a part above 0, such as 0.1 for 10 %", "leave it out to see the smallest")
    read = read_daily(daily, controls)
    spans = skipped_days(skip)
    used = int(np.count_nonzero(spans.used(number_of_day(read.first) + np.arange(len(read)))))
    longest = days if effect is None else max(days, min(_MOST_DAYS, used // LEAST_WINDOWS))
    window = window_of(_extended(read, longest), read.last + timedelta(days=1), longest, chosen, spans)
    outcome, design = window.outcome[: window.before], window.design[: window.before]
    seen = window.seen[: window.before]
    fitted = fit(outcome, design, window.names, seen)
    ahead = fitted.ahead(window.design[window.before :])
    table = _table(ahead, effect)
    row: Any = table.iloc[days - 1]
    enough = [] if effect is None else table.loc[table["power"] >= POWER, "days"].tolist()
    if effect is not None:
        require(row.expected > 0, "what is expected without it", f"{row.expected:g}", "above 0", "leave out effect")
    return LiftPlan(
        smallest=float(row.smallest),
        smallest_percent=None if np.isnan(row.smallest_percent) else float(row.smallest_percent),
        power=None if effect is None else float(row.power),
        days_needed=int(enough[0]) if enough else None,
        table=table,
        curve=_curve(ahead, row, effect),
        noise_grows=growth_of(fitted, outcome, design, seen) <= GROWTH_LEVEL,
        parameters=asdict(chosen)
        | {"days": days, "effect": effect, "controls": list(read.names)}
        | spans.said(len(read) - used),
        digest=read.digest,
    )


def _extended(read: Daily, days: int) -> Daily:
    """Return the series with *days* more, of which no value is looked at; controls repeat their last days."""
    last = read.controls[-min(days, len(read)) :]
    controls = np.concatenate([read.controls, np.resize(last, (days, read.controls.shape[1]))])
    return replace(read, values=np.concatenate([read.values, np.zeros(days)]), controls=controls)


def _table(ahead: Ahead, effect: float | None) -> pd.DataFrame:
    days = ahead.location.shape[1]
    totals = ahead.of(np.tril(np.ones((days, days))))
    expected = totals.mean
    low, high = totals.quantile(LEVEL / 2), totals.quantile(1 - LEVEL / 2)
    smallest = high - totals.quantile(1 - POWER)  # its chance to be out on the other side is below 10⁻⁴
    above = expected > 0
    percent = np.divide(100 * smallest, expected, out=np.full(days, np.nan), where=above)
    power = np.full(days, np.nan)
    if effect is not None:
        power[above] = power_of(totals, low, high, effect * expected)[above]
    return pd.DataFrame(
        {
            "days": np.arange(1, days + 1),
            "expected": expected,
            "smallest": smallest,
            "smallest_percent": percent,
            "power": power,
        }
    )


def _curve(ahead: Ahead, row: Any, effect: float | None) -> pd.DataFrame:  # noqa: ANN401 - a row of the table
    """Return the power of effects over the declared days, from none to twice the smallest, or what is asked about."""
    most = max(2 * row.smallest, 0.0 if effect is None else 1.2 * effect * row.expected)
    effects = np.linspace(0.0, most, _POINTS)
    days = np.arange(ahead.location.shape[1]) < row.days
    totals = ahead.of(np.tile(days.astype(np.float64), (_POINTS, 1)))
    power = power_of(totals, totals.quantile(LEVEL / 2), totals.quantile(1 - LEVEL / 2), effects)
    percent = 100 * effects / row.expected if row.expected > 0 else np.full(_POINTS, np.nan)
    return pd.DataFrame({"effect": effects, "percent": percent, "power": power})


def power_of(totals: Mixture, low: Floats, high: Floats, effect: Floats) -> Floats:
    """Return the chance that each of *totals*, with *effect* added, is out of *low* to *high*."""
    return 1 - totals.cdf(high - effect) + totals.cdf(low - effect)
