"""Two brands side by side, with the differences that can be told from chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from influence_graph.analyses.intervals import Estimate, one, write

if TYPE_CHECKING:
    from influence_graph.analyses.brand.view import BrandView


@dataclass(frozen=True)
class Line:
    """One measure of two brands; ``difference`` is that of ``first`` less ``second``, None where too few.

    A measure that is counted, not estimated, has no interval.
    """

    measure: str
    form: str
    first: Estimate | float | None
    second: Estimate | float | None
    difference: Estimate | None = None

    @property
    def clear(self) -> bool:
        """Whether the interval of the difference leaves out 0."""
        return self.difference is not None and (self.difference.low > 0 or self.difference.high < 0)


def compare(first: BrandView, second: BrandView) -> list[Line]:
    """Return the measures of both brands and their differences.

    The intervals take the two brands as independent. Consumers whom they share make them approximate.
    """
    counts = zip(_counts(first), _counts(second), strict=True)
    estimates = zip(_estimates(first), _estimates(second), strict=True)
    return [Line(name, form, one, other) for (name, form, one), (_, _, other) in counts] + [
        _line(name, form, one, other) for (name, form, one), (_, _, other) in estimates
    ]


def _counts(view: BrandView) -> list[tuple[str, str, float]]:
    return [
        ("bonds", "{:,.0f}", view.health.count),
        ("sum of bonds", "+", view.health.total),
        ("interactions given", "{:,.0f}", view.judgment.given),
        ("interactions received", "{:,.0f}", view.judgment.received),
        ("complaints", "{:,.0f}", view.judgment.recovery.complaints),
        ("customers", "{:,.0f}", view.profit.count),
    ]


def _line(name: str, form: str, one: Estimate | None, other: Estimate | None) -> Line:
    return Line(name, form, one, other, None if one is None or other is None else one - other)


def _estimates(view: BrandView) -> list[tuple[str, str, Estimate | None]]:
    health, judgment, profit, carriers = view.health, view.judgment, view.profit, view.carriers
    changes = [(f"change of the sum in {days} days", "+", change) for days, change in health.change.items()]
    return [
        ("mean bond", "+", health.mean),
        *changes,
        ("positive bonds", "{:.1%}", health.positive),
        ("negative bonds", "{:.1%}", health.negative),
        ("bonds at risk", "{:.1%}", health.at_risk),
        ("reciprocity", "{:.2f}", health.reciprocity),
        ("mean valence", "{:+.2f}", judgment.mean),
        ("negative interactions", "{:.1%}", judgment.negative),
        ("recovery rate", "{:.1%}", judgment.recovery.rate),
        ("days to recovery", "", judgment.recovery.median_days),
        ("customers who bought again", "{:.1%}", profit.repeat),
        ("value per customer", "", profit.per_customer),
        ("bond from ordinary consumers", "{:.1%}", carriers.ordinary),
        ("bond from all but the top 1 %", "{:.1%}", carriers.long_tail),
        ("Gini of the bonds above 0", "{:.2f}", carriers.gini),
    ]


def frame_of(lines: list[Line], first: str, second: str) -> pd.DataFrame:
    """Return *lines* as texts: measure, both brands, difference, and whether it can be told from 0."""
    rows = [
        (line.measure, _shown(line.first, line.form), _shown(line.second, line.form), _difference(line))
        for line in lines
        if (line.first, line.second) != (None, None)
    ]
    names = [first, second if second != first else f"{second} (again)"]
    return pd.DataFrame(rows, columns=["measure", *names, "difference"])


def _shown(value: Estimate | float | None, form: str) -> str:
    if value is None:
        return "too few to tell"
    return write(value.value if isinstance(value, Estimate) else value, form)


def _difference(line: Line) -> str:
    found = line.difference
    if found is None:
        return ""
    form = line.form.replace("{:", "{:+") if line.form and "+" not in line.form else "+" if not line.form else line.form
    words = one(found, form)
    return words if line.clear else f"{words}, not told from 0"


def measures(views: list[BrandView]) -> pd.DataFrame:
    """Return one row per brand and measure: brand, measure, value, low, high, count, method; NaN where too few."""
    rows: list[tuple[object, ...]] = []
    for view in views:
        rows += [(view.brand, name, value, None, None, None, "counted") for name, _, value in _counts(view)]
        for name, _, found in _estimates(view):
            known = (None,) * 4 if found is None else (found.value, found.low, found.high, found.count)
            rows.append((view.brand, name, *known, "too few to tell" if found is None else found.method))
    frame = pd.DataFrame(rows, columns=["brand", "measure", "value", "low", "high", "count", "method"])
    return frame.astype({"value": float, "low": float, "high": float, "count": "Int64"})
