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
        status: ``higher`` or ``lower`` (p up to 0.05), or ``no clear change``.
        per_unit: The difference of the means (of a panel: per unit and date), with a 95 % interval.
        total: That of all treated units (and dates) together.
        relative: The difference in percent of the mean without the event; None where that is not above 0.
        std_error: Of ``per_unit``: HC2.
        p: Of no difference, on either side.
        method: How it was estimated.
        why: Why in this way.
        arms: See :meth:`to_frame`.
        balance: covariate, its mean with and without, and the difference in standard deviations.
        parameters: The parameters, as JSON values.
        digest: Digest of the records.
    """

    status: str
    per_unit: Estimate
    total: Estimate
    relative: Estimate | None
    std_error: float
    p: float
    method: str
    why: str
    arms: pd.DataFrame
    balance: pd.DataFrame
    parameters: Mapping[str, Any]
    digest: str

    def to_frame(self) -> pd.DataFrame:
        """Return a row per arm: arm (with, without), units, mean and std_error of what was counted."""
        return self.arms

    def sentences(self) -> list[str]:
        """Return the findings in words."""
        means, counts = (self.arms.set_index("arm")[each] for each in ("mean", "units"))
        lines = [
            f"{estimate_text(self.per_unit, '+')} per unit{percent_text(self.relative)}; p = {self.p:.3g}.",
            f"{number_text(means['with'])} in {counts['with']:,} units with the event, "
            f"{number_text(means['without'])} in {counts['without']:,} without.",
            f"{self.why} By {self.method}.",
        ]
        unlike = self.balance[np.abs(self.balance["difference"]) > _UNLIKE]
        lines += [
            f"The arms differed in {name} before, by {apart:+.2f} standard deviations: look at how they were dealt."
            for name, apart in zip(unlike["covariate"], unlike["difference"], strict=True)
        ]
        return lines

    def _figures(self) -> Mapping[str, object]:
        return {
            "per unit": estimate_text(self.per_unit, "+"),
            "p": self.p,
            "status": self.status,
            "method": self.method,
        }
