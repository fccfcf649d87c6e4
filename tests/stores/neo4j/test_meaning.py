"""What events state and what they mean, apart: kept, resolved, written by scores, taken from former versions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import influence_graph as ig
from influence_graph.analyses.brand.bonds import brand_ledger
from influence_graph.analyses.brand.judgment import judgment
from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.app.jobs.job import run
from influence_graph.app.jobs.scores import ScoreJob
from influence_graph.cli.main import main
from influence_graph.model.parameters import BrandParameters, ScoreParameters
from influence_graph.model.records import INTERACTIONS
from influence_graph.model.touchpoints import KindRule, TouchpointTable
from influence_graph.stores.base import InteractionFilter
from influence_graph.stores.neo4j import meaning
from influence_graph.stores.neo4j.store import Neo4jStore
from tests.cypher.answers import scored
from tests.stores.given import DAY, batch, counted, event, rows

pytestmark = pytest.mark.neo4j

BUILT_IN = TouchpointTable.load()
EDGES = "MATCH (a)-[e:INTERACTED|RESPONDED]->(b) RETURN e.eventId, type(e), properties(e) ORDER BY e.eventId"
NOT_STATED = {"direction": None, "touchpoint": None}


def with_kinds(**rules: KindRule) -> TouchpointTable:
    return TouchpointTable({**BUILT_IN.kinds, **rules}, BUILT_IN.default)


def edges(store: Neo4jStore) -> dict[str, tuple[str, dict[str, Any]]]:
    return {id_: (type_, properties) for id_, type_, properties in store.query(EDGES).rows}


def answer(store: Neo4jStore, name: str, **parameters: str) -> list[dict[str, Any]]:
    return ig.ask(store, name, parameters).frame.astype(object).replace({np.nan: None}).to_dict("records")


def tickets(count: int = 300) -> Any:
    kinds = ("support ticket", "free_use", None)
    return batch(
        INTERACTIONS,
        *(event(f"t{i}", f"c{i % 40}", day=i % 20, kind=kinds[0], **NOT_STATED) for i in range(count)),
        *(event(f"o{i}", f"c{i % 40}", day=i % 20, kind=kinds[1 + i % 2], **NOT_STATED) for i in range(60)),
    )


def test_a_kind_that_gets_a_meaning_changes_all_answers_at_once_and_no_record(neo4j_store: Neo4jStore) -> None:
    neo4j_store.append(INTERACTIONS, [tickets()])
    before = rows(neo4j_store, INTERACTIONS)
    scored(neo4j_store)
    neutral = {row["kind"]: row for row in answer(neo4j_store, "touchpoint-mix", brand="acme")}["support ticket"]
    assert (neutral["touchpoint"], neutral["interactions"], neutral["meanValence"]) == (None, 300, None)

    angry = KindRule(touchpoint="problem_recovery", weight=2.0, valence=-1.0)
    neo4j_store.set_touchpoints(with_kinds(support_ticket=angry))
    scored(neo4j_store)
    assert sum(row["negative"] for row in answer(neo4j_store, "brand-health", brand="acme")) == 300
    kinds = {row["kind"]: row for row in answer(neo4j_store, "touchpoint-mix", brand="acme")}
    assert (kinds["support ticket"]["touchpoint"], kinds["support ticket"]["meanValence"]) == ("problem_recovery", -1.0)
    as_brand_says(neo4j_store)
    recent = answer(neo4j_store, "recent-events", brand="acme")
    assert max(row["points"] for row in recent if row["kind"] == "support ticket") < 0
    assert counted(neo4j_store, INTERACTIONS, tickets()) == (0, 0, 360, 0)
    assert rows(neo4j_store, INTERACTIONS) == before


def as_brand_says(store: Neo4jStore) -> None:
    """Check that the queries on brand acme say what the judgment of the brand does."""
    ledger, as_of = read_ledger(store.interactions(InteractionFilter(history=True))), store.latest()
    assert as_of is not None
    policy = ig.FusionPolicy(table=store.touchpoints())
    judged = judgment(brand_ledger(ledger, "acme", policy, as_of), BrandParameters.recovery)
    mix = pd.DataFrame(answer(store, "touchpoint-mix", brand="acme"))
    assert mix["interactions"].sum() == judged.given + judged.received
    given = mix[mix["direction"] == "to_brand"].groupby("touchpoint")["interactions"].sum()
    expected = judged.touchpoints.set_index("touchpoint")[["positive", "neutral", "negative"]].sum(axis=1)
    assert given.to_dict() == expected.to_dict()
    negative = sum(row["negative"] for row in answer(store, "brand-health", brand="acme"))
    assert negative == judged.touchpoints["negative"].sum() > 0


def test_events_turn_round_with_all_that_they_hold_and_no_mirror_misses_one(
    emptied: Callable[[], Neo4jStore], tmp_path: Any
) -> None:
    store = emptied()
    store.append(INTERACTIONS, [tickets(30)])
    scored(store)
    before, mirrored = edges(store), store.digest()
    store.set_touchpoints(with_kinds(support_ticket=KindRule(direction="to_consumer", valence=0.0)))
    assert store.graph("interactions").to_networkx().has_edge("acme", "c0")
    assert {edges(store)[f"t{i}"][0] for i in range(30)} == {"INTERACTED"}  # until scores are written
    scored(store)
    after = edges(store)
    for id_, (type_, properties) in after.items():
        assert type_ == ("RESPONDED" if id_.startswith("t") else before[id_][0])
        assert properties["seq"] == before[id_][1]["seq"]
    with Neo4jStore(store.url, cache=tmp_path / "anew") as anew:
        assert store.digest() == mirrored == anew.digest()
    store.set_touchpoints(None)
    scored(store)
    assert edges(store) == before


def test_the_same_scores_again_write_nothing_to_events(
    neo4j_store: Neo4jStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed: list[int] = []
    single = meaning.single

    def watched(tx: Any, name: str, /, **parameters: Any) -> Any:
        row = single(tx, name, **parameters)
        if name in meaning._RESOLVE.values():
            changed.append(row["changed"])
        return row

    monkeypatch.setattr(meaning, "single", watched)
    neo4j_store.append(INTERACTIONS, [tickets(30)])
    for expected in (90, 0):
        changed.clear()
        scored(neo4j_store)
        assert sum(changed) == expected
    neo4j_store.append(
        INTERACTIONS, [batch(INTERACTIONS, event("back", kind="retraction", replaces="o1", **NOT_STATED))]
    )
    changed.clear()
    scored(neo4j_store)
    assert sum(changed) == 1
    assert "appliedPoints" not in edges(neo4j_store)["o1"][1]
    assert "appliedPoints" not in edges(neo4j_store)["back"][1]
    again = event("again", kind="retraction", replaces="back", **NOT_STATED)
    neo4j_store.append(INTERACTIONS, [batch(INTERACTIONS, again)])
    changed.clear()
    scored(neo4j_store)
    assert sum(changed) == 1
    assert edges(neo4j_store)["o1"][1]["appliedPoints"] > 0


def test_points_follow_the_policy_of_the_run(neo4j_store: Neo4jStore) -> None:
    given = [event("a", kind="concert", paid=True), event("b", "bob", kind="complaint", day=3)]
    neo4j_store.append(INTERACTIONS, [batch(INTERACTIONS, *given)])
    for policy in (ig.FusionPolicy(), ig.FusionPolicy(paid=0.5, loss_aversion=1, half_life_days=1)):
        run(ScoreJob(), neo4j_store, ScoreParameters(policy), write=True)
        points = {id_: properties["appliedPoints"] for id_, (_, properties) in edges(neo4j_store).items()}
        single = {row["event_id"]: ig.fusion_scores(pd.DataFrame([row]), policy=policy)["to_brand"][0] for row in given}
        assert points == pytest.approx(single)


def test_named_queries_say_so_where_no_score_has_been_written(neo4j_store: Neo4jStore) -> None:
    neo4j_store.append(INTERACTIONS, [tickets(3)])
    asked = ["query", "brand-health", "--param", "brand=acme", "--store", neo4j_store.url]
    outcome = CliRunner().invoke(main, asked)
    assert outcome.exit_code == 0
    assert "no score has been written: run `score --write`" in outcome.stderr
    scored(neo4j_store)
    assert "no score" not in CliRunner().invoke(main, asked).stderr


def test_a_table_of_a_newer_version_is_refused_in_one_line(neo4j_store: Neo4jStore) -> None:
    neo4j_store.append(INTERACTIONS, [tickets(3)])
    neo4j_store.database.execute(
        "MATCH (l:Ledger {name: 'ledger'}) SET l.touchpoints = $table", table='{"format": 99, "kinds": {}}'
    )
    for attempt in (
        neo4j_store.touchpoints,
        neo4j_store.interactions,
        lambda: neo4j_store.append(INTERACTIONS, [tickets(4)]),
    ):
        with pytest.raises(ig.InputError, match="format 99") as refused:
            attempt()
        assert refused.value.remedy == "update influence-graph"
    assert neo4j_store.query("MATCH ()-[e:INTERACTED|RESPONDED]->() RETURN count(e)").rows == [(63,)]


OLD = [  # eventId, kind, direction, touchpoint: the first three as former versions derived them
    ("derived", "Free-Use", "to_consumer", "brand_experience"),
    ("unknown", "support ticket", "to_brand", "engagement"),
    ("no kind", None, "to_brand", "engagement"),
    ("turned", "free_use", "to_brand", "brand_experience"),
    ("moved", "complaint", "to_brand", "engagement"),
]
V0004 = """
MERGE (c:Consumer {id: 'ann'}) MERGE (b:Brand {id: 'acme'})
SET c.seq = 1, b.seq = 1
MERGE (l:Ledger {name: 'ledger'}) SET l.id = randomUUID(), l.seq = 1, l.recent = []
WITH c, b UNWIND $rows AS row
FOREACH (_ IN CASE row[2] WHEN 'to_brand' THEN [1] ELSE [] END | CREATE (c)-[:INTERACTED
  {eventId: row[0], at: $at, kind: row[1], touchpoint: row[3], valence: row[4], seq: 1}]->(b))
FOREACH (_ IN CASE row[2] WHEN 'to_brand' THEN [] ELSE [1] END | CREATE (b)-[:RESPONDED
  {eventId: row[0], at: $at, kind: row[1], touchpoint: row[3], valence: row[4], seq: 1}]->(c))
"""


@pytest.mark.parametrize("reads_first", [False, True])
def test_a_store_of_a_former_version_gives_derived_meaning_back(
    emptied: Callable[[], Neo4jStore], tmp_path: Any, *, reads_first: bool
) -> None:
    old = emptied()
    old.migrate()
    old.database.execute(V0004, rows=[[*row, -0.5 if row[0] == "moved" else None] for row in OLD], at=DAY)
    old.database.execute("MATCH (m:Migration {version: 5}) DELETE m")
    store = Neo4jStore(old.url, cache=tmp_path / "later")
    try:
        if not reads_first:
            assert store.migrate() == ["V0005__meaning"]
        stated = {
            row["event_id"]: (row["direction"], row["touchpoint"], row["valence"]) for row in rows(store, INTERACTIONS)
        }
        assert stated == {
            "derived": (None, None, None), "unknown": (None, None, None), "no kind": (None, None, None),
            "turned": ("to_brand", "brand_experience", None), "moved": ("to_brand", "engagement", -0.5),
        }  # fmt: skip
        same = [
            event(id_, kind=kind, direction=direction, touchpoint=touchpoint, valence=-0.5 if id_ == "moved" else None)
            for id_, kind, direction, touchpoint in OLD
        ]
        lean = [{**row, **NOT_STATED} for row in same]
        other = [{**same[3], "touchpoint": "expediting"}, {**same[4], "valence": 0.5}]
        for target in (store, None):
            for given, expected in ((same, (5, 0)), (lean, (5, 0)), (other, (0, 2))):
                if target is None:
                    with store.rehearsal() as rehearsal:
                        report = rehearsal.append(INTERACTIONS, [batch(INTERACTIONS, *given)])
                else:
                    report = target.append(INTERACTIONS, [batch(INTERACTIONS, *given)])
                assert (report.unchanged, len(report.conflicts)) == expected
        new = event("new", kind="complaint", **NOT_STATED)
        assert counted(store, INTERACTIONS, batch(INTERACTIONS, new)) == (1, 0, 0, 0)
        assert counted(store, INTERACTIONS, batch(INTERACTIONS, {**new, "direction": "to_brand"})) == (0, 0, 0, 1)
        scored(store)
        assert edges(store)["derived"][1]["touchpoint"] == BUILT_IN.rule("free_use").touchpoint
    finally:
        store.close()
        old.migrate()


def test_brands_that_are_only_named_can_be_scored_and_associated(neo4j_store: Neo4jStore) -> None:
    given = [event("1", with_brands="cap|shoe", kind="concert"), event("2", "bob", "cap", with_brands="acme", day=4)]
    neo4j_store.append(INTERACTIONS, [batch(INTERACTIONS, *given)])
    counts, digest = neo4j_store.counts(), neo4j_store.digest()
    scored(neo4j_store)
    assert (neo4j_store.counts(), neo4j_store.digest()) == (counts, digest)
    frame = ig.co_associations(pd.DataFrame(given))
    for brand in ("acme", "cap", "shoe"):
        found = [
            (row["brand"], row["events"], row["consumers"]) for row in answer(neo4j_store, "co-associated", brand=brand)
        ]
        own = frame[frame["brand"] == brand].sort_values(["strength", "other"], ascending=[False, True])
        assert found == list(zip(own["other"], own["events"], own["consumers"], strict=True))
    neo4j_store.append(INTERACTIONS, [batch(INTERACTIONS, event("3", "bob", "shoe", day=5))])
    assert [row["id"] for row in rows(neo4j_store, "brands")] == ["acme", "cap", "shoe"]
    assert neo4j_store.query("MATCH (b:Brand) WHERE b.seq IS NULL RETURN b").rows == []


def test_every_kind_of_meaning_is_resolved_at_once_as_by_the_library(neo4j_store: Neo4jStore) -> None:
    table = with_kinds(odd=KindRule(direction="to_consumer", touchpoint="expediting", valence=-0.25))
    neo4j_store.set_touchpoints(table)
    assert neo4j_store.touchpoints() == table
    given = [
        event("plain", kind="odd", **NOT_STATED),
        event("own", kind="odd", direction="to_brand", touchpoint=None, valence=1.0),
        event("signed", kind="ODD", points=-7.0, **NOT_STATED),
        event("zero", kind="odd", points=0.0, **NOT_STATED),
        event("none", **NOT_STATED),
        event("unknown", kind="?", **NOT_STATED),
    ]
    neo4j_store.append(INTERACTIONS, [batch(INTERACTIONS, *given)])
    fresh = edges(neo4j_store)
    run(ScoreJob(), neo4j_store, ScoreParameters(ig.FusionPolicy(table=table)), write=True)
    written = edges(neo4j_store)
    for id_, (type_, properties) in fresh.items():
        shown = {
            name: value for name, value in written[id_][1].items() if name not in ("appliedPoints", "returnedPoints")
        }
        assert (type_, properties) == (written[id_][0], shown)
