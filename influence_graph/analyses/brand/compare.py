"""Two brands side by side, with the intervals of their differences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from influence_graph.analyses.intervals import Estimate, estimate_text, number_text

if TYPE_CHECKING:
    from influence_graph.analyses.brand.view import BrandView


@dataclass(frozen=True)
class Line:
    """One measure of two brands; ``difference`` is ``first`` less ``second``; None where not known.

    ``missing`` says why ``first`` and ``second`` are not known. A measure that is counted has no interval.
    """

    measure: str
    form: str
    first: Estimate | float | None
    second: Estimate | float | None
    difference: Estimate | None = None
    missing: tuple[str, str] = ("", "")

    @property
    def clear(self) -> bool:
        """Whether the interval of the difference leaves out 0."""
        return self.difference is not None and (self.difference.low > 0 or self.difference.high < 0)


def compare(first: BrandView, second: BrandView) -> list[Line]:
    """Return the measures of both brands and their differences.

    The intervals take the two brands as independent. Shared consumers make them approximate.
    """
    counts = zip(first.counts(), second.counts(), strict=True)
    estimates = zip(first.estimates(), second.estimates(), strict=True)
    lines = [Line(name, form, own, other) for (name, form, own), (_, _, other) in counts]
    reasons = first.missing(), second.missing()
    for (name, form, own), (_, _, other) in estimates:
        difference = None if own is None or other is None else own - other
        lines.append(Line(name, form, own, other, difference, (reasons[0].get(name, ""), reasons[1].get(name, ""))))
    return lines


def frame_of(lines: list[Line], first: str, second: str) -> pd.DataFrame:
    """Return *lines* as texts: measure, both brands, difference, and whether its interval contains 0."""
    rows = [
        (line.measure, *map(_shown, (line.first, line.second), (line.form,) * 2, line.missing), _difference(line))
        for line in lines
        if (line.first, line.second) != (None, None)
    ]
    names = [first, second if second != first else f"{second} (again)"]
    return pd.DataFrame(rows, columns=["measure", *names, "difference"])


def _shown(value: Estimate | float | None, form: str, missing: str) -> str:
    if value is None:
        return missing
    return number_text(value.value if isinstance(value, Estimate) else value, form)


def _difference(line: Line) -> str:
    if line.difference is None:
        return ""
    form = line.form.replace("{:", "{:+") if line.form and "+" not in line.form else "+" if not line.form else line.form
    text = estimate_text(line.difference, form)
    return text if line.clear else f"{text}, not distinguishable from 0"


def measures(views: list[BrandView]) -> pd.DataFrame:
    """Return one row per brand and measure: brand, measure, value, low, high, count, method; NaN where too few."""
    return pd.concat([view.to_frame() for view in views], ignore_index=True)
