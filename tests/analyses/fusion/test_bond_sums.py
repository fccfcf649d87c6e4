from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.analyses.fusion.bond_sums import Sums, counted, keys
from tests.analyses.fusion.events import quick

CONSUMERS, BRANDS = 4, 3

rows = st.dictionaries(
    st.tuples(st.integers(0, CONSUMERS - 1), st.integers(0, BRANDS - 1), st.integers(0, BRANDS - 1)),
    st.tuples(st.integers(-9, 9), st.integers(-9, 9)),
    max_size=12,
)


def sums_of(values):
    """Return {(consumer, brand, other): (value, value)} as sums."""
    ordered = sorted(values)
    consumer, brand, other = (np.array([row[i] for row in ordered], np.int32) for i in range(3))
    columns = np.array([values[row] for row in ordered], np.float64).reshape(-1, 2)
    return Sums(keys(consumer, brand), other, columns)


def values_of(sums):
    found = zip(sums.consumer.tolist(), sums.brand.tolist(), sums.other.tolist(), sums.value.tolist(), strict=True)
    return {(consumer, brand, other): tuple(value) for consumer, brand, other, value in found}


@quick
@given(rows, rows, st.sets(st.integers(0, CONSUMERS - 1)))
def test_sums_are_added_row_by_row_after_fading_and_dropping(old, new, dropped):
    drop = np.isin(np.arange(CONSUMERS), list(dropped))
    expected = {row: (0.5 * a, 2.0 * b) for row, (a, b) in old.items() if row[0] not in dropped}
    for row, (a, b) in new.items():
        before = expected.get(row, (0.0, 0.0))
        expected[row] = (before[0] + a, before[1] + b)
    found = sums_of(old).plus(sums_of(new), np.array([0.5, 2.0]), drop)
    assert values_of(found) == expected
    assert list(values_of(found)) == sorted(expected)


@quick
@given(rows, rows)
def test_nothing_is_faded_or_dropped_unless_requested(old, new):
    found = values_of(sums_of(old).plus(sums_of(new)))
    expected = {row: tuple(np.add(old.get(row, (0, 0)), new.get(row, (0, 0)))) for row in {**old, **new}}
    assert found == expected


@quick
@given(rows, st.sets(st.integers(0, CONSUMERS - 1)))
def test_rows_of_some_consumers_are_only_theirs(values, chosen):
    found = sums_of(values).of(np.isin(np.arange(CONSUMERS), list(chosen)))
    assert values_of(found) == {row: value for row, value in values.items() if row[0] in chosen}


@quick
@given(st.lists(st.tuples(st.integers(0, 2**31 - 1), st.integers(0, 2**31 - 1), st.integers(0, 2**31 - 1)), max_size=9))
def test_pairs_are_counted_whatever_the_size_of_the_codes(named):
    named += named[:3]
    consumer, brand, other = (np.array([row[i] for row in named], np.int32) for i in range(3))
    found = counted(keys(consumer, brand), other, np.full(len(named), 0.5))
    assert found.value.shape == (len(found), 1)
    assert {row: 2 * value for row, (value,) in values_of(found).items()} == Counter(named)
    assert list(values_of(found)) == sorted(Counter(named))


def test_the_key_gives_back_consumer_and_brand():
    sums = Sums(keys(np.array([2**31 - 1]), np.array([2**31 - 1])), np.zeros(1, np.int32), np.ones((1, 1)))
    assert (sums.consumer.item(), sums.brand.item()) == (2**31 - 1, 2**31 - 1)
