import signal

import numpy as np
import pytest

from influence_graph.analyses.maximize import opimc
from influence_graph.analyses.maximize.estimate import estimate_maximize
from influence_graph.analyses.maximize.maximize import maximize
from influence_graph.errors import InputError
from influence_graph.kernels.maximize.coverage import greedy
from influence_graph.model.graph import Graph


def sparse_graph(nodes, degree, p):
    rng = np.random.default_rng(1)
    source, target = rng.integers(0, nodes, (2, nodes * degree))
    plain = Graph.from_arrays([str(i) for i in range(nodes)], source, target)
    return Graph(plain.indptr, plain.indices, np.full(plain.indices.size, p), plain.ids)


def test_a_run_that_ends_within_the_pilot_is_predicted_exactly():
    graph = sparse_graph(50, 2, 0.2)
    expected = estimate_maximize(graph, 3)
    assert expected.rr_sets == expected.pilot_sets == maximize(graph, 3, seed=0).rr_sets
    assert expected.within_memory


def test_the_sets_of_a_longer_run_are_predicted_within_an_order_of_magnitude():
    graph = sparse_graph(20_000, 3, 0.05)
    arguments = {"k": 20, "ratio": 0.65}
    expected, run = estimate_maximize(graph, **arguments), maximize(graph, seed=3, **arguments)
    assert 1 / 10 <= expected.rr_sets / run.rr_sets <= 10  # a pilot on a busy machine is short
    assert 1 / 10 <= expected.memory / run.memory <= 10
    assert expected.seconds > 0
    assert f"about {expected.rr_sets:,} reverse-reachable sets" in str(expected)


def test_a_ratio_that_the_memory_does_not_reach_is_reported():
    expected = estimate_maximize(sparse_graph(20_000, 3, 0.05), 20, ratio=0.95, memory_limit=2 << 20)
    assert not expected.within_memory
    assert expected.memory <= 2 << 20
    assert "the memory limit, which ends it" in str(expected)


def test_bad_input_is_that_of_maximize():
    with pytest.raises(InputError, match="k is 0, must be a whole number of 1 or more; use 10"):
        estimate_maximize(sparse_graph(5, 2, 0.1), 0)


def test_where_one_seed_reaches_most_the_rest_decides_how_long_it_takes():
    graph = sparse_graph(1_000, 3, 0.5)
    expected, run = estimate_maximize(graph, 20), maximize(graph, 20, seed=3)
    assert run.kept.sets.stop is not None
    assert 1 / 10 <= expected.rr_sets / run.rr_sets <= 10


def test_ctrl_c_in_the_pilot_ends_it(monkeypatch):
    graph = sparse_graph(20_000, 3, 0.05)
    former = signal.signal(signal.SIGALRM, signal.default_int_handler)
    rounds = []

    def interrupted(*args, **options):
        rounds.append(args)
        if len(rounds) == 3:  # the first is that of the run which compiles
            signal.raise_signal(signal.SIGALRM)
        return greedy(*args, **options)

    monkeypatch.setattr(opimc.coverage, "greedy", interrupted)
    try:
        with pytest.raises(KeyboardInterrupt):
            estimate_maximize(graph, 20, ratio=0.99999)
    finally:
        signal.signal(signal.SIGALRM, former)
    assert len(rounds) == 3


def test_ctrl_c_in_the_loading_of_compiled_code_ends_it(monkeypatch):
    def interrupted(*args, **options):
        raise SystemError("the dispatcher returned a result with an exception set") from KeyboardInterrupt()

    monkeypatch.setattr(opimc.coverage, "greedy", interrupted)
    with pytest.raises(KeyboardInterrupt):
        estimate_maximize(sparse_graph(50, 2, 0.2), 3)
