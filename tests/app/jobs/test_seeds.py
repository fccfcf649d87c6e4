"""Seeds on a store: kept in their order, with costs and targets from the store or from files."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import influence_graph as ig
from influence_graph.app.ingest import import_dataset
from influence_graph.app.jobs.influencers import InfluencersJob
from influence_graph.app.jobs.job import read, run
from influence_graph.app.jobs.scores import ScoreJob
from influence_graph.app.jobs.seeds import SeedsInputs, SeedsJob
from influence_graph.errors import InputError, NotFound
from influence_graph.ingest.importers import IMPORTERS, ImportOptions
from influence_graph.ingest.worlds import WorldParameters, generate_world
from influence_graph.model.graph import GraphKind
from influence_graph.model.parameters import InfluencerJobParameters, ScoreParameters, SeedsParameters
from influence_graph.model.results import INFLUENCERS
from influence_graph.model.runs import ASKED, Run
from influence_graph.stores.base import Store
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.app.jobs.small import DAY, add

JOB = SeedsJob()


def inputs(store: Store, **parameters: Any) -> SeedsInputs:
    return read(JOB, store, SeedsParameters(**parameters))


def test_seeds_are_kept_in_their_order(store: Store) -> None:
    chosen = run(JOB, store, SeedsParameters(k=2, probabilities="1", seed=4), write=True).result
    assert (chosen.seeds[0], set(chosen.seeds[1:]) < {"eve", "fay"}) == ("ann", True)
    assert chosen.lower <= 6 <= chosen.upper
    kept = store.results("seeds")
    assert kept is not None
    assert kept[1]["id"].to_pylist() == list(chosen.seeds)
    assert kept[1]["rank"].to_pylist() == [1, 2]
    assert kept[0].parameters["ratio"] is not None
    assert kept[0].parameters["lower"] == chosen.lower


def test_costs_come_from_a_field_of_people_or_from_a_file(embedded: Store, tmp_path: Path) -> None:
    add(embedded, "people", {"id": "ann", "followers": 90}, {"id": "eve", "followers": 10}, {"id": "fay"})
    read_from_store = inputs(embedded, budget=20, cost_column="followers")
    assert read_from_store.costs == {"ann": 90.0, "eve": 10.0}
    assert set(read_from_store.without_cost) == {"bob", "cid", "dan", "fay"}
    assert run(JOB, embedded, SeedsParameters(budget=20, cost_column="followers", seed=1)).result.seeds == ("eve",)
    (tmp_path / "costs.csv").write_text("ID;Cost\nann;5\ndan;1\n")
    assert inputs(embedded, budget=5, costs=tmp_path / "costs.csv").costs == {"ann": 5.0, "dan": 1.0}


def test_a_target_is_the_bonds_of_a_brand_above_zero(embedded: Store) -> None:
    add(
        embedded,
        "interactions",
        {"event_id": "bad", "at": None, "consumer": "cid", "brand": "acme", "points": -9.0,
         "direction": "to_brand", "touchpoint": "engagement"} | {"at": embedded.latest()},
    )  # fmt: skip
    by_default = inputs(embedded, k=1, target="brand:acme")
    assert by_default.target == {"ann": 1.0, "bob": 1.0}
    assert any("scored by the default policy" in note for note in by_default.notes)
    run(ScoreJob(), embedded, ScoreParameters(), write=True)
    kept = inputs(embedded, k=1, target="brand:acme")
    assert kept.target == by_default.target
    assert any("of the current scores (score-" in note for note in kept.notes)


@pytest.mark.parametrize(
    ("given", "error", "reason"),
    [
        ({}, InputError, "neither k nor a budget"),
        ({"budget": 3.0}, InputError, "not what each seed costs"),
        ({"k": 1, "cost_column": "city"}, InputError, "no number that people have"),
        ({"k": 1, "costs": Path("a.csv"), "cost_column": "followers"}, InputError, "as a file and as a field"),
        ({"k": 1, "exclude": ("amn",)}, NotFound, "did you mean 'ann'"),
        ({"k": 1, "target": "brand:acne"}, NotFound, "did you mean 'acme'"),
    ],
)
def test_what_cannot_be_chosen_from_is_refused(
    embedded: Store, given: dict[str, Any], error: type[Exception], reason: str
) -> None:
    with pytest.raises(error, match=reason):
        inputs(embedded, **given)


CERTAIN = {"probabilities": "1", "seed": 1}
WORLD = {"people": 500, "seed": 3}


def keep_found(store: Store, id_: str = "influencers-1", **styles: str) -> None:
    """Keep a run that found a person of each style."""
    stated = {"label": "Consumer", "score": 9.0, "p": 0.001, "q": 0.01}
    found = [stated | {"id": person, "style": style} for person, style in styles.items()]
    table = pa.Table.from_pylist(
        [{name: each.get(name) for name in INFLUENCERS.schema.names} for each in found], schema=INFLUENCERS.schema
    )
    store.write(Run(id_, "influencers", "finished", DAY, DAY, "d", "0", {"as_of": None, ASKED: {}}), table)


def declare(store: Store, **styles: str) -> None:
    add(store, "people", *({"id": id_, "kind": "influencer", "style": style} for id_, style in styles.items()))


def chosen(store: Store, k: int = 6, **parameters: Any) -> dict[str, tuple[Any, ...]]:
    """Return how each of the seeds is won."""
    frame = run(JOB, store, SeedsParameters(k=k, **CERTAIN, **parameters)).to_frame()
    return {row["id"]: (row.get("how"), row.get("basis")) for row in frame.to_dict("records")}


def test_without_a_run_of_influencers_seeds_are_what_they_were(store: Store) -> None:
    declare(store, ann="passive", fay="active")
    graph = ig.uniform_probabilities(store.graph(GraphKind.TIES).reverse(), 1.0)
    plain = ig.maximize(graph, k=2, seed=1).to_frame()
    outcome = run(JOB, store, SeedsParameters(k=2, **CERTAIN))
    assert outcome.to_frame().equals(plain)
    assert (outcome.inputs.notes, plain["id"].iloc[0]) == (("probabilities: 1 on every tie",), "ann")
    allowed = run(JOB, store, SeedsParameters(k=2, **CERTAIN, passive_ok=True))
    assert allowed.to_frame()[list(plain.columns)].equals(plain)
    assert allowed.to_frame()["how"].iloc[0] == "give the product"
    assert "no run of influencers is kept" in allowed.inputs.notes[0]


def test_who_is_passive_is_left_out_unless_allowed_and_then_told_apart(store: Store) -> None:
    keep_found(store, ann="passive", bob="active", cid="cannot be told")
    declare(store, bob="passive", dan="passive", eve="active")
    assert chosen(store, k=4) == {
        "bob": ("ask for a post", "found"),  # what was found goes before what is declared
        "cid": ("not on record", None),
        "eve": ("ask for a post", "declared"),
        "fay": ("not on record", None),
    }
    every = chosen(store, passive_ok=True)
    assert (every["ann"], every["dan"]) == (("give the product", "found"), ("give the product", "declared"))
    assert next(iter(every)) == "ann"
    left_out = inputs(store, k=1)
    assert left_out.passive == ("ann", "dan")
    assert left_out.notes[0] == (
        "2 passive people (1 found by influencers-1, 1 declared) cannot be chosen without --passive-ok"
    )
    allowed = inputs(store, k=1, passive_ok=True)
    assert allowed.passive == ()
    assert allowed.notes[0] == "2 passive people (1 found by influencers-1, 1 declared) may be chosen"


def test_who_is_named_is_not_counted_among_those_left_out(store: Store) -> None:
    keep_found(store, ann="passive", bob="passive")
    named = inputs(store, k=1, exclude=("bob",), won=("ann",))
    assert named.passive == ()
    assert named.notes == ("probabilities: weighted cascade, as none are learned (`influence-graph learn --write`)",)
    told = inputs(store, k=1, exclude=("bob",), won=("ann",), passive_ok=True)
    assert told.notes[0] == ("--passive-ok changes no choice: nobody who may be chosen is found or declared passive")


def test_a_run_keeps_that_the_passive_were_left_out_but_not_who_they_are(store: Store) -> None:
    keep_found(store, ann="passive")
    run(JOB, store, SeedsParameters(k=2, **CERTAIN), write=True)
    first = store.results("seeds")
    assert first is not None
    assert first[1]["id"].to_pylist()[0] == "bob"
    kept = first[0].parameters
    assert (kept["passive_ok"], kept["influencers"], kept["exclude"]) == (False, "influencers-1", [])
    assert "ann" not in str(kept)
    run(JOB, store, SeedsParameters(k=2, **CERTAIN, passive_ok=True), write=True)
    second = store.results("seeds")
    assert second is not None
    assert (second[1]["id"].to_pylist()[0], second[0].parameters["passive_ok"]) == ("ann", True)


def test_a_run_of_another_time_is_told(embedded: Store) -> None:
    keep_found(embedded, ann="passive")
    earlier = inputs(embedded, k=1, as_of=DAY + timedelta(days=4)).notes[0]
    assert (
        "found by influencers-1 with another --as-of: `influence-graph influencers --write --as-of 2026-01-05` fits"
        in earlier
    )


def test_nobody_left_is_said_with_the_way_out(embedded: Store, tmp_path: Path) -> None:
    keep_found(embedded, ann="passive", bob="passive")
    with pytest.raises(
        InputError, match=r"everybody who may be a seed is passive \(2 people\); choose among them: --passive-ok"
    ):
        inputs(embedded, k=1, exclude=("cid", "dan", "eve", "fay"))
    (tmp_path / "costs.csv").write_text("id,cost\nann,5\nbob,1\n")
    with pytest.raises(InputError, match=r"nobody of the 6 people .* or choose among the 2 passive: --passive-ok"):
        inputs(embedded, budget=5, costs=tmp_path / "costs.csv")
    with pytest.raises(InputError, match="k is 5, must be at most 4, the nodes that may be seeds"):
        run(JOB, embedded, SeedsParameters(k=5, **CERTAIN))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> pa.Table:
    """Return who is found in a world in which one person is planted who moves others in silence, and one who speaks."""
    world = EmbeddedStore(tmp_path_factory.mktemp("world"))
    import_dataset(world, IMPORTERS["world"], None, ImportOptions(**WORLD))
    run(InfluencersJob(), world, InfluencerJobParameters(), write=True)
    kept = world.results("influencers")
    assert kept is not None
    return kept[1]


def test_the_silent_person_of_a_world_is_won_by_the_product(store: Store, found: pa.Table, tmp_path: Path) -> None:
    world = generate_world(WorldParameters(**WORLD))
    planted = {one["style"]: one["id"] for one in world.truth["influencers"]}
    assert planted.keys() == {"silent", "active"}
    add(store, "ties", *world.ties[["source", "target", "kind"]].to_dict("records"))
    store.write(Run("influencers-1", "influencers", "finished", DAY, DAY, "d", "0"), found)
    (tmp_path / "costs.csv").write_text("id,cost\n" + "".join(f"{id_},1\n" for id_ in ("ann", *planted.values())))
    plan = {"budget": 3, "costs": tmp_path / "costs.csv", "seed": 1}

    def won(**parameters: Any) -> dict[str, tuple[str, str | None]]:
        frame = run(JOB, store, SeedsParameters(**plan, **parameters)).to_frame()
        return {row.id: (row.how, row.basis) for row in frame.itertuples()}

    by_asking = {planted["active"]: ("ask for a post", "found"), "ann": ("not on record", None)}
    assert won() == by_asking
    assert won(passive_ok=True) == {**by_asking, planted["silent"]: ("give the product", "found")}
