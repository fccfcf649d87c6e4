"""Rankings of a store: every measure of the table, kept under its own kind, the same on both stores."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import influence_graph as ig
from influence_graph.app.jobs.job import read, run
from influence_graph.app.jobs.ranking import Ranking, RankJob
from influence_graph.errors import InputError, NotFound
from influence_graph.model.graph import GraphKind
from influence_graph.model.parameters import RankParameters
from influence_graph.model.results import measures
from influence_graph.stores.base import Store
from tests.app.jobs.small import seeded

JOB = RankJob()


def rank(store: Store, **parameters: Any) -> Ranking:
    return run(JOB, store, RankParameters(**parameters))


@pytest.mark.parametrize("by", measures())
def test_every_measure_is_kept_under_its_own_kind_of_run(store: Store, by: str) -> None:
    ranking = run(JOB, store, seeded(by), write=True)
    kind = measures()[by].kind
    kept = store.results(kind)
    assert kept is not None
    finished, table = kept
    parameters = finished.parameters
    assert (finished.kind, parameters["algorithm"], parameters["graph"]) == (kind, by, "ties")
    kept_scores = dict(zip(table["id"].to_pylist(), table["score"].to_pylist(), strict=True))
    assert kept_scores == dict(zip(ranking.frame["id"], ranking.frame["score"], strict=True))
    assert [other.kind for other in store.runs()] == [kind]


def test_the_rank_for_a_brand_is_among_those_who_met_it(embedded: Store) -> None:
    frame = rank(embedded, brand="acme").frame
    assert set(frame["id"]) == {"ann", "bob", "cid"}
    # cid follows bob, bob follows ann, all met the brand once: the closed form of a chain of three.
    a = 0.85
    chain = np.array([1 + a + a * a, 1 + a, 1.0])
    assert frame.set_index("id").loc[["ann", "bob", "cid"], "score"].to_numpy() == pytest.approx(chain / chain.sum())
    with pytest.raises(NotFound, match="'acme'"):
        rank(embedded, brand="acmee")


def test_statistics_are_of_all_scores(embedded: Store) -> None:
    (row,) = rank(embedded, by="in-degree").statistics().to_dict("records")
    assert (row["by"], row["nodes"], row["edges"]) == ("in-degree", 6, 5)
    assert (row["min"], row["max"], row["mean"], row["p50"]) == (0.0, 1.0, pytest.approx(5 / 6), 1.0)


def test_the_estimate_of_a_small_run_is_small(embedded: Store) -> None:
    for by in measures():
        expected = JOB.estimate(read(JOB, embedded, seeded(by)), seeded(by))
        assert not expected.large
        assert (expected.nodes, expected.edges) == (6, 5)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"by": "hits-hub", "brand": "acme"}, "not for hits-hub"),
        ({"by": "reach", "personalization": {"ann": 1.0}}, "not for reach"),
        ({"brand": "acme", "personalization": {"ann": 1.0}}, "already"),
        ({"by": "psi", "graph": GraphKind.ALL}, "ties between people"),
    ],
)
def test_parameters_that_a_measure_does_not_use_are_refused(
    embedded: Store, given: dict[str, Any], reason: str
) -> None:
    with pytest.raises(InputError, match=reason):
        rank(embedded, **given)


def test_an_unknown_measure_is_refused_with_the_nearest_names(embedded: Store) -> None:
    with pytest.raises(NotFound, match="did you mean 'pagerank'"):
        rank(embedded, by="pagerunk")


def test_the_library_ranks_what_the_command_ranks(embedded: Store) -> None:
    by_library = ig.pagerank(embedded.graph("ties"))
    assert rank(embedded).frame.equals(by_library.to_frame())
    assert embedded.graph("ties").number_of_nodes == 6
