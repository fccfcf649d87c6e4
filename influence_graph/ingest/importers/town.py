"""The synthetic town, from the parameters in ``datasets/town``, another file of parameters, or the options."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from influence_graph.errors import InputError, UnreadableFile
from influence_graph.ingest.datasets import dataset_path
from influence_graph.ingest.importers.base import ImportOptions
from influence_graph.ingest.town import TownParameters, generate_town
from influence_graph.model.records import Batch


def read(files: Sequence[Path], options: ImportOptions) -> Iterator[Batch]:
    """Yield the records of the town.

    Raises:
        InputError: a prefix was given, or a parameter is outside its limits.
        UnreadableFile: the file of parameters cannot be read.
    """
    if options.prefix:
        raise InputError(f"prefix {options.prefix!r} does not apply to the town", remedy="leave it out")
    parameters = read_parameters(files[0] if files else dataset_path("town/parameters.json"))
    people = parameters.people if options.people is None else options.people
    seed = parameters.seed if options.seed is None else options.seed
    return generate_town(replace(parameters, people=people, seed=seed)).batches()


def read_parameters(path: Path) -> TownParameters:
    """Return the parameters in the JSON file *path*.

    Raises:
        UnreadableFile: it cannot be read, or is not an object of parameters.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(f"{path} cannot be read: {error}", remedy="give a JSON file of parameters") from error
    return TownParameters.from_json(text, str(path))
