"""PageRank by the Graph Data Science plugin: the same answer as ours where it is, one line where it is not."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from influence_graph.analyses.ranking.pagerank import pagerank
from influence_graph.engines import gds
from influence_graph.errors import InputError, MissingExtra, NotConverged, StoreError
from influence_graph.model.graph import GraphKind
from influence_graph.model.records import KINDS, Batch
from influence_graph.model.touchpoints import KindRule, TouchpointTable
from influence_graph.stores.neo4j import queries
from influence_graph.stores.neo4j.server import artifacts
from influence_graph.stores.neo4j.server import launcher as server
from influence_graph.stores.neo4j.store import Neo4jStore
from tests.stores.neo4j.kills import home_of

FILES = sorted((queries.folder() / "gds").glob("*.cypher"))
DAY = datetime(2026, 1, 1, tzinfo=UTC)
needs_plugin = pytest.mark.skipif(
    os.environ.get("INFLUENCE_GRAPH_TEST_GDS") != "1", reason="INFLUENCE_GRAPH_TEST_GDS=1 downloads the plugin"
)


@pytest.fixture(scope="module")
def with_plugin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neo4jStore]:
    """Return a store on a second server, one that has the plugin, with records of every kind."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        patch.delenv("NEO4J_PASSWORD", raising=False)
        home = tmp_path_factory.mktemp("neo4j")
        options = server.ServerOptions(heap="512m", page_cache="64m", plugins=("gds",))
        try:
            store = Neo4jStore(server.up(home, options).uri, cache=tmp_path_factory.mktemp("mirror"))
            with pytest.raises(InputError, match="0 nodes: nothing to rank"):
                gds.pagerank(store, GraphKind.ALL)
            fill(store)
            yield store
            store.close()
        finally:
            server.down(home)


def fill(store: Neo4jStore) -> None:
    """Add 400 people, some without ties, ties of each kind, and events of which some do not count.

    Some corrections are corrected, some taken back; then kinds of which records state no direction are turned round.
    """
    rng = np.random.default_rng(7)
    add(store, "people", [{"id": f"p{i}"} for i in range(400)])
    pairs = {tuple(pair) for pair in rng.integers(0, 350, (1500, 2)).tolist()}
    kinds = ("follows", "friend", "exposed")
    weights = (None, 0.25, 3.0)
    ties = [
        {"source": f"p{s}", "target": f"p{t}", "kind": kinds[i % 3], "weight": weights[i % 5 % 3]}
        for i, (s, t) in enumerate(sorted(pairs))
    ]
    add(store, "ties", ties)
    events = [
        {"event_id": f"e{i}", "at": DAY + timedelta(hours=i), "consumer": f"p{rng.integers(400)}",
         "brand": f"b{rng.integers(9)}", "weight": weights[i % 3],
         "direction": (None, "to_brand", "to_consumer")[i % 8 % 3],
         "kind": " Retraction " if i % 50 in (22, 49) else ("wear", "giveaway", None)[i % 5 % 3],
         "replaces": {20: f"e{i - 7}", 21: f"e{i - 1}", 22: f"e{i - 2 + i % 100 // 50}", 49: f"e{i - 7}"}.get(i % 50)}
        for i in range(1000)
    ]  # fmt: skip
    add(store, "interactions", events)
    turned = {"wear": KindRule(direction="to_consumer"), "giveaway": KindRule(direction="to_brand")}
    store.set_touchpoints(TouchpointTable(turned, KindRule(direction="to_consumer")))


def add(store: Neo4jStore, name: str, rows: list[dict]) -> None:
    kind = KINDS[name]
    table = pa.Table.from_pylist([{n: row.get(n) for n in kind.names} for row in rows], schema=kind.schema)
    assert not store.append(kind, [Batch(kind, table, pa.array(range(len(rows)), pa.int64()))]).conflicts


def projections(store: Neo4jStore) -> int:
    with store._database.session("READ") as session:
        return session.run("CALL gds.graph.list() YIELD graphName RETURN count(*)").single(strict=True)[0]


@needs_plugin
@pytest.mark.parametrize("kind", list(GraphKind))
def test_the_plugin_and_we_rank_the_same_graph_alike(with_plugin: Neo4jStore, kind: GraphKind) -> None:
    graph = with_plugin.graph(kind)
    ours = pagerank(graph, tolerance=1e-13)
    of = dict(zip(zip(ours.labels, ours.ids, strict=True), ours.scores, strict=True))
    found = gds.pagerank(with_plugin, kind)
    theirs = {(row["label"], row["id"]): row["score"] for row in found.to_pylist()}
    assert theirs.keys() == of.keys()
    assert sum(theirs.values()) == pytest.approx(1.0, abs=1e-12)
    assert sum(abs(theirs[node] - of[node]) for node in of) <= 1e-9
    assert found["score"].to_pylist() == sorted(theirs.values(), reverse=True)
    assert projections(with_plugin) == 0


@needs_plugin
def test_what_has_not_converged_is_not_returned_and_no_projection_is_left(with_plugin: Neo4jStore) -> None:
    with pytest.raises(NotConverged, match="after 3 iterations"):
        gds.pagerank(with_plugin, GraphKind.TIES, max_iterations=3)
    with pytest.raises(InputError, match=r"damping_factor is 1.5, must be at least 0 and below 1"):
        gds.pagerank(with_plugin, GraphKind.TIES, damping_factor=1.5)
    assert projections(with_plugin) == 0


@needs_plugin
def test_a_negative_weight_is_refused(with_plugin: Neo4jStore) -> None:
    with with_plugin._database.session("WRITE") as session:
        session.run(
            "MATCH (:Consumer)-[t:FOLLOWS]->() WITH t LIMIT 1 SET t.before = t.weight, t.weight = -2.0"
        ).consume()
    try:
        with pytest.raises(InputError, match="ties has weight -2, PageRank needs 0 or more"):
            gds.pagerank(with_plugin, GraphKind.TIES)
        assert projections(with_plugin) == 0
    finally:
        with with_plugin._database.session("WRITE") as session:
            session.run("MATCH ()-[t:FOLLOWS]->() WHERE t.weight = -2.0 SET t.weight = t.before").consume()


@pytest.mark.neo4j
def test_without_the_plugin_one_line_says_what_to_do(neo4j_store: Neo4jStore) -> None:
    with neo4j_store._database.session("READ") as session:
        name = "gds.pageRank.mutate"
        found = session.run("SHOW PROCEDURES YIELD name WHERE name = $name RETURN count(*)", name=name).single(
            strict=True
        )
    if found[0]:
        pytest.skip("the server of NEO4J_URI has the plugin")
    with pytest.raises(MissingExtra, match=r"has no Graph Data Science plugin; .*--with-gds") as caught:
        gds.pagerank(neo4j_store, GraphKind.ALL)
    assert "\n" not in str(caught.value)


@pytest.mark.neo4j
@pytest.mark.parametrize("kind", [GraphKind.INTERACTIONS, GraphKind.ALL])
def test_what_is_projected_are_the_edges_of_the_graph(neo4j_store: Neo4jStore, kind: GraphKind) -> None:
    fill(neo4j_store)
    expected = neo4j_store.graph(kind).to_networkx().edges(data="weight")
    given = queries.parse(queries.folder() / "gds" / f"project-{kind.value}.cypher").text
    rows, projected = given.split("RETURN min(weight) AS lowest, gds.graph.project($graph, source, target")
    assert "relationshipProperties: {weight: weight}" in projected
    summed = " WITH source, target, weight WHERE target IS NOT NULL RETURN source.id, target.id, sum(weight)"
    found = neo4j_store.query(rows + summed, gds.counting(neo4j_store)).rows
    assert len(found) == len(expected)
    assert {(source, target): weight for source, target, weight in found} == {
        (source, target): pytest.approx(weight) for source, target, weight in expected
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_header_says_what_the_statement_uses(path: Path) -> None:
    query = queries.parse(path)
    assert query.name == path.stem
    assert query.about
    assert set(re.findall(r"\$(\w+)", query.text)) == set(query.parameters)
    assert not query.writes
    assert not re.search(r"\b(CREATE|MERGE|SET|DELETE|REMOVE)\b", query.text)
    assert all(re.search(rf"\b{column}\b", query.text) for column in query.columns)
    assert f'"{path.stem}"' in Path(gds.__file__).read_text()


@pytest.mark.neo4j
def test_a_server_that_runs_without_the_plugin_is_not_taken_for_one_that_has_it(neo4j_url: str) -> None:
    with pytest.raises(StoreError, match="runs without the plugin gds; stop it with `influence-graph neo4j down`"):
        server.up(home_of(neo4j_url), server.ServerOptions(plugins=("gds",)))


def test_an_unknown_plugin_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no plugin 'apoc'; known are gds"):
        artifacts.install_plugin("apoc", tmp_path, print)
