"""The generated town, by the recipe in ``datasets/town``, a recipe file, or the options."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from influence_graph.errors import InputError, UnreadableFile
from influence_graph.ingest.datasets import dataset_path
from influence_graph.ingest.importers.base import ImportOptions
from influence_graph.ingest.town import TownRecipe, generate_town
from influence_graph.model.records import Batch


def read(files: Sequence[Path], options: ImportOptions) -> Iterator[Batch]:
    """Yield the records of the town.

    Raises:
        InputError: a prefix was given, or a value of the recipe is outside its limits.
        UnreadableFile: the recipe cannot be read.
    """
    if options.prefix:
        raise InputError(f"prefix {options.prefix!r} does not apply to the town", remedy="leave it out")
    recipe = read_recipe(files[0] if files else dataset_path("town/recipe.json"))
    people = recipe.people if options.people is None else options.people
    seed = recipe.seed if options.seed is None else options.seed
    return generate_town(replace(recipe, people=people, seed=seed)).batches(table=options.table)


def read_recipe(path: Path) -> TownRecipe:
    """Return the recipe in the JSON file *path*.

    Raises:
        UnreadableFile: it cannot be read or is not a recipe.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(f"{path} cannot be read: {error}", remedy="give a JSON file with a recipe") from error
    return TownRecipe.from_json(text, str(path))
