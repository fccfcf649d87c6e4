"""How brands shape what a person stands for: shown together, what rubs off, and beside other people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.analyses.fusion.co_associations import associations_of
from influence_graph.analyses.fusion.terms import Terms
from influence_graph.analyses.group_intervals import student_each
from influence_graph.analyses.intervals import MIN_OBSERVATIONS, TOO_FEW
from influence_graph.analyses.intervals import number_text as number
from influence_graph.model.display import short_line
from influence_graph.model.names import BRAND, NO_NAMES, NodeNames
from influence_graph.text import NOT_ON_RECORD, count_text

if TYPE_CHECKING:
    from datetime import datetime

    from numpy.typing import NDArray

    from influence_graph.analyses.interactions.ledger import Ledger
    from influence_graph.model.policy.policy import FusionPolicy

_NAMED = 3  # pairs that a sentence names


@dataclass(frozen=True, eq=False, repr=False)
class Image:
    """How brands shape what a person stands for.

    Attributes:
        together: Brands that the person showed or named together: brand, other (once per pair), strength (events,
            faded), events; strongest first.
        spilled: What rubbed off: brand of origin, other (the brand whose bond it reached), points that count now;
            largest first.
        standing: Of each brand with a bond: brand, fusion_score, others (bonds of other people), mean of these with
            low and high (Student's t; NaN where too few), lower (share of these bonds that are lower, equal ones
            half; NaN where too few).
    """

    together: pd.DataFrame
    spilled: pd.DataFrame
    standing: pd.DataFrame

    def __repr__(self) -> str:
        return short_line("Image", {"pairs": len(self.together), "spilled": len(self.spilled)})

    def sentences(self, names: NodeNames = NO_NAMES) -> list[str]:
        """Return the findings in words, with *names* beside ids where they are known."""
        return [self._together(names), self._rubbed(names), *self._standing(names)]

    def _together(self, names: NodeNames) -> str:
        if self.together.empty:
            return f"Brands shown or named together: {NOT_ON_RECORD}."
        rows = self.together.head(_NAMED).to_dict("records")
        ends = [[names.text(BRAND, row[end]) for end in ("brand", "other")] for row in rows]
        pairs = [
            f"{one} with {other} ({count_text(row['events'], 'time')})"
            for row, (one, other) in zip(rows, ends, strict=True)
        ]
        more = len(self.together) - _NAMED
        rest = f", and {count_text(more, 'more pair', 'more pairs')}" if more > 0 else ""
        return f"Shown or named together: {'; '.join(pairs)}{rest}."

    def _rubbed(self, names: NodeNames) -> str:
        if self.spilled.empty:
            return "No brand's good or bad name rubbed off on the bond with another."
        first = self.spilled.iloc[0]
        ends = names.text(BRAND, first["brand"]), names.text(BRAND, first["other"])
        return f"Rubbed off most, from {ends[0]} on the bond with {ends[1]}: {number(first['points'], '+')} points."

    def _standing(self, names: NodeNames) -> list[str]:
        known = self.standing[self.standing["lower"].notna()]
        if known.empty:
            return [] if self.standing.empty else [f"Beside the bonds of other people: {TOO_FEW}."]
        top = known.sort_values(["lower", "others"], ascending=False, kind="stable").iloc[0]
        mean = f"{number(top['mean'], '+')} ({number(top['low'], '+')} to {number(top['high'], '+')})"
        return [
            f"Beside other people: the bond with {names.text(BRAND, top['brand'])} is above {top['lower']:.0%} of the "
            f"{count_text(int(top['others']), 'other bond')} with it, whose mean is {mean}."
        ]


def image(own: Ledger, policy: FusionPolicy, as_of: datetime, all_scores: pd.DataFrame, person: str) -> Image:
    """Return how brands shape what *person* stands for.

    Args:
        own: What counts of the person's interactions at *as_of*.
        policy: Parameters of the scores.
        as_of: The time.
        all_scores: The frame of ``fusion_scores`` of everybody.
        person: Id of the person.
    """
    pairs = associations_of(own, policy, as_of)
    once = pairs[pairs["brand"] < pairs["other"]][["brand", "other", "strength", "events"]]
    together = once.sort_values(["strength", "brand", "other"], ascending=[False, True, True], ignore_index=True)
    linked = sorted({*pairs["brand"], *pairs["other"]})
    return Image(together, _spilled(own, policy, as_of, linked), _standing(all_scores, person))


def _spilled(own: Ledger, policy: FusionPolicy, as_of: datetime, linked: list[str]) -> pd.DataFrame:
    place = {name: code for code, name in enumerate(own.brand.names.tolist())}
    terms = Terms(own, policy, as_of)
    rows = [
        (term["via"], brand, term["contribution"])
        for brand in linked
        for term in terms.of_brand(place[brand])
        if term["term"] == "spillover"
    ]
    frame = pd.DataFrame(rows, columns=["brand", "other", "points"]).astype({"points": float})
    sums = frame.groupby(["brand", "other"])["points"].sum().reset_index()
    return sums.iloc[np.argsort(-sums["points"].abs().to_numpy(), kind="stable")].reset_index(drop=True)


def _standing(scores: pd.DataFrame, person: str) -> pd.DataFrame:
    """Return the person's bonds beside those that other people have with the same brands."""
    mine = scores["consumer"] == person
    own = scores[mine].set_index("brand")["fusion_score"]
    others = scores[~mine & scores["brand"].isin(own.index)]
    code = own.index.get_indexer(pd.Index(others["brand"]))
    score = others["fusion_score"].to_numpy(np.float64)
    count = np.bincount(code, minlength=len(own))
    below = np.bincount(code, (score < own.to_numpy()[code]) + 0.5 * (score == own.to_numpy()[code]), len(own))
    mean = student_each(score, code, len(own))
    lower: NDArray[np.float64] = np.where(count >= MIN_OBSERVATIONS, below / np.maximum(count, 1), np.nan)
    frame = pd.DataFrame({"brand": own.index, "fusion_score": own.to_numpy(), "others": count})
    frame = frame.assign(mean=mean.value, low=mean.low, high=mean.high, lower=lower)
    return frame.sort_values(["fusion_score", "brand"], ascending=[False, True], ignore_index=True)
