"""Cascades to learn from and to be judged by: none is lost or seen twice, and figures are what they are called."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from influence_graph.analyses.learning.held_out import (
    FLOOR,
    SPLITS,
    Evaluation,
    Figures,
    best_uniform,
    folds_of,
    initiators_of,
    split_log,
)
from influence_graph.analyses.learning.log import ActionLog, action_log
from influence_graph.errors import InputError
from influence_graph.model.graph import Graph
from tests.analyses.learning.logs import log_of, random_log

seeds = st.integers(0, 10_000)


def rows_of(log: ActionLog) -> set[tuple[int, str, float]]:
    """Return (user, item, time) of every action."""
    owner = np.repeat(log.items, np.diff(log.offsets))
    return set(zip(log.users.tolist(), owner.tolist(), log.times.tolist(), strict=True))


def log_and_graph(seed: int) -> tuple[Graph, ActionLog]:
    graph, frame = random_log(seed)
    return graph, action_log(graph, frame)


@settings(deadline=None, max_examples=30)
@given(seeds, st.sampled_from(["random", "temporal"]), st.floats(0.1, 0.9))
def test_each_cascade_is_on_one_side_and_all_held_out_ones_are_whole(seed: int, split: str, train: float) -> None:
    _, log = log_and_graph(seed)
    learned, held = split_log(log, train, split, np.random.default_rng(seed))
    assert learned.items.size == round(train * log.items.size)
    assert sorted([*learned.items, *held.items]) == sorted(log.items)
    assert rows_of(held) == {row for row in rows_of(log) if row[1] in set(held.items)}
    expected = {row for row in rows_of(log) if row[1] in set(learned.items)}
    if split == "random":
        assert rows_of(learned) == expected
    else:  # and of what began earlier only what happened before the first that is held out
        begin = min(row[2] for row in rows_of(held))
        assert rows_of(learned) == {row for row in expected if row[2] < begin}


@settings(deadline=None, max_examples=30)
@given(seeds, st.sampled_from([0.5, 2 / 3, 0.75, 0.8, 0.9]))
def test_folds_hold_out_every_action_once_and_learn_from_all_others(seed: int, train: float) -> None:
    _, log = log_and_graph(seed)
    folds = list(folds_of(log, train, np.random.default_rng(seed)))
    assert len(folds) == round(1 / (1 - train))
    held = [row for _, part in folds for row in rows_of(part)]
    assert len(held) == len(set(held)) == log.users.size
    for learned, part in folds:
        assert rows_of(learned) | rows_of(part) == rows_of(log)
        assert not rows_of(learned) & rows_of(part)
    sizes = [part.items.size for _, part in folds]
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize("train", [0.0, 0.001, 0.999, 1.0])
def test_a_side_without_a_cascade_is_refused(train: float) -> None:
    _, log = log_and_graph(1)
    for split in SPLITS[:2]:
        with pytest.raises(InputError, match="to learn from and"):
            split_log(log, train, split, np.random.default_rng(1))


def test_cascades_that_all_begin_at_once_have_no_order_in_time() -> None:
    graph = Graph.from_edges(["a"], ["b"])
    log = action_log(graph, log_of(("a", "x", 1), ("b", "y", 1), ("a", "z", 1)))
    with pytest.raises(InputError, match="temporal"):
        split_log(log, 0.5, "temporal", np.random.default_rng(1))


def figures(rng: np.random.Generator, cascades: int) -> Figures:
    exposed = rng.integers(0, 6, cascades)
    likelihood = np.column_stack([-rng.random(cascades) * exposed, exposed, exposed // 2, exposed * 0])
    events = rng.integers(0, 4, cascades)
    return Figures(
        likelihood.astype(float),
        np.column_stack([rng.random(cascades) * events, events]).astype(float),
        rng.random((cascades, 2)) * 9,
    )


@settings(deadline=None, max_examples=40)
@given(seeds, st.integers(1, 8))
def test_figures_are_means_over_users_over_events_and_over_cascades(seed: int, cascades: int) -> None:
    rng = np.random.default_rng(seed)
    found = figures(rng, cascades)
    times = rng.integers(0, 3, (4, cascades))
    times[:, 0] += 1
    values = found.values(times)
    for row, counts in zip(values, times, strict=True):
        repeated = [cascade for cascade, count in enumerate(counts) for _ in range(count)]
        users = sum(found.likelihood[c, 1] for c in repeated)
        events = sum(found.next_actor[c, 1] for c in repeated)
        expected = (
            sum(found.likelihood[c, 0] for c in repeated) / users if users else math.nan,
            sum(found.next_actor[c, 0] for c in repeated) / events if events else math.nan,
            math.sqrt(np.mean([(found.size[c, 0] - found.size[c, 1]) ** 2 for c in repeated])),
        )
        assert row == pytest.approx(expected, nan_ok=True)


@settings(deadline=None, max_examples=20)
@given(seeds)
def test_joined_figures_are_those_of_both(seed: int) -> None:
    rng = np.random.default_rng(seed)
    one, other = figures(rng, 3), figures(rng, 2)
    both = one.joined(other)
    first, second = np.array([[1, 1, 1, 0, 0]]), np.array([[0, 0, 0, 1, 1]])
    np.testing.assert_array_equal(both.values(first), one.values(np.ones((1, 3), int)))
    np.testing.assert_array_equal(both.values(second), other.values(np.ones((1, 2), int)))


@settings(deadline=None, max_examples=20)
@given(seeds, st.sampled_from([math.inf, 2.0]))
def test_an_initiator_has_no_earlier_in_neighbor_within_the_window(seed: int, window: float) -> None:
    graph, log = log_and_graph(seed)
    offsets, users = initiators_of(graph, log, window)
    edges = {
        (a, b)
        for a, b in zip(np.repeat(np.arange(12), np.diff(graph.indptr)).tolist(), graph.indices.tolist(), strict=True)
    }
    for cascade in range(log.items.size):
        part = slice(log.offsets[cascade], log.offsets[cascade + 1])
        when = dict(zip(log.users[part].tolist(), log.times[part].tolist(), strict=True))
        expected = {
            u
            for u, at in when.items()
            if not any((v, u) in edges and 0 < at - past <= window for v, past in when.items())
        }
        assert set(users[offsets[cascade] : offsets[cascade + 1]].tolist()) == expected


@pytest.mark.parametrize(("acted", "exposed"), [(1, 4), (3, 4), (5, 10)])
def test_the_best_uniform_probability_of_single_parents_is_their_share(acted: int, exposed: int) -> None:
    graph = Graph.from_edges(["a"], ["b"])
    rows = [("a", f"i{i}", 0.0) for i in range(exposed)] + [("b", f"i{i}", 1.0) for i in range(acted)]
    found = best_uniform(graph, action_log(graph, log_of(*rows)), math.inf)
    assert found == pytest.approx(acted / exposed, rel=2e-3)


@pytest.mark.parametrize(
    ("rows", "expected"), [([("a", "x", 0.0)], FLOOR), ([("a", "x", 0.0), ("b", "x", 1.0)], 0.999)]
)
def test_where_nobody_or_everybody_follows_the_best_probability_is_at_its_end(rows: list, expected: float) -> None:
    graph = Graph.from_edges(["a"], ["b"])
    assert best_uniform(graph, action_log(graph, log_of(*rows)), math.inf) == pytest.approx(expected, rel=0.01)


def test_certain_probabilities_predict_the_size_of_a_path_exactly() -> None:
    graph = Graph.from_edges(["a", "b"], ["b", "c"])
    log = action_log(graph, log_of(("a", "x", 0), ("b", "x", 1), ("c", "x", 2), ("b", "y", 0), ("c", "y", 1)))
    evaluation = Evaluation(graph, log, math.inf, 5, initiators_of(graph, log, math.inf))
    found = evaluation.figures(np.ones(2), None, seed=1)
    assert found.size.tolist() == [[3.0, 3.0], [2.0, 2.0]]
    assert found.values(np.ones((1, 2), int))[0, 2] == 0.0
    assert found.likelihood[:, 1].tolist() == [2, 1]
    np.testing.assert_allclose(found.likelihood[:, 0], [2 * math.log(1 - FLOOR), math.log(1 - FLOOR)])
