"""Two brands side by side, with the intervals of their differences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from influence_graph.analyses.intervals import TOO_FEW, Estimate, estimate_text, number_text

if TYPE_CHECKING:
    from influence_graph.analyses.brand.view import BrandView


@dataclass(frozen=True)
class Line:
    """One measure of two brands; ``difference`` is ``first`` less ``second``, None where too few.

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
    return [Line(name, form, own, other) for (name, form, own), (_, _, other) in counts] + [
        _line(name, form, own, other) for (name, form, own), (_, _, other) in estimates
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


def _line(name: str, form: str, own: Estimate | None, other: Estimate | None) -> Line:
    return Line(name, form, own, other, None if own is None or other is None else own - other)


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
    """Return *lines* as texts: measure, both brands, difference, and whether its interval contains 0."""
    rows = [
        (line.measure, _shown(line.first, line.form), _shown(line.second, line.form), _difference(line))
        for line in lines
        if (line.first, line.second) != (None, None)
    ]
    names = [first, second if second != first else f"{second} (again)"]
    return pd.DataFrame(rows, columns=["measure", *names, "difference"])


def _shown(value: Estimate | float | None, form: str) -> str:
    if value is None:
        return TOO_FEW
    return number_text(value.value if isinstance(value, Estimate) else value, form)


def _difference(line: Line) -> str:
    if line.difference is None:
        return ""
    form = line.form.replace("{:", "{:+") if line.form and "+" not in line.form else "+" if not line.form else line.form
    text = estimate_text(line.difference, form)
    return text if line.clear else f"{text}, not distinguishable from 0"


def measures(views: list[BrandView]) -> pd.DataFrame:
    """Return one row per brand and measure: brand, measure, value, low, high, count, method; NaN where too few."""
    rows: list[tuple[object, ...]] = []
    for view in views:
        rows += [(view.brand, name, value, None, None, None, "counted") for name, _, value in _counts(view)]
        for name, _, estimate in _estimates(view):
            if estimate is None:
                rows.append((view.brand, name, None, None, None, None, TOO_FEW))
            else:
                numbers = (estimate.value, estimate.low, estimate.high, estimate.count)
                rows.append((view.brand, name, *numbers, estimate.method))
    frame = pd.DataFrame(rows, columns=["brand", "measure", "value", "low", "high", "count", "method"])
    return frame.astype({"value": float, "low": float, "high": float, "count": "Int64"})
