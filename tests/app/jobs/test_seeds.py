"""Seeds on a store: kept in their order, with costs and targets from the store or from files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from influence_graph.app.jobs.job import read, run
from influence_graph.app.jobs.scores import ScoreJob
from influence_graph.app.jobs.seeds import SeedsInputs, SeedsJob
from influence_graph.errors import InputError, NotFound
from influence_graph.model.parameters import ScoreParameters, SeedsParameters
from influence_graph.stores.base import Store
from tests.app.jobs.small import add

JOB = SeedsJob()


def inputs(store: Store, **parameters: Any) -> SeedsInputs:
    return read(JOB, store, SeedsParameters(**parameters))


def test_seeds_are_kept_in_their_order(store: Store) -> None:
    chosen = run(JOB, store, SeedsParameters(k=2, probabilities="1", seed=4), write=True)
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
    assert run(JOB, embedded, SeedsParameters(budget=20, cost_column="followers", seed=1)).seeds == ("eve",)
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
