"""Customers: who bought, how often, when last, and for how much."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from influence_graph.analyses.brand.buying import Buying, Histories, fit_buying
from influence_graph.analyses.brand.spending import Spent
from influence_graph.analyses.interactions.ledger import (
    MICROS_PER_DAY,
    Ledger,
    read_ledger,
    to_micros,
)
from influence_graph.analyses.interactions.meaning import TO_BRAND, meaning_of
from influence_graph.errors import InputError, NotConverged, NotFound
from influence_graph.model.display import short_line
from influence_graph.model.frames import Frame
from influence_graph.model.ids import id_text
from influence_graph.model.times import Time, checked_as_of
from influence_graph.model.touchpoints import TouchpointTable
from influence_graph.text import did_you_mean


@dataclass(frozen=True, eq=False, repr=False)
class Customers:
    """Consumers of the same ``events``, observed until ``end`` (µs); what is derived from them is calculated once."""

    events: Ledger
    end: int

    def __repr__(self) -> str:
        return short_line("Customers", {"count": len(self.frame), "events": len(self.events)})

    @cached_property
    def frame(self) -> pd.DataFrame:
        """Their :func:`summary`."""
        return summary(self.events, self.end)

    @cached_property
    def histories(self) -> Histories:
        """What the model of buying needs of them, in the order of ``frame``."""
        return Histories(*(self.frame[name].to_numpy(np.float64) for name in ("frequency", "recency", "age")))

    @cached_property
    def buying(self) -> tuple[Buying | None, str]:
        """The model of their days, or None and why there is none."""
        try:
            return fit_buying(self.histories), ""
        except (InputError, NotConverged) as error:
            return None, error.message


def customer_summary(
    interactions: Frame,
    brand: str | None = None,
    until: Time | None = None,
    table: TouchpointTable | None = None,
) -> pd.DataFrame:
    """Return recency, frequency and value of every customer, in the definitions of Fader & Hardie.

    Purchases of one day are one: frequency counts the days with a purchase after the first. Source:
    Fader, Hardie & Lee 2005, https://doi.org/10.1287/mksc.1040.0098. This is a description of the past;
    :func:`influence_graph.customer_forecast` gives what may come.

    Args:
        interactions: Interaction records; good votes by wallet toward the brand are purchases, and their ``value``
            is that of the order.
        brand: Only purchases from this brand; default: from any.
        until: End of the observed time; default: the latest time in *interactions*.
        table: What kinds mean; default the built-in table.

    Returns:
        Columns consumer, frequency, recency and age (days from the first purchase to the last one, and
        to *until*), orders, unknown (how many of them have no value), value (of the others, NaN where there
        are none); ordered by consumer.

    Raises:
        NotFound: *brand* does not occur in *interactions*.
        InputError: A column is missing, or a value is out of its limits.

    Example:
        >>> import pandas as pd
        >>> bought = pd.DataFrame({"event_id": ["1", "2"], "at": ["2026-01-01T00:00:00Z", "2026-01-15T00:00:00Z"],
        ...                        "consumer": "ann", "brand": "acme", "kind": "purchase", "value": [10.0, 20.0]})
        >>> customer_summary(bought).to_dict("list")["recency"], customer_summary(bought)["value"].tolist()
        ([14], [30.0])
    """
    return customers_until(interactions, brand, until, table).frame


def customers_until(
    interactions: Frame,
    brand: str | None,
    until: Time | None,
    table: TouchpointTable | None,
) -> Customers:
    """Return who bought *brand*, as known at *until*; see :func:`customer_summary`."""
    ledger = read_ledger(interactions)
    end = checked_as_of(until, "until") or ledger.latest()
    known = ledger if end is None else ledger.as_known_at(end)
    if brand is not None:
        known = known.take((known.brand.names == _known(brand, ledger))[known.brand.codes])
    return Customers(purchases_of(known, table or TouchpointTable.load()), 0 if end is None else to_micros(end))


def _known(brand: object, ledger: Ledger) -> str:
    name = id_text(brand)
    if name not in ledger.brand.names:
        remedy = did_you_mean(name, ledger.brand.names, "list the brands with fusion_scores")
        raise NotFound(f"no brand {name!r} among the {len(ledger.brand.names):,} of the interactions", remedy=remedy)
    return name


def purchases_of(ledger: Ledger, table: TouchpointTable) -> Ledger:
    """Return the interactions that are purchases by *table*."""
    return ledger.take(meaning_of(ledger, table).purchases())


def life_of(ledger: Ledger, table: TouchpointTable) -> Ledger:
    """Return the interactions that show a bond alive: good ones that the consumer gives, or votes by."""
    meaning = meaning_of(ledger, table)
    return ledger.take((meaning.valence > 0) & ((meaning.side == TO_BRAND) | (meaning.vote >= 0)))


def currencies(purchases: Ledger) -> list[str]:
    """Return the currencies that the values of *purchases* name, in alphabetical order."""
    if purchases.value is None or purchases.currency is None:
        return []
    used = purchases.currency.codes[~np.isnan(purchases.value)]
    return sorted({str(purchases.currency.names[code]) for code in np.unique(used) if code >= 0})


def summary(events: Ledger, end: int) -> pd.DataFrame:
    """Return one row per consumer of *events*, observed until *end* (µs); see :func:`customer_summary`."""
    buyers, code = np.unique(events.consumer.codes, return_inverse=True)
    day = events.at // MICROS_PER_DAY
    order = np.lexsort((day, code))
    customer, on = code[order], day[order]
    first = np.searchsorted(customer, np.arange(buyers.size))
    last = np.searchsorted(customer, np.arange(buyers.size), side="right") - 1
    new_day = np.ones(customer.size, np.bool_)
    new_day[1:] = (customer[1:] != customer[:-1]) | (on[1:] != on[:-1])
    orders = np.bincount(customer, minlength=buyers.size)
    value = np.full(len(events), np.nan) if events.value is None else events.value
    unknown = np.bincount(code, np.isnan(value), buyers.size).astype(np.int64)
    total = np.bincount(code, np.nan_to_num(value), buyers.size)
    return pd.DataFrame(
        {
            "consumer": events.consumer.names[buyers],
            "frequency": np.bincount(customer[new_day], minlength=buyers.size) - 1,
            "recency": on[last] - on[first],
            "age": end // MICROS_PER_DAY - on[first],
            "orders": orders,
            "unknown": unknown,
            "value": np.where(unknown < orders, total, np.nan),
        }
    )


def spent_of(purchases: Ledger) -> tuple[Spent, float]:
    """Return what each customer of *purchases* spent, in the order of :func:`summary`, and the share that was above 0.

    What one customer paid on one day is one order; a day with an order of unknown value is left out.
    """
    buyers, code = np.unique(purchases.consumer.codes, return_inverse=True)
    day = purchases.at // MICROS_PER_DAY
    days, of_day = np.unique(np.stack([code, day]), axis=1, return_inverse=True)
    value = np.full(len(purchases), np.nan) if purchases.value is None else purchases.value
    total = np.bincount(of_day, value, days.shape[1]).astype(np.float64)
    known, paid = ~np.isnan(total), np.nan_to_num(total) > 0
    customer = days[0, paid]
    orders = np.bincount(customer, minlength=buyers.size).astype(np.float64)
    share = float(paid.sum() / known.sum()) if known.any() else 1.0
    return Spent(orders, np.bincount(customer, total[paid], buyers.size).astype(np.float64)), share
