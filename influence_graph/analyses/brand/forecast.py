"""What customers will buy: purchases and their value in the time to come, with intervals. Customer lifetime value.

Days with a purchase follow :mod:`influence_graph.analyses.brand.buying`, their value
:mod:`influence_graph.analyses.brand.spending`. An interval has three parts of what is not known: the parameters (each
draw from their posterior is used), chance (for each draw, one future of every customer is simulated), and how far the
models are from the brand's customers, who have seasons and fashions: the same forecast is made for the last part of
the record from what came before it, and the interval of a total is widened by the error seen there. Values are
not discounted: a year is short against the width of the intervals, and what interest to take is the user's choice.
Only customers of today are counted, no new ones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.analyses.brand.buying import Buying, Histories
from influence_graph.analyses.brand.customers import Customers, currencies, customers_until, spent_of, summary
from influence_graph.analyses.brand.spending import Spending, Spent, correlation, fit_spending
from influence_graph.analyses.checks import checked_span
from influence_graph.analyses.interactions.ledger import MICROS_PER_DAY
from influence_graph.analyses.intervals import Estimate, estimate_text
from influence_graph.errors import InputError, NotConverged
from influence_graph.model.display import short_line
from influence_graph.model.frames import Frame
from influence_graph.model.parameters import BrandParameters
from influence_graph.model.times import Time
from influence_graph.model.touchpoints import TouchpointTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.interactions.ledger import Ledger

    Floats = NDArray[np.float64]

_ENDS = (0.025, 0.975)
_AVERAGED = 25
_CHUNK = 4_000_000
_COLUMNS = ("p_alive", "expected_purchases", "purchases_low", "purchases_high")
_VALUES = ("expected_value", "value_low", "value_high")


@dataclass(frozen=True)
class PastForecast:
    """The same forecast of the last ``days`` of the record, from what came before, and what really came.

    Attributes:
        days: Length of that time: the horizon, at most half the record.
        purchases: Forecast number of days with a purchase.
        purchases_came: What came.
        value: Forecast value; None where it cannot be told.
        value_came: What came.
    """

    days: int
    purchases: float
    purchases_came: float
    value: float | None
    value_came: float

    def errors(self) -> tuple[float, float]:
        """Return how far the logarithms of both forecasts are from what came; 0 where one of them is not above 0."""
        return _distance(self.purchases, self.purchases_came), _distance(self.value or 0.0, self.value_came)


@dataclass(frozen=True, eq=False, repr=False)
class Forecast:
    """What the customers of today will buy in the next ``days``, not discounted.

    Attributes:
        days: Length of the time to come.
        recorded: Length of the record in days, from the first purchase.
        purchases: Number of days with a purchase, over all customers.
        value: Their value.
        unknown: Why ``purchases`` is None; empty where it is not.
        value_unknown: Why ``value`` is None; empty where it is not.
        past: How well the same forecast would have done before; None where the record is too short to try.
        correlation: Rank correlation of number and mean value of orders; the model takes it as 0.
        customers: consumer, p_alive, expected_purchases, purchases_low, purchases_high, expected_value, value_low,
            value_high; NaN where not known; not part of the JSON.
    """

    days: float
    recorded: float
    purchases: Estimate | None
    value: Estimate | None
    unknown: str
    value_unknown: str
    past: PastForecast | None
    correlation: Estimate | None
    customers: pd.DataFrame = field(metadata={"bulk": True})

    def __repr__(self) -> str:
        figures = {"days": self.days, "purchases": estimate_text(self.purchases), "value": estimate_text(self.value)}
        return short_line("Forecast", figures)

    def sentences(self) -> list[str]:
        """Return the findings in words."""
        ahead = f"Forecast of the next {self.days:g} days, today's customers"
        if self.purchases is None:
            return [f"{ahead}: cannot tell, {self.unknown}."]
        lines = [f"{ahead}: days with a purchase {estimate_text(self.purchases, '{:,.0f}')}."]
        if self.past is None:
            lines.append("The record is too short to try the forecast on its own past.")
        else:
            tried = f"{self.past.purchases:,.0f} days with a purchase, {self.past.purchases_came:,.0f} came"
            lines.append(f"Tried on the last {self.past.days:,} days of the record: forecast {tried}.")
        if self.days > self.recorded:
            lines.append(f"It looks further ahead than the record of {self.recorded:g} days looks back.")
        if self.value is None:
            return [*lines, f"Their value: cannot tell, {self.value_unknown}."]
        lines.append(f"Their value, not discounted: {estimate_text(self.value)}.")
        if self.correlation is not None and self.correlation.low * self.correlation.high > 0:
            more = "more" if self.correlation.value > 0 else "less"
            text = f"Who buys more often pays {more} per order (rank correlation {estimate_text(self.correlation)})"
            lines.append(f"{text}; the forecast of the value takes the two as independent.")
        return lines


def customer_forecast(
    interactions: Frame,
    brand: str | None = None,
    until: Time | None = None,
    horizon: timedelta = BrandParameters.horizon,
    table: TouchpointTable | None = None,
) -> pd.DataFrame:
    """Return what each customer is expected to buy in the time *horizon* after *until*.

    Args:
        interactions: Interaction records; good votes by wallet toward the brand are purchases.
        brand: Only purchases from this brand; default: from any.
        until: End of the observed time; default: the latest time in *interactions*.
        table: What kinds mean; default the built-in table.
        horizon: Length of the time to come, above 0; default a year.

    Returns:
        consumer, p_alive (the probability that it has not left for good), expected_purchases (days with a purchase),
        purchases_low, purchases_high, expected_value, value_low, value_high (95 % intervals; NaN where values cannot be
        told); ordered by consumer. ``attrs`` has the :class:`Forecast` of all together in words, as "sentences".

    Raises:
        NotFound: *brand* does not occur in *interactions*.
        InputError: There are too few customers or repeat purchases for a forecast, or the record is too short.

    Example:
        >>> import numpy as np, pandas as pd
        >>> day, who = np.arange(60) % 40 * 3, np.arange(60) % 40
        >>> bought = pd.DataFrame({"event_id": np.arange(60).astype(str), "consumer": who.astype(str), "brand": "acme",
        ...     "at": pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(day + (np.arange(60) >= 40) * 9, "D"),
        ...     "kind": "purchase"})
        >>> customer_forecast(bought)["p_alive"].between(0, 1).all().item()
        True
    """
    checked_span("horizon", horizon)
    found = forecast(customers_until(interactions, brand, until, table), horizon)
    if found.purchases is None:
        raise InputError(f"cannot tell: {found.unknown}", remedy="use customer_summary, or more records")
    found.customers.attrs["sentences"] = found.sentences()
    return found.customers


def forecast(customers: Customers, horizon: timedelta) -> Forecast:
    """Return what *customers* will buy in the time *horizon* after the end of their record."""
    days = horizon / timedelta(days=1)
    purchases, histories = customers.events, customers.histories
    spent, paying = spent_of(purchases)
    names = customers.frame[["consumer"]]
    empty = names.reindex(columns=["consumer", *_COLUMNS, *_VALUES]).astype(dict.fromkeys([*_COLUMNS, *_VALUES], float))
    recorded = float(histories.age.max(initial=0.0))
    buying, unknown = customers.buying
    if buying is None:
        return Forecast(days, recorded, None, None, unknown, unknown, None, None, empty)
    spending, value_unknown = _spending(purchases, spent, paying)
    totals, frame = _futures(buying, spending, histories, spent, days)
    counts = empty.assign(**frame)
    past = _past(customers, min(days, recorded / 2))
    method = f"modified BG/NBD{'' if spending is None else ', Gamma-Gamma'}; {len(buying.draws):,} simulated futures"
    summed = [
        _estimate(counts[name], drawn * _widening(len(drawn), error), method)
        for (name, drawn), error in zip(totals.items(), (0.0, 0.0) if past is None else past.errors(), strict=False)
    ]
    value = None if spending is None else summed[1]
    return Forecast(days, recorded, summed[0], value, "", value_unknown, past, correlation(spent), counts)


def _past(customers: Customers, days: float) -> PastForecast | None:
    """Return the forecast of the last *days* of the record of *customers* from what came before."""
    purchases, end = customers.events, customers.end
    day, last = purchases.at // MICROS_PER_DAY, end // MICROS_PER_DAY - int(days)
    earlier = purchases.take(day <= last)
    then = Customers(earlier, last * MICROS_PER_DAY)
    buying, _ = then.buying
    if buying is None:
        return None
    expected = buying.expected_purchases(then.histories, int(days))
    spent, paying = spent_of(earlier)
    spending, _ = _spending(earlier, spent, paying)
    value = None if spending is None else float((expected * spending.expected_value(spent)).sum())
    known = np.isin(purchases.consumer.codes, np.unique(earlier.consumer.codes))
    came = summary(purchases.take((day > last) & known), end)
    total = float(came["value"].sum())
    return PastForecast(int(days), float(expected.sum()), float((came["frequency"] + 1).sum()), value, total)


def _distance(forecast: float, came: float) -> float:
    return abs(math.log(came / forecast)) if min(forecast, came) > 0 else 0.0


def _widening(draws: int, error: float) -> Floats:
    """Return factors whose logarithms have the standard deviation *error*."""
    factors: Floats = np.exp(error * np.random.default_rng(1).standard_normal(draws))
    return factors


def _spending(purchases: Ledger, spent: Spent, paying: float) -> tuple[Spending | None, str]:
    """Return the model of spending, or None and why there is none."""
    named = currencies(purchases)
    if len(named) > 1:
        return None, f"values are in {' and '.join(named)}"
    try:
        spending = fit_spending(spent, paying)
    except (InputError, NotConverged) as error:
        return None, error.message
    if np.isinf(spending.expected_value(spent)).any():
        return None, "values differ so much that their mean is not finite"
    return spending, ""


def _futures(
    buying: Buying, spending: Spending | None, histories: Histories, spent: Spent, days: float
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Return the totals of each draw by name of column, and the columns of the customers."""
    draws = len(buying.draws)
    rng = np.random.default_rng(0)
    step = max(_CHUNK // draws, 1)
    totals = {name: np.zeros(draws) for name in ("expected_purchases", *(["expected_value"] if spending else []))}
    parts = []
    for start in range(0, len(histories), step):
        rows = slice(start, start + step)
        some, paid = histories.take(rows), Spent(spent.orders[rows], spent.total[rows])
        count = np.array([buying.simulated(some, days, each, rng) for each in buying.draws])
        totals["expected_purchases"] += count.sum(axis=1)
        averaged = buying.draws[:: max(draws // _AVERAGED, 1)]
        expected = np.mean([buying.expected_purchases(some, days, each) for each in averaged], axis=0)
        alive = np.mean([buying.p_alive(some, each) for each in buying.draws], axis=0)
        part = dict(zip(_COLUMNS, (alive, expected, *np.quantile(count, _ENDS, axis=0)), strict=True))
        if spending is not None:
            parameters = spending.draws[np.arange(draws) % len(spending.draws)]
            value = np.array([spending.simulated(paid, n, p, rng) for n, p in zip(count, parameters, strict=True)])
            totals["expected_value"] += value.sum(axis=1)
            mean = expected * spending.expected_value(paid)
            part |= dict(zip(_VALUES, (mean, *np.quantile(value, _ENDS, axis=0)), strict=True))
        parts.append(part)
    return totals, {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _estimate(expected: pd.Series[float], drawn: Floats, method: str) -> Estimate:
    low, high = np.quantile(drawn, _ENDS)
    value = float(expected.sum())
    return Estimate(value, min(float(low), value), max(float(high), value), len(expected), method)
