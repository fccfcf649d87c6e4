import math

import numpy as np
import pytest

from influence_graph.kernels.learning import held_out
from tests.kernels.learning.test_credit import random_case

NODES = 6


def cascades(log):
    for a in range(log.offsets.size - 1):
        part = slice(log.offsets[a], log.offsets[a + 1])
        yield dict(zip(log.users[part].tolist(), log.times[part].tolist(), strict=True))


def out_edges(rows, p):
    places = {}
    for v in range(NODES):
        for k in range(rows.indptr[v], rows.indptr[v + 1]):
            places[v, int(rows.indices[k])] = (p[k], k)
    return places


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("window", [np.inf, 2.0])
def test_likelihood_is_that_of_each_exposed_user_by_its_definition(seed, window):
    rows, log = random_case(seed)
    p = np.random.default_rng(seed).choice([0.0, 0.2, 0.7, 1.0], rows.indices.size)
    edges = out_edges(rows, p)
    expected = []
    for when in cascades(log):
        total, exposed, acted, impossible = 0.0, 0, 0, 0
        for u in range(NODES):
            before = [v for v in when if (v, u) in edges and (u not in when or 0 < when[u] - when[v] <= window)]
            if not before:
                continue
            chance = 1 - math.prod(1 - edges[v, u][0] for v in before)
            clipped = min(max(chance, 1e-3), 1 - 1e-3)
            total += math.log(clipped if u in when else 1 - clipped)
            exposed, acted, impossible = exposed + 1, acted + (u in when), impossible + (u in when and chance == 0)
        expected.append([total, exposed, acted, impossible])
    found = held_out.likelihood(*log, rows.indptr, rows.indices, p, window, 1e-3)
    assert found == pytest.approx(np.array(expected))


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("decaying", [False, True])
def test_auc_is_the_share_of_the_other_candidates_scored_below_who_acts_next(seed, decaying):
    rows, log = random_case(seed)
    rng = np.random.default_rng(seed)
    p = rng.choice([0.1, 0.5, 0.9], rows.indices.size)
    tau = rng.choice([1.0, 3.0], p.size) if decaying else np.full(p.size, np.inf)
    edges = out_edges(rows, p)
    expected = []
    for when in cascades(log):
        total, events = 0.0, 0
        for actor, now in when.items():

            def score(u, now=now, when=when):
                earlier = [(edges[v, u], now - t) for v, t in when.items() if (v, u) in edges and t < now]
                return 1 - math.prod(1 - q * math.exp(-wait / tau[k]) for (q, k), wait in earlier), len(earlier)

            others = [score(u)[0] for u in range(NODES) if score(u)[1] and when.get(u, np.inf) > now]
            if score(actor)[1] and others:
                own = round(score(actor)[0], 9)
                total += np.mean([own > round(s, 9) or 0.5 * (own == round(s, 9)) for s in others])
                events += 1
        expected.append([total, events])
    found = held_out.next_actor(*log, rows.indptr, rows.indices, p, tau)
    assert found == pytest.approx(np.array(expected))


def test_sizes_are_exact_where_every_edge_is_certain_or_impossible():
    indptr, indices, p = np.array([0, 1, 2, 3, 3]), np.array([1, 2, 3]), np.array([1.0, 1.0, 0.0])
    arrays = np.array([0, 1, 3, 3]), np.array([0, 1, 3])
    found = held_out.mean_sizes(*arrays, indptr, indices, p, 3, np.random.default_rng(0))
    assert found.tolist() == [3.0, 3.0, 0.0]


def test_sizes_are_within_four_standard_errors_of_the_closed_form_of_a_path():
    nodes, p, runs = 6, 0.4, 2000
    indptr, indices = np.append(np.arange(nodes), nodes - 1), np.arange(1, nodes)
    arrays = np.array([0, 1]), np.array([0])
    found = held_out.mean_sizes(*arrays, indptr, indices, np.full(nodes - 1, p), runs, np.random.default_rng(1))
    reach = p ** np.arange(nodes)
    mean = reach.sum()
    variance = ((2 * np.arange(nodes) + 1) * reach).sum() - mean**2  # E[X²] = Σ (2i + 1)·P(X > i)
    assert abs(found[0] - mean) <= 4 * math.sqrt(variance / runs)
