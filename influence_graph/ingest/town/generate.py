"""From a recipe to a town, and from the town to record batches and files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from influence_graph.errors import InputError
from influence_graph.files import replacing
from influence_graph.ingest.town.cascades import simulate
from influence_graph.ingest.town.events import compose
from influence_graph.ingest.town.people import populate
from influence_graph.ingest.town.recipe import TownRecipe
from influence_graph.ingest.town.records import CSV_COLUMNS, batches, write_csv
from influence_graph.ingest.town.sales import plan_concerts
from influence_graph.ingest.town.truth import truth
from influence_graph.ingest.town.world import World
from influence_graph.model.records import Batch
from influence_graph.model.touchpoints import TouchpointTable


@dataclass(frozen=True)
class Town(World):
    """A generated town: records as batches or files, and the truth behind them."""

    def batches(self, batch_rows: int = 250_000, table: TouchpointTable | None = None) -> Iterator[Batch]:
        """Yield all records in the order people, brands, ties, interactions, campaigns, sales.

        Args:
            batch_rows: most rows of a batch.
            table: what each kind of interaction means; default the built-in table.
        """
        return batches(self, batch_rows, table or TouchpointTable.load())

    @cached_property
    def truth(self) -> Mapping[str, Any]:
        """What was planted and what came of it, as plain values for JSON."""
        return truth(self)

    def write(self, folder: Path) -> list[Path]:
        """Write six CSV files and ``truth.json`` to *folder*; all of them or none.

        Raises:
            InputError: the folder cannot be made or written.
        """
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
    recipe = recipe or TownRecipe()
    population = populate(recipe)
    adoptions = simulate(recipe, population)
    return Town(recipe, population, adoptions, compose(recipe, population, adoptions), plan_concerts(recipe))
