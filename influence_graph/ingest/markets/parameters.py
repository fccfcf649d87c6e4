"""The parameters of a market, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from influence_graph.errors import InputError
from influence_graph.ingest.generated import check_limits, parameters_from_json

_LIMITS = {
    "people": (100, 1_000_000),
    "segments": (2, 200),
    "brands": (2, 1000),
    "days": (120, 3650),
    "seed": (0, 2**32 - 1),
    "ties_per_person": (1.0, 100.0),
    "strays": (0.0, 0.3),
    "follows_per_person": (0.0, 100.0),
    "campaigns": (0, 1000),
    "nothing": (0.0, 1.0),
    "smallest": (0.0, 10.0),
    "largest": (0.0, 10.0),
    "strength": (0.0, 10.0),
    "spillover": (0.0, 1.0),
    "counts": (0.0, 1.0),
    "autocorrelation": (0.0, 0.95),
}
_LEAST_PEOPLE = 10
_MOST_SALES = 20_000_000
DAYS_PER_ROUND = 60


@dataclass(frozen=True, kw_only=True)
class MarketParameters:
    """The parameters of a market.

    Args:
        people: number of people, 100 to 1,000,000, and at least 10 per segment.
        segments: number of segments, 2 to 200: the towns in which people live.
        brands: number of brands, 2 to 1,000.
        days: days that are covered, 120 to 3,650.
        seed: seed of all that is random.
        start: the first day.
        ties_per_person: mean people whom one follows or knows, 1 to 100.
        strays: share of ties that go to anybody, 0 to 0.3; the others stay within the segment and its neighbors.
        follows_per_person: mean follows of brands per person and 365 days without campaigns, 0 to 100.
        campaigns: single campaigns, 0 to 1,000.
        repeated: brands with two kinds of campaigns that are repeated and overlap, 0 to ``brands``; None: one in six.
        nothing: share of the single campaigns that do nothing, 0 to 1.
        smallest: least rise of sales by a campaign that does something, as a share, 0 to 10.
        largest: greatest such rise; between the two all are as likely.
        strength: what every rise is multiplied by, 0 to 10; at 0 all campaigns are there, and none does anything.
        spillover: what a person feels who sees somebody of a treated segment, as a share of what people of the treated
            segments feel, 0 to 1.
        counts: share of the brands whose sales are counted pieces; those of the others are money.
        autocorrelation: correlation from day to day of the noise of each series, 0 to 0.95.

    Raises:
        InputError: a value is outside its limits, or there would be more than 20,000,000 sales.
    """

    people: int = 4800
    segments: int = 24
    brands: int = 12
    days: int = 365
    seed: int = 1
    start: date = date(2025, 1, 1)
    ties_per_person: float = 8.0
    strays: float = 0.02
    follows_per_person: float = 10.0
    campaigns: int = 24
    repeated: int | None = None
    nothing: float = 0.25
    smallest: float = 0.05
    largest: float = 0.5
    strength: float = 1.0
    spillover: float = 0.5
    counts: float = 0.5
    autocorrelation: float = 0.5

    def __post_init__(self) -> None:
        check_limits(self, _LIMITS)
        check_limits(self, {"repeated": (0, self.brands), "segments": (2, self.people // _LEAST_PEOPLE)})
        if self.largest < self.smallest:
            raise InputError(
                f"largest {self.largest:g} is below smallest {self.smallest:g}",
                remedy="choose a largest rise that is at least the smallest",
            )
        sales = self.brands * self.segments * self.days
        if sales > _MOST_SALES:
            raise InputError(
                f"{self.brands:,} brands in {self.segments:,} segments on {self.days:,} days are {sales:,} sales, "
                f"must be at most {_MOST_SALES:,}",
                remedy="choose fewer brands, segments or days",
            )

    @property
    def repeating(self) -> int:
        """Brands with campaigns that are repeated."""
        return self.brands // 6 if self.repeated is None else self.repeated

    @property
    def rounds(self) -> int:
        """How often each of their campaigns is repeated."""
        return self.days // DAYS_PER_ROUND

    @classmethod
    def from_json(cls, text: str, where: str = "parameters") -> MarketParameters:
        """Return the parameters given as a JSON object of some of the arguments.

        Raises:
            UnreadableFile: it is not such an object.
            InputError: a value is outside its limits.
        """
        return parameters_from_json(cls, text, where)
