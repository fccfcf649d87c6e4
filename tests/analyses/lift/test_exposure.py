"""Who sees whom across segments, counted by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from influence_graph.analyses.lift.exposure import sights_of

PEOPLE = pd.DataFrame(
    {
        "id": ["ann", "bob", "cat", "dan", "eve", "fay", "gus"],
        "segment": ["north", "north", "south", "south", "west", "west", None],
    }
)
TIES = pd.DataFrame(
    [
        ("cat", "ann", "follows"),  # cat, of the south, sees ann
        ("cat", "bob", "follows"),  # and bob: one person who sees, all the same
        ("bob", "eve", "follows"),  # the west sees nobody by that
        ("fay", "ann", "friend"),  # fay and ann see each other
        ("gus", "ann", "follows"),  # of no segment
        ("gus", "dan", "exposed"),
        ("dan", "gus", "follows"),
        ("dan", "nobody", "follows"),
        ("ann", "ann", "follows"),
    ],
    columns=["source", "target", "kind"],
)


def test_the_source_sees_the_target_friends_see_each_other_and_each_person_counts_once() -> None:
    sights = sights_of(PEOPLE, TIES)
    assert sights.segments == ("north", "south", "west")
    assert sights.sizes.tolist() == [2, 2, 2]
    treated = np.eye(3, dtype=bool)
    # Of the north: cat, fay. Of the south: nobody with a segment. Of the west: bob by eve, ann by fay.
    assert sights.seeing(treated).tolist() == [[0, 1, 1], [0, 0, 0], [2, 0, 0]]
    assert sights.shares(treated).tolist() == [[0.0, 0.5, 0.5], [0.0, 0.0, 0.0], [1.0, 0.0, 0.0]]


def test_several_treated_segments_are_one_event() -> None:
    sights = sights_of(PEOPLE, TIES)
    assert sights.seeing(np.array([[True, False, True]])).tolist() == [[2, 1, 1]]


def test_nobody_and_nothing_treated_are_none() -> None:
    empty = sights_of(PEOPLE, TIES.head(0))
    assert empty.seeing(np.ones((1, 3), bool)).tolist() == [[0, 0, 0]]
    assert sights_of(PEOPLE, TIES).seeing(np.zeros((2, 3), bool)).sum() == 0


def test_it_is_what_pairs_of_people_say() -> None:
    rng = np.random.default_rng(4)
    people = pd.DataFrame({"id": np.arange(60).astype(str), "segment": rng.choice(["a", "b", "c", "d", None], 60)})
    ties = pd.DataFrame(
        {
            "source": rng.integers(0, 60, 150).astype(str),
            "target": rng.integers(0, 60, 150).astype(str),
            "kind": rng.choice(["follows", "friend", "exposed"], 150),
        }
    )
    of = dict(zip(people["id"], people["segment"], strict=True))
    sees: set[tuple[str, str]] = set()
    for one in ties.itertuples():
        sees |= {(one.source, one.target)} | ({(one.target, one.source)} if one.kind == "friend" else set())
    sights = sights_of(people, ties)
    for place, treated in enumerate(sights.segments):
        found = sights.seeing(np.eye(len(sights.segments), dtype=bool)[[place]])[0]
        for other, name in enumerate(sights.segments):
            who = {a for a, b in sees if a != b and of[b] == treated and of[a] == name}
            assert found[other] == len(who)
