"""Edges that carry attributes by name, as networkx holds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from influence_graph.ingest.networks.network import Network, NetworkOptions, not_read, weight_column

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def of_attributes(
    path: Path,
    ends: Sequence[tuple[str, str]],
    attributes: Sequence[Mapping[str, Any]],
    options: NetworkOptions,
    lines: NDArray[np.int64] | None = None,
) -> Network:
    """Return the edges between *ends* with the weight that *attributes* give; an edge may lack it.

    Raises:
        UnreadableFile: no edge has the attribute asked for, or several are called weight.
    """
    names = list(dict.fromkeys(name for each in attributes for name in each))
    weight = weight_column(path, names, options.weight, "edge attribute")
    values = None
    if weight is not None:
        found = [each.get(weight) for each in attributes]
        values = pa.array([None if value is None else str(value) for value in found], pa.string())
    return Network(
        source=pa.array([source for source, _ in ends], pa.string()),
        target=pa.array([target for _, target in ends], pa.string()),
        weight=values,
        lines=lines,
        notes=not_read([name for name in names if name != weight], "edge attribute"),
    )
