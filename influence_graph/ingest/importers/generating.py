"""The records of what is generated, as the options ask for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from influence_graph.errors import InputError
from influence_graph.ingest.generated import write_truth
from influence_graph.ingest.importers.base import ImportOptions
from influence_graph.ingest.town import TownParameters
from influence_graph.ingest.worlds import WorldParameters
from influence_graph.model.records import Batch

_P = TypeVar("_P", TownParameters, WorldParameters)


class Generated(Protocol):
    """What was generated."""

    @property
    def truth(self) -> Mapping[str, Any]:
        """What was planted."""

    def batches(self) -> Iterator[Batch]:
        """Yield the records."""


def generated(
    name: str, generate: Callable[[_P], Generated], parameters: _P, options: ImportOptions
) -> Iterator[Batch]:
    """Yield the records of *name* with the people and the seed of *options*; write its truth where they say so.

    Raises:
        InputError: a prefix was given, a parameter is outside its limits, or the truth cannot be written.
    """
    if options.prefix:
        raise InputError(f"prefix {options.prefix!r} does not apply to the {name}", remedy="leave it out")
    people = parameters.people if options.people is None else options.people
    seed = parameters.seed if options.seed is None else options.seed
    made = generate(replace(parameters, people=people, seed=seed))
    if options.truth is not None:
        write_truth(made.truth, options.truth)
    return made.batches()
