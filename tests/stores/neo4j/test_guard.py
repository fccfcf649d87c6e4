"""Which queries are answered and which are refused, on the plans of a real server."""

from __future__ import annotations

import pytest

from influence_graph.errors import InputError, StoreError
from influence_graph.stores.neo4j import guard
from influence_graph.stores.neo4j.store import Neo4jStore

pytestmark = pytest.mark.neo4j

ALLOWED = [
    "RETURN 1",
    "MATCH (n) RETURN count(n)",
    "MATCH (c:Consumer {id: 'x'}) RETURN c",
    "MATCH (c:Consumer) WHERE c.id STARTS WITH 'a' RETURN c.id ORDER BY c.id LIMIT 3",
    "MATCH (a:Consumer)-[:FOLLOWS*1..3]->(b) RETURN DISTINCT b.id",
    "MATCH p = shortestPath((a:Consumer {id: 'a'})-[*..5]-(b:Consumer {id: 'b'})) RETURN p",
    "MATCH (a:Consumer) OPTIONAL MATCH (a)-[r:INTERACTED]->(b:Brand) RETURN a.id, collect(b.id)",
    "MATCH (a:Consumer) WHERE EXISTS { (a)-[:FOLLOWS]->() } RETURN a.id",
    "MATCH (a:Consumer) WHERE NOT (a)-[:FOLLOWS]->() RETURN a.id",
    "MATCH (a:Consumer) RETURN a.id, COUNT { (a)-->() } AS degree",
    "MATCH (a)-[r:INTERACTED {eventId: 'e1'}]->(b) RETURN r",
    "MATCH (a:Consumer|Brand) RETURN labels(a), count(*)",
    "UNWIND range(1, 3) AS x RETURN x, x * x AS square UNION ALL RETURN 0 AS x, 0 AS square",
    "MATCH (a:Consumer) CALL (a) { MATCH (a)--(b) RETURN count(b) AS n } RETURN a.id, n",
    "MATCH (a)((x)-[:FOLLOWS]->(y)){1,3}(b) RETURN count(*)",
    "CALL db.labels() YIELD label RETURN label",
    "CALL db.schema.nodeTypeProperties()",
    "MATCH (n) WITH n SKIP 1 LIMIT 1 RETURN [x IN range(1, 3) WHERE x > 1 | x]",
    "// only a comment first\nMATCH (n) RETURN n.explain LIMIT 1",
]
REFUSED = [
    "CREATE (n)",
    "MERGE (:Consumer {id: 'x'})",
    "MATCH (n) SET n.x = 1",
    "MATCH (n) DETACH DELETE n",
    "MATCH (n) REMOVE n.x",
    "MATCH (n) SET n:Brand RETURN n",
    "FOREACH (x IN [1] | CREATE ())",
    "MATCH (n) CALL (n) { DELETE n } IN TRANSACTIONS OF 10 ROWS",
    "LOAD CSV FROM 'http://127.0.0.1:9/x' AS row RETURN row",
    "LOAD CSV FROM 'file:///etc/hostname' AS row RETURN row",
    "MATCH (n) CALL (n) { LOAD CSV FROM 'http://127.0.0.1:9/' AS r RETURN r } RETURN r",
    "SHOW USERS",
    "SHOW DATABASES",
    "SHOW TRANSACTIONS",
    "SHOW SETTINGS",
    "TERMINATE TRANSACTIONS 'neo4j-transaction-1'",
    "CREATE USER eve SET PASSWORD 'password'",
    "ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'b'",
    "DROP CONSTRAINT consumer_id IF EXISTS",
    "CREATE INDEX x IF NOT EXISTS FOR (n:X) ON (n.x)",
    "CALL dbms.killConnections(['bolt-1'])",
    "CALL dbms.listConfig()",
    "CALL db.clearQueryCaches()",
    "CALL db.createLabel('X')",
    "CALL dbms.listConnections() YIELD connectionId RETURN connectionId",
    "USE system SHOW USERS",
    "PROFILE MATCH (n) DETACH DELETE n",
    "EXPLAIN PROFILE MATCH (n) RETURN n",
    "/* x */ pRoFiLe CREATE (n)",
    "CYPHER runtime=slotted MATCH (n) RETURN n",
    "RETURN 1; MATCH (n) DETACH DELETE n",
    "START TRANSACTION",
    "MATCH (n RETURN n",
    "",
    "  \n ",
]


@pytest.mark.parametrize("text", ALLOWED)
def test_queries_that_only_read_the_graph_are_answered(neo4j_store: Neo4jStore, text: str) -> None:
    neo4j_store.query(text)


@pytest.mark.parametrize("text", REFUSED)
def test_anything_else_is_refused_in_one_line_and_changes_nothing(neo4j_store: Neo4jStore, text: str) -> None:
    before = neo4j_store.query("MATCH (n) RETURN count(n)").rows
    with pytest.raises((InputError, StoreError)) as refused:
        neo4j_store.query(text)
    assert refused.value.remedy
    assert "\n" not in str(refused.value)
    assert neo4j_store.query("MATCH (n) RETURN count(n)").rows == before


@pytest.mark.parametrize("value", [2**63, float("nan"), float("inf"), "\ud800", "a\0b", object(), [1, [float("nan")]]])
def test_parameters_that_cannot_be_stored_are_refused(neo4j_store: Neo4jStore, value: object) -> None:
    with pytest.raises(InputError, match="parameter x"):
        neo4j_store.query("RETURN $x", {"x": value})


def test_more_rows_than_allowed_are_refused_and_not_cut_off(neo4j_store: Neo4jStore) -> None:
    assert len(neo4j_store.query("UNWIND range(1, 5) AS x RETURN x", max_rows=5).rows) == 5
    with pytest.raises(InputError, match="more than 4 rows"):
        neo4j_store.query("UNWIND range(1, 5) AS x RETURN x", max_rows=4)


def test_a_query_that_takes_too_long_is_ended(neo4j_store: Neo4jStore) -> None:
    endless = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a * b AS x WHERE x < 0 RETURN count(x)"
    with pytest.raises(StoreError, match="longer than its timeout"):
        neo4j_store.query(endless, timeout=0.5)


def test_a_step_that_the_server_cannot_end_is_given_up(neo4j_store: Neo4jStore) -> None:
    with pytest.raises(StoreError, match=r"the server cannot end it|no answer within") as given_up:
        neo4j_store.query(f"RETURN '{'a' * 60}c' =~ '(.*a){{7}}b'", timeout=0.5)
    assert given_up.value.remedy


@pytest.mark.parametrize(("timeout", "max_rows"), [(0, 1), (-1, 1), (float("nan"), 1), (1e9, 1), (1, 0)])
def test_limits_have_limits(neo4j_store: Neo4jStore, timeout: float, max_rows: int) -> None:
    with pytest.raises(InputError, match=r"a timeout of|at most 0 rows"):
        neo4j_store.query("RETURN 1", timeout=timeout, max_rows=max_rows)


def test_an_answer_of_too_many_bytes_is_refused(neo4j_store: Neo4jStore) -> None:
    with pytest.raises(InputError, match="more than 64 MiB"):
        neo4j_store.query("RETURN reduce(s = 'x', i IN range(1, 26) | s + s)")  # 64 MiB and its place
    with pytest.raises(InputError, match="more than 64 MiB"):
        neo4j_store.query("UNWIND range(1, 100) AS i RETURN reduce(s = 'x', j IN range(1, 20) | s + s)")
    assert neo4j_store.query("RETURN 1").rows == [(1,)]


def test_one_query_without_memory_does_not_end_the_server(neo4j_store: Neo4jStore) -> None:
    with pytest.raises(StoreError):
        neo4j_store.query("RETURN size(reduce(s = 'x', i IN range(1, 40) | s + s))")
    assert neo4j_store.query("RETURN 1").rows == [(1,)]


def test_the_plan_is_printed_step_by_step(neo4j_store: Neo4jStore) -> None:
    neo4j_store.query("CREATE (:Consumer {id: 'ann'}), (:Consumer {id: 'bob'})", write=True)
    explained = neo4j_store.query("EXPLAIN MATCH (c:Consumer) WHERE c.x = 1 RETURN c.id")
    assert explained.is_plan
    assert explained.columns == ["depth", "operator", "details", "estimated_rows"]
    assert explained.rows[0][:2] == (0, "ProduceResults")
    assert (explained.rows[-1][1], explained.rows[-1][2]) == ("NodeByLabelScan", "c:Consumer")
    profiled = neo4j_store.query("/* how */ profile MATCH (c:Consumer) RETURN c.id")
    assert profiled.columns == ["depth", "operator", "details", "estimated_rows", "rows", "db_hits"]
    assert [row[4] for row in profiled.rows] == [2] * len(profiled.rows)
    assert sum(row[5] for row in profiled.rows) > 0
    assert neo4j_store.query("EXPLAIN MATCH (n) DETACH DELETE n").is_plan
    assert neo4j_store.query("MATCH (c:Consumer) RETURN count(c)").rows == [(2,)]


def test_what_the_server_notices_is_told_with_its_place(neo4j_store: Neo4jStore) -> None:
    said = neo4j_store.query("MATCH (a:Nobody), (b)\nRETURN a.nothing").notices
    assert len(said) == 3
    assert any("label does not exist" in line and line.endswith("(line 1, column 10)") for line in said)
    assert any("property key does not exist" in line and line.endswith("(line 2, column 10)") for line in said)
    assert any("cartesian product" in line for line in said)
    assert neo4j_store.query("RETURN 1").notices == ()


def test_writing_is_asked_for_and_counted(neo4j_store: Neo4jStore) -> None:
    made = neo4j_store.query("UNWIND range(1, 3) AS x CREATE (n:Eve {x: x}) RETURN x", write=True)
    assert made.rows == [(1,), (2,), (3,)]
    assert made.changes == {"nodes created": 3, "properties set": 3, "labels added": 3}
    batches = "MATCH (n:Eve) CALL (n) { SET n.x = 0 } IN TRANSACTIONS OF 1 ROW"
    assert neo4j_store.query(batches, write=True).changes == {"properties set": 3}
    assert neo4j_store.query("MATCH (n:Eve) DELETE n", write=True).changes == {"nodes deleted": 3}
    assert neo4j_store.query("RETURN 1", write=True).changes == {}


def test_of_a_refused_answer_nothing_is_written(neo4j_store: Neo4jStore) -> None:
    with pytest.raises(InputError, match="more than 2 rows"):
        neo4j_store.query("UNWIND range(1, 3) AS x CREATE (n:Eve) RETURN n", write=True, max_rows=2)
    with pytest.raises(InputError, match="administration"):
        neo4j_store.query("SHOW USERS", write=True)
    assert neo4j_store.query("MATCH (n:Eve) RETURN count(n)").rows == [(0,)]


def test_graph_values_come_back_as_plain_python(neo4j_store: Neo4jStore) -> None:
    neo4j_store.migrate()
    rows = neo4j_store.query(
        "MATCH p = (m:Migration) RETURN m, p, date('2026-01-02') AS d, duration('P1D') AS span ORDER BY m.version"
    ).rows
    node, path, day, span = rows[0]
    assert (node["labels"], node["properties"]["version"], path["nodes"][0], path["relationships"]) == (
        ["Migration"], 1, node, [],
    )  # fmt: skip
    assert (day.isoformat(), span) == ("2026-01-02", "P1D")


def test_every_function_of_neo4js_own_is_on_the_list_and_no_other(neo4j_store: Neo4jStore) -> None:
    rows = neo4j_store.query("SHOW FUNCTIONS YIELD name, isBuiltIn").rows
    own = {name for name, is_own in rows if is_own and not name.startswith("graph.")}  # those leave the database
    assert len(own) > 100
    for name in own:
        guard.check_text(guard.Asked(f"RETURN {name}(1)"))
    listed = set(guard._FUNCTIONS.split()) - {"shortestpath", "allshortestpaths"}  # of the grammar
    assert listed == {name.lower() for name in own}
    for name in {name for name, is_own in rows if not is_own} | {"graph.byName", "gds.util.asNode", "eve"}:
        with pytest.raises(InputError, match=f"the function {name}"):
            guard.check_text(guard.Asked(f"RETURN {name}(1)"))
