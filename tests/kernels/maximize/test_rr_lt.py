"""Sets of the linear threshold model: every walk has the chance that its weights give it."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from influence_graph.kernels.maximize import rr_lt, rr_sets

COUNT = 20_000


def walks(into: dict[int, list[tuple[int, float]]], root: int) -> dict[tuple[int, ...], float]:
    """Return every walk against the edges from *root* with its chance; it ends where it would come back."""
    found: dict[tuple[int, ...], float] = {}
    pending = [((root,), 1.0)]
    while pending:
        walk, chance = pending.pop()
        sources = into.get(walk[-1], [])
        ended = 1.0 - sum(weight for _, weight in sources)
        for source, weight in sources:
            if source in walk:
                ended += weight
            else:
                pending.append(((*walk, source), chance * weight))
        found[walk] = found.get(walk, 0.0) + chance * ended
    return found


def sampler(into: dict[int, list[tuple[int, float]]], root: int, nodes: int, stop: list[int] | None = None):
    edges = sorted((source, target, weight) for target, sources in into.items() for source, weight in sources)
    indptr = np.searchsorted([edge[0] for edge in edges], np.arange(nodes + 1)).astype(np.int64)
    reverse = rr_sets.reverse_of(indptr, np.array([e[1] for e in edges], np.int32), np.array([e[2] for e in edges]))
    stops = None if stop is None else np.isin(np.arange(nodes), stop)
    return rr_sets.sampler_of(reverse, "lt", 1.0, np.eye(nodes)[root], stops)


def drawn(sampled, count: int = COUNT, seed: int = 3) -> Counter[tuple[int, ...]]:
    sets = rr_sets.draw(sampled, seed, np.arange(count))
    return Counter(tuple(sets.members[a:b].tolist()) for a, b in zip(sets.offsets[:-1], sets.offsets[1:], strict=True))


GRAPHS = {
    "path": {1: [(0, 0.5)], 2: [(1, 0.25)]},
    "star of equal weights": {0: [(1, 0.2), (2, 0.2), (3, 0.2)]},
    "star of unequal weights": {0: [(1, 0.5), (2, 0.3), (3, 0.2)]},
    "cycle": {0: [(2, 0.7)], 1: [(0, 0.6)], 2: [(1, 0.9)]},
    "loop": {0: [(0, 0.5), (1, 0.25)], 1: [(0, 0.5)]},
    "two ways": {0: [(1, 0.4), (2, 0.6)], 1: [(3, 1.0)], 2: [(3, 0.5), (1, 0.1)]},
}


@pytest.mark.parametrize("into", GRAPHS.values(), ids=GRAPHS)
def test_each_walk_is_drawn_as_often_as_its_weights_say(into):
    expected = walks(into, 0)
    assert sum(expected.values()) == pytest.approx(1)
    found = drawn(sampler(into, 0, 4))
    assert set(found) <= {walk for walk, chance in expected.items() if chance > 0}
    for walk, chance in expected.items():
        error = np.sqrt(chance * (1 - chance) / COUNT)
        assert found[walk] / COUNT == pytest.approx(chance, abs=4.5 * error + 1e-12)


def test_a_set_ends_with_the_first_node_to_stop_at():
    into = {0: [(1, 1.0)], 1: [(2, 1.0)], 2: [(3, 1.0)]}
    assert drawn(sampler(into, 0, 4), 50) == {(0, 1, 2, 3): 50}
    assert drawn(sampler(into, 0, 4, stop=[2]), 50) == {(0, 1, 2): 50}
    assert drawn(sampler(into, 0, 4, stop=[0]), 50) == {(0,): 50}


def test_sets_that_do_not_fit_are_left_for_the_next_call_and_leave_no_mark():
    into = {0: [(1, 1.0)], 1: [(2, 1.0)], 2: [(3, 1.0)]}
    edges = sampler(into, 0, 4).edges
    marks, members, offsets = np.zeros(4, np.uint8), np.empty(6, np.int32), np.zeros(4, np.int64)
    found = marks, members, offsets, np.empty(3, np.float32)
    count = rr_lt.draw(*edges, np.uint64(3), np.arange(3), np.zeros(3, np.int64), *found)
    assert (count, offsets[: count + 1].tolist()) == (1, [0, 4])
    assert members[:4].tolist() == [0, 1, 2, 3]
    assert not marks.any()
