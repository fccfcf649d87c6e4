"""From parameters to a town, and from the town to record batches and files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from influence_graph.errors import InputError
from influence_graph.files import replacing
from influence_graph.ingest.generated import truth_text
from influence_graph.ingest.town.cascades import simulate
from influence_graph.ingest.town.events import compose
from influence_graph.ingest.town.parameters import TownParameters
from influence_graph.ingest.town.people import populate
from influence_graph.ingest.town.records import CSV_COLUMNS, batches, write_csv
from influence_graph.ingest.town.sales import plan_concerts
from influence_graph.ingest.town.truth import truth
from influence_graph.ingest.town.world import World
from influence_graph.model.records import BATCH_ROWS, Batch


@dataclass(frozen=True)
class Town(World):
    """A synthetic town: its records as batches or files, and its ground truth."""

    def batches(self, batch_rows: int = BATCH_ROWS) -> Iterator[Batch]:
        """Yield all records in the order people, brands, ties, interactions, campaigns, sales.

        Args:
            batch_rows: Maximum rows of a batch.
        """
        return batches(self, batch_rows)

    @cached_property
    def truth(self) -> Mapping[str, Any]:
        """What was planted and what resulted, as JSON values."""
        return truth(self)

    def write(self, folder: Path) -> list[Path]:
        """Write six CSV files and ``truth.json`` to *folder*, all of them or none.

        Raises:
            InputError: the folder cannot be created or written.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"{folder} cannot be created: {error.strerror}", remedy="choose another folder") from error
        files = {name: folder / f"{name}.csv" for name in CSV_COLUMNS}
        with ExitStack() as stack:
            write_csv(self.batches(), {name: stack.enter_context(replacing(path)) for name, path in files.items()})
            truth_file = stack.enter_context(replacing(folder / "truth.json"))
            truth_file.write_text(truth_text(self.truth), encoding="utf-8")
        return [*files.values(), folder / "truth.json"]


def generate_town(parameters: TownParameters | None = None) -> Town:
    """Return the town of *parameters*, by default 1,000 people, 24 brands and 120 days.

    Example:
        >>> town = generate_town(TownParameters(people=200, seed=3))
        >>> len(town.truth["influencers"])
        4
    """
    parameters = parameters or TownParameters()
    population = populate(parameters)
    adoptions = simulate(parameters, population)
    return Town(
        parameters, population, adoptions, compose(parameters, population, adoptions), plan_concerts(parameters)
    )
