"""The result: how much a series was lifted, by day and in all, in frames and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from influence_graph.analyses.intervals import estimate_text
from influence_graph.analyses.lift.lags import LEVEL
from influence_graph.analyses.lift.skipped import skipped_text
from influence_graph.analyses.result import Displayed
from influence_graph.text import count_text

if TYPE_CHECKING:
    from influence_graph.analyses.intervals import Estimate
    from influence_graph.analyses.lift.lags import Onset

HIGHER, LOWER, UNCLEAR, CANNOT_TELL = "higher", "lower", "no clear change", "cannot tell"
_UNTOLD = ("counterfactual", "counterfactual_low", "counterfactual_high", "gap", "gap_low", "gap_high")


def status_of(value: float, p: float) -> str:
    """Return what is said of a total *value* with *p*: ``higher``, ``lower`` or ``no clear change``."""
    if p > LEVEL:
        return UNCLEAR
    return HIGHER if value > 0 else LOWER


@dataclass(frozen=True, eq=False, repr=False)
class SeriesLift(Displayed):
    """How much higher a daily series was than it would have been without the event.

    Attributes:
        status: ``higher`` or ``lower`` (p of the total up to 0.05), ``no clear change`` or ``cannot tell``.
        reason: Why it cannot be told, in words; None where it can.
        total: Actual less counterfactual over the declared days, with its 95 % interval; None where it cannot be told.
        p: Two-sided: how often the total without the event is as far out.
        relative: The total in % of the counterfactual, with its 95 % interval; None unless the counterfactual is surely
            above 0.
        onset: When the effect began, if there is one.
        table: One row per day; see :meth:`to_frame`.
        quiet: Total gaps of windows before the event, as long as the declared one; see
            :func:`~influence_graph.analyses.lift.quiet.quiet_windows`.
        error: What the noise before is like: rho (mean correlation from day to day of the lasting part), noise (mean
            share of white noise), walk (chance that it is a random walk), growth_p (p of its growth).
        parameters: The parameters, as JSON values.
        digest: Digest of the series.
    """

    status: str
    reason: str | None
    total: Estimate | None
    p: float | None
    relative: Estimate | None
    onset: Onset | None
    table: pd.DataFrame
    quiet: pd.DataFrame
    error: Mapping[str, Any]
    parameters: Mapping[str, Any]
    digest: str

    def to_frame(self) -> pd.DataFrame:
        """Return a row per day that is used, up to the last declared one.

        Columns: date; day (from the event, negative before it); actual; counterfactual (before the event what the
        regression says, without what lasts from day to day) with counterfactual_low and _high (95 % of each day by
        itself); gap (actual less counterfactual) with gap_low and gap_high, and all_low and all_high: a band that holds
        all days at once with 95 %. Bounds are missing before the event.
        """
        return self.table.copy()

    def untold(self, reason: str) -> SeriesLift:
        """Return the same without what *reason* says that cannot be told."""
        table = self.table.copy()
        table.loc[table["day"] >= 0, [*_UNTOLD, "all_low", "all_high"]] = np.nan
        lift = replace(self, status=CANNOT_TELL, reason=reason, table=table)
        return replace(lift, total=None, p=None, relative=None, onset=None)

    @property
    def quiet_as_far(self) -> int:
        """In how many of the quiet windows the total gap was at least as far from 0."""
        return 0 if self.total is None else int((self.quiet["total"].abs() >= abs(self.total.value)).sum())

    def sentences(self) -> list[str]:
        """Return the findings in words."""
        when = f"the {count_text(self.parameters['days'], 'declared day')} from {self.parameters['start']}"
        if self.total is None:
            return [f"Over {when} it cannot be told: {self.reason}."]
        share = "" if self.relative is None else f", {estimate_text(self.relative, '+')} %"
        lines = [f"{estimate_text(self.total, '+')} over {when}{share}; p = {self.p:.2g}: {self.status}."]
        left = self.parameters["skipped"]
        return [*lines, self._began(), self._quiet(), *([skipped_text(left)] if left else []), self._caution()]

    def _began(self) -> str:
        if self.onset is None or not self.onset.clear:
            return "When it began cannot be told."
        first, last = self.onset.lags[0], self.onset.lags[-1]
        when = f"on day {self.onset.likeliest} ({first} to {last}); day 0 is that of the event."
        if self.status == UNCLEAR:
            return f"Some of these days stand out together (p = {self.onset.p:.2g}): what did that began {when}"
        return f"It began {when}"

    def _quiet(self) -> str:
        if not len(self.quiet):
            return "There are too few days before to look at quiet windows."
        many = count_text(len(self.quiet), "quiet window")
        return f"Such a gap came up in {self.quiet_as_far} of {many} before, which do not overlap."

    def _caution(self) -> str:
        if self.parameters["controls"]:
            return "This holds if the event did not touch the controls, and nothing else touched the series alone."
        return "Without controls, whatever else happened on these days is counted as well."

    def _figures(self) -> Mapping[str, object]:
        figures: dict[str, object] = {"status": self.status}
        if self.total is not None:
            figures |= {"total": self.total.value, "low": self.total.low, "high": self.total.high, "p": self.p}
        return figures | {"days": self.parameters["days"]}
