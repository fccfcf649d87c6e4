"""Daily sales as lift reads them; the one place that makes them of records of sales."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable


def daily_sales(frame: pd.DataFrame, *, segments: Iterable[str] | None = None) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the sales of one brand as unit, date and value, and notes on what was done to them.

    Args:
        frame: date, value and segment ("" for none) of the records of sales of the brand.
        segments: Those wanted, each a unit; None: all together as the one unit "".
    """
    if segments is None:
        daily = frame.groupby("date", as_index=False)["value"].sum().assign(unit="")
    else:
        chosen = frame[frame["segment"].isin(list(segments))].rename(columns={"segment": "unit"})
        daily = chosen.groupby(["unit", "date"], as_index=False)["value"].sum()
    return pd.DataFrame(daily[["unit", "date", "value"]]), ()
