"""One brand on one page: health, judgment, profit, who carries it, and which brands stand near it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd

from influence_graph.analyses.brand.bonds import BrandLedger, brand_ledger
from influence_graph.analyses.brand.carriers import Carriers, carriers, influencers_of
from influence_graph.analyses.brand.health import Health, health
from influence_graph.analyses.brand.judgment import Judgment, judgment
from influence_graph.analyses.brand.neighbors import Audiences, Neighbors, audiences_of, neighbors
from influence_graph.analyses.brand.profit import Profit, profit
from influence_graph.analyses.interactions.ledger import checked_as_of, read_ledger
from influence_graph.errors import InputError
from influence_graph.model.policy.policy import FusionPolicy

if TYPE_CHECKING:
    import pyarrow as pa

RECOVERY_DAYS = 30.0


@dataclass(frozen=True, eq=False)
class BrandRecords:
    """What is known beside the interactions; each may be missing.

    Attributes:
        people: People records: who is a declared influencer, and followers.
        ties: Tie records, from which followers are counted.
        sales: Sales records.
        campaigns: Campaign records: marked on the trend.
        audiences: Consumers per brand over all interactions, where those given are only a part of them.
    """

    people: pd.DataFrame | None = None
    ties: pd.DataFrame | None = None
    sales: pd.DataFrame | None = None
    campaigns: pd.DataFrame | None = None
    audiences: Audiences | None = None


@dataclass(frozen=True, eq=False)
class BrandView:
    """What :func:`brand_view` found; ``campaigns`` has at, kind, note of the brand's own up to ``as_of``."""

    brand: str
    as_of: datetime
    policy: Mapping[str, Any]
    health: Health
    judgment: Judgment
    profit: Profit
    carriers: Carriers
    neighbors: Neighbors
    campaigns: pd.DataFrame

    def sections(self) -> dict[str, list[str]]:
        """Return the findings as sentences, by heading."""
        return {
            "Health": self.health.sentences(),
            "Judgment": self.judgment.sentences(),
            "Profit": self.profit.sentences(),
            "Carried by": self.carriers.sentences(),
            "Near": self.neighbors.sentences(),
        }

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the single bonds and customers as JSON values; what is too few is null."""
        found: dict[str, Any] = plain(self)
        return found


def brand_view(
    interactions: pd.DataFrame | pa.Table,
    brand: str,
    *,
    as_of: datetime | str | None = None,
    policy: FusionPolicy | None = None,
    records: BrandRecords | None = None,
    recovery_days: float = RECOVERY_DAYS,
) -> BrandView:
    """Return health, judgment, profit, carriers and neighbours of *brand*.

    Every estimate has a 95 % interval, named with its method; below ten independent observations there
    is none ("too few to tell"). Bonds are the Fusion Scores of :func:`influence_graph.fusion_scores`.

    Args:
        interactions: Interaction records: all, or all of the consumers who met or named the brand
            (then give the audiences in *records*).
        brand: Id of the brand.
        as_of: Only what had happened and was known by then counts. Default: the latest time.
        policy: Parameters of the scores; default ``FusionPolicy()``.
        records: What is known beside the interactions.
        recovery_days: How long the recovery of a complaint may take, above 0.

    Raises:
        NotFound: No interaction was with *brand* or named it.
        InputError: A column is missing or a value is out of its limits.

    Example:
        >>> import pandas as pd
        >>> events = pd.DataFrame({"event_id": ["1"], "at": ["2026-05-01T20:00:00Z"], "consumer": ["singer"],
        ...                        "brand": ["sweater"], "points": [3.0]})
        >>> view = brand_view(events, "sweater")
        >>> view.health.count, view.health.total, view.health.mean
        (1, 3.0, None)
    """
    if not 0 < recovery_days < math.inf:
        raise InputError(f"recovery_days is {recovery_days!r}, must be above 0", remedy="give a number of days")
    policy, records = policy or FusionPolicy(), records or BrandRecords()
    ledger = read_ledger(interactions)
    moment = checked_as_of(as_of) or ledger.latest()
    if moment is None:
        raise InputError("there are no interactions", remedy="ingest some first")
    around = brand_ledger(ledger, brand, policy, moment)
    known = ledger.as_known_at(moment)
    healthy = health(around)
    return BrandView(
        brand=brand,
        as_of=moment,
        policy=policy.to_dict(),
        health=healthy,
        judgment=judgment(around, recovery_days),
        profit=profit(around, records.sales),
        carriers=carriers(healthy.bonds, influencers_of(records.people, records.ties)),
        neighbors=neighbors(around, known, records.audiences or audiences_of(known)),
        campaigns=_campaigns(records.campaigns, around),
    )


def _campaigns(campaigns: pd.DataFrame | None, around: BrandLedger) -> pd.DataFrame:
    columns = ["at", "kind", "note"]
    if campaigns is None or campaigns.empty:
        return pd.DataFrame(columns=columns)
    own = campaigns[(campaigns["brand"] == around.brand) & (campaigns["at"] <= around.as_of)]
    return own.reindex(columns=columns).sort_values("at", kind="stable").reset_index(drop=True)


def plain(value: Any) -> Any:  # noqa: ANN401 - any result to any JSON value
    """Return a result as JSON values: frames as lists of rows, what is not finite as None, no bulk fields."""
    if isinstance(value, pd.DataFrame):
        return [plain(row) for row in value.astype(object).to_dict("records")]
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value) if not f.metadata.get("bulk")}
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else _scalar(value)


def _scalar(value: Any) -> Any:  # noqa: ANN401
    if pd.isna(value) or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, date):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value
