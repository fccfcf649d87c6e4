"""The synthetic town, from the parameters in ``datasets/town``, another file of parameters, or the options."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from influence_graph.ingest.datasets import dataset_path
from influence_graph.ingest.generated import read_parameters_of
from influence_graph.ingest.importers.base import ImportOptions
from influence_graph.ingest.importers.generating import generated
from influence_graph.ingest.town import TownParameters, generate_town
from influence_graph.model.records import Batch


def read(files: Sequence[Path], options: ImportOptions) -> Iterator[Batch]:
    """Yield the records of the town, and write its truth where the options say so.

    Raises:
        InputError: a prefix was given, a parameter is outside its limits, or the truth cannot be written.
        UnreadableFile: the file of parameters cannot be read.
    """
    parameters = read_parameters(files[0] if files else dataset_path("town/parameters.json"))
    return generated("town", generate_town, parameters, options)


def read_parameters(path: Path) -> TownParameters:
    """Return the parameters in the JSON file *path*.

    Raises:
        UnreadableFile: it cannot be read, or is not an object of parameters.
    """
    return read_parameters_of(TownParameters, path)
