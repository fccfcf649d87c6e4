"""One brand: health, judgment, profit, who carries it, and which brands are associated with it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from influence_graph.analyses.brand.bonds import BrandLedger, brand_ledger
from influence_graph.analyses.brand.carriers import Carriers, carriers, influencers_of
from influence_graph.analyses.brand.health import Health, health
from influence_graph.analyses.brand.judgment import Judgment, judgment
from influence_graph.analyses.brand.neighbors import Audiences, Neighbors, audiences_of, neighbors
from influence_graph.analyses.brand.profit import Profit, profit
from influence_graph.analyses.interactions.ledger import checked_as_of, checked_span, read_ledger
from influence_graph.errors import InputError
from influence_graph.model.parameters import BrandParameters
from influence_graph.model.policy.policy import FusionPolicy

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, eq=False)
class BrandRecords:
    """Records in addition to the interactions; each may be missing.

    Attributes:
        people: People records: who is a declared influencer, and followers.
        ties: Tie records, from which followers are counted.
        sales: Sales records.
        campaigns: Campaign records: marked on the trend.
        audiences: Consumers per brand over all interactions, where only a part of them is given.
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
        """Return everything but single bonds and customers as JSON values; null where observations are too few."""
        values: dict[str, Any] = plain(self)
        return values


def brand_view(
    interactions: pd.DataFrame | pa.Table,
    brand: str,
    *,
    as_of: datetime | str | None = None,
    policy: FusionPolicy | None = None,
    records: BrandRecords | None = None,
    recovery: timedelta = BrandParameters.recovery,
) -> BrandView:
    """Return health, judgment, profit, carriers and neighbors of *brand*.

    Every estimate has a 95 % interval, named with its method; below ten independent observations there
    is none ("too few to tell"). Bonds are the Fusion Scores of :func:`influence_graph.fusion_scores`.

    Args:
        interactions: Interaction records: all, or all of the consumers who met or named the brand
            (then give the audiences in *records*).
        brand: Id of the brand.
        as_of: Only what had happened and was known by then counts. Default: the latest time.
        policy: Parameters of the scores; default ``FusionPolicy()``.
        records: Records in addition to the interactions.
        recovery: Longest time from a complaint to its recovery, above 0; default 30 days.

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
    checked_span("recovery", recovery)
    policy, records = policy or FusionPolicy(), records or BrandRecords()
    ledger = read_ledger(interactions)
    moment = checked_as_of(as_of) or ledger.latest()
    if moment is None:
        raise InputError("there are no interactions", remedy="ingest some first")
    known = ledger.as_known_at(moment)
    of_brand = brand_ledger(ledger, brand, policy, moment)
    bonds = health(of_brand)
    return BrandView(
        brand=brand,
        as_of=moment,
        policy=policy.to_dict(),
        health=bonds,
        judgment=judgment(of_brand, recovery),
        profit=profit(of_brand, records.sales),
        carriers=carriers(bonds.bonds, influencers_of(records.people, records.ties)),
        neighbors=neighbors(of_brand, known, records.audiences or audiences_of(known)),
        campaigns=_campaigns(records.campaigns, of_brand),
    )


def _campaigns(campaigns: pd.DataFrame | None, ledger: BrandLedger) -> pd.DataFrame:
    columns = ["at", "kind", "note"]
    if campaigns is None or campaigns.empty:
        return pd.DataFrame(columns=columns)
    own = campaigns[(campaigns["brand"] == ledger.brand) & (campaigns["at"] <= ledger.as_of)]
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
