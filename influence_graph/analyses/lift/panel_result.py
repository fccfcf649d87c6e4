"""The result of a panel with few treated units: the estimate beside others of the same effect, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from influence_graph.analyses.intervals import estimate_text, number_text, range_text
from influence_graph.analyses.lift.lags import LEVEL
from influence_graph.analyses.lift.shares import percent_text
from influence_graph.analyses.lift.skipped import skipped_text
from influence_graph.analyses.lift.synthetic import MIN_DONORS
from influence_graph.analyses.result import Displayed
from influence_graph.text import count_text

if TYPE_CHECKING:
    import pandas as pd

    from influence_graph.analyses.intervals import Estimate
    from influence_graph.analyses.lift.series_result import SeriesLift

CLEAN, ALL, PREDICTIVE = "synthetic control", "the exposed among the donors", "predictive with the mean of the donors"
"""Rows of :attr:`PanelLift.estimates`: the headline, the same with exposed donors, and an independent one beside it."""
_NAMED = 3
_WINDOWS = 6  # before the event, from which on the test holds its level in trials: benchmarks/lift_panels.py


@dataclass(frozen=True, eq=False, repr=False)
class PanelLift(Displayed):
    """By how much an event raised what is counted at the treated units, against what clean donors say.

    Attributes:
        status: ``higher`` or ``lower`` (p up to 0.05), or ``no clear change``.
        total: Of all treated units over all days of the horizon, with a 95 % interval; ``count`` is the number of
            windows of that length in the days that were used.
        per_unit_day: The same per treated unit and date.
        relative: The same in percent of what would have been; None where that is not above 0.
        p: How often a block of days in a row has a mean gap at least as far from 0, were there no effect.
        quiet: Of the windows before the event that do not overlap, how many had a mean gap at least as large, and how
            many there are.
        fit: Share of the ups and downs of the treated before the event that the control has, too; at most 1.
        method: How it was estimated.
        why: Why in this way.
        beside: The treated together as one series with the mean of the clean donors as its control: an independent
            estimate, with the day on which it began; or, in words, why there is none.
        estimates: One row per estimate of the same effect: method, donors, total, total_low, total_high, per_unit_day,
            percent, percent_low, percent_high, p.
        daily: See :meth:`to_frame`.
        weights: unit and weight of each clean donor, largest first.
        placebos: unit, before, after (root mean square of the gap before the event and in the window), ratio and rank
            (by ratio, largest first) of the treated, as one unit under the name ``""``, and of each donor.
        placebo_gaps: The gap of each donor, one column each, by date: as if the event had been theirs.
        rank_p: rank / units of the treated among the placebos; None below 19 donors, who cannot say 1 in 20.
        left_out: Exposed units, which are no donors.
        parameters: The parameters, as JSON values.
        digest: Digest of the panel.
    """

    status: str
    total: Estimate
    per_unit_day: Estimate
    relative: Estimate | None
    p: float
    quiet: tuple[int, int]
    fit: float
    method: str
    why: str
    beside: SeriesLift | str
    estimates: pd.DataFrame
    daily: pd.DataFrame
    weights: pd.DataFrame
    placebos: pd.DataFrame
    placebo_gaps: pd.DataFrame
    rank_p: float | None
    left_out: tuple[str, ...]
    parameters: Mapping[str, Any]
    digest: str

    def to_frame(self) -> pd.DataFrame:
        """Return a row per date that is used, up to the end of the horizon.

        Columns: date, window (whether the horizon holds it), actual, counterfactual and gap of all treated units
        together, low and high (of the gap of that day alone, 95 of 100 days; missing where the days before are too
        few). The gaps of the window add up to ``total``.
        """
        return self.daily

    def sentences(self) -> list[str]:
        """Return the findings in words."""
        days, start = self.parameters["days"], self.parameters["start"]
        of_all, each = estimate_text(self.total, "+"), estimate_text(self.per_unit_day, "+")
        lines = [
            f"{of_all} over the {days} from {start} on{percent_text(self.relative)}; {each} per unit and date.",
            f"Were there no effect, a gap as large would come up in {self.p:.1%} of all blocks of days; of "
            f"{count_text(self.quiet[1], 'quiet window')} before it, {self.quiet[0]:,} had one.",
            f"Compared with {self._donors()}, which have {max(self.fit, 0):.0%} of its ups and downs. {self.why}",
            self._rank(),
        ]
        if self.quiet[1] < _WINDOWS:
            lines.append("With so few windows before it, interval and p are less sure than they say.")
        if self.parameters["skipped"]:
            lines.append(skipped_text(self.parameters["skipped"], "date"))
        others = self.estimates[self.estimates["method"] != CLEAN]
        lines += [_other(dict(row)) for _, row in others.iterrows()]
        beside = others.loc[others["method"] == PREDICTIVE, "p"]
        if beside.empty:
            told = self.beside if isinstance(self.beside, str) else self.beside.reason
            lines.append(f"By the {PREDICTIVE} it cannot be told: {told}.")
        elif (self.p <= LEVEL) != (beside.iloc[0] <= LEVEL):
            lines.append("Only one of these two ways finds a clear difference: the evidence is weak.")
        return [*lines, f"Left out, as exposed: {_some(list(self.left_out))}."] if self.left_out else lines

    def _donors(self) -> str:
        used = self.weights[self.weights["weight"] > 0]
        names = [f"{row.unit} {row.weight:.2f}" for row in used.itertuples()]
        return f"{count_text(len(used), 'unit')} of {len(self.weights):,} ({_some(names)})"

    def _rank(self) -> str:
        if self.rank_p is None:
            few = count_text(len(self.weights), "donor")
            return f"No rank among placebos: {few}, of {MIN_DONORS} or more a rank can be as low as 1 in 20."
        rank = int(self.placebos.loc[self.placebos["unit"] == "", "rank"].iloc[0])
        several = len(self.parameters["treated"]) > 1
        doubt = " The mean of several units varies less than a donor, so this may be too few." if several else ""
        of_all = f"{rank:,} of {len(self.placebos):,}"
        return f"Were the event each unit's own in turn, the gap for its fit would be as large in {of_all}.{doubt}"

    def _figures(self) -> Mapping[str, object]:
        return {
            "total": estimate_text(self.total, "+"),
            "p": self.p,
            "status": self.status,
            "method": self.method,
        }


def _other(row: Mapping[Any, Any]) -> str:
    ends = range_text(row["total_low"], row["total_high"], "+")
    name = f"With {row['method']}" if row["method"] == ALL else f"By the {row['method']}"
    return f"{name}: {number_text(row['total'], '+')} ({ends})."


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"
