"""What a next campaign of a brand could show, and which segments to hold out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from influence_graph.analyses.intervals import number_text
from influence_graph.analyses.lift.plan import lift_plan
from influence_graph.app.lift.records import LiftRecords
from influence_graph.app.lookups import names_of
from influence_graph.app.lookups import require as require_record
from influence_graph.model.json_values import json_value
from influence_graph.model.names import BRAND, NodeNames
from influence_graph.model.parameters import CampaignLiftParameters
from influence_graph.model.records import BRANDS

if TYPE_CHECKING:
    from influence_graph.analyses.lift.exposure import Sights
    from influence_graph.analyses.lift.plan import LiftPlan
    from influence_graph.stores.base import Snapshot

COLUMNS = ("rank", "segment", "per_day", "follows", "people", "seeing", "share")
_LEAST = 3  # segments of which one can be held out, and the others say something of each other


@dataclass(frozen=True, eq=False)
class BrandPlan:
    """A plan for a brand.

    Attributes:
        brand: Its id.
        plan: What its history can show.
        segments: By rank as segments to hold out: rank, segment, per_day (what is counted there), follows (correlation
            of its days with those of all others together; missing where it never changes), people, seeing (of them,
            somebody of another segment) and share; no rows below three segments.
        names: Names of the brand.
        notes: What else is to be known, a sentence each.
    """

    brand: str
    plan: LiftPlan
    segments: pd.DataFrame
    names: NodeNames
    notes: tuple[str, ...]

    def sentences(self) -> list[str]:
        """Return the findings in words."""
        lines = self.plan.sentences()
        if not len(self.segments):
            return lines
        best: Any = self.segments.iloc[0]
        follows = f"its days follow those of the others (correlation {best.follows:.2f})"
        told = [] if np.isnan(best.follows) else [follows]
        told += [f"{number_text(100 * best.share)} % of its people see somebody elsewhere"] if best.people else []
        why = f": {' and '.join(told)}" if told else ""
        return [*lines, f"To hold a segment out, begin with {best.segment}{why}."]

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as JSON values."""
        values = {
            "brand": self.brand,
            "brand_name": self.names.of(BRAND, self.brand),
            "smallest": self.plan.smallest,
            "smallest_percent": self.plan.smallest_percent,
            "power": self.plan.power,
            "days_needed": self.plan.days_needed,
            "sentences": self.sentences(),
            "notes": self.notes,
            "segments": self.segments.to_dict("records"),
            "days": self.plan.to_frame().to_dict("records"),
            "parameters": self.plan.parameters,
        }
        plain: dict[str, Any] = json_value(values)
        return plain


def plan_of_brand(
    view: Snapshot, brand: str, days: int, effect: float | None = None, outcome: str = CampaignLiftParameters.outcome
) -> BrandPlan:
    """Return what a campaign of *brand* on the day after the last one could show, and which segments to hold out.

    Segments are ranked by two things alike: how well their days follow those of all others together, and how few of
    their people see somebody of another segment. The rank is by the sum of the two places.

    Args:
        view: One state of a store.
        brand: Its id.
        days: How many days will be declared.
        effect: A rise to ask about, as a part of what is expected; None: the smallest that is shown alone.
        outcome: What is counted, as in :class:`~influence_graph.model.parameters.CampaignLiftParameters`.

    Raises:
        NotFound: There is no such brand, or no interaction of the kind that is counted.
        InputError: Nothing is counted of the brand, or as for :func:`~influence_graph.analyses.lift.plan.lift_plan`.
    """
    require_record(view, BRANDS, [brand])
    records = LiftRecords(view, outcome)
    daily, notes = records.daily(brand)
    plan = lift_plan(daily[["date", "value"]], days=days, effect=effect)
    names = names_of(view, pd.DataFrame({"brand": [brand]}))
    units = records.segments(brand)
    if len(units) < _LEAST:
        few = "It is not counted by segment" if not units else "It has fewer than 3 segments"
        nothing = pd.DataFrame(columns=list(COLUMNS))
        return BrandPlan(brand, plan, nothing, names, (*notes, f"{few}: none can be held out."))
    segments, made = records.daily(brand, units)
    ranked = _ranked(segments, records.sights)
    if records.sights is None:
        made = (*made, "Who sees whom across segments is not on record: segments are ranked by their days alone.")
    return BrandPlan(brand, plan, ranked, names, tuple(dict.fromkeys((*notes, *made))))


def _ranked(daily: pd.DataFrame, sights: Sights | None) -> pd.DataFrame:
    """Return the segments of *daily* (unit, date, value) by rank."""
    values = daily.pivot(index="date", columns="unit", values="value").dropna()
    total = values.sum(axis=1)
    follows = [_correlation(values[name].to_numpy(), (total - values[name]).to_numpy()) for name in values]
    people, seeing = _seeing(list(values.columns), sights)
    frame = pd.DataFrame(
        {
            "segment": list(values.columns),
            "per_day": values.mean().to_numpy(),
            "follows": follows,
            "people": people,
            "seeing": seeing,
            "share": seeing / np.maximum(people, 1),
        }
    )
    place = frame["follows"].rank(ascending=False, na_option="bottom") + frame["share"].rank()
    frame = frame.assign(place=place).sort_values(["place", "segment"], ignore_index=True)
    return frame.assign(rank=np.arange(1, len(frame) + 1))[list(COLUMNS)]


def _correlation(own: np.ndarray, others: np.ndarray) -> float:
    if np.ptp(own) == 0 or np.ptp(others) == 0:
        return float("nan")
    return float(np.corrcoef(own, others)[0, 1])


def _seeing(units: list[str], sights: Sights | None) -> tuple[np.ndarray, np.ndarray]:
    """Return how many people each of *units* has, and how many of them see somebody of another segment."""
    if sights is None:
        return np.zeros(len(units), np.int64), np.zeros(len(units), np.int64)
    among = np.isin(sights.segments, units)
    asked = among & ~np.eye(among.size, dtype=np.bool_)
    place = pd.Index(sights.segments).get_indexer(pd.Index(units))  # -1 for one without people: a place of none
    seeing = np.append(np.diagonal(sights.seeing(asked)), 0)
    return np.append(sights.sizes, 0)[place], seeing[place]
