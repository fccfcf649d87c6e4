"""What a person gives to brands and gets from them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from influence_graph.analyses.brand.giving import giving
from influence_graph.analyses.brand.votes import votes
from influence_graph.analyses.fusion.points import Points, points_of
from influence_graph.analyses.fusion.spillover import direct
from influence_graph.analyses.interactions.ledger import Ledger, to_datetime
from influence_graph.analyses.interactions.meaning import TO_BRAND, TO_CONSUMER
from influence_graph.analyses.intervals import (
    Estimate,
    estimate_text,
    mean_by,
    wilson,
)
from influence_graph.analyses.intervals import number_text as number
from influence_graph.model.display import short_line
from influence_graph.model.names import BRAND, NO_NAMES, NodeNames
from influence_graph.model.records import DIRECTIONS, TOUCHPOINTS
from influence_graph.text import NOT_ON_RECORD, count_text

if TYPE_CHECKING:
    from datetime import datetime

    from influence_graph.analyses.brand.giving import Giving
    from influence_graph.model.policy.policy import FusionPolicy

_VOTED = {"feet": "by coming and using", "wallet": "by paying", "voice": "by speaking"}
_NAMED = 3  # brands that a sentence names


@dataclass(frozen=True, eq=False, repr=False)
class Dealings:
    """What a person and the brands give each other; points as they count now, after decay.

    Attributes:
        brands: One row per bond, strongest first: brand; events; given and received (points of the person's own
            interactions to the brand and from it), spilled (points by association with other brands), fusion_score
            (their sum), to_brand, to_consumer, reciprocity (NaN where one direction is not on record), first and last
            (times, NaT without an event of its own).
        touchpoints: touchpoint, direction, events, points (on their day, before decay).
        votes: vote (feet, wallet, voice), votes, against.
        giving: What was paid for and what was meant, and what of the gifts is recognized.
        mean: Mean bond of the person; None where too few.
        positive: Share of the bonds above 0; None where too few.
    """

    brands: pd.DataFrame
    touchpoints: pd.DataFrame
    votes: pd.DataFrame
    giving: Giving
    mean: Estimate | None
    positive: Estimate | None

    def __repr__(self) -> str:
        return short_line("Dealings", {"brands": len(self.brands), "given": self.given, "received": self.received})

    @property
    def given(self) -> float:
        """Points to brands that count now."""
        return float(self.brands["given"].sum())

    @property
    def received(self) -> float:
        """Points from brands that count now."""
        return float(self.brands["received"].sum())

    @property
    def spoke(self) -> int:
        """How often the person spoke about a brand: votes by voice."""
        return int(self.votes.loc[self.votes["vote"] == "voice", "votes"].sum())

    def sentences(self, names: NodeNames = NO_NAMES) -> list[str]:
        """Return the findings in words, with *names* beside ids where they are known."""
        if self.brands.empty:
            return ["No interaction with any brand is on record."]
        total, spilled = float(self.brands["fusion_score"].sum()), float(self.brands["spilled"].sum())
        lines = [
            f"Given to brands: {number(self.given, '+')} points; received: {number(self.received, '+')}; by "
            f"association of brands: {number(spilled, '+')}.",
            f"{count_text(len(self.brands), 'bond')}, together {number(total, '+')}.",
            f"Mean bond: {estimate_text(self.mean, '+')}; positive: {estimate_text(self.positive, '{:.1%}')}.",
            self._extremes(names),
            *self._voted(),
            self._paid(),
            self._reciprocity(),
        ]
        return [line for line in lines if line]

    def _extremes(self, names: NodeNames) -> str:
        best, worst = self.brands.iloc[0], self.brands.iloc[-1]
        text = f"The strongest bond is with {names.text(BRAND, best['brand'])}, {number(best['fusion_score'], '+')}"
        if worst["fusion_score"] < 0:
            damaged = f"{names.text(BRAND, worst['brand'])}, {number(worst['fusion_score'], '+')}"
            return f"{text}; the most damaged with {damaged}."
        return f"{text}."

    def _voted(self) -> list[str]:
        if self.votes.empty:
            return ["No vote, by feet, wallet or voice, is on record."]
        parts = [
            f"{count_text(row['votes'], 'time')} {_VOTED[row['vote']]}"
            + (f", {row['against']:,} of them against a brand" if row["against"] else "")
            for row in self.votes.to_dict("records")
        ]
        silent = "" if self.spoke else " Nothing said about a brand is on record."
        return [f"Voted {'; '.join(parts)}.{silent}"]

    def _paid(self) -> str:
        part = self.giving
        if not part.paid and not part.meant:
            return f"Paid or meant: {NOT_ON_RECORD}."
        worth = "" if part.paid_points is None else f", worth {number(part.paid_points, '+')} points if they were meant"
        rest = f"meant: {part.meant:,}; not said: {part.unstated:,}"
        return f"Paid for: {count_text(part.paid, 'interaction')}{worth}; {rest}."

    def _reciprocity(self) -> str:
        mutual = self.brands["reciprocity"].dropna()
        of = f"{len(mutual):,} of {count_text(len(self.brands), 'bond')}"
        if mutual.empty:
            return f"Reciprocity: {NOT_ON_RECORD}, no bond has both directions."
        return f"Reciprocity (0 one-sided, 1 even): on record of {of}, {number(mutual.mean(), '{:.2f}')} on average."


def dealings(own: Ledger, policy: FusionPolicy, as_of: datetime, scores: pd.DataFrame) -> Dealings:
    """Return what the person of *own* gives and gets.

    Args:
        own: What counts of the person's interactions at *as_of*.
        policy: Parameters of the scores.
        as_of: The time.
        scores: The person's rows of ``fusion_scores``.
    """
    points = points_of(own, policy, as_of)
    frame = scores.drop(columns=["consumer", "display"]).merge(_own_points(own, points), "left", "brand")
    frame[["events", "given", "received"]] = frame[["events", "given", "received"]].fillna(0)
    frame["spilled"] = frame["fusion_score"] - frame["given"] - frame["received"]
    tiny = 1e-9 * (1 + frame["fusion_score"].abs())  # a sum of the same points in another order
    frame["spilled"] = frame["spilled"].where(frame["spilled"].abs() > tiny, 0.0)
    frame = frame.astype({"events": int}).sort_values(
        ["fusion_score", "brand"], ascending=[False, True], ignore_index=True
    )
    score = frame["fusion_score"].to_numpy(np.float64)
    meant = points_of(own, replace(policy, paid=1.0), as_of)
    return Dealings(
        brands=frame[_BRANDS],
        touchpoints=_touchpoints(points),
        votes=votes(own, points.meaning).frame[["vote", "votes", "against"]],
        giving=giving(own, points, meant),
        mean=mean_by(score, np.arange(score.size)),
        positive=wilson(int((score > 0).sum()), score.size),
    )


_BRANDS = [
    *("brand", "events", "given", "received", "spilled", "fusion_score", "to_brand", "to_consumer", "reciprocity"),
    *("first", "last"),
]


def _own_points(own: Ledger, points: Points) -> pd.DataFrame:
    """Return brand, events, given, received, first and last of the person's own interactions."""
    amounts, brands = direct(own, points, points.side), len(own.brand.names)
    sides = {
        name: np.bincount(amounts.brand, np.where(amounts.column == side, amounts.amount, 0.0), brands)
        for name, side in (("given", TO_BRAND), ("received", TO_CONSUMER))
    }
    at = pd.Series(own.at).groupby(own.brand.codes)
    events = np.bincount(own.brand.codes, minlength=brands)
    frame = pd.DataFrame({"brand": own.brand.names, "events": events, **sides})
    for name, times in (("first", at.min()), ("last", at.max())):
        known = {code: to_datetime(int(time)) for code, time in times.items()}
        frame[name] = pd.to_datetime(pd.Series([known.get(code) for code in range(brands)], dtype=object), utc=True)
    return frame[frame["events"] > 0]


def _touchpoints(points: Points) -> pd.DataFrame:
    """Return events and points on their day by touchpoint and direction, those returned to the other side too."""
    sides = len(DIRECTIONS)
    group = points.touchpoint.astype(np.int64) * sides + points.side
    back = np.flatnonzero(points.returned)
    other = points.touchpoint[back].astype(np.int64) * sides + (1 - points.side[back])
    size = len(TOUCHPOINTS) * sides
    events = np.bincount(group, minlength=size)
    total = np.bincount(group, points.points, size) + np.bincount(other, points.returned[back], size)
    rows = np.flatnonzero((events > 0) | (np.bincount(other, minlength=size) > 0))
    names: dict[str, Any] = {
        "touchpoint": np.array(TOUCHPOINTS)[rows // sides],
        "direction": np.array(DIRECTIONS)[rows % sides],
    }
    return pd.DataFrame({**names, "events": events[rows], "points": total[rows]})
