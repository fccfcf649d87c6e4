"""A market in which what a campaign sold is hard to tell, from a file of parameters or the options."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from influence_graph.ingest.generated import read_parameters_of
from influence_graph.ingest.importers.base import ImportOptions
from influence_graph.ingest.importers.generating import generated
from influence_graph.ingest.markets import MarketParameters, generate_market
from influence_graph.model.records import Batch


def read(files: Sequence[Path], options: ImportOptions) -> Iterator[Batch]:
    """Yield the records of the market, and write its truth where the options say so.

    Raises:
        InputError: a prefix was given, a parameter is outside its limits, or the truth cannot be written.
        UnreadableFile: the file of parameters cannot be read.
    """
    parameters = read_parameters_of(MarketParameters, files[0]) if files else MarketParameters()
    return generated("market", generate_market, parameters, options)
