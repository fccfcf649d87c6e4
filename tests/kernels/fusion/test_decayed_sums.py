"""Decayed sums at given times equal the sums by their definition."""

from __future__ import annotations

import numpy as np

from influence_graph.kernels.fusion.decayed_sums import decayed_sums


def naive(group, time, touchpoint, amount, half_life):
    out = np.full(group.size, np.nan)
    for row in np.flatnonzero(touchpoint < 0):
        before = [r for r in range(row) if group[r] == group[row] and touchpoint[r] >= 0]
        out[row] = sum(amount[r] * 2 ** (-(time[row] - time[r]) / half_life[touchpoint[r]]) for r in before)
    return out


def test_sums_equal_those_by_definition() -> None:
    rng = np.random.default_rng(2)
    group, time = rng.integers(0, 5, 300), rng.integers(0, 40, 300).astype(float)
    order = np.lexsort((time, group))
    touchpoint = rng.integers(-1, 3, 300).astype(np.int8)
    amount, half_life = rng.normal(size=300), np.array([np.inf, 3.0, 90.0])
    given = (group[order], time[order], touchpoint, amount, half_life)
    np.testing.assert_allclose(decayed_sums(*given), naive(*given), atol=1e-12)
