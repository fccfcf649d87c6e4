"""Profit: sales, the recency, frequency and value of purchases, and what customers will buy."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from influence_graph.analyses.brand.concentration import top_share
from influence_graph.analyses.brand.customers import currencies
from influence_graph.analyses.brand.forecast import Forecast, forecast
from influence_graph.analyses.intervals import (
    MIN_OBSERVATIONS,
    Estimate,
    bootstrap,
    dot,
    estimate_text,
    number_text,
    wilson,
)
from influence_graph.analyses.result import Told
from influence_graph.model.display import short_line
from influence_graph.text import count_text

if TYPE_CHECKING:
    from datetime import timedelta

    from numpy.typing import NDArray

    from influence_graph.analyses.brand.bonds import BrandLedger

_ORDER_STEPS = (1, 2, 3, 4, 5, 10)
_BEST = 0.2


@dataclass(frozen=True, eq=False, repr=False)
class Profit(Told):
    """What the brand sold.

    Attributes:
        sales: segment, days, first, last, total, per_day; without rows where there are no sales.
        count: Number of customers with a purchase.
        orders: Number of purchases.
        unknown: Number of them without a value; they count in no mean and in no sum of values.
        currency: What the values are in; empty where the records do not say.
        value: Total value of the others; None where there are none, or where they are in several currencies.
        repeat: Share of customers who bought on two days or more, Wilson; also None where purchases are undated.
        per_customer: Mean value per customer, of those whose purchases all have a value.
        per_order: Mean value per purchase, of those with a value.
        best: Share of the value that comes from the best fifth of the customers of ``per_customer``.
        frequency: from, to (number of days with a purchase), customers, value.
        forecast: What the customers of today will buy.
        unrecorded: Why the days of the purchases are not on record; "" where they are.
        customers: What ``customer_summary`` gives; not part of the JSON.
    """

    sales: pd.DataFrame
    count: int
    orders: int
    unknown: int
    currency: str
    value: float | None
    repeat: Estimate | None
    per_customer: Estimate | None
    per_order: Estimate | None
    best: Estimate | None
    frequency: pd.DataFrame
    forecast: Forecast
    unrecorded: str
    customers: pd.DataFrame = field(metadata={"bulk": True})

    def __repr__(self) -> str:
        figures = {"customers": self.count, "orders": self.orders, "value": self.value}
        return short_line("Profit", figures)

    def sentences(self) -> list[str]:
        """Return the findings in words."""
        lines = [
            f"Sales{' of ' + row['segment'] if row['segment'] else ''}: "
            f"{number_text(row['total'])} on {count_text(row['days'], 'day')}, "
            f"{number_text(row['per_day'])} a day ({row['first']:%Y-%m-%d} to {row['last']:%Y-%m-%d})."
            for row in self.sales.to_dict("records")
        ]
        if not self.count:
            return [*lines, "No purchases are recorded."]
        lines.append(f"{count_text(self.count, 'customer')} placed {count_text(self.orders, 'order')} {self._worth()}.")
        lines.append(f"Bought again on another day: {estimate_text(self.repeat, '{:.1%}', self.unrecorded)}.")
        if self.value is not None:
            per_customer, per_order = estimate_text(self.per_customer), estimate_text(self.per_order)
            best = estimate_text(self.best, "{:.1%}")
            lines.append(f"Value per customer: {per_customer}; per order: {per_order}.")
            lines.append(f"The best {_BEST:.0%} of customers bring {best} of the value.")
        return [*lines, *self.forecast.sentences()]

    def _worth(self) -> str:
        if self.value is None:
            mixed = " and ".join(self.currency.split())
            return f"in {mixed}: their sum cannot be told" if mixed else "of unknown value"
        worth = f"worth {number_text(self.value)}{' ' * bool(self.currency)}{self.currency}"
        return f"{worth}, not counting {self.unknown:,} of unknown value" if self.unknown else worth


def profit(ledger: BrandLedger, sales: pd.DataFrame | None, horizon: timedelta) -> Profit:
    """Return what the brand of *ledger* sold: *sales* records, and purchases among the interactions.

    The intervals of the values resample customers; the forecast is of the time *horizon* after ``as_of``.
    """
    customers, named = ledger.customers.frame, currencies(ledger.customers.events)
    unrecorded = ledger.span().lacks()
    orders, unknown = int(customers["orders"].sum()), int(customers["unknown"].sum())
    valued = unknown < orders and len(named) <= 1
    shown = customers if valued else customers.assign(value=np.nan)
    per_customer, per_order, best = _values(shown)
    return Profit(
        sales=_sales(sales, ledger),
        count=len(customers),
        orders=orders,
        unknown=unknown,
        currency=" ".join(named),
        value=float(shown["value"].sum()) if valued else None,
        repeat=None if unrecorded else wilson(int((customers["frequency"] > 0).sum()), len(customers)),
        per_customer=per_customer,
        per_order=per_order,
        best=best,
        frequency=_frequency(shown).iloc[: 0 if unrecorded else None],
        forecast=forecast(ledger.customers, horizon),
        unrecorded=unrecorded,
        customers=customers,
    )


def _values(customers: pd.DataFrame) -> tuple[Estimate | None, Estimate | None, Estimate | None]:
    """Return the mean value per customer and per order, and the share of the best; unknown values count nowhere."""
    known = customers[customers["value"].notna()]
    value = known["value"].to_numpy(np.float64)
    orders = (known["orders"] - known["unknown"]).to_numpy(np.float64)
    complete = (known["unknown"] == 0).to_numpy(np.float64)
    ranked = np.argsort(-value, kind="stable")

    def statistics(count: NDArray[np.float64]) -> list[float]:
        whole = count * complete
        top = top_share(whole[ranked], value[ranked], _BEST)
        return [dot(whole, value) / max(whole.sum(), 1.0), dot(count, value) / max(dot(count, orders), 1.0), top]

    per_customer, per_order, best = bootstrap(len(known), statistics)
    enough = int(complete.sum()) >= MIN_OBSERVATIONS
    return per_customer if enough else None, per_order, best if enough else None


def _frequency(customers: pd.DataFrame) -> pd.DataFrame:
    """Return customers and value by the number of days with a purchase."""
    days = customers["frequency"].to_numpy() + 1
    rows: list[tuple[Any, ...]] = []
    for low, high in zip(_ORDER_STEPS, [*(step - 1 for step in _ORDER_STEPS[1:]), None], strict=True):
        here = (days >= low) & (days <= (high or np.inf))
        rows.append((low, high, int(here.sum()), float(customers.loc[here, "value"].sum(min_count=1))))
    frame = pd.DataFrame(rows, columns=["from", "to", "customers", "value"]).astype({"to": "Int64"})
    return frame[frame["customers"] > 0].reset_index(drop=True)


def _sales(sales: pd.DataFrame | None, ledger: BrandLedger) -> pd.DataFrame:
    """Return the sales of the brand up to ``as_of`` per segment."""
    columns = ["segment", "days", "first", "last", "total", "per_day"]
    if sales is None or sales.empty:
        return pd.DataFrame(columns=columns)
    own = sales[(sales["brand"] == ledger.brand) & (pd.to_datetime(sales["date"]) <= ledger.as_of.replace(tzinfo=None))]
    segment = own["segment"].fillna("") if "segment" in own else pd.Series("", index=own.index)
    by_segment = own.assign(segment=segment, date=pd.to_datetime(own["date"])).groupby("segment")
    frame = by_segment.agg(
        days=("date", "nunique"), first=("date", "min"), last=("date", "max"), total=("value", "sum")
    )
    return frame.assign(per_day=frame["total"] / frame["days"]).reset_index()[columns]
