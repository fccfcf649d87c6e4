"""All Cypher files: their headers, and whether a real server accepts them."""

from __future__ import annotations

import ast
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import neo4j
import pyarrow as pa
import pytest

from influence_graph.analyses.fusion.applied import applied_points
from influence_graph.analyses.fusion.co_associations import co_associations
from influence_graph.explore.catalogue import Question, catalogue
from influence_graph.explore.parameters import RECORDS
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.records import KINDS, Batch
from influence_graph.model.results import INFLUENCERS, RESULTS, SCORE, Shape, kind_of
from influence_graph.model.runs import Run
from influence_graph.stores.base import InteractionFilter, Shown
from influence_graph.stores.neo4j import queries
from influence_graph.stores.neo4j.migrations import known, statements
from influence_graph.stores.neo4j.store import Neo4jStore

FOLDER = queries.folder()
OWN = sorted(path for name in ("store", "gds") for path in (FOLDER / name).glob("*.cypher"))
STORE = [path for path in OWN if path.parent.name == "store"]
MIGRATIONS = set(known().values())
PACKAGE = Path(queries.__file__).parent
DAY = datetime(2026, 1, 1, tzinfo=UTC)
PARAMETERS = {
    "brand": "acme", "other": "bolt", "consumer": "ann", "person": "ann", "source": "ann", "target": "cid",
    "campaign": "k1", "measure": "pageRank", "city": "Rome",
}  # fmt: skip
ROWS = {
    "audience": 2, "brand-bonds": 2, "brand-health": 1, "campaign-echo": 2, "co-associated": 1, "consumer-bonds": 1,
    "found-influencers": 2, "found-not-declared": 2, "found-of-brand": 1,
    "current-seeds": 2, "influence-paths": 2, "influenced-by": 1, "influences": 2, "path": 1, "recent-events": 3,
    "shared-consumers": 1, "strained-bonds": 1, "top-brands": 1, "top-by": 2, "top-influencers": 2,
    "touchpoint-mix": 2, "two-hops": 3,
}  # fmt: skip


@pytest.fixture
def small(neo4j_store: Neo4jStore) -> Neo4jStore:
    """Ann, followed by Bob, friend of Dan; Cid follows Bob; three events with Acme, one with Bolt, one taken back."""
    add(neo4j_store, "people", {"id": "ann", "name": "Ann"})
    add(neo4j_store, "brands", {"id": "bolt", "name": "Bolt & Co"})
    add(neo4j_store, "ties", *({"source": s, "target": t, "kind": k} for s, t, k in TIED))
    event = {"at": DAY, "brand": "acme", "direction": "to_brand", "touchpoint": "engagement"}
    add(
        neo4j_store,
        "interactions",
        {**event, "event_id": "e1", "consumer": "ann", "with_brands": "bolt|acme"},
        {**event, "event_id": "e2", "consumer": "bob", "at": DAY.replace(day=4), "valence": -1.0},
        {**event, "event_id": "e3", "consumer": "ann", "direction": "to_consumer"},
        {**event, "event_id": "e4", "consumer": "ann", "brand": "bolt"},
    )
    add(
        neo4j_store,
        "interactions",
        {**event, "event_id": "e0", "consumer": "ann", "with_brands": "cog", "valence": -1.0},
        {**event, "event_id": "e5", "consumer": "ann", "brand": "bolt", "kind": "Retraction", "replaces": "e0"},
    )
    add(neo4j_store, "campaigns", {"event_id": "k1", "at": DAY.replace(day=3), "brand": "acme"})
    ranks = [("Consumer", "ann", 0.5), ("Consumer", "bob", 0.3), ("Brand", "acme", 0.2)]
    bonds = [("ann", "acme", 2.0, 1.0, 1.0, 1.0, DAY), ("bob", "acme", -1.0, -1.0, 0.0, 0.0, DAY)]
    results = {
        "rank": ranks,
        "authority": [("Consumer", "bob", 0.9), ("Consumer", "ann", 0.1)],
        "score": bonds,
        "learn": INFLUENCES,
        "seeds": [(1, "bob", 2.5), (2, "ann", 1.0)],
        "influencers": FOUND,
    }
    for kind, rows in results.items():
        schema = kind_of(kind).schema
        table = pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in rows], schema=schema)
        neo4j_store.write(
            Run(f"{kind}-1", kind, "finished", DAY, DAY, "d", "0"),
            table,
            shown=shown(neo4j_store) if kind == "score" else None,
        )
    return neo4j_store


def shown(store: Neo4jStore) -> Shown:
    """Return what a run of scores shows of the records in *store*."""
    history, as_of = store.interactions(InteractionFilter(history=True)), store.latest()
    assert as_of is not None
    associations = co_associations(history)
    columns = {name: pa.array(associations[name]) for name in associations}
    return Shown(applied_points(history, as_of, FusionPolicy()), pa.table(columns))


INFLUENCES = [
    ("ann", "bob", 0.5, 60.0), ("bob", "cid", 0.5, 90.0), ("ann", "cid", 0.125, 3600.0), ("cid", "ann", 1.0, 120.0),
    ("bob", "ann", 0.25, None),  # nobody was seen to follow: it is not drawn
]  # fmt: skip
FOUND = [
    ("Consumer", "ann", 9.5, 4.0, 20.0, "passive", 0.0001, 0.01, 2, 5, 1.75, 90.0, 40.0, None, 0),
    ("Consumer", "bob", 3.5, 1.0, 7.0, None, 0.0002, 0.02, 1, 4, 1.25, None, None, None, 1),
]
TIED = [("bob", "ann", "follows"), ("ann", "dan", "friend"), ("cid", "bob", "follows")]


def add(store: Neo4jStore, name: str, *rows: dict) -> None:
    kind = KINDS[name]
    table = pa.Table.from_pylist([{n: row.get(n) for n in kind.names} for row in rows], schema=kind.schema)
    store.append(kind, [Batch(kind, table, pa.array(range(len(rows)), pa.int64()))])


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_the_header_says_what_the_statement_uses(path: Path) -> None:
    query = queries.parse(path)
    assert query.name == path.stem
    assert query.about
    assert set(re.findall(r"\$(\w+)", query.text)) == set(query.parameters)
    changes = re.search(r"\b(CREATE|MERGE|SET|DELETE|REMOVE)\b", query.text)
    assert query.writes == bool(changes) or path.parent.name == "gds"
    assert all(re.search(rf"\b{column}\b", query.text) for column in query.columns)


@pytest.mark.parametrize("asked", catalogue().values(), ids=lambda asked: asked.name)
def test_the_header_of_a_question_says_what_its_text_uses(asked: Question) -> None:
    assert asked.title
    assert asked.about.endswith(".")
    assert asked.about.count(". ") == 0  # one sentence
    assert set(re.findall(r"\$(\w+)", asked.text)) == {each.name for each in asked.parameters}
    assert set(asked.needs) == set(re.findall(r":Current \{kind: '(\w+)'\}", asked.text))
    assert set(asked.needs) <= RESULTS.keys()
    assert not re.search(r"\b(CREATE|MERGE|SET|DELETE|REMOVE)\b", asked.text)
    assert asked.access == "READ"
    for each in asked.parameters:
        assert each.literal()


TYPES = {"text": str, "integer": int, "number": float, "time": datetime, "day": date, "texts": list}


def test_every_question_answers_with_the_columns_it_declares(small: Neo4jStore) -> None:
    rows = {}
    for asked in catalogue().values():
        given = {each.name: PARAMETERS[each.name] for each in asked.parameters if each.default is None}
        answer = small.query(asked.text, asked.bind(given))
        assert answer.columns == [each.name for each in asked.columns], asked.name
        rows[asked.name] = len(answer.rows)
        for row in answer.rows:
            for value, column in zip(row, asked.columns, strict=True):
                assert value is None or type(value) is TYPES[column.type], (asked.name, column, value)
    assert ROWS.items() <= rows.items()


def test_who_is_named_is_found_by_an_index(small: Neo4jStore) -> None:
    for asked in catalogue().values():
        given = asked.bind({each.name: PARAMETERS[each.name] for each in asked.parameters if each.default is None})
        with small._database.session(neo4j.READ_ACCESS) as session:
            plan = session.run(f"EXPLAIN {asked.text}", given).consume().plan
        sought = " ".join(details for name, details in operators(plan) if "IndexSeek" in name)
        named = {f"${each.name}" for each in asked.parameters if each.type in RECORDS}
        from_current = "current:Current(kind)" in sought
        assert not named or from_current or named & set(re.findall(r"\$?\w+", sought)), (asked.name, sought)


def operators(plan: dict[str, Any]) -> list[tuple[str, str]]:
    own = (plan["operatorType"], plan["args"].get("Details", ""))
    return [own, *(each for child in plan.get("children", []) for each in operators(child))]


@pytest.mark.parametrize("asked", catalogue().values(), ids=lambda asked: asked.name)
def test_what_the_browser_is_given_is_the_question_with_its_parameters(asked: Question) -> None:
    lines = asked.pasted().splitlines()
    assert lines[0] == f"// {asked.title}"
    said = [line.partition(":")[0] for line in lines[2:] if line.startswith("// ")]
    assert said == [f"// {each.name}" for each in asked.parameters]
    text = "\n".join(lines[2 + len(said) :])
    assert "$" not in text
    for each in asked.parameters:
        assert each.literal() in text


def answer(store: Neo4jStore, name: str, **parameters: str) -> list[tuple[object, ...]]:
    asked = catalogue()[name]
    return store.query(asked.text, asked.bind(parameters)).rows


def test_bonds_come_strongest_first_and_paths_name_people(small: Neo4jStore) -> None:
    bonds = answer(small, "brand-bonds", brand="acme")
    assert [row[0] for row in bonds] == ["ann", "bob"]
    path = answer(small, "path", source="ann", target="cid")
    assert path == [(2, ["ann", "bob", "cid"], ["Ann", "bob", "cid"])]


def test_names_stand_beside_ids_also_where_a_person_and_a_brand_share_one(small: Neo4jStore) -> None:
    event = {"at": DAY, "direction": "to_brand", "touchpoint": "engagement", "consumer": "bolt", "brand": "bolt"}
    add(small, "people", {"id": "bolt", "name": "Usain"})
    add(small, "interactions", {**event, "event_id": "e9", "with_brands": "acme"})
    bond = [dict(zip(SCORE.schema.names, ("bob", "acme", -1.0, -1.0, 0.0, 0.0, DAY), strict=True))]
    table = pa.Table.from_pylist(bond, schema=SCORE.schema)
    small.write(Run("score-2", "score", "finished", DAY, DAY, "d", "0"), table, shown=shown(small))
    recent = answer(small, "recent-events", brand="bolt")
    assert {row[2:4] for row in recent} == {("bolt", "Usain"), ("ann", "Ann")}
    together = answer(small, "co-associated", brand="acme")
    assert together == [("bolt", "Bolt & Co", pytest.approx(2 * 0.5 ** (3 / 365)), 2, 2)]  # three days ago
    strained = answer(small, "strained-bonds")
    assert [row[:4] for row in strained] == [("bob", None, "acme", None)]


def test_scores_of_a_former_run_are_not_answered(small: Neo4jStore) -> None:
    table = pa.Table.from_pylist([], schema=kind_of("score").schema)
    small.write(Run("score-2", "score", "finished", DAY, DAY, "d", "0"), table)
    assert answer(small, "brand-bonds", brand="acme") == []


def test_learned_influence_is_followed_in_its_direction_and_the_likeliest_chain_comes_first(small: Neo4jStore) -> None:
    assert answer(small, "influences", person="ann") == [("bob", None, 0.5, 60.0), ("cid", None, 0.125, 3600.0)]
    assert answer(small, "influenced-by", person="cid") == [("bob", None, 0.5, 90.0), ("ann", "Ann", 0.125, 3600.0)]
    chains = answer(small, "influence-paths", source="ann", target="cid")
    likeliest = (0.25, 2, ["ann", "bob", "cid"], ["Ann", "bob", "cid"])
    assert chains == [likeliest, (0.125, 1, ["ann", "cid"], ["Ann", "cid"])]
    assert answer(small, "influence-paths", source="ann", target="dan") == []


def test_influences_of_a_former_run_are_not_followed(small: Neo4jStore) -> None:
    add(small, "ties", {"source": "dan", "target": "ann", "kind": "follows"})
    schema = kind_of("learn").schema
    row = {"source": "ann", "target": "dan", "probability": 1.0, "mean_delay": 60.0}
    table = pa.Table.from_pylist([row], schema=schema)
    small.write(Run("learn-2", "learn", "finished", DAY, DAY, "d", "0"), table)
    assert [row[0] for row in answer(small, "influences", person="ann")] == ["dan"]


def test_seeds_and_each_measure_come_best_first(small: Neo4jStore) -> None:
    not_known, found = ("not on record", None), ("give the product", "found")
    assert answer(small, "current-seeds") == [(1, "bob", None, 2.5, *not_known), (2, "ann", "Ann", 1.0, *found)]
    add(small, "people", {"id": "bob", "kind": "influencer", "style": "active"}, {"id": "ann", "name": "Ann"})
    small.write(Run("influencers-2", "influencers", "finished", DAY, DAY, "d", "0"), INFLUENCERS.schema.empty_table())
    assert [row[4:] for row in answer(small, "current-seeds")] == [("ask for a post", "declared"), not_known]
    for name in ("authority", "hits-authority"):
        assert [row[0] for row in answer(small, "top-by", measure=name)] == ["bob", "ann"]
    for name in ("rank", "pagerank", "pageRank"):
        assert [row[0] for row in answer(small, "top-by", measure=name)] == ["ann", "bob"]
    assert answer(small, "top-by", measure="psi") == []


@pytest.mark.neo4j
@pytest.mark.parametrize("path", STORE, ids=lambda path: path.stem)
def test_the_server_can_plan_every_statement_of_the_store(neo4j_store: Neo4jStore, path: Path) -> None:
    query = queries.parse(path)
    with neo4j_store._database.session(neo4j.WRITE_ACCESS) as session:
        summary = session.run("EXPLAIN " + query.text, dict.fromkeys(query.parameters)).consume()
    assert summary.query_type == ("rw" if query.writes and query.columns else "w" if query.writes else "r")


def test_every_statement_of_the_store_is_used_and_every_used_one_exists() -> None:
    texts = {n.value for path in PACKAGE.glob("*.py") for n in ast.walk(ast.parse(path.read_text())) if constant(n)}
    derived = {f"{verb}-{kind}" for verb in ("find", "write") for kind in KINDS} | {"ids-brand", "ids-consumer"}
    derived |= {f"{kind}-of-sources" for kind in KINDS}
    assert {path.stem for path in STORE} <= texts | derived


def test_no_query_lists_the_measures() -> None:
    properties = {row.neo4j for row in RESULTS.values() if row.shape is Shape.NODES}
    for path in FOLDER.glob("*/*.cypher"):
        assert len(properties & set(re.findall(r"\w+", path.read_text()))) <= 1 or path in MIGRATIONS, path.name


def test_no_cypher_is_composed_of_strings() -> None:
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.JoinedStr):
                literal = "".join(part.value for part in node.values if constant(part))
                assert not re.search(r"\b(MATCH|CREATE|MERGE|UNWIND|DELETE)\b \(?", literal), (path.name, literal)


def constant(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_migrations_are_numbered_without_gaps_and_can_be_repeated() -> None:
    assert list(known()) == list(range(1, len(known()) + 1))
    for path in known().values():
        for text in statements(path):
            guard = r"IF NOT EXISTS" if text.startswith("CREATE") else r"\bWHERE \S+ IS (NOT )?NULL\b|MERGE|SET best:"
            assert re.search(guard, text), text
