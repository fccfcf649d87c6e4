"""What is given freely and what for money, and whether gifts are recognized: paid or meant, owed to whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from influence_graph.analyses.interactions.meaning import TO_BRAND
from influence_graph.analyses.intervals import Estimate, clustered_mean, estimate_text, number_text
from influence_graph.analyses.result import Told
from influence_graph.model.display import short_line
from influence_graph.text import count_text

if TYPE_CHECKING:
    from influence_graph.analyses.fusion.points import Points
    from influence_graph.analyses.interactions.ledger import Ledger


@dataclass(frozen=True, eq=False, repr=False)
class Giving(Told):
    """Paid and meant, recognized and not.

    Attributes:
        paid: Interactions from consumers that the brand paid for.
        meant: Interactions from consumers on record as not paid for.
        unstated: Interactions from consumers of which the records do not say.
        paid_points: Points that what was paid for would have if it were meant; None where nothing was.
        meant_points: Points of all others on their day.
        gifts: Good interactions from the brand to consumers.
        stated: Gifts of which the records say whether the consumer knows whom it owes them to.
        unrecognized: Share of these that the consumer does not recognize.
        unrecognized_points: Share of their points.
    """

    paid: int
    meant: int
    unstated: int
    paid_points: float | None
    meant_points: float
    gifts: int
    stated: int
    unrecognized: Estimate | None
    unrecognized_points: float | None

    def __repr__(self) -> str:
        figures = {"paid": self.paid, "meant": self.meant, "gifts": self.gifts, "recognition stated": self.stated}
        return short_line("Giving", figures)

    def sentences(self) -> list[str]:
        """Return the findings in words."""
        return [self._paid(), self._recognized()]

    def _paid(self) -> str:
        if not self.paid and not self.meant:
            return "Paid or meant: not on record."
        if self.paid_points is None:
            return f"Paid or meant: nothing was paid for of {count_text(self.meant, 'interaction')} on record."
        points = f"{number_text(self.paid_points, '+')} points, which do not count as the consumers' gift"
        text = f"Paid for: {count_text(self.paid, 'interaction')} from consumers, worth {points}"
        return f"{text}; meant: all others, {number_text(self.meant_points, '+')} points."

    def _recognized(self) -> str:
        if not self.stated:
            return "Whether consumers know whom they owe what they receive to: not on record."
        said = (
            f"Of {count_text(self.gifts, 'gift')} to consumers the records say of {self.stated:,} whether it is known"
        )
        share = estimate_text(self.unrecognized, "{:.1%}")
        points = "" if self.unrecognized_points is None else f", with {self.unrecognized_points:.1%} of the points"
        return f"{said} whom it is owed to. Not recognized: {share}{points}."


def giving(direct: Ledger, points: Points, meant: Points) -> Giving:
    """Return what is paid for and what is recognized in *direct*, the interactions with the brand.

    Args:
        direct: Interactions.
        points: Their points.
        meant: Their points if what was paid for counted in full.
    """
    nothing = np.full(len(direct), np.nan)
    paid = nothing if direct.paid is None else direct.paid
    known = nothing if direct.recognized is None else direct.recognized
    given = points.side == TO_BRAND
    bought = given & (paid == 1)
    gift = ~given & (points.meaning.valence > 0)
    stated = gift & ~np.isnan(known)
    missed = (known[stated] == 0).astype(np.float64)
    weight = points.points[stated]
    return Giving(
        paid=int(bought.sum()),
        meant=int((given & (paid == 0)).sum()),
        unstated=int((given & np.isnan(paid)).sum()),
        paid_points=float(meant.points[bought].sum()) if bought.any() else None,
        meant_points=float(points.points[given & ~bought].sum()),
        gifts=int(gift.sum()),
        stated=int(stated.sum()),
        unrecognized=clustered_mean(missed, direct.consumer.codes[stated]),
        unrecognized_points=float((missed * weight).sum() / weight.sum()) if weight.sum() > 0 else None,
    )
