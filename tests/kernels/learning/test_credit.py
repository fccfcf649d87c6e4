import itertools

import numpy as np
import pytest

from influence_graph.kernels.learning import action_log, credit
from influence_graph.model import csr


def random_case(seed, nodes=6, items=3):
    """Return edges and a log on few nodes, with times that often are equal."""
    rng = np.random.default_rng(seed)
    source, target = np.nonzero(rng.random((nodes, nodes)) < 0.45)
    rows = csr.build(nodes, source, target, None)
    users, times, offsets = [], [], [0]
    for _ in range(items):
        who = rng.permutation(nodes)[: rng.integers(0, nodes + 1)]
        when = np.sort(rng.integers(0, 6, who.size)).astype(float)
        users, times = np.append(users, who), np.append(times, when)
        offsets.append(users.size)
    log = action_log.Log(np.array(offsets), np.array(users, dtype=np.int64), np.array(times, dtype=float))
    return rows, log


def naive_parents(rows, log, window):
    """Return per action the set of (place of the parent, place of the edge)."""
    edges = {}
    for v in range(rows.indptr.size - 1):
        for k in range(rows.indptr[v], rows.indptr[v + 1]):
            edges[v, int(rows.indices[k])] = k
    found = [set() for _ in log.users]
    for a in range(log.offsets.size - 1):
        for i, j in itertools.permutations(range(log.offsets[a], log.offsets[a + 1]), 2):
            lag = log.times[j] - log.times[i]
            if (int(log.users[i]), int(log.users[j])) in edges and 0 < lag <= window:
                found[j].add((i, int(edges[int(log.users[i]), int(log.users[j])])))
    return found


def equal_split(start):
    number = np.diff(start)
    return np.repeat(1 / np.maximum(number, 1), number)


def naive_flow(parents, gamma, place, seeds):
    """Return Γ_S of the action at *place*: the sum over all paths from a seed's action of the product of γ."""
    if place in seeds:
        return 1.0
    return sum(gamma[place, parent] * naive_flow(parents, gamma, parent, seeds) for parent, _ in parents[place])


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("window", [np.inf, 2.0])
def test_parents_are_the_earlier_actions_of_in_neighbors_within_the_window(seed, window):
    rows, log = random_case(seed)
    found = credit.direct(log, action_log.in_edges(rows.indptr, rows.indices), window)
    naive = naive_parents(rows, log, window)
    for i in range(log.users.size):
        part = slice(found.start[i], found.start[i + 1])
        assert set(zip(found.parent[part].tolist(), found.edge[part].tolist(), strict=True)) == naive[i]
        assert found.start[i + 1] - found.start[i] == len(naive[i])


@pytest.mark.parametrize("seed", range(20))
def test_passes_forward_and_back_give_the_sums_over_all_paths(seed):
    rows, log = random_case(seed)
    found = credit.direct(log, action_log.in_edges(rows.indptr, rows.indices), np.inf)
    gamma = equal_split(found.start)
    parents = naive_parents(rows, log, np.inf)
    by_pair = {
        (i, int(found.parent[k])): gamma[k] for i in range(log.users.size) for k in range(*found.start[i : i + 2])
    }
    share = np.random.default_rng(seed).random(6)
    seeded = np.random.default_rng(seed + 99).random(6) < 0.3
    seeds = {i for i, user in enumerate(log.users) if seeded[user]}
    received = credit.credit_from_seeds(found.start, found.parent, gamma, log.users, seeded)
    assert received == pytest.approx([naive_flow(parents, by_pair, i, seeds) for i in range(log.users.size)])
    given = credit.credit_to_others(found.start, found.parent, gamma, log.users, seeded, share)
    cut = {pair: 0.0 if {pair[0], pair[1]} & seeds else value for pair, value in by_pair.items()}
    for i in range(log.users.size):
        alone = [naive_flow(parents, cut, j, {i}) * share[log.users[j]] for j in range(log.users.size)]
        assert given[i] == pytest.approx(0.0 if i in seeds else sum(x for j, x in enumerate(alone) if j not in seeds))
