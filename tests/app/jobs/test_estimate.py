"""Predictions of time and memory: they grow with the graph, and large runs are known as such."""

from __future__ import annotations

import numpy as np
import pytest

from influence_graph.app.jobs.estimate import (
    LARGE_BYTES,
    LARGE_SECONDS,
    ResourceEstimate,
    graph_bytes,
    predicted_seconds,
)
from influence_graph.app.jobs.ranking import estimate
from influence_graph.model.graph import Graph


def ring(nodes: int) -> Graph:
    ends = np.arange(nodes)
    return Graph.from_arrays(ends.astype(str), ends, np.roll(ends, 1), np.ones(nodes))


@pytest.mark.parametrize(
    ("seconds", "memory", "large"),
    [(LARGE_SECONDS, LARGE_BYTES, False), (LARGE_SECONDS + 1, 0, True), (0.0, LARGE_BYTES + 1, True)],
)
def test_a_run_is_large_by_its_time_or_its_memory(seconds: float, memory: int, large: bool) -> None:
    assert ResourceEstimate(1, 1, seconds, memory).large is large


def test_an_estimate_is_one_row_and_one_line() -> None:
    expected = ResourceEstimate(1000, 20_000, 2.5, 3 << 20)
    assert expected.to_frame().to_dict("records") == [{"nodes": 1000, "edges": 20_000, "seconds": 2.5, "memory_mb": 3}]
    assert str(expected) == "1,000 nodes, 20,000 edges: about 2.5 s and 3 MB"
    assert "about 1,200 s" in str(ResourceEstimate(1, 1, 1234.0, 0))
    assert "less than a second" in str(ResourceEstimate(1, 1, 0.4, 0))


def test_the_time_of_many_repetitions_lies_on_the_line_through_few_and_some(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr("time.perf_counter", lambda: clock[0])
    runs: list[int] = []

    def run(repetitions: int) -> None:
        runs.append(repetitions)
        clock[0] += 5.0 + 0.5 * repetitions + (100.0 if len(runs) in (1, 3, 6) else 0.0)  # compiled, and disturbed

    assert predicted_seconds(run, 1000, 64) == pytest.approx(5.0 + 0.5 * 1000)
    assert set(runs) == {2, 64}


def test_the_bytes_of_a_graph_are_at_least_those_of_its_arrays() -> None:
    graph = ring(1000)
    assert graph_bytes(graph) >= graph.indptr.nbytes + graph.indices.nbytes + 1000 * 8


def test_ten_times_the_edges_take_ten_times_as_long() -> None:
    assert estimate(ring(10_000)).seconds == pytest.approx(10 * estimate(ring(1000)).seconds)
    assert estimate(ring(1000), 10**6).seconds > estimate(ring(1000)).seconds + 0.1
