from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.kernels.fusion import bonds
from tests.kernels.naive import quick


@pytest.mark.parametrize("seed", range(20))
def test_bonds_are_the_sums_by_side_in_ascending_order(seed):
    rng = np.random.default_rng(seed)
    rows, consumers, brands = int(rng.integers(0, 60)), 7, 5
    consumer = rng.integers(0, consumers, rows).astype(np.int32)
    brand = rng.integers(0, brands, rows).astype(np.int32)
    side = rng.integers(0, 2, rows).astype(np.int8)
    amount = rng.integers(-8, 9, rows).astype(float)
    expected = defaultdict(lambda: [0.0, 0.0])
    for c, b, d, a in zip(consumer.tolist(), brand.tolist(), side.tolist(), amount.tolist(), strict=True):
        expected[c, b][d] += a
    found_consumer, found_brand, sums = bonds.sum_by_bond((consumer, brand, side, amount), consumers, brands)
    pairs = list(zip(found_consumer.tolist(), found_brand.tolist(), strict=True))
    assert pairs == sorted(expected)
    assert sums.tolist() == [expected[bond] for bond in pairs]


def naive_spillover(events, links, slots, half_life):
    """Divide the amount of each event among the slots of its bond by the links up to its time, as they fade."""
    given = defaultdict(float)
    for bond, time, side, amount in events:
        count = Counter()
        for b, t, slot in links:
            if b == bond and t <= time:
                count[slot] += 2.0 ** (-(time - t) / half_life)
        for slot, times in count.items():
            given[slot, side] += amount * times / max(count.total(), 1.0)
    touched = set(given)
    return [[given[slot, side] for side in range(2)] for slot in range(slots)], touched


@pytest.mark.parametrize("seed", range(40))
def test_spillover_is_by_the_links_up_to_the_time_of_each_event(seed):
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
    half_life = float(rng.choice([0.5, 3.0, np.inf]))
    given, reached = bonds.spillover(sources, tuple(arrays), slot_start, (np.zeros(9), 0, half_life), 2)
    expected, touched = naive_spillover(events, links, 9, half_life)
    assert given == pytest.approx(np.array(expected), abs=1e-12)
    assert {tuple(place) for place in np.argwhere(reached).tolist()} == touched


def keyed(rng, rows):
    pairs = sorted(
        {(int(rng.integers(0, 4)) << 32 | int(rng.integers(0, 3)), int(rng.integers(0, 3))) for _ in range(rows)}
    )
    key, other = np.array([k for k, _ in pairs], np.int64), np.array([o for _, o in pairs], np.int32)
    return key, other, rng.integers(-8, 9, (len(pairs), 2)).astype(float)


@pytest.mark.parametrize("seed", range(30))
def test_merging_adds_by_key_decays_the_old_sums_and_drops_consumers(seed):
    rng = np.random.default_rng(seed)
    old, new = keyed(rng, int(rng.integers(0, 20))), keyed(rng, int(rng.integers(0, 20)))
    decay, drop = np.array([0.5, 1.0]), rng.random(4) < 0.3
    expected = defaultdict(lambda: np.zeros(2))
    for key, other, value in zip(*old, strict=True):
        if not drop[key >> 32]:
            expected[key, other] = expected[key, other] + decay * value
    for key, other, value in zip(*new, strict=True):
        expected[key, other] = expected[key, other] + value
    room = old[0].size + new[0].size
    out = np.empty(room, np.int64), np.empty(room, np.int32), np.empty((room, 2))
    done = bonds.merge_sums(old, new, decay, drop, out)
    assert list(zip(out[0][:done].tolist(), out[1][:done].tolist(), strict=True)) == sorted(expected)
    assert out[2][:done].tolist() == [expected[pair].tolist() for pair in sorted(expected)]


@pytest.mark.parametrize("seed", range(10))
def test_pairs_and_groups_are_those_of_a_search(seed):
    rng = np.random.default_rng(seed)
    pairs = sorted({(int(c), int(b)) for c, b in rng.integers(0, 6, (12, 2))})
    start = np.searchsorted([c for c, _ in pairs], np.arange(7))
    consumer, brand = rng.integers(0, 6, (2, 30))
    found = bonds.find_pairs(consumer, brand, start, np.array([b for _, b in pairs]))
    place = {pair: index for index, pair in enumerate(pairs)}
    assert found.tolist() == [place.get(pair, -1) for pair in zip(consumer.tolist(), brand.tolist(), strict=True)]
    order = np.empty(30, np.int64)
    first = bonds.group_rows(consumer, 6, order)
    assert order.tolist() == np.argsort(consumer, kind="stable").tolist()
    assert first.tolist() == np.searchsorted(np.sort(consumer), np.arange(7)).tolist()


def terms(to_brand, to_consumer, scale=10.0):
    out = np.empty((5, 1))
    bonds.bond_terms(np.array([[to_brand, to_consumer]]), scale, out)
    return out[:, 0].tolist()


def test_known_terms_of_bonds():
    assert terms(3.0, 1.0) == [4.0, 3.0, 1.0, pytest.approx(2 * 1 / 4), pytest.approx(100 * np.tanh(0.4))]
    assert terms(5.0, 5.0)[3] == 1.0
    assert terms(5.0, -5.0) == [0.0, 5.0, -5.0, 0.0, 0.0]
    assert terms(-2.0, -3.0)[3] == 0.0
    assert terms(0.0, 0.0) == [0.0, 0.0, 0.0, pytest.approx(np.nan, nan_ok=True), 0.0]


@pytest.mark.parametrize("sums", [(3.0, 0.0), (0.0, 3.0), (-3.0, 0.0)])
def test_where_a_direction_is_not_on_record_neither_is_reciprocity(sums):
    assert np.isnan(terms(*sums)[3])


AMOUNTS = st.floats(-1e6, 1e6)


@given(AMOUNTS, AMOUNTS, st.floats(1e-3, 1e3))
@quick
def test_terms_are_those_of_their_definitions(to_brand, to_consumer, scale):
    score, left, right, reciprocity, display = terms(to_brand, to_consumer, scale)
    positive = max(to_brand, 0.0), max(to_consumer, 0.0)
    assert (score, left, right) == (to_brand + to_consumer, to_brand, to_consumer)
    both = sum(positive)
    expected = np.nan if to_brand == 0 or to_consumer == 0 else 2 * min(positive) / both if both > 0 else 0.0
    assert reciprocity == pytest.approx(expected, nan_ok=True)
    assert display == pytest.approx(100 * np.tanh(score / scale))
    assert terms(to_consumer, to_brand, scale)[3] == pytest.approx(reciprocity, rel=0, abs=0, nan_ok=True)


def test_the_reciprocity_of_huge_sums_does_not_overflow():
    with np.errstate(over="ignore"):  # of the score itself
        assert terms(1e308, 1.5e308)[3:] == [pytest.approx(2 / 2.5), 100.0]


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 4), st.integers(-9, 9))))
@quick
def test_bonds_of_many_columns_are_the_sums_by_column(rows):
    expected = defaultdict(lambda: [0.0] * 5)
    for consumer, brand, column, amount in rows:
        expected[consumer, brand][column] += amount
    kinds = (np.int32, np.int32, np.int8, np.float64)
    columns = list(zip(*rows, strict=True)) or [()] * 4
    arrays = tuple(np.array(column, kind) for column, kind in zip(columns, kinds, strict=True))
    consumer, brand, sums = bonds.sum_by_bond(arrays, 3, 4, 5)
    assert list(zip(consumer.tolist(), brand.tolist(), strict=True)) == sorted(expected)
    assert sums.tolist() == [expected[pair] for pair in sorted(expected)]
