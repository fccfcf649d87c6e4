import re
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from influence_graph.analyses.ranking.activity import activity
from influence_graph.analyses.ranking.influence_passivity import influence_passivity
from influence_graph.analyses.ranking.psi import psi_score
from influence_graph.errors import InputError
from influence_graph.model.graph import Graph

TIES = Graph.from_edges(["ann", "bob", "ann"], ["june", "ann", "tom"])
DAY = 86_400


def naive(followees, actions, window):
    """Return what is counted by hand: actions and re-posts of users, take-ups of pairs, seconds in all."""
    first = {}
    for user, item, time in actions:
        first[user, item] = min(time, first.get((user, item), time))
    acted, reposted, taken = {}, {}, {}
    for (user, item), time in first.items():
        acted[user] = acted.get(user, 0) + 1
        before = [v for v in followees[user] if (v, item) in first and 0 < time - first[v, item] <= window]
        reposted[user] = reposted.get(user, 0) + bool(before)
        for v in before:
            taken[v, user] = taken.get((v, user), 0) + 1
    return acted, reposted, taken, max(first.values()) - min(first.values())


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("directed", [True, False])
def test_counts_are_those_made_by_hand(seed, directed):
    rng = np.random.default_rng(seed)
    users = [f"u{i}" for i in range(15)]
    ties = Graph.from_arrays(users, *rng.integers(0, 15, (2, 40)), directed=directed)
    followees = {u: {users[k] for k in ties.indices[ties.indptr[i] : ties.indptr[i + 1]]} for i, u in enumerate(users)}
    actions = [
        (f"u{u}", f"i{i}", int(t))
        for u, i, t in zip(*rng.integers(0, 15, (2, 200)), rng.integers(0, 40, 200), strict=True)
    ]
    actions = [row for row in actions if row[0] in users]
    window = int(rng.integers(1, 40))
    found = activity(ties, pd.DataFrame(actions, columns=["user", "item", "time"]), window)
    acted, reposted, taken, seconds = naive(followees, actions, window)
    days = seconds / DAY
    assert found.days == pytest.approx(days)
    assert found.exposed.tolist() == [acted.get(u, 0) for u in users]
    assert found.reposting == pytest.approx([reposted.get(u, 0) / days for u in users])
    assert found.posting == pytest.approx([(acted.get(u, 0) - reposted.get(u, 0)) / days for u in users])
    edges = found.influence.to_networkx().edges(data="weight")
    assert {(v, u): s for v, u, s in edges} == taken
    assert found.influence.ids.tolist() == ties.ids.tolist()


def log(*rows):
    return pd.DataFrame(rows, columns=["user", "item", "time"])


def test_the_window_is_thirty_days_and_includes_its_end():
    rows = [("june", "x", 0), ("ann", "x", 30 * DAY), ("june", "y", 0), ("ann", "y", 30 * DAY + 1)]
    assert activity(TIES, log(*rows)).exposed.tolist() == [2, 0, 2, 0]
    assert activity(TIES, log(*rows)).influence.edge_weights().tolist() == [1]
    for window in (None, timedelta(days=31), 31 * DAY):
        assert activity(TIES, log(*rows), window).influence.edge_weights().tolist() == [2]


def test_datetimes_and_users_outside_the_ties():
    rows = log(("june", "x", "2026-01-01T00:00Z"), ("ann", "x", "2026-01-03T00:00Z"), ("eve", "x", "2026-01-09T00:00Z"))
    found = activity(TIES, rows.assign(time=pd.to_datetime(rows["time"])))
    assert found.days == 2
    assert found.counts["unknown_users"] == found.counts["unknown_actions"] == 1
    assert found.posting.tolist() == [0, 0, 0.5, 0]  # ann, bob, june, tom
    assert found.reposting.tolist() == [0.5, 0, 0, 0]


def test_the_rankings_take_what_it_gives():
    rows = [
        ("june", "x", 0),
        ("ann", "x", 5),
        ("bob", "x", 9),
        ("june", "y", 0),
        ("tom", "z", DAY),
        ("ann", "w", 1),
        ("bob", "z", 2),
    ]
    found = activity(TIES, log(*rows))
    assert psi_score(TIES, found.posting, found.reposting).scores.sum() == pytest.approx(1.0)
    scores = influence_passivity(found.influence, found.influence.edge_weights(), found.exposed)
    assert scores.influence.scores.sum() == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("rows", "window", "message"),
    [
        ([("eve", "x", 0), ("max", "x", 5)], None, "none of the 2 actions is of a user among the 4 of the graph"),
        ([("ann", "x", 5), ("june", "x", 5)], None, "all actions have the same time"),
        ([("ann", "x", 0), ("june", "x", 5)], -1, "window is -1, must be above 0"),
    ],
)
def test_what_has_no_answer_is_refused_in_one_line(rows, window, message):
    with pytest.raises(InputError, match=re.escape(message)):
        activity(TIES, log(*rows), window)


def test_without_ties_there_is_nothing_to_measure():
    with pytest.raises(InputError, match="0 nodes"):
        activity(Graph.from_edges([], []), log(("a", "x", 0)))
