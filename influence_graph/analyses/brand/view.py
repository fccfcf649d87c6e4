"""One brand: health, judgment, profit, who carries it, and which brands are associated with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd

from influence_graph.analyses.brand.bonds import BrandLedger, brand_ledger
from influence_graph.analyses.brand.carriers import UNKNOWN_STATUS, Carriers, carriers, influencers_of
from influence_graph.analyses.brand.giving import Giving, giving
from influence_graph.analyses.brand.health import Health, health
from influence_graph.analyses.brand.judgment import Judgment, judgment
from influence_graph.analyses.brand.neighbors import Audiences, Neighbors, audiences_of, neighbors
from influence_graph.analyses.brand.profit import Profit, profit
from influence_graph.analyses.brand.record_frames import record_frame
from influence_graph.analyses.brand.votes import Votes, votes
from influence_graph.analyses.checks import checked_span, require
from influence_graph.analyses.fusion.points import points_of
from influence_graph.analyses.interactions.columns import as_table
from influence_graph.analyses.interactions.digest import digest_of
from influence_graph.analyses.interactions.ledger import Ledger, read_ledger
from influence_graph.analyses.intervals import TOO_FEW, Estimate
from influence_graph.analyses.result import Displayed
from influence_graph.errors import InputError
from influence_graph.model.display import short_line
from influence_graph.model.frames import Frame
from influence_graph.model.ids import id_text
from influence_graph.model.json_values import json_value
from influence_graph.model.names import NO_NAMES, NodeNames
from influence_graph.model.parameters import BrandParameters
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.records import CAMPAIGNS, PEOPLE, SALES, TIES
from influence_graph.model.times import Time, checked_as_of

_REQUIRED = {
    PEOPLE: ("id",),
    TIES: ("source", "target"),
    SALES: ("brand", "date", "value"),
    CAMPAIGNS: ("brand", "at"),
}
_CHANGE = "change of the sum in {} days"


@dataclass(frozen=True, eq=False, repr=False)
class BrandRecords:
    """Records in addition to the interactions; each may be missing. Frames of any library become pandas frames.

    Attributes:
        people: People records: who is a declared influencer, and followers.
        ties: Tie records, from which followers are counted.
        sales: Sales records.
        campaigns: Campaign records: marked on the trend.
        audiences: Consumers per brand over all interactions, where only a part of them is given.

    Raises:
        InputError: One is no frame, lacks a column that is needed, or an id is refused.
    """

    people: Frame | None = None
    ties: Frame | None = None
    sales: Frame | None = None
    campaigns: Frame | None = None
    audiences: Audiences | None = None

    def __post_init__(self) -> None:
        remedy = "leave it out where the interactions are complete"
        require(isinstance(self.audiences, Audiences | None), "audiences", repr(self.audiences), "an Audiences", remedy)
        for kind, required in _REQUIRED.items():
            given = getattr(self, kind.name)
            if given is not None:
                object.__setattr__(self, kind.name, record_frame(given, kind, required))

    def __repr__(self) -> str:
        frames: dict[str, Any] = {kind.name: getattr(self, kind.name) for kind in _REQUIRED}
        return short_line("BrandRecords", {name: None if f is None else len(f) for name, f in frames.items()})


@dataclass(frozen=True, eq=False, repr=False)
class BrandView(Displayed):
    """What :func:`brand_view` returns.

    Attributes:
        brand: Id of the brand.
        as_of: Only what had happened and was known by then counts.
        policy: Parameters of the scores, as JSON values.
        health: Bonds: number, level, reciprocity, trend, risk.
        judgment: Valence of the interactions, and complaints.
        votes: Votes of the consumers by feet, wallet and voice.
        giving: What was paid for and what was meant; which gifts are recognized.
        profit: Sales and purchases.
        carriers: Consumers who carry the positive bond.
        neighbors: Associated brands.
        campaigns: at, kind, note of the brand's own campaigns up to ``as_of``.
        unknown_kinds: Interactions by kind that the touchpoint table does not list; they count only what they declare.
        sales: date, value of each day with sales up to ``as_of``, all segments together; not part of the JSON.
        digest: Digest of the interactions.
    """

    brand: str
    as_of: datetime
    policy: Mapping[str, Any]
    health: Health
    judgment: Judgment
    votes: Votes
    giving: Giving
    profit: Profit
    carriers: Carriers
    neighbors: Neighbors
    campaigns: pd.DataFrame
    unknown_kinds: Mapping[str, int]
    sales: pd.DataFrame = field(metadata={"bulk": True})
    digest: str

    @property
    def parameters(self) -> Mapping[str, Any]:
        """Brand, time, policy, recovery time and horizon (seconds), as JSON values."""
        days = {"recovery": self.judgment.recovery.days, "horizon": self.profit.forecast.days}
        spans = {name: timedelta(days=each).total_seconds() for name, each in days.items()}
        return {"brand": self.brand, "as_of": self.as_of.isoformat(), "policy": self.policy, **spans}

    def to_frame(self) -> pd.DataFrame:
        """Return one row per measure: brand, measure, value, low, high, count, method; NaN where not known, and why."""
        rows = [(self.brand, name, value, None, None, None, "counted") for name, _, value in self.counts()]
        missing = self.missing()
        for name, _, each in self.estimates():
            numbers = (None,) * 4 if each is None else (each.value, each.low, each.high, each.count)
            rows.append((self.brand, name, *numbers, missing[name] if each is None else each.method))
        frame = pd.DataFrame(rows, columns=["brand", "measure", "value", "low", "high", "count", "method"])
        return frame.astype({"value": float, "low": float, "high": float, "count": "Int64"})

    def counts(self) -> list[tuple[str, str, float]]:
        """Return name, number format and value of each measure that is counted."""
        return [
            ("bonds", "{:,.0f}", self.health.count),
            ("sum of bonds", "+", self.health.total),
            ("interactions from consumers", "{:,.0f}", self.judgment.given),
            ("interactions from the brand", "{:,.0f}", self.judgment.received),
            ("complaints", "{:,.0f}", self.judgment.recovery.complaints),
            ("customers", "{:,.0f}", self.profit.count),
        ]

    def estimates(self) -> list[tuple[str, str, Estimate | None]]:
        """Return name, number format and estimate of each measure that is estimated; None where too few."""
        health, judgment, profit, carriers = self.health, self.judgment, self.profit, self.carriers
        changes = [(_CHANGE.format(days), "+", change) for days, change in health.change.items()]
        return [
            ("mean bond", "+", health.mean),
            *changes,
            ("positive bonds", "{:.1%}", health.positive),
            ("negative bonds", "{:.1%}", health.negative),
            ("bonds at risk", "{:.1%}", health.at_risk.share),
            ("reciprocity", "{:.2f}", health.reciprocity),
            ("mean valence", "{:+.2f}", judgment.mean),
            ("negative interactions", "{:.1%}", judgment.negative),
            ("recovery rate", "{:.1%}", judgment.recovery.rate),
            ("days to recovery", "", judgment.recovery.median_days),
            ("customers who bought again", "{:.1%}", profit.repeat),
            ("value per customer", "", profit.per_customer),
            (f"purchases in the next {profit.forecast.days:g} days", "{:,.0f}", profit.forecast.purchases),
            (f"value of the next {profit.forecast.days:g} days", "", profit.forecast.value),
            ("bond from ordinary consumers", "{:.1%}", carriers.ordinary),
            ("bond from all but the top 1 %", "{:.1%}", carriers.long_tail),
            ("Gini of the bonds above 0", "{:.2f}", carriers.gini),
        ]

    def missing(self) -> dict[str, str]:
        """Return why each measure that is not estimated is not, by its name."""
        followed, bought = self.judgment.recovery.unrecorded, self.profit.unrecorded
        reasons = {_CHANGE.format(days): reason for days, reason in self.health.unrecorded.items()}
        reasons |= {"recovery rate": followed, "days to recovery": followed, "customers who bought again": bought}
        reasons |= {"bond from ordinary consumers": "" if self.carriers.known else UNKNOWN_STATUS}
        reasons |= {"reciprocity": self.health.one_sided}
        return {name: reasons.get(name) or TOO_FEW for name, _, each in self.estimates() if each is None}

    def sections(self, names: NodeNames = NO_NAMES) -> dict[str, list[str]]:
        """Return the findings as sentences, by heading, with *names* beside ids where they are known."""
        return {
            "Health": self.health.sentences(),
            "Judgment": self.judgment.sentences(),
            "Votes": self.votes.sentences(),
            "Giving": self.giving.sentences(),
            "Profit": self.profit.sentences(),
            "Carriers": self.carriers.sentences(),
            "Neighbors": self.neighbors.sentences(names),
        }

    def _figures(self) -> Mapping[str, object]:
        figures = {"brand": self.brand, "as of": self.as_of.isoformat()}
        return {**figures, "bonds": self.health.count, "sum of bonds": self.health.total}

    def to_dict(self) -> dict[str, Any]:
        """Return everything but single bonds and customers as JSON values; null where observations are too few."""
        values: dict[str, Any] = plain(self)
        return values


def brand_view(  # noqa: PLR0913 - two things to view, the options by name
    interactions: Frame,
    brand: str,
    *,
    as_of: Time | None = None,
    policy: FusionPolicy | None = None,
    records: BrandRecords | None = None,
    recovery: timedelta = BrandParameters.recovery,
    horizon: timedelta = BrandParameters.horizon,
) -> BrandView:
    """Return health, judgment, profit, carriers and neighbors of *brand*.

    Every estimate has a 95 % interval, named with its method; from fewer than ten independent observations
    there is none. Bonds are the Fusion Scores of :func:`influence_graph.fusion_scores`.

    Args:
        interactions: All interaction records, or those of the brand's consumers (with audiences in *records*).
        brand: Id of the brand.
        as_of: Only what had happened and was known by then counts. Default: the latest time.
        policy: Parameters of the scores; default ``FusionPolicy()``.
        records: Records in addition to the interactions.
        recovery: Longest time from a complaint to its recovery, above 0; default 30 days.
        horizon: How far ahead purchases are forecast, above 0; default 365 days.

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
    spans = checked_span("recovery", recovery), checked_span("horizon", horizon)
    remedy = "write `ig.BrandRecords(people=frame)`"
    require(isinstance(records, BrandRecords | None), "records", type(records).__name__, "a BrandRecords", remedy)
    brand, table = id_text(brand), as_table(interactions)
    ledger = read_ledger(table)
    moment = checked_as_of(as_of) or ledger.latest()
    if moment is None:
        raise InputError("there are no interactions", remedy="ingest some first")
    of_brand = brand_ledger(ledger, brand, policy or FusionPolicy(), moment)
    parts = _parts(of_brand, ledger.as_known_at(moment), records or BrandRecords(), spans)
    return BrandView(brand, moment, of_brand.policy.to_dict(), **parts, digest=digest_of(table))


def _parts(
    ledger: BrandLedger, known: Ledger, records: BrandRecords, spans: tuple[timedelta, timedelta]
) -> dict[str, Any]:
    """Return the fields of :class:`BrandView` that are calculated; *spans* are the recovery and the horizon."""
    recovery, horizon = spans
    given: Any = records  # its frames are pandas'
    bonds, direct = health(ledger), ledger.direct()
    points, meant = ledger.points, points_of(direct, replace(ledger.policy, paid=1.0), ledger.as_of)
    return {
        "health": bonds,
        "judgment": judgment(ledger, recovery),
        "votes": votes(direct, points.meaning),
        "giving": giving(direct, points, meant),
        "unknown_kinds": points.meaning.unknown,
        "profit": profit(ledger, given.sales, horizon),
        "carriers": carriers(bonds.bonds, influencers_of(given.people, given.ties)),
        "neighbors": neighbors(ledger, known, records.audiences or audiences_of(known)),
        "campaigns": _campaigns(given.campaigns, ledger),
        "sales": sales_by_day(given.sales, ledger.brand, ledger.as_of),
    }


def _campaigns(campaigns: pd.DataFrame | None, ledger: BrandLedger) -> pd.DataFrame:
    columns = ["at", "kind", "note"]
    if campaigns is None or campaigns.empty:
        return pd.DataFrame(columns=columns)
    own = campaigns[(campaigns["brand"] == ledger.brand) & (campaigns["at"] <= ledger.as_of)]
    return own.reindex(columns=columns).sort_values("at", kind="stable").reset_index(drop=True)


def sales_by_day(sales: pd.DataFrame | None, brand: str, as_of: datetime) -> pd.DataFrame:
    """Return date and value of each day with *sales* of *brand* up to *as_of*, all segments together."""
    if sales is None or sales.empty:
        return pd.DataFrame(columns=["date", "value"])
    own = sales[sales["brand"] == brand]
    own = own.assign(date=pd.to_datetime(own["date"]))
    own = own[own["date"] <= as_of.astimezone(UTC).replace(tzinfo=None)]
    return own.groupby("date")["value"].sum().reset_index()


def plain(value: Any) -> Any:  # noqa: ANN401 - any result to any JSON value
    """Return a result as JSON values: frames as lists of rows, what is not finite as None, no bulk fields."""
    if isinstance(value, pd.DataFrame):
        return [plain(row) for row in value.astype(object).to_dict("records")]
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value) if not f.metadata.get("bulk")}
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else json_value(value)
