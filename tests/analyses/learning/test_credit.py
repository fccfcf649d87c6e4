import itertools

import numpy as np
import pytest

from influence_graph.analyses.learning.credit import credit
from influence_graph.errors import InputError, NotFound
from influence_graph.model.graph import Graph
from tests.analyses.learning.logs import edges_of, log_of, random_log

CHAIN = Graph.from_edges(["ann", "bob", "ann"], ["bob", "cat", "cat"])
HAT = log_of(("ann", "hat", 1), ("bob", "hat", 2), ("cat", "hat", 3))


def naive_spread(graph, actions, seeds):
    """Return σ_cd(S) by summing the credit of all paths of each action, with equal direct credit."""
    first = {item: part.groupby("user")["time"].min().to_dict() for item, part in actions.groupby("item")}
    acted = actions.drop_duplicates(["user", "item"])["user"].value_counts()
    into = {u: [v for v, w in edges_of(graph) if w == u] for u in graph.ids}

    def received(when, u):
        if u in seeds:
            return 1.0
        parents = [v for v in into[u] if when.get(v, np.inf) < when[u]]
        return sum(received(when, v) for v in parents) / max(len(parents), 1)

    return sum(received(when, u) / acted[u] for when in first.values() for u in when)


def test_credit_flows_on_along_a_chain():
    found = credit(CHAIN, HAT)
    # bob's action is due to ann; cat's half to each of ann and bob, and bob's half to ann as well
    assert dict(zip(found.ids, found.total, strict=True)) == {"ann": 3.0, "bob": 1.5, "cat": 1.0}
    assert found.credit_of(["bob"]) == 1.5
    assert found.credit_of(["bob", "cat"]) == 2.0
    assert found.to_frame()["id"].tolist() == ["ann", "bob", "cat"]


@pytest.mark.parametrize("seed", range(10))
def test_with_equal_split_each_action_but_those_of_initiators_gives_direct_credit_of_1(seed):
    graph, actions = random_log(seed)
    found = credit(graph, actions)
    given = found.direct_credit
    assert given[given > 0] == pytest.approx(1.0)
    assert (given > 0).any()
    assert (given == 0).any()
    decayed = credit(graph, actions, "time_decay").direct_credit
    assert (decayed <= given + 1e-12).all()


@pytest.mark.parametrize("seed", range(6))
def test_spread_is_the_sum_over_all_paths_for_any_seeds(seed):
    graph, actions = random_log(seed, users=7, items=5, edges=20)
    found = credit(graph, actions)
    for size in (1, 2, 3):
        for seeds in itertools.islice(itertools.combinations(graph.ids, size), 20):
            assert found.credit_of(list(seeds)) == pytest.approx(naive_spread(graph, actions, seeds))
    assert found.total == pytest.approx([naive_spread(graph, actions, {u}) for u in graph.ids])


@pytest.mark.parametrize("direct", ["equal", "time_decay"])
@pytest.mark.parametrize("seed", range(6))
def test_greedy_takes_the_largest_gain_at_each_step_and_keeps_its_promise(seed, direct):
    graph, actions = random_log(seed, users=8, items=6, edges=24)
    found = credit(graph, actions, direct)
    acted = [u for u, n in zip(found.ids, found.actions, strict=True) if n]
    chosen = found.maximize(3)
    for step in range(3):
        before = chosen.seeds[:step]
        so_far = found.credit_of(before) if before else 0.0
        gains = {u: found.credit_of([*before, u]) - so_far for u in acted if u not in before}
        assert chosen.gains[step] == pytest.approx(max(gains.values()))
        assert gains[chosen.seeds[step]] == pytest.approx(max(gains.values()))
    assert (np.diff(chosen.gains) <= 1e-9).all()  # submodular
    assert chosen.mean == pytest.approx(found.credit_of(chosen.seeds))
    best = max(found.credit_of(list(seeds)) for seeds in itertools.combinations(acted, 3))
    assert chosen.mean >= (1 - 1 / np.e) * best
    assert chosen.to_frame()["spread"].iloc[-1] == pytest.approx(chosen.mean)


def test_all_users_together_account_for_everyone_who_acted():
    graph, actions = random_log(1)
    found = credit(graph, actions)
    acted = int((found.actions > 0).sum())
    assert found.maximize(acted).mean == pytest.approx(acted)


def test_time_decay_is_the_formula_of_the_paper_on_one_edge():
    graph = Graph.from_edges(["ann"], ["bob"])
    actions = log_of(("ann", 1, 0), ("bob", 1, 1), ("ann", 2, 0), ("bob", 2, 3), ("bob", 3, 0))
    # τ = 2; bob acted three times, once within τ of ann: infl = 1/3
    expected = 1 + (np.exp(-1 / 2) + np.exp(-3 / 2)) / 3 / 3
    assert credit(graph, actions, "time_decay").credit_of(["ann"]) == pytest.approx(expected)


def test_a_seed_who_never_acted_adds_nothing_and_cannot_be_chosen():
    graph = Graph.from_edges(["ann", "eve"], ["bob", "bob"])
    found = credit(graph, log_of(("ann", 1, 0), ("bob", 1, 1)))
    assert found.credit_of(["eve"]) == 0.0
    with pytest.raises(InputError, match="k is 3, must be a whole number from 1 to the 2 users who acted"):
        found.maximize(3)


def test_bad_input_is_refused():
    with pytest.raises(InputError, match="direct is 'half', must be 'equal' or 'time_decay'"):
        credit(CHAIN, HAT, "half")
    with pytest.raises(NotFound, match="no 'zed' among the 3 nodes"):
        credit(CHAIN, HAT).credit_of(["zed"])
    with pytest.raises(InputError, match="the ids are the text 'ann'"):
        credit(CHAIN, HAT).credit_of("ann")
