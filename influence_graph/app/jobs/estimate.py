"""The time and memory that a run will take, predicted before it starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from influence_graph.text import count_text

if TYPE_CHECKING:
    from influence_graph.model.graph import Graph

LARGE_SECONDS, LARGE_BYTES = 30.0, 2 << 30


@dataclass(frozen=True)
class ResourceEstimate:
    """Predicted time in seconds and memory in bytes of a run on a graph of this size; about, not a bound."""

    nodes: int
    edges: int
    seconds: float
    memory: int

    @property
    def large(self) -> bool:
        """Whether a user is notified before the run starts."""
        return self.seconds > LARGE_SECONDS or self.memory > LARGE_BYTES

    def to_frame(self) -> pd.DataFrame:
        """Return one row: nodes, edges, seconds, memory_mb."""
        columns = ["nodes", "edges", "seconds", "memory_mb"]
        return pd.DataFrame([(self.nodes, self.edges, self.seconds, self.memory / 2**20)], columns=columns)

    def __str__(self) -> str:
        size = f"{count_text(self.nodes, 'node')}, {count_text(self.edges, 'edge')}"
        return f"{size}: about {self.seconds:,.2g} s and {self.memory / 2**20:,.0f} MB"


def graph_bytes(graph: Graph) -> int:
    """Return the bytes of the arrays of *graph*, ids as pointers with short texts."""
    weights = 0 if graph.weights is None else graph.weights.nbytes
    return int(graph.indptr.nbytes + graph.indices.nbytes + weights + 70 * graph.number_of_nodes)
