from collections import Counter, defaultdict

import numpy as np
import pytest

from influence_graph.kernels import fusion


@pytest.mark.parametrize("seed", range(20))
def test_fold_sums_each_bond_and_side_in_order(seed):
    rng = np.random.default_rng(seed)
    rows, consumers, brands = int(rng.integers(0, 60)), 7, 5
    consumer = rng.integers(0, consumers, rows).astype(np.int32)
    brand = rng.integers(0, brands, rows).astype(np.int32)
    side = rng.integers(0, 2, rows).astype(np.int8)
    amount = rng.integers(-8, 9, rows).astype(float)
    expected = defaultdict(lambda: [0.0, 0.0])
    for c, b, d, a in zip(consumer.tolist(), brand.tolist(), side.tolist(), amount.tolist(), strict=True):
        expected[c, b][d] += a
    found_consumer, found_brand, sums = fusion.fold((consumer, brand, side, amount), consumers, brands)
    bonds = list(zip(found_consumer.tolist(), found_brand.tolist(), strict=True))
    assert bonds == sorted(expected)
    assert sums.tolist() == [expected[bond] for bond in bonds]


def naive_spread(events, links, slots):
    """Give each event's amount to the slots of its bond by the links up to its time, one by one."""
    given = defaultdict(float)
    for bond, time, side, amount in events:
        count = Counter(slot for b, t, slot in links if b == bond and t <= time)
        for slot, times in count.items():
            given[slot, side] += amount * times / count.total()
    touched = set(given)
    return [[given[slot, side] for side in range(2)] for slot in range(slots)], touched


@pytest.mark.parametrize("seed", range(40))
def test_spread_gives_by_the_links_up_to_the_time_of_each_event(seed):
    rng = np.random.default_rng(seed)
    slot_bond = np.sort(rng.integers(0, 4, 9))
    slot_start = np.searchsorted(slot_bond, np.arange(5))
    link_slot = rng.integers(0, 9, int(rng.integers(0, 15)))
    links = sorted((int(slot_bond[s]), int(rng.integers(0, 6)), int(s)) for s in link_slot)
    events = sorted(
        (int(rng.integers(0, 4)), int(rng.integers(0, 6)), int(rng.integers(0, 2)), float(rng.integers(-8, 9)))
        for _ in range(int(rng.integers(0, 15)))
    )
    arrays = [np.array(column, dtype=np.int64) for column in zip(*links, strict=True)] or [np.empty(0, np.int64)] * 3
    columns = list(zip(*events, strict=True)) or [()] * 4
    kinds = (np.int64, np.int64, np.int8, np.float64)
    sources = tuple(np.array(column, dtype=kind) for column, kind in zip(columns, kinds, strict=True))
    given, reached = fusion.spread(sources, tuple(arrays), slot_start, np.zeros(9), 2)
    expected, touched = naive_spread(events, links, 9)
    assert given == pytest.approx(np.array(expected), abs=1e-12)
    assert {tuple(place) for place in np.argwhere(reached).tolist()} == touched
