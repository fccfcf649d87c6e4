from itertools import pairwise

import numpy as np
import pytest

from influence_graph.kernels.learning import action_log
from tests.kernels.learning.test_credit import naive_parents, random_case


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("window", [np.inf, 2.0])
def test_counts_are_those_of_a_loop_over_edges_and_items(seed, window):
    rows, log = random_case(seed)
    counts = action_log.count(log, action_log.in_edges(rows.indptr, rows.indices), window)
    parents = naive_parents(rows, log, window)
    after, credit, delay = np.zeros((3, rows.indices.size))
    for place, found in enumerate(parents):
        for parent, edge in found:
            after[edge] += 1
            credit[edge] += 1 / len(found)
            delay[edge] += log.times[place] - log.times[parent]
    assert counts.after.tolist() == after.tolist()
    assert counts.credit == pytest.approx(credit)
    assert counts.delay.tolist() == delay.tolist()
    items = [set(log.users[log.offsets[a] : log.offsets[a + 1]].tolist()) for a in range(3)]
    ends = zip(csr_rows(rows), rows.indices.tolist(), strict=True)
    assert counts.both.tolist() == [sum({v, u} <= who for who in items) for v, u in ends]
    when = [dict(zip(log.users[i:j], log.times[i:j], strict=True)) for i, j in pairwise(log.offsets)]
    ends = zip(csr_rows(rows), rows.indices.tolist(), strict=True)
    same = [sum(v in at and u in at and at[v] == at[u] for at in when) for v, u in ends]
    assert counts.together.tolist() == same


def csr_rows(rows):
    return np.repeat(np.arange(rows.indptr.size - 1), np.diff(rows.indptr)).tolist()


def test_edges_are_grouped_by_target_with_their_places():
    edges = action_log.in_edges(np.array([0, 2, 3, 3]), np.array([1, 2, 2]))
    assert edges.indptr.tolist() == [0, 0, 1, 3]
    assert edges.source.tolist() == [0, 0, 1]
    assert edges.position.tolist() == [0, 1, 2]


def test_the_first_action_of_a_user_on_an_item_is_kept_and_users_may_return_on_another():
    kept = action_log.first_actions(np.array([0, 4, 6]), np.array([2, 1, 2, 1, 2, 2]), 3)
    assert kept.tolist() == [True, True, False, False, True, False]
