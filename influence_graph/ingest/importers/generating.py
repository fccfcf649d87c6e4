"""The records of what is generated, as the options ask for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, Protocol, TypeVar

from influence_graph.errors import InputError
from influence_graph.ingest.generated import write_truth
from influence_graph.ingest.importers.base import GENERATED_SIZES, ImportOptions
from influence_graph.ingest.markets import MarketParameters
from influence_graph.ingest.town import TownParameters
from influence_graph.ingest.worlds import WorldParameters
from influence_graph.model.records import Batch

_P = TypeVar("_P", TownParameters, WorldParameters, MarketParameters)
_STATED = ("people", *GENERATED_SIZES, "seed")


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
    """Yield the records of *name* with the sizes and the seed of *options*; write its truth where they say so.

    Raises:
        InputError: a prefix or a size that it does not have was given, a parameter is outside its limits, or the truth
            cannot be written.
    """
    if options.prefix:
        raise InputError(f"prefix {options.prefix!r} does not apply to the {name}", remedy="leave it out")
    given = {each: getattr(options, each) for each in _STATED if getattr(options, each) is not None}
    for each in given.keys() - {field.name for field in fields(parameters)}:
        raise InputError(f"the {name} has no {each}", remedy=f"leave --{each} out")
    made = generate(replace(parameters, **given))
    if options.truth is not None:
        write_truth(made.truth, options.truth)
    return made.batches()
