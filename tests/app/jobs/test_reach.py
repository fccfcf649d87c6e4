"""Rankings, reach, seeds and learning on a store: exact answers on small graphs, the same on both stores."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from influence_graph.app.jobs.channels import Diffusion, channels
from influence_graph.app.jobs.learn import LearnRequest, evaluate, learn
from influence_graph.app.jobs.ranking import KIND_OF, Measure, RankParameters, estimate_rank, rank, rank_by
from influence_graph.app.jobs.reach import ReachRequest, SeedsRequest, reach, reach_by_round, seeds
from influence_graph.errors import InputError, NotFound
from influence_graph.model.graph import GraphKind
from influence_graph.model.records import KINDS, Batch
from influence_graph.model.results import RESULTS
from influence_graph.stores.base import Store
from influence_graph.stores.embedded.store import EmbeddedStore

DAY = datetime(2026, 1, 1, tzinfo=UTC)
# bob follows ann, cid follows bob, dan follows cid; eve and fay are friends: influence runs ann, bob, cid, dan.
TIES = [
    ("bob", "ann", "follows"), ("cid", "bob", "follows"), ("dan", "cid", "follows"), ("eve", "fay", "friend")
]  # fmt: skip
# ann before bob on two of her four brands, bob before cid on one of his two.
ACTIONS = [
    ("ann", "acme", 1), ("bob", "acme", 2), ("cid", "acme", 4), ("ann", "bolt", 1), ("bob", "bolt", 3),
    ("ann", "cog", 5), ("ann", "dot", 6), ("eve", "cog", 7), ("fay", "dot", 9),
]  # fmt: skip


@pytest.fixture(params=["embedded", pytest.param("neo4j", marks=pytest.mark.neo4j)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "embedded":
        yield filled(EmbeddedStore(tmp_path / "store"))
    else:
        yield filled(request.getfixturevalue("neo4j_store"))


@pytest.fixture
def embedded(tmp_path: Path) -> Store:
    return filled(EmbeddedStore(tmp_path / "store"))


def filled(store: Store) -> Store:
    event = {"direction": "to_brand", "touchpoint": "engagement", "points": 1.0}
    add(store, "ties", *({"source": s, "target": t, "kind": k} for s, t, k in TIES))
    add(
        store,
        "interactions",
        *(
            {**event, "event_id": f"{who}-{brand}", "at": DAY.replace(day=day), "consumer": who, "brand": brand}
            for who, brand, day in ACTIONS
        ),
    )
    add(store, "campaigns", {"event_id": "launch", "at": DAY, "brand": "acme"})
    return store


def add(store: Store, name: str, *rows: dict[str, Any]) -> None:
    kind = KINDS[name]
    table = pa.Table.from_pylist([{n: row.get(n) for n in kind.names} for row in rows], schema=kind.schema)
    store.append(kind, [Batch(kind, table, pa.array(range(len(rows)), pa.int64()))])


def parameters(by: Measure, **more: Any) -> RankParameters:
    return RankParameters(by=by, seed=7 if by is Measure.REACH else None, **more)


@pytest.mark.parametrize("by", Measure)
def test_every_measure_is_kept_under_its_own_kind_of_run(store: Store, by: Measure) -> None:
    found = rank_by(store, parameters(by), write=True)
    kept = store.results(KIND_OF[by])
    assert kept is not None
    run, table = kept
    assert (run.kind, run.parameters["algorithm"], run.parameters["graph"]) == (KIND_OF[by], by.value, "ties")
    kept_scores = dict(zip(table["id"].to_pylist(), table["score"].to_pylist(), strict=True))
    assert kept_scores == dict(zip(found.frame["id"], found.frame["score"], strict=True))
    assert [other.kind for other in store.runs()] == [KIND_OF[by]]


@pytest.mark.neo4j
def test_both_stores_give_the_same_of_everything(embedded: Store, neo4j_store: Store) -> None:
    server = filled(neo4j_store)
    for each in (embedded, server):
        learn(each, LearnRequest(), write=True)
        for by in Measure:
            rank_by(each, parameters(by), write=True)
        reach(each, ReachRequest(("ann", "eve"), simulations=500, seed=1), write=True)
        seeds(each, SeedsRequest(2, seed=1), write=True)
    for kind in RESULTS.keys() - {"score"}:
        mine, theirs = embedded.results(kind), server.results(kind)
        assert mine is not None
        assert theirs is not None
        order = [(name, "ascending") for name in mine[1].column_names]
        assert mine[1].sort_by(order).equals(theirs[1].sort_by(order)), kind
        assert mine[0].input_digest == theirs[0].input_digest
        varying = {"seconds", "probabilities"}
        strip = [{k: v for k, v in run.parameters.items() if k not in varying} for run in (mine[0], theirs[0])]
        assert strip[0] == strip[1]


def test_influence_runs_from_the_followed_to_the_follower(embedded: Store) -> None:
    p = 0.5
    request = ReachRequest(("ann", "dan"), Diffusion(probabilities=str(p)), seed=3)
    found = reach(embedded, request)
    alone = found.frame.set_index("seeds")
    for name, expected in {"ann": 1 + p + p**2 + p**3, "dan": 1.0, "all together": 1 + p + p**2 + 1}.items():
        row = alone.loc[name]
        assert abs(row["reach"] - expected) <= 4 * row["std_error"] + 1e-12
        assert row["low"] <= row["reach"] <= row["high"]
    assert found.frame["people"].tolist() == [1, 1, 2]


def test_a_deadline_ends_a_cascade_and_the_rounds_show_how_it_grows(embedded: Store) -> None:
    certain = Diffusion(probabilities="1")
    assert reach(embedded, ReachRequest(("ann",), certain, 50, deadline=2)).together.mean == 3.0
    request = ReachRequest(("ann",), certain, 50)
    assert reach_by_round(request, reach(embedded, request))["reach"].tolist() == [1.0, 2.0, 3.0, 4.0]
    short = ReachRequest(("ann",), certain, 50, deadline=1)
    assert reach_by_round(short, reach(embedded, short))["reach"].tolist() == [1.0, 2.0]


def test_negative_opinions_shorten_the_reach(embedded: Store) -> None:
    q = 0.8
    found = reach(embedded, ReachRequest(("ann",), Diffusion("ic-n", q, "1"), 20_000, 5)).together
    assert abs(found.mean - sum(q**i for i in range(1, 5))) <= 4 * found.std_error


def test_a_campaign_starts_with_those_who_met_its_brand_soon_after_it(embedded: Store) -> None:
    certain = Diffusion(probabilities="1")
    soon = reach(embedded, ReachRequest((), certain, 10, campaign="launch", within=timedelta(days=1)))
    assert soon.together.parameters["seeds"] == ["ann", "bob"]
    assert soon.frame.to_dict("records")[0]["seeds"] == "launch"
    later = reach(embedded, ReachRequest((), certain, 10, campaign="launch", within=timedelta(days=3)))
    assert later.together.parameters["seeds"] == ["ann", "bob", "cid"]
    with pytest.raises(NotFound, match="launch"):
        reach(embedded, ReachRequest((), certain, 10, campaign="lunch"))
    with pytest.raises(InputError, match="leave out the ids"):
        reach(embedded, ReachRequest(("ann",), certain, 10, campaign="launch"))
    add(embedded, "campaigns", {"event_id": "late", "at": DAY.replace(day=20), "brand": "acme"})
    with pytest.raises(InputError, match="longer --within"):
        reach(embedded, ReachRequest((), certain, 10, campaign="late"))


def test_the_activation_of_each_person_is_kept(store: Store) -> None:
    reach(store, ReachRequest(("ann",), Diffusion(probabilities="1"), 10, deadline=1), write=True)
    kept = store.results("activation")
    assert kept is not None
    scores = dict(zip(kept[1]["id"].to_pylist(), kept[1]["score"].to_pylist(), strict=True))
    assert scores == {"ann": 1.0, "bob": 1.0, "cid": 0.0, "dan": 0.0, "eve": 0.0, "fay": 0.0}
    assert kept[0].parameters["seeds"] == ["ann"]


def test_learned_probabilities_are_kept_and_then_used(store: Store) -> None:
    assert channels(store, Diffusion()).source.startswith("weighted cascade")
    learn(store, LearnRequest("bernoulli"), write=True)
    kept = store.results("learn")
    assert kept is not None
    rows = {(row["source"], row["target"]): row for row in kept[1].to_pylist()}
    assert {ends: row["probability"] for ends, row in rows.items()} == {("ann", "bob"): 0.5, ("bob", "cid"): 0.5}
    assert rows["ann", "bob"]["mean_delay"] == 1.5 * 86_400
    used = channels(store, Diffusion())
    assert used.source == f"learned ({kept[0].id})"
    assert used.graph.ids.tolist() == store.graph(GraphKind.TIES).ids.tolist()
    found = reach(store, ReachRequest(("ann",), seed=2)).together
    assert abs(found.mean - 1.75) <= 4 * found.std_error


def test_a_window_leaves_out_what_took_longer(embedded: Store) -> None:
    found = learn(embedded, LearnRequest("bernoulli", window=timedelta(days=1))).to_frame()
    chance = {(s, t): p for s, t, p in found[["source", "target", "probability"]].itertuples(index=False) if p}
    assert chance == {("ann", "bob"): 0.25}


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_a_log_of_actions_may_stand_beside_the_store(embedded: Store, tmp_path: Path, suffix: str) -> None:
    frame = pd.DataFrame(ACTIONS, columns=["user", "item", "day"])
    frame["time"] = [f"2026-01-{day:02}T00:00:00Z" for day in frame.pop("day")]
    path = tmp_path / f"log.{suffix}"
    write = {
        "csv": lambda: frame.to_csv(path, index=False),
        "jsonl": lambda: frame.to_json(path, orient="records", lines=True),
        "parquet": lambda: frame.to_parquet(path),
    }
    write[suffix]()
    same = learn(embedded, LearnRequest(actions=path)).graph
    assert same.digest == learn(embedded, LearnRequest()).graph.digest


def test_held_out_figures_have_their_baselines(embedded: Store) -> None:
    add(
        embedded,
        "interactions",
        *(
            {"event_id": f"{i}-{who}", "at": DAY + timedelta(hours=i, minutes=m), "consumer": who, "brand": f"b{i}",
             "direction": "to_brand", "touchpoint": "engagement"}
            for i in range(12) for m, who in enumerate(["ann", "bob", "cid"][: 1 + i % 3])
        ),
    )  # fmt: skip
    frame = evaluate(embedded, LearnRequest(), seed=1)
    assert {"uniform", "weighted_cascade", "bernoulli"} <= set(frame["method"])


def test_seeds_are_kept_in_their_order(store: Store) -> None:
    found = seeds(store, SeedsRequest(2, Diffusion(probabilities="1"), seed=4), write=True)
    assert (found.seeds[0], set(found.seeds[1:]) < {"eve", "fay"}) == ("ann", True)
    assert found.lower <= 6 <= found.upper
    kept = store.results("seeds")
    assert kept is not None
    assert kept[1]["id"].to_pylist() == list(found.seeds)
    assert kept[1]["rank"].to_pylist() == [1, 2]
    assert kept[0].parameters["ratio"] is not None
    assert kept[0].parameters["lower"] == found.lower


def test_the_rank_for_a_brand_is_among_those_who_met_it(embedded: Store) -> None:
    found = rank_by(embedded, RankParameters(brand="acme")).frame
    assert set(found["id"]) == {"ann", "bob", "cid"}
    # cid follows bob, bob follows ann, all met the brand once: the closed form of a chain of three.
    a = 0.85
    chain = np.array([1 + a + a * a, 1 + a, 1.0])
    assert found.set_index("id").loc[["ann", "bob", "cid"], "score"].to_numpy() == pytest.approx(chain / chain.sum())
    with pytest.raises(NotFound, match="'acme'"):
        rank_by(embedded, RankParameters(brand="acmee"))


def test_statistics_are_of_all_scores(embedded: Store) -> None:
    found = rank_by(embedded, RankParameters(by=Measure.IN_DEGREE))
    (row,) = found.statistics().to_dict("records")
    assert (row["by"], row["nodes"], row["edges"]) == ("in-degree", 6, 5)
    assert (row["min"], row["max"], row["mean"], row["p50"]) == (0.0, 1.0, pytest.approx(5 / 6), 1.0)


def test_rank_by_pagerank_is_rank(embedded: Store) -> None:
    result = rank(embedded, RankParameters())
    assert rank_by(embedded, RankParameters()).frame.equals(result.to_frame())


def test_the_estimate_of_a_small_run_is_small(embedded: Store) -> None:
    for by in Measure:
        expected = estimate_rank(embedded, parameters(by))
        assert not expected.large
        assert (expected.nodes, expected.edges) == (6, 5)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"by": Measure.HUB, "brand": "acme"}, "not for hits-hub"),
        ({"by": Measure.REACH, "personalization": {"ann": 1.0}}, "not for reach"),
        ({"brand": "acme", "personalization": {"ann": 1.0}}, "already"),
        ({"by": Measure.PSI, "graph": GraphKind.ALL}, "ties between people"),
    ],
)
def test_parameters_that_a_measure_does_not_use_are_refused(embedded: Store, given: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        rank_by(embedded, RankParameters(**given))


def test_what_was_learned_on_people_who_are_gone_is_refused(embedded: Store, tmp_path: Path) -> None:
    learn(embedded, LearnRequest(), write=True)
    other = EmbeddedStore(tmp_path / "other")
    add(other, "ties", {"source": "zoe", "target": "yan", "kind": "follows"})
    kept = embedded.results("learn")
    assert kept is not None
    other.write(*kept)
    with pytest.raises(InputError, match="no longer"):
        channels(other, Diffusion())
