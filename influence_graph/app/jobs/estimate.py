"""The time and memory that a run will take, predicted before it starts."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from influence_graph.text import count_text

if TYPE_CHECKING:
    from influence_graph.model.graph import Graph

LARGE_SECONDS, LARGE_BYTES = 30.0, 2 << 30


@dataclass(frozen=True)
class ResourceEstimate:
    """Predicted time in seconds and memory in bytes of a run on a graph of this size; about, not a bound.

    The time is that of the calculation once its kernels are compiled, which takes seconds more in the first run of an
    installation. It is meant to be within a factor of 3 where it is above a second.
    """

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
        time_ = "less than a second" if self.seconds < 1 else f"about {float(f'{self.seconds:.2g}'):,g} s"
        return f"{size}: {time_} and {self.memory / 2**20:,.0f} MB"


def predicted_seconds(run: Callable[[int], object], wanted: int, pilot: int) -> float:
    """Return what ``run(wanted)`` will take, as a straight line through ``run(2)`` and ``run(pilot)``.

    Args:
        run: Does so many repetitions, 2 or more.
        wanted: Repetitions whose time is asked for, at least *pilot*.
        pilot: Repetitions to try, more than 2.
    """
    run(2)  # compiled before the clock starts
    least, longer = _shortest(lambda: run(2)), _shortest(lambda: run(pilot))
    return least + max(longer - least, 0.0) * (wanted - 2) / (pilot - 2)


def _shortest(run: Callable[[], object]) -> float:
    """Return the seconds of the shortest of three runs: what else the machine does disturbs it least."""
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def graph_bytes(graph: Graph) -> int:
    """Return the bytes of the arrays of *graph*, ids as pointers with short texts."""
    weights = 0 if graph.weights is None else graph.weights.nbytes
    return int(graph.indptr.nbytes + graph.indices.nbytes + weights + 70 * graph.number_of_nodes)
