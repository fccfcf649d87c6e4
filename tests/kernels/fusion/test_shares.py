"""Which share of an event reaches each linked brand, against its definition."""

from __future__ import annotations

import numpy as np
import pytest

from influence_graph.kernels.fusion.shares import shares


def naive(events, links, slot_start, half_life):
    out = []
    for pair, time in zip(*events, strict=True):
        slots = range(slot_start[pair], slot_start[pair + 1])
        known = [k for k in range(len(links[0])) if links[0][k] == pair and links[1][k] <= time]
        count = {s: sum(2 ** (-(time - links[1][k]) / half_life) for k in known if links[2][k] == s) for s in slots}
        total = sum(count.values())
        latest = {s: max((k for k in known if links[2][k] == s), default=-1) for s in slots}
        out += [(count[s] / max(total, 1), latest[s]) for s in slots]
    return np.array(out)


@pytest.mark.parametrize("half_life", [np.inf, 5.0])
def test_shares_equal_those_by_definition(half_life: float) -> None:
    rng = np.random.default_rng(3)
    slot_start = np.array([0, 1, 4, 4, 6])
    events = sorted(zip(rng.choice([0, 1, 3], 60), rng.integers(0, 40, 60), strict=True))
    slots = rng.integers(0, 6, 25)
    pairs = np.searchsorted(slot_start, slots, side="right") - 1
    pairs[pairs == 2] = 3  # the pair without slots
    links = sorted(zip(pairs, rng.integers(0, 40, 25), slots, strict=True))
    given = [np.array(column, np.int64) for column in (*zip(*events, strict=True), *zip(*links, strict=True))]
    expected = naive(given[:2], given[2:], slot_start, half_life)
    out = np.zeros(len(expected)), np.full(len(expected), -1)
    shares((given[0], given[1]), (given[2], given[3], given[4]), slot_start, half_life, out)
    np.testing.assert_allclose(out[0], expected[:, 0], rtol=1e-12)
    assert out[1].tolist() == expected[:, 1].astype(int).tolist()
