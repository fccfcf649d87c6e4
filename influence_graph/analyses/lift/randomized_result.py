"""The result of a split at random: the difference, and the arms it is of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from influence_graph.analyses.intervals import Estimate, estimate_text, number_text
from influence_graph.analyses.lift.shares import percent_text
from influence_graph.analyses.result import Displayed

if TYPE_CHECKING:
    import pandas as pd

_UNLIKE = 0.25
"""Difference of a covariate in standard deviations above which arms dealt at random are unlike (Imbens and Rubin 2015,
chapter 14, https://doi.org/10.1017/CBO9781139025751)."""


@dataclass(frozen=True, eq=False, repr=False)
class RandomizedLift(Displayed):
    """By how much an event raised what is counted, where chance decided who meets it.

    Attributes:
        per_unit: The difference of the means (of a panel: per unit and date), with a 95 % interval.
        total: That of all treated units (and dates) together.
        percent: The difference in percent of the mean without the event; NaN where that is not above 0.
        std_error: Of ``per_unit``: HC2.
        p: Of no difference, on either side.
        method: How it was estimated.
        reason: Why in this way.
        arms: See :meth:`to_frame`.
        balance: covariate, its mean with and without, and the difference in standard deviations.
        parameters: The parameters, as JSON values.
        digest: Digest of the records.
    """

    per_unit: Estimate
    total: Estimate
    percent: Estimate
    std_error: float
    p: float
    method: str
    reason: str
    arms: pd.DataFrame
    balance: pd.DataFrame
    parameters: Mapping[str, Any]
    digest: str

    def to_frame(self) -> pd.DataFrame:
        """Return a row per arm: arm (with, without), units, mean and std_error of what was counted."""
        return self.arms

    def sentences(self) -> list[str]:
        """Return the findings in words."""
        of_arm = {row.arm: number_text(row.mean) for row in self.arms.itertuples()}
        counted = {row.arm: row.units for row in self.arms.itertuples()}
        lines = [
            f"{estimate_text(self.per_unit, '+')} per unit, {percent_text(self.percent)}; p = {self.p:.3g}.",
            f"{of_arm['with']} in {counted['with']:,} units with the event, {of_arm['without']} in "
            f"{counted['without']:,} without.",
            f"{self.reason} By {self.method}.",
        ]
        unlike = self.balance[np.abs(self.balance["difference"]) > _UNLIKE]
        lines += [
            f"The arms differed in {row.covariate} before, by {row.difference:+.2f} standard deviations: look at how "
            "they were dealt."
            for row in unlike.itertuples()
        ]
        return lines

    def _figures(self) -> Mapping[str, object]:
        return {
            "per unit": estimate_text(self.per_unit, "+"),
            "percent": percent_text(self.percent),
            "p": self.p,
            "method": self.method,
        }
