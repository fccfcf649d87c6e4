"""A town of any size whose truth is known, for demos, tests and benchmarks.

People live in communities, follow hubs, and adopt brands: on their own, with the tastes of their
community (homophily), or because somebody whom they follow or are exposed to adopted before them.
Who has that effect is planted: *active* influencers, who recommend what they adopt, and *passive*
ones, who never say a word. Everyone else, hubs among them, has next to none. Brands respond, which
makes recommendations likelier by a planted amount, and hold concerts, which lift the sales of one
segment by a planted amount. ``Town.truth`` tells all of it.

The same recipe gives the same bytes (with the same version of numpy).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, fields
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from influence_graph.errors import InputError, UnreadableFile

if TYPE_CHECKING:
    from influence_graph.ingest.town_cascades import Adoptions
    from influence_graph.ingest.town_events import Events
    from influence_graph.ingest.town_people import Population
    from influence_graph.ingest.town_sales import Concerts
    from influence_graph.model.records import Batch
    from influence_graph.model.touchpoints import TouchpointTable

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
class TownRecipe:
    """What a town is made of.

    Args:
        people: number of people, 10 to 5,000,000.
        brands: number of brands, 4 to 100,000; their popularity follows Zipf's law.
        days: days that are covered, 28 to 3,650.
        seed: seed of all that is random.
        start: the first day.
        interactions_per_person: interactions are filled up to this many times ``people``, mostly
            with people using what they adopted; adoptions and their consequences are never cut.
        ties_per_person: mean number of people that one follows.
        influencers: planted influencers of each style; 0 plants none, None plants one in 250 people.
        active_probability: that a follower adopts because an active influencer did.
        passive_probability: that an exposed person adopts because a passive influencer did.
        ordinary_probability: the same for every other tie.
        story: whether the people and brands of ``datasets/story`` live here too.

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
        for name, (low, high) in _LIMITS.items():
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise InputError(f"{name} {value!r} is outside {low:g} to {high:g}", remedy="choose a value inside")

    @property
    def planted(self) -> int:
        """Planted influencers of each style."""
        return max(2, self.people // 250) if self.influencers is None else min(self.influencers, self.people // 50)

    @classmethod
    def from_json(cls, text: str, where: str = "recipe") -> TownRecipe:
        """Return the recipe written in JSON as an object of some of the arguments.

        Raises:
            UnreadableFile: it is not such an object.
            InputError: a value is outside its limits.
        """
        remedy = f"write a JSON object with some of {', '.join(field.name for field in fields(cls))}"
        try:
            values: Any = json.loads(text)
            if isinstance(values, dict) and "start" in values:
                values["start"] = date.fromisoformat(values["start"])
            return cls(**values)
        except (TypeError, ValueError, RecursionError) as error:
            raise UnreadableFile(f"{where}: {error}", remedy=remedy) from error


@dataclass(frozen=True)
class Town:
    """A generated town: records as batches or files, and the truth behind them."""

    recipe: TownRecipe
    population: Population
    adoptions: Adoptions
    events: Events
    concerts: Concerts

    def batches(self, batch_rows: int = 250_000, table: TouchpointTable | None = None) -> Iterator[Batch]:
        """Yield all records in the order people, brands, ties, interactions, campaigns, sales.

        Args:
            batch_rows: most rows of a batch.
            table: what each kind of interaction means; default the built-in table.
        """
        from influence_graph.ingest.town_records import batches
        from influence_graph.model.touchpoints import TouchpointTable

        return batches(self, batch_rows, table or TouchpointTable.load())

    @cached_property
    def truth(self) -> Mapping[str, Any]:
        """What was planted and what came of it, as plain values for JSON."""
        from influence_graph.ingest.town_truth import truth

        return truth(self)

    def write(self, folder: Path) -> list[Path]:
        """Write six CSV files and ``truth.json`` to *folder*; all of them or none.

        Raises:
            InputError: the folder cannot be made or written.
        """
        from influence_graph.ingest.atomic import replacing
        from influence_graph.ingest.town_records import CSV_COLUMNS, write_csv

        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"{folder} cannot be made: {error.strerror}", remedy="choose another folder") from error
        files = {name: folder / f"{name}.csv" for name in CSV_COLUMNS}
        with ExitStack() as stack:
            write_csv(self.batches(), {name: stack.enter_context(replacing(path)) for name, path in files.items()})
            told = stack.enter_context(replacing(folder / "truth.json"))
            told.write_text(json.dumps(self.truth, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        return [*files.values(), folder / "truth.json"]


def generate_town(recipe: TownRecipe | None = None) -> Town:
    """Return the town of *recipe*, by default 1,000 people, 24 brands and 120 days.

    Example:
        >>> town = generate_town(TownRecipe(people=200, seed=3))
        >>> len(town.truth["influencers"])
        4
    """
    from influence_graph.ingest.town_cascades import simulate
    from influence_graph.ingest.town_events import compose
    from influence_graph.ingest.town_people import populate
    from influence_graph.ingest.town_sales import plan_concerts

    recipe = recipe or TownRecipe()
    population = populate(recipe)
    adoptions = simulate(recipe, population)
    return Town(recipe, population, adoptions, compose(recipe, population, adoptions), plan_concerts(recipe))


def recipe_dict(recipe: TownRecipe) -> dict[str, Any]:
    """Return *recipe* as plain values for JSON."""
    return asdict(recipe) | {"start": recipe.start.isoformat()}
