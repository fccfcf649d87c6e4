"""Profit: sales, and the recency, frequency and value of purchases."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from influence_graph.analyses.brand.concentration import top_share
from influence_graph.analyses.interactions.ledger import MICROS_PER_DAY, checked_as_of, read_ledger, to_micros
from influence_graph.analyses.intervals import Estimate, bootstrap, dot, estimate_text, number_text, wilson
from influence_graph.model.display import short_line
from influence_graph.text import count_text

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from influence_graph.analyses.brand.bonds import BrandLedger
    from influence_graph.analyses.interactions.ledger import Ledger

PURCHASES = ("purchase", "repeat_purchase", "subscription")
"""Kinds of interaction that are purchases; their ``weight`` is the value of the order."""
_ORDER_STEPS = (1, 2, 3, 4, 5, 10)
_BEST = 0.2


@dataclass(frozen=True, eq=False, repr=False)
class Profit:
    """What the brand sold.

    Attributes:
        sales: segment, days, first, last, total, per_day; without rows where there are no sales.
        count: Number of customers with a purchase.
        orders: Number of purchases.
        value: Their total value, None where no purchase has a weight.
        repeat: Share of customers who bought on two days or more, Wilson; also None where purchases are undated.
        per_customer: Mean value per customer.
        per_order: Mean value per purchase.
        best: Share of the value that comes from the best fifth of the customers.
        frequency: from, to (number of days with a purchase), customers, value.
        unrecorded: Why the days of the purchases are not on record; "" where they are.
        customers: What :func:`customer_summary` gives; not part of the JSON.
    """

    sales: pd.DataFrame
    count: int
    orders: int
    value: float | None
    repeat: Estimate | None
    per_customer: Estimate | None
    per_order: Estimate | None
    best: Estimate | None
    frequency: pd.DataFrame
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
        worth = "of unknown value" if self.value is None else f"worth {number_text(self.value)}"
        lines.append(f"{count_text(self.count, 'customer')} placed {count_text(self.orders, 'order')} {worth}.")
        lines.append(f"Bought again on another day: {estimate_text(self.repeat, '{:.1%}', self.unrecorded)}.")
        if self.value is None:
            return lines
        per_customer, per_order = estimate_text(self.per_customer), estimate_text(self.per_order)
        lines.append(f"Value per customer: {per_customer}; per order: {per_order}.")
        return [*lines, f"The best {_BEST:.0%} of customers bring {estimate_text(self.best, '{:.1%}')} of the value."]


def profit(ledger: BrandLedger, sales: pd.DataFrame | None) -> Profit:
    """Return what the brand of *ledger* sold: *sales* records, and purchases among the interactions.

    The intervals of the values resample customers.
    """
    purchases = _purchases(ledger.direct())
    customers = _summary(purchases, to_micros(ledger.as_of))
    value, orders = (customers[name].to_numpy(np.float64) for name in ("value", "orders"))
    ranked = np.argsort(-value, kind="stable")

    def statistics(count: NDArray[np.float64]) -> list[float]:
        people, total = float(count.sum()), dot(count, value)
        top = top_share(count[ranked], value[ranked], _BEST)
        return [total / max(people, 1.0), total / max(dot(count, orders), 1.0), top]

    unrecorded = ledger.span().lacks()
    valued = purchases.weight is not None and not np.isnan(purchases.weight).all()
    per_customer, per_order, best = bootstrap(len(customers), statistics) if valued else (None, None, None)
    return Profit(
        sales=_sales(sales, ledger),
        count=len(customers),
        orders=int(orders.sum()),
        value=float(value.sum()) if valued else None,
        repeat=None if unrecorded else wilson(int((customers["frequency"] > 0).sum()), len(customers)),
        per_customer=per_customer,
        per_order=per_order,
        best=best,
        frequency=_frequency(customers if valued else customers.assign(value=np.nan)).iloc[: 0 if unrecorded else None],
        unrecorded=unrecorded,
        customers=customers,
    )


def customer_summary(
    interactions: pd.DataFrame | pa.Table, brand: str | None = None, until: datetime | str | None = None
) -> pd.DataFrame:
    """Return recency, frequency and value of every customer, in the definitions of Fader & Hardie.

    Purchases of one day are one: frequency counts the days with a purchase after the first. Source:
    Fader, Hardie & Lee 2005, https://doi.org/10.1287/mksc.1040.0098. No expected purchases are given:
    this is a description of the past.

    Args:
        interactions: Interaction records; those of the kinds in :data:`PURCHASES` are purchases, and
            their ``weight`` is the value of the order (not known: 0).
        brand: Only purchases from this brand; default: from any.
        until: End of the observed time; default: the latest time in *interactions*.

    Returns:
        Columns consumer, frequency, recency and age (days from the first purchase to the last one, and
        to *until*), orders, value; ordered by consumer.

    Example:
        >>> import pandas as pd
        >>> bought = pd.DataFrame({"event_id": ["1", "2"], "at": ["2026-01-01T00:00:00Z", "2026-01-15T00:00:00Z"],
        ...                        "consumer": "ann", "brand": "acme", "kind": "purchase", "weight": [10.0, 20.0]})
        >>> customer_summary(bought).to_dict("list")["recency"], customer_summary(bought)["value"].tolist()
        ([14], [30.0])
    """
    ledger = read_ledger(interactions)
    end = checked_as_of(until) or ledger.latest()
    known = ledger if end is None else ledger.as_known_at(end)
    if brand is not None:
        known = known.take(np.array([*(known.brand.names == brand)], np.bool_)[known.brand.codes])
    return _summary(_purchases(known), 0 if end is None else to_micros(end))


def _purchases(ledger: Ledger) -> Ledger:
    names = [] if ledger.kind is None else ledger.kind.names.tolist()
    is_purchase = np.array([*(name.strip().casefold() in PURCHASES for name in names), False])
    return ledger.take(is_purchase[np.full(len(ledger), -1) if ledger.kind is None else ledger.kind.codes])


def _summary(purchases: Ledger, end: int) -> pd.DataFrame:
    """Return one row per customer of *purchases*, observed until *end* (µs)."""
    buyers, code = np.unique(purchases.consumer.codes, return_inverse=True)
    day = purchases.at // MICROS_PER_DAY
    order = np.lexsort((day, code))
    customer, on = code[order], day[order]
    first = np.searchsorted(customer, np.arange(buyers.size))
    last = np.searchsorted(customer, np.arange(buyers.size), side="right") - 1
    new_day = np.ones(customer.size, np.bool_)
    new_day[1:] = (customer[1:] != customer[:-1]) | (on[1:] != on[:-1])
    value = np.zeros(len(purchases)) if purchases.weight is None else np.nan_to_num(purchases.weight)
    return pd.DataFrame(
        {
            "consumer": purchases.consumer.names[buyers],
            "frequency": np.bincount(customer[new_day], minlength=buyers.size) - 1,
            "recency": on[last] - on[first],
            "age": end // MICROS_PER_DAY - on[first],
            "orders": np.bincount(customer, minlength=buyers.size),
            "value": np.bincount(code, value, buyers.size),
        }
    )


def _frequency(customers: pd.DataFrame) -> pd.DataFrame:
    """Return customers and value by the number of days with a purchase."""
    days = customers["frequency"].to_numpy() + 1
    rows: list[tuple[Any, ...]] = []
    for low, high in zip(_ORDER_STEPS, [*(step - 1 for step in _ORDER_STEPS[1:]), None], strict=True):
        here = (days >= low) & (days <= (high or np.inf))
        rows.append((low, high, int(here.sum()), float(customers.loc[here, "value"].sum(skipna=False))))
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
