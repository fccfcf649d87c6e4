"""Corrections of corrections by recursion, nothing shared with the kernels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.kernels.corrections import replaced_from, replacing, replacing_first, standing, without_circles
from tests.kernels.naive import quick


@st.composite
def functional_graphs(draw):
    """Return for each record the one that it names, never itself, or -1."""
    size = draw(st.integers(0, 12))
    drawn = [draw(st.integers(-1, size - 2)) if size > 1 else -1 for _ in range(size)]
    return np.array([name + (name >= record) for record, name in enumerate(drawn)], np.int64)


def flags(size):
    return st.lists(st.booleans(), min_size=size, max_size=size).map(lambda values: np.array(values, np.bool_))


def path_from(names, record):
    """Return what *record* leads to, itself first, up to where it ends or meets itself."""
    path = [record]
    while names[path[-1]] >= 0 and names[path[-1]] not in path:
        path.append(int(names[path[-1]]))
    return path


def naive_without_circles(names):
    target = names.tolist()
    for record in range(names.size):
        path = path_from(names, record)
        if names[path[-1]] == record and names[record] == max(path):
            target[record] = -1
    return target


def forest(names):
    target = without_circles(names)
    return target, replacing_first(target)


@quick
@given(functional_graphs())
def test_in_each_circle_what_replaces_the_last_record_is_ignored(names):
    target = without_circles(names)
    assert target.tolist() == naive_without_circles(names)
    assert all(target[path_from(target, record)[-1]] == -1 for record in range(names.size))


@quick
@given(functional_graphs())
def test_each_record_comes_after_those_that_replace_it(names):
    target, order = forest(names)
    assert sorted(order.tolist()) == list(range(names.size))
    place = np.argsort(order)
    assert all(place[record] < place[target[record]] for record in range(names.size) if target[record] >= 0)


@quick
@given(st.data())
def test_who_stands_does_so_by_recursion(data):
    names = data.draw(functional_graphs())
    known, retracts = data.draw(flags(names.size)), data.draw(flags(names.size))
    target, order = forest(names)

    def on(record):
        return np.flatnonzero(target == record)

    def stands(record):
        return known[record] and not any(retracts[other] and stands(other) for other in on(record))

    before = known.copy()
    found, is_last = standing(known, retracts, target, order)
    assert found.tolist() == [stands(record) for record in range(names.size)]
    expected = [known[record] and not any(stands(other) for other in on(record)) for record in range(names.size)]
    assert is_last.tolist() == expected
    assert known.tolist() == before.tolist()


@quick
@given(st.data())
def test_what_is_replaced_and_what_replaces_is_found_transitively(data):
    names = data.draw(functional_graphs())
    marked = data.draw(flags(names.size))
    target, order = forest(names)
    starts = np.flatnonzero(marked).tolist()
    led_to = {other for record in starts for other in path_from(names, record)}
    assert set(np.flatnonzero(replaced_from(names, marked)).tolist()) == led_to
    leading = {record for record in range(names.size) if set(path_from(target, record)) & set(starts)}
    assert set(np.flatnonzero(replacing(target, order, marked)).tolist()) == leading


@pytest.mark.parametrize("size", [1, 2, 7, 10_001])
def test_along_a_chain_of_retractions_every_other_record_stands(size):
    target, order = forest(np.arange(-1, size - 1))
    for retracts in (True, False):
        stands, is_last = standing(np.ones(size, np.bool_), np.full(size, retracts), target, order)
        assert np.flatnonzero(~stands[::-1]).tolist() == (list(range(1, size, 2)) if retracts else [])
        assert (is_last == stands).all() if retracts else np.flatnonzero(is_last).tolist() == [size - 1]
