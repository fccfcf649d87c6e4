"""What a Fusion point is worth to the brands of a store: lifts of its campaigns against the points that they moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from influence_graph.analyses.fusion.scores import bond_sums
from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.analyses.intervals import Z
from influence_graph.analyses.lift.meta import lift_per_point
from influence_graph.app.lift.campaign import CampaignLifts, checked
from influence_graph.app.lookups import names_of
from influence_graph.errors import InputError
from influence_graph.model.json_values import json_value
from influence_graph.model.names import NodeNames
from influence_graph.stores.base import InteractionFilter

if TYPE_CHECKING:
    from influence_graph.analyses.interactions.ledger import Ledger
    from influence_graph.analyses.lift.campaign_result import CampaignLift
    from influence_graph.analyses.lift.meta import LiftPerPoint
    from influence_graph.model.parameters import CampaignLiftParameters
    from influence_graph.model.policy.policy import FusionPolicy
    from influence_graph.stores.base import Snapshot

COLUMNS = ("campaign", "brand", "day", "points", "lift", "std_error", "status", "reason")
_DAY = timedelta(days=1)


@dataclass(frozen=True, eq=False)
class Calibration:
    """What a Fusion point is worth, and what that rests on.

    Attributes:
        worth: What one more point goes with.
        campaigns: One row per campaign, by day: campaign, brand, day, points (that the sum of the brand's Fusion Scores
            changed by over the declared days), lift and its std_error, status, and reason (why it is left out; missing
            where it is not).
        names: Names of the brands.
    """

    worth: LiftPerPoint
    campaigns: pd.DataFrame
    names: NodeNames

    def sentences(self) -> list[str]:
        """Return the findings in words."""
        left = self.campaigns["reason"].notna().sum()
        told = self.worth.sentences()
        brands = self.campaigns.loc[self.campaigns["reason"].isna(), "brand"].nunique()
        if brands > 1 and self.worth.per_point is not None:
            told.append(f"{brands:,} brands are taken together, as if a point were worth the same in each.")
        if left:
            told.append(f"Left out of {len(self.campaigns):,} campaigns: {left:,}, for the reasons beside them.")
        return [*told, "That points go with sales does not say that more points bring more."]

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as JSON values."""
        worth = self.worth
        values = {
            "per_point": None if worth.per_point is None else vars(worth.per_point),
            "without": None if worth.without is None else vars(worth.without),
            "spread": None if worth.spread is None else vars(worth.spread),
            "reason": worth.reason or None,
            "sentences": self.sentences(),
            "campaigns": self.names.beside(self.campaigns).to_dict("records"),
        }
        plain: dict[str, Any] = json_value(values)
        return plain


def calibrate(view: Snapshot, parameters: CampaignLiftParameters, policy: FusionPolicy) -> Calibration:
    """Return what a Fusion point is worth, by all campaigns of a store.

    The points of a campaign are what the sum of its brand's Fusion Scores changed by: as of the end of the last
    declared day, less as of just before the first one (UTC). Its error is half the interval of its lift over 1.96.

    Args:
        view: One state of a store.
        parameters: Of the lifts.
        policy: Of the scores.

    Raises:
        InputError: The store has no campaigns, or a parameter is out of its limits.
    """
    checked(parameters)
    lifts = CampaignLifts(view, parameters)
    if not lifts.campaigns:
        raise InputError(
            f"the store {view.url} holds no campaigns", remedy="ingest some: `influence-graph ingest FILE`"
        )
    sums = _Sums(read_ledger(view.interactions(InteractionFilter(history=True))), policy)
    rows = [_row(lifts.of(each.ids[0]), sums) for each in lifts.campaigns]
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"reason": object})
    numbers = frame[["points", "lift", "std_error"]].astype(float)
    frame[["points", "lift", "std_error"]] = numbers
    used = frame.loc[frame["reason"].isna(), ["campaign", "points", "lift", "std_error"]]
    return Calibration(lift_per_point(used), frame, names_of(view, frame[["brand"]]))


class _Sums:
    """Sums of Fusion Scores by brand, each moment looked at once."""

    def __init__(self, ledger: Ledger, policy: FusionPolicy) -> None:
        self._ledger, self._policy = ledger, policy
        self._known: dict[datetime, np.ndarray] = {}
        self._place = {str(name): code for code, name in enumerate(ledger.brand.names)}
        latest = ledger.latest()
        self.last = None if latest is None else latest.date()

    def of(self, brand: str, moment: datetime) -> float:
        """Return the sum of the scores of *brand* at *moment*."""
        if moment not in self._known:
            _, code, sums = bond_sums(self._ledger.as_known_at(moment), self._policy, moment)
            self._known[moment] = np.bincount(code, sums.sum(axis=1), len(self._place))
        place = self._place.get(brand)
        return 0.0 if place is None else float(self._known[moment][place])


def _row(made: CampaignLift, sums: _Sums) -> dict[str, Any]:
    found = made.row()
    if made.others:  # one lift would count twice
        found["reason"] = found["reason"] or f"the {made.others[0]} cannot be told apart from it"
    end = made.day + timedelta(days=found["days"])
    row = {name: found[name] for name in ("campaign", "brand", "day", "status", "reason")}
    row |= {"points": None, "lift": found["total"], "std_error": None}
    if sums.last is None or sums.last < end - _DAY:
        known = "there are none" if sums.last is None else f"the last is of {sums.last}"
        return row | {"reason": row["reason"] or f"interactions do not reach the last declared day: {known}"}
    row["points"] = sums.of(made.brand, _just_before(end)) - sums.of(made.brand, _just_before(made.day))
    if None not in (found["low"], found["high"]):
        row["std_error"] = (found["high"] - found["low"]) / (2 * Z)
    elif row["reason"] is None:
        row["reason"] = "its interval has no end"
    return row


def _just_before(day: date) -> datetime:
    return datetime.combine(day, time(), UTC) - timedelta(microseconds=1)  # nothing lies between
