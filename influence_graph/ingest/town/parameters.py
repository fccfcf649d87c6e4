"""The parameters of a town, and the ids that follow from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from influence_graph.ingest.generated import check_limits, numbered, parameters_from_json

_LIMITS = {
    "people": (10, 5_000_000),
    "brands": (4, 100_000),
    "days": (28, 3650),
    "seed": (0, 2**32 - 1),
    "interactions_per_person": (0.0, 1000.0),
    "ties_per_person": (1.0, 100.0),
    "influencers": (0, 2000),
    "active_probability": (0.0, 1.0),
    "passive_probability": (0.0, 1.0),
    "ordinary_probability": (0.0, 1.0),
}


@dataclass(frozen=True, kw_only=True)
class TownParameters:
    """The parameters of a town.

    Args:
        people: number of people, 10 to 5,000,000.
        brands: number of brands, 4 to 100,000; their popularity follows Zipf's law.
        days: days that are covered, 28 to 3,650.
        seed: seed of all that is random.
        start: the first day.
        interactions_per_person: interactions are filled up to this many times ``people``, mostly
            with people using what they adopted; adoptions and their consequences are always kept.
        ties_per_person: mean number of people that one follows.
        influencers: planted influencers of each style; 0 plants none, None plants one in 250 people.
        active_probability: that a follower adopts because an active influencer did.
        passive_probability: that an exposed person adopts because a passive influencer did.
        ordinary_probability: the same for every other tie.
        story: whether the people and brands of ``datasets/story`` are included.

    Raises:
        InputError: a value is outside its limits.
    """

    people: int = 1000
    brands: int = 24
    days: int = 120
    seed: int = 1
    start: date = date(2026, 3, 1)
    interactions_per_person: float = 10.0
    ties_per_person: float = 8.0
    influencers: int | None = None
    active_probability: float = 0.25
    passive_probability: float = 0.35
    ordinary_probability: float = 0.01
    story: bool = True

    def __post_init__(self) -> None:
        check_limits(self, _LIMITS)

    @property
    def planted(self) -> int:
        """Planted influencers of each style."""
        return max(2, self.people // 250) if self.influencers is None else min(self.influencers, self.people // 50)

    @classmethod
    def from_json(cls, text: str, where: str = "parameters") -> TownParameters:
        """Return the parameters given as a JSON object of some of the arguments.

        Raises:
            UnreadableFile: it is not such an object.
            InputError: a value is outside its limits.
        """
        return parameters_from_json(cls, text, where)


def person_ids(parameters: TownParameters) -> list[str]:
    """Return the ids of the people by public number."""
    return numbered("p", parameters.people)


def brand_ids(parameters: TownParameters) -> list[str]:
    """Return the ids of the brands, most popular first."""
    return numbered("b", parameters.brands)
