"""The result of a staggered design: group-time effects and the sums of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from influence_graph.analyses.intervals import Estimate, estimate_text
from influence_graph.analyses.lift.shares import percent_text
from influence_graph.analyses.result import Displayed

if TYPE_CHECKING:
    import pandas as pd

_SUSPECT = 0.05


@dataclass(frozen=True, eq=False, repr=False)
class StaggeredLift(Displayed):
    """By how much an event raised what is counted, where units met it at different times.

    Attributes:
        status: ``higher`` or ``lower`` (p up to 0.05), or ``no clear change``.
        total: Of all treated units over all dates of their horizons, with a 95 % interval; ``count`` is the number of
            units.
        per_unit_day: The same per treated unit and date.
        relative: The same in percent of what would have been; None where that is not above 0.
        p: Of no effect per unit and date, on either side.
        over_groups: The mean over groups by their units, of the mean over the dates of each; it differs from
            ``per_unit_day`` where some groups have more dates.
        over_time: The mean over dates from the start on, of the mean over groups that have the date.
        pretrend_p: p of the placebos before the events together; NaN where there are none, or more than half as many
            as units. A small one says that the groups did not move alike before.
        method: How it was estimated.
        why: Why in this way.
        table: See :meth:`to_frame`.
        dynamic: By days from the start (after): effect, std_error, low, high, and the ends of a band that holds all
            dates together, band_low and band_high.
        groups: By first date of the event (group): effect, std_error, low, high.
        with_exposed: The effect per unit and date if exposed units were compared with, too; None where there are none.
        parameters: The parameters, as JSON values.
        digest: Digest of the panel.
    """

    status: str
    total: Estimate
    per_unit_day: Estimate
    relative: Estimate | None
    p: float
    over_groups: Estimate
    over_time: Estimate
    pretrend_p: float
    method: str
    why: str
    table: pd.DataFrame
    dynamic: pd.DataFrame
    groups: pd.DataFrame
    with_exposed: Estimate | None
    parameters: Mapping[str, Any]
    digest: str

    def to_frame(self) -> pd.DataFrame:
        """Return a row per group and date.

        Columns: group (first date of the event), date, after (days from the start; below 0 a placebo: the rise from
        just before), effect, std_error, low and high (95 %).
        """
        return self.table

    def sentences(self) -> list[str]:
        """Return the findings in words."""
        lines = [
            f"{estimate_text(self.total, '+')} in all{percent_text(self.relative)}; "
            f"{estimate_text(self.per_unit_day, '+')} per unit and date; p = {self.p:.3g}.",
            f"{self.why} By {self.method}.",
            self._trends(),
        ]
        if self.with_exposed is not None:
            other = estimate_text(self.with_exposed, "+")
            lines.append(f"Compared with exposed units, too: {other} per unit and date.")
        return lines

    def _trends(self) -> str:
        if np.isnan(self.pretrend_p):
            return "Whether the groups moved alike before cannot be tested: too few units for so many dates."
        said = "did not move alike" if self.pretrend_p < _SUSPECT else "moved alike, as far as can be seen,"
        return f"Before the event the groups {said} (p = {self.pretrend_p:.3g})."

    def _figures(self) -> Mapping[str, object]:
        return {
            "total": estimate_text(self.total, "+"),
            "per unit and date": estimate_text(self.per_unit_day, "+"),
            "p": self.p,
            "status": self.status,
            "groups": len(self.groups),
        }
