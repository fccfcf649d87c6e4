"""The times at which a curve is looked at."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.analyses.fusion.curve import samples_of, steps_of


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(-5, 5)), min_size=1, max_size=200), st.integers(1, 20))
def test_each_part_keeps_its_largest_step(amounts: list[tuple[int, int]], columns: int) -> None:
    time, size = (np.array(part, float) for part in zip(*amounts, strict=True))
    found = steps_of(time.astype(np.int64), size, 900, columns).tolist()
    sums: dict[int, int] = {}
    for at, amount in amounts:
        if at <= 900:
            sums[at] = sums.get(at, 0) + amount
    if len(sums) <= columns:
        assert found == sorted(sums)
        return
    first = min(sums)
    assert found[0] == first
    assert len(found) <= columns + 1
    for part in range(columns):
        inside = [at for at in sums if (at - first) * columns // (901 - first) == part]
        if inside:
            largest = max(abs(sums[at]) for at in inside)
            assert largest in [abs(sums[at]) for at in inside if at in found]


def test_a_step_is_looked_at_just_before_and_at_it() -> None:
    samples = samples_of(np.array([10, 30]), 100, smooth=False)
    assert samples.time.tolist() == [10, 10, 30, 30, 100]
    assert samples.before.tolist() == [True, False, True, False, False]


def test_a_smooth_curve_has_no_long_gap() -> None:
    samples = samples_of(np.array([0, 4_000]), 100_000, smooth=True)
    assert np.diff(samples.time).max() <= 100_000 / 48 + 1
    assert samples.before.sum() == 2
    assert np.all(np.diff(samples.time) >= 0)


@pytest.mark.parametrize("smooth", [True, False])
def test_without_steps_or_at_the_last_one_there_is_one_row_at_the_end(smooth: bool) -> None:
    assert samples_of(np.array([], np.int64), 7, smooth=smooth).time.tolist() == [7]
    assert samples_of(np.array([7]), 7, smooth=smooth).before.tolist() == [True, False]
