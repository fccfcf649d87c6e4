"""Which ties influence passes along, and where their probabilities are from; on both stores."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

import influence_graph as ig
from influence_graph.app.jobs.channels import channels, influence_ties
from influence_graph.app.jobs.job import run
from influence_graph.app.jobs.learn import LearnJob
from influence_graph.errors import InputError
from influence_graph.model.parameters import DiffusionParameters, LearnParameters
from influence_graph.stores.base import Store
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.app.jobs.small import DAY, add

LEARN = LearnParameters(method="bernoulli", prior=None)


def edges(graph: ig.Graph) -> dict[tuple[str, str], float]:
    return {(a, b): w for a, b, w in graph.to_networkx().edges(data="weight")}


def test_influence_runs_from_the_followed_to_the_follower_and_both_ways_among_friends(embedded: Store) -> None:
    expected = {("ann", "bob"), ("bob", "cid"), ("cid", "dan"), ("eve", "fay"), ("fay", "eve")}
    assert set(edges(influence_ties(embedded))) == expected
    assert influence_ties(embedded).digest == embedded.graph("ties").reverse().digest


def test_without_ties_nothing_passes(tmp_path_factory: pytest.TempPathFactory) -> None:
    empty = EmbeddedStore(tmp_path_factory.mktemp("empty"))
    empty.migrate()
    with pytest.raises(InputError, match="ties"):
        influence_ties(empty)


@pytest.mark.parametrize(
    ("requested", "expected", "source"),
    [
        ("weighted-cascade", ig.weighted_cascade, "weighted cascade"),
        ("weights", lambda ties: ties, "weights of the ties"),
        ("0.25", lambda ties: ig.uniform_probabilities(ties, 0.25), "0.25 on every tie"),
        ("1", lambda ties: ig.uniform_probabilities(ties, 1.0), "1 on every tie"),
        (None, ig.weighted_cascade, "weighted cascade, as none are learned (`influence-graph learn --write`)"),
    ],
)
def test_each_kind_of_probability_is_the_function_of_that_name(
    embedded: Store, requested: str | None, expected: object, source: str
) -> None:
    found = channels(embedded, DiffusionParameters(probabilities=requested))
    assert callable(expected)
    assert found.graph.digest == expected(influence_ties(embedded)).digest
    assert found.source == source


def test_several_ties_of_two_people_pass_influence_on_as_any_of_them_does(store: Store) -> None:
    """Follows 0.3 and exposed 0.4 are 1 - 0.7 · 0.6 = 0.58; friends pass it on both ways; later ties are not there."""
    ties = [("follows", 0.3, None), ("exposed", 0.4, None), ("friend", 0.5, DAY)]
    for kind, weight, since in ties:
        add(store, "ties", {"source": "bob", "target": "ann", "kind": kind, "weight": weight, "since": since})
    weights = DiffusionParameters(probabilities="weights", as_of=DAY)
    found = edges(channels(store, weights).graph)
    assert found["ann", "bob"] == pytest.approx(1 - 0.7 * 0.6 * 0.5)
    assert found["bob", "ann"] == pytest.approx(0.5)
    threshold = DiffusionParameters(probabilities="weights", as_of=DAY, model="lt")
    assert edges(channels(store, threshold).graph)["ann", "bob"] == pytest.approx(0.3 + 0.4 + 0.5)
    before = DiffusionParameters(probabilities="weights", as_of=DAY - timedelta(days=1))
    assert edges(channels(store, before).graph)["ann", "bob"] == pytest.approx(0.58)
    assert set(found) == set(edges(influence_ties(store, DAY)))


def test_the_weighted_cascade_shares_one_among_those_who_reach_somebody(embedded: Store) -> None:
    add(embedded, "ties", {"source": "cid", "target": "eve", "kind": "follows"})
    found = edges(channels(embedded, DiffusionParameters(probabilities="weighted-cascade")).graph)
    assert found["bob", "cid"] == found["eve", "cid"] == 0.5
    arriving: dict[str, float] = {}
    for (_, end), share in found.items():
        arriving[end] = arriving.get(end, 0.0) + share
    assert set(arriving.values()) == {1.0}


def test_learned_probabilities_are_used_where_there_are_any(store: Store) -> None:
    with pytest.raises(InputError, match="learn --write"):
        channels(store, DiffusionParameters(probabilities="learned"))
    learned = run(LearnJob(), store, LEARN, write=True)
    positive = {ends: p for ends, p in edges(learned.graph).items() if p > 0}
    for requested in (None, "learned"):
        found = channels(store, DiffusionParameters(probabilities=requested))
        assert edges(found.graph) == pytest.approx(positive)
        assert found.graph.ids.tolist() == influence_ties(store).ids.tolist()
        assert found.source == f"learned ({store.runs()[0].id})"
    assert channels(store, DiffusionParameters(probabilities="weighted-cascade")).source == "weighted cascade"


def test_what_was_learned_before_a_tie_came_is_said_and_the_tie_passes_nothing(embedded: Store) -> None:
    run(LearnJob(), embedded, LEARN, write=True)
    add(embedded, "ties", {"source": "dan", "target": "ann", "kind": "follows"})
    found = channels(embedded, DiffusionParameters())
    assert "the ties have changed since" in found.source
    assert ("ann", "dan") not in edges(found.graph)


def test_a_tie_that_was_not_there_yet_passes_nothing_on(embedded: Store) -> None:
    add(embedded, "ties", {"source": "fay", "target": "ann", "kind": "follows", "since": DAY.replace(day=20)})
    learned = run(LearnJob(), embedded, LearnParameters(), write=True)
    assert edges(learned.graph)["ann", "fay"] > 0
    early = channels(embedded, DiffusionParameters(as_of=DAY.replace(day=10)))
    assert ("ann", "fay") not in edges(early.graph)
    assert "learned with another --as-of" in early.source
    assert "--as-of 2026-01-10" in early.source
    late = channels(embedded, DiffusionParameters())
    assert ("ann", "fay") in edges(late.graph)


def test_what_was_learned_as_of_the_same_time_has_no_caveat(embedded: Store) -> None:
    time = datetime(2026, 1, 8, tzinfo=UTC)
    run(LearnJob(), embedded, LearnParameters(as_of=time), write=True)
    source = channels(embedded, DiffusionParameters(as_of=time)).source
    assert source == f"learned ({embedded.runs()[0].id})"


@pytest.mark.parametrize("text", ["high", "", "0,5", "learn"])
def test_probabilities_of_no_known_kind_are_refused_with_the_kinds(embedded: Store, text: str) -> None:
    with pytest.raises(InputError, match="learned, weighted-cascade, weights, or a number"):
        channels(embedded, DiffusionParameters(probabilities=text))


@pytest.mark.parametrize("text", ["1.5", "-0.1", "nan", "inf"])
def test_a_number_outside_0_to_1_is_no_probability(embedded: Store, text: str) -> None:
    with pytest.raises(InputError):
        channels(embedded, DiffusionParameters(probabilities=text))


def test_certain_influence_reaches_whoever_can_be_reached(embedded: Store) -> None:
    graph = channels(embedded, DiffusionParameters(probabilities="1")).graph
    reached = ig.exact_spread(graph, ["ann"])
    assert reached.mean == 4.0
    np.testing.assert_array_equal(
        ig.reach_of_all(graph, rr_sets=5000, seed=1).to_frame().set_index("id").loc[["ann"], "score"].round(0), [4.0]
    )
