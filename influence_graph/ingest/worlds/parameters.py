"""The parameters of a world, and the ids that follow from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from influence_graph.errors import InputError
from influence_graph.ingest.generated import check_limits, parameters_from_json

_LIMITS = {
    "people": (500, 1_000_000),
    "items": (20, 10_000),
    "days": (180, 20_000),
    "seed": (0, 2**32 - 1),
    "adoptions_per_person": (1.0, 100.0),
    "ties_per_person": (2.0, 100.0),
    "visits_per_person": (0.0, 1000.0),
    "reciprocity": (0.2, 0.8),
    "probability": (0.0, 1.0),
    "shortest_delay": (1.0, 20_000.0),
    "longest_delay": (1.0, 20_000.0),
    "shadows": (0, 3),
}
_LARGEST_SHARE = 100
"""At most one in this many people plays one part."""


@dataclass(frozen=True, kw_only=True)
class WorldParameters:
    """The parameters of a world.

    Args:
        people: number of people, 500 to 1,000,000.
        items: number of items that can be taken up, 20 to 10,000; their popularity follows Zipf's law.
        days: days that are covered, 180 to 20,000.
        seed: seed of all that is random.
        start: the first day.
        adoptions_per_person: mean adoptions without influence per person, 1 to 100, some of which coincide.
        ties_per_person: mean people whom one follows, knows or is exposed to, 2 to 100.
        visits_per_person: mean visits to shops per person, 0 to 1,000: activity that is no adoption.
        reciprocity: share of ties that go both ways, 0.2 to 0.8.
        influencers: planted influencers of each style; 0 plants none, None plants one in 500 people.
        probability: that a follower takes up an item because an influencer did, 0 to 1.
        shortest_delay: least mean delay of an influencer in days, from 1.
        longest_delay: greatest mean delay of an influencer in days, to 20,000; logarithms are uniform between.
        shadows: followers of each influencer who copy fast and share its followers, 0 to 3.
        trend_spotters: people without influence who are early in the fads of a hidden taste; None: one in 500.
        bots: people without influence whom one follower copies in everything.

    Raises:
        InputError: a value is outside its limits.
    """

    people: int = 10_000
    items: int = 400
    days: int = 3652
    seed: int = 1
    start: date = date(2016, 1, 1)
    adoptions_per_person: float = 16.8
    ties_per_person: float = 17.0
    visits_per_person: float = 30.0
    reciprocity: float = 0.4
    influencers: int | None = None
    probability: float = 0.15
    shortest_delay: float = 10.0
    longest_delay: float = 1000.0
    shadows: int = 1
    trend_spotters: int | None = None
    bots: int = 0

    def __post_init__(self) -> None:
        check_limits(self, _LIMITS)
        parts = (0, self.people // _LARGEST_SHARE)
        check_limits(self, {"influencers": parts, "trend_spotters": parts, "bots": parts})
        if self.longest_delay < self.shortest_delay:
            raise InputError(
                f"longest_delay {self.longest_delay:g} is below shortest_delay {self.shortest_delay:g}",
                remedy="choose a longest delay that is at least the shortest",
            )

    @property
    def planted(self) -> int:
        """Planted influencers of each style."""
        return self.people // 500 if self.influencers is None else self.influencers

    @property
    def spotters(self) -> int:
        """Planted trend-spotters."""
        return self.people // 500 if self.trend_spotters is None else self.trend_spotters

    @classmethod
    def from_json(cls, text: str, where: str = "parameters") -> WorldParameters:
        """Return the parameters given as a JSON object of some of the arguments.

        Raises:
            UnreadableFile: it is not such an object.
            InputError: a value is outside its limits.
        """
        return parameters_from_json(cls, text, where)
