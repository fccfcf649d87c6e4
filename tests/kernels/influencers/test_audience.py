from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

import influence_graph as ig
from influence_graph.analyses.influencers.inputs import read
from influence_graph.analyses.influencers.world import scan, world_of
from influence_graph.kernels.influencers.audience import detail
from influence_graph.kernels.influencers.risk_sets import events_of
from influence_graph.model.csr import row_of_each
from tests.analyses.influencers import naive

DAY = 86_400.0
LAGS = (3.0, 10.0)


def random_world(seed: int, people: int = 14, items: int = 5, activity: bool = False, unit: float = DAY):
    rng = np.random.default_rng(seed)
    names = [f"p{n:02d}" for n in range(people)]
    pairs = [(v, f) for v, f in itertools.permutations(range(people), 2) if rng.random() < 0.3]
    ties = {(names[v], names[f]): float(rng.integers(0, 25)) * unit * (rng.random() < 0.5) for v, f in pairs}
    acts = [
        (names[u], f"i{i}", float(rng.integers(0, 30)) * unit)
        for u in range(people)
        for i in range(items)
        if rng.random() < 0.6
    ]
    did = [(names[u], float(rng.integers(0, 30)) * unit) for u in rng.integers(0, people, 90)] if activity else None
    stratum = {name: int(rng.integers(0, 3)) for name in names}
    return names, ties, acts, stratum, did


def compiled(names, ties, acts, stratum, did):
    frame = pd.DataFrame([(f, v, since) for (v, f), since in ties.items()], columns=["source", "target", "since"])
    actions = pd.DataFrame(acts, columns=["user", "item", "time"])
    activity = None if did is None else pd.DataFrame(did, columns=["user", "time"])
    inputs = read(frame, actions, activity, None)
    assert list(inputs.graph.ids) == names, "everybody has a tie"
    return inputs, world_of(inputs, np.array([stratum[name] for name in names]), LAGS)


def as_array(found, names, sides=6):
    sums = np.zeros((len(names), len(LAGS) + 1, 2, sides))
    for (v, b, after), cell in found.items():
        sums[names.index(v), b, after] = cell
    return sums


ENDS = [*(lag * DAY for lag in LAGS), np.inf]


def test_the_known_answer_of_two_followers_and_two_others():
    graph = ig.Graph.from_edges(["v", "v", "c"], ["a", "b", "d"])
    did = pd.DataFrame({"user": ["v", "a", "c"], "item": "x", "time": [1, 2, 3]})
    inputs = read(graph, did, None, None)
    world = world_of(inputs, np.zeros(5, dtype=np.int64), (30,))
    people = world.people._replace(weight=np.ones((5, 1)), own_same=0.0, own_other=0.0)
    log = inputs.log
    events, taken = events_of(row_of_each(log.offsets), log.users, log.times, np.zeros(3, dtype=np.int64), people)
    sums = scan(world._replace(events=events, taken=taken, people=people), threads=1)
    v = list(graph.ids).index("v")
    assert sums[v, 0, 1, :3] == pytest.approx([1, 5 / 6, 17 / 36], rel=1e-12)
    assert not sums[v, 0, 0].any()
    assert not sums[v, 1].any()


@pytest.mark.parametrize("activity", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_sums_are_those_of_the_definition(seed: int, activity: bool):
    names, ties, acts, stratum, did = random_world(seed, activity=activity)
    _, world = compiled(names, ties, acts, stratum, did)
    expected = as_array(naive.sums(names, ties, acts, stratum, ENDS, did), names)
    assert expected[..., 0].sum() > 20
    np.testing.assert_allclose(scan(world, threads=2), expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_a_detail_adds_up_and_ends_pairs_leaves_out_items_and_early_events(seed: int):
    names, ties, acts, stratum, did = random_world(seed + 50)
    _, world = compiled(names, ties, acts, stratum, did)
    rng = np.random.default_rng(seed)
    items = sorted({i for _, i, _ in acts})
    for v, name in enumerate(names):
        sees = world.audience.person[world.audience.start[v] : world.audience.start[v + 1]]
        mine = world.taken.items[world.taken.start[v] : world.taken.start[v + 1]]
        if not (sees.size and mine.size):
            continue
        until = rng.choice([-np.inf, 9 * DAY, 15 * DAY, np.inf], (mine.size, sees.size), p=[0.2, 0.2, 0.2, 0.4])
        begin = rng.choice([np.nan, -np.inf, 12 * DAY], mine.size)
        ends = {(name, items[mine[j]], names[sees[f]]): t for (j, f), t in np.ndenumerate(until)}
        used = {(name, items[i]): t for i, t in zip(mine, begin, strict=True) if not np.isnan(t)}
        by_item, by_person = detail(world, v, begin=begin, until=until, people=True)
        expected = as_array(naive.sums(names, ties, acts, stratum, ENDS, did, ends, used), names)[v]
        np.testing.assert_allclose(by_item.sum(axis=0), expected, rtol=1e-9, atol=1e-9)
        assert by_person[..., 0].sum() == expected[..., 0].sum()


def test_without_one_of_the_audience_the_sums_lose_what_that_one_gave():
    names, ties, acts, stratum, did = random_world(99)
    _, world = compiled(names, ties, acts, stratum, did)
    when = {(u, i): t for u, i, t in acts}
    for v in range(len(names)):
        by_item, by_person = detail(world, v, people=True)
        own = by_person[..., 0].sum(axis=(1, 2))
        sees = world.audience.person[world.audience.start[v] : world.audience.start[v + 1]]
        for n, f in enumerate(sees):
            both = [i for u, i, _ in acts if u == names[v] and (names[f], i) in when]
            others = sum(
                when[names[f], i] != when[names[v], i]
                and (when[names[f], i] < when[names[v], i] or ties[names[v], names[f]] <= when[names[f], i])
                for i in both
            )
            assert own[n] <= others
        assert by_person[..., 0].sum() == by_item[..., 0].sum()
        assert (by_person[..., 1].sum(axis=0) >= by_item.sum(axis=0)[..., 1] - 1e-9).all()


def test_any_number_of_threads_gives_the_same_bytes():
    _, world = compiled(*random_world(7, people=40, items=9))
    assert scan(world, threads=1).tobytes() == scan(world, threads=3).tobytes()
