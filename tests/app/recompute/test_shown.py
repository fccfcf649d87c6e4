"""On Neo4j a recalculation writes the points of touched consumers alone, and all are as after a full one."""

from __future__ import annotations

from typing import Any

import pytest

from influence_graph.app.jobs.job import run
from influence_graph.app.jobs.scores import ScoreJob
from influence_graph.app.recompute.recompute import recompute
from influence_graph.model.parameters import RecomputeParameters, ScoreParameters
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.stores.base import Shown
from influence_graph.stores.neo4j.store import Neo4jStore
from tests.app.jobs.small import add, filled
from tests.app.recompute.test_recompute import event

SCORES = RecomputeParameters(only=("score",))
POINTS = """MATCH (c:Consumer)-[r]-(b:Brand) WHERE r.eventId IS NOT NULL
RETURN r.eventId, type(r), r.appliedPoints, r.returnedPoints, r.touchpoint, r.valence ORDER BY r.eventId"""


def shown(store: Neo4jStore, policy: FusionPolicy = FusionPolicy()) -> Shown:  # noqa: B008
    """Return what the next scores would show."""
    job, parameters = ScoreJob(), ScoreParameters(policy, keep=True, written=True)
    with store.snapshot() as view:
        inputs = job.read(view, parameters)
    found = job.record(inputs, parameters, job.calculate(inputs, parameters)).shown
    assert found is not None
    return found


def events(of: Shown) -> set[Any]:
    return set(of.events["event_id"].to_pylist())


@pytest.mark.neo4j
def test_points_of_touched_consumers_alone_are_written_and_all_are_right(neo4j_store: Neo4jStore) -> None:
    filled(neo4j_store)
    assert len(events(shown(neo4j_store))) == 9
    recompute(neo4j_store, SCORES)
    add(
        neo4j_store,
        "interactions",
        event("new", "dan", "acme", 20),
        event("fix", "bob", "acme", 2, replaces="bob-bolt"),
    )
    recompute(neo4j_store, SCORES)
    rows = neo4j_store.query(POINTS).rows
    assert len(rows) == 11
    recompute(neo4j_store, RecomputeParameters(only=("score",), full=True))
    assert neo4j_store.query(POINTS).rows == rows
    add(neo4j_store, "interactions", event("last", "dan", "bolt", 21))
    assert events(shown(neo4j_store)) == {"new", "last"}


@pytest.mark.neo4j
def test_all_points_are_written_where_another_policy_was_shown(neo4j_store: Neo4jStore) -> None:
    filled(neo4j_store)
    recompute(neo4j_store, SCORES)
    other = ScoreParameters(FusionPolicy(outcome="loyalty", table=neo4j_store.touchpoints()))
    run(ScoreJob(), neo4j_store, other, write=True)
    assert len(events(shown(neo4j_store, FusionPolicy(table=neo4j_store.touchpoints())))) == 9
