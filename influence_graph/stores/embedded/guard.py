"""What SQL given to an embedded store may do, decided on how DuckDB itself parses it.

The process that answers can neither open files nor connect (``answering.py``); what is left to refuse is what would
change the session, tell about the machine, or reach behind the views. A statement that does not parse to one SELECT
over views and functions that only calculate is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from influence_graph.errors import InputError
from influence_graph.text import did_you_mean

if TYPE_CHECKING:
    import duckdb

_NODES = {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"}
_TABLE_FUNCTIONS = {"range", "generate_series", "unnest", "repeat", "repeat_row", "json_each", "json_tree"}
_NOT_CALCULATIONS = {
    *("current_setting", "getvariable", "write_log", "sleep_ms", "pg_sleep", "nextval", "currval", "setval", "setseed"),
    *("json_serialize_plan", "json_deserialize_sql", "parse_duckdb_log_message", "getenv", "current_query"),
}
_SHOWN = {'"tables"', "tables"}
_BLANK = r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)"
_PLAN = re.compile(
    rf"{_BLANK}*(?:(?P<explain>EXPLAIN)(?:{_BLANK}+(?P<analyze>ANALYZE))?|(?P<profile>PROFILE)){_BLANK}+",
    re.IGNORECASE | re.DOTALL,
)
_CYPHER = re.compile(
    rf"{_BLANK}*(?://|(?:OPTIONAL\s+)?MATCH\b|MERGE\s*\(|CREATE\s*\(|UNWIND\b|RETURN\b|CALL\s+[\w{{(]|FOREACH\s*\()",
    re.IGNORECASE | re.DOTALL,
)
_WRITERS = {"INSERT", "UPDATE", "DELETE", "MERGE_INTO", "CREATE", "DROP", "ALTER", "COPY", "CREATE_FUNC"}
_READ_ONLY = "queries here are read-only: ask with SELECT, add records with `influence-graph ingest`"


def checked(connection: duckdb.DuckDBPyConnection, text: str, views: Collection[str]) -> tuple[str, bool]:
    """Return the statement to run for *text*, and whether it answers with a plan.

    Raises:
        InputError: it is not one SELECT over *views*, alone or after EXPLAIN or PROFILE.
    """
    found = _PLAN.match(text)
    select = text[found.end() :] if found else text
    tree = _tree(connection, select)
    ctes = {
        str(entry["key"]).casefold() for node in _nodes(tree) for entry in (node.get("cte_map") or {}).get("map", ())
    }
    for node in _nodes(tree):
        _check(node, {*views, *ctes}, views)
    if not found:
        return select, False
    return f"EXPLAIN {'ANALYZE ' if found['analyze'] or found['profile'] else ''}{select}", True


def _tree(connection: duckdb.DuckDBPyConnection, text: str) -> dict[str, Any]:
    """Return how DuckDB parses *text*, one SELECT."""
    if _CYPHER.match(text):
        raise InputError(
            "the embedded store does not speak Cypher",
            remedy="`influence-graph neo4j up --load` starts a Neo4j with this store's records; here ask in SQL,"
            " such as SELECT count(*) FROM people, or a question of `influence-graph queries`",
        )
    kinds = [_kind(statement) for statement in connection.extract_statements(text)]
    if not kinds:
        raise InputError("the query is empty", remedy="write SQL, such as SELECT count(*) FROM people")
    if len(kinds) > 1:
        raise InputError(f"the text holds {len(kinds)} statements", remedy="ask one query at a time")
    tree: dict[str, Any] = {"error": True}
    if kinds == ["SELECT"]:
        ((parsed,),) = connection.execute("SELECT json_serialize_sql($1::VARCHAR)", [text]).fetchall()
        tree = json.loads(parsed)
    if tree.get("error") or len(tree["statements"]) != 1:
        raise InputError(f"the query is no SELECT: it {_does(kinds[0])}", remedy=_READ_ONLY)
    return tree


def _kind(statement: duckdb.Statement) -> str:
    try:
        return str(statement.type.name)
    except ValueError:  # a type that DuckDB's Python does not know yet
        return "statement of another kind"


def _does(kind: str) -> str:
    if kind == "MULTI":
        return "is several statements in one, as a PIVOT without IN is"
    return f"would write ({kind})" if kind in _WRITERS else f"is a {kind}"


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - any JSON
    pending = [tree]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            yield value
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)


def _check(node: dict[str, Any], tables: Collection[str], views: Collection[str]) -> None:
    """Refuse a *node* of a parsed query that does more than reading *tables*."""
    kind = node.get("type")
    if not isinstance(kind, str):
        return
    if kind.endswith("_NODE") and kind not in _NODES:
        raise InputError(
            f"the query would write ({kind.removesuffix('_NODE').removesuffix('_QUERY')})", remedy=_READ_ONLY
        )
    if kind == "BASE_TABLE":
        _check_table(node, tables, views)
    if kind == "SHOW_REF" and not node.get("query") and node.get("table_name") not in _SHOWN:
        raise InputError("the query shows more than the store's tables", remedy="ask SHOW TABLES, or DESCRIBE people")
    name = str(node.get("function_name") or "").casefold()
    if kind == "TABLE_FUNCTION":
        called = str(node["function"].get("function_name")).casefold()
        if called not in _TABLE_FUNCTIONS:
            raise InputError(
                f"the query reads from {called}(), which is none of the store's tables",
                remedy=f"the tables are {', '.join(views)}; allowed are {', '.join(sorted(_TABLE_FUNCTIONS))}",
            )
    if name in _NOT_CALCULATIONS:
        raise InputError(f"the query calls {name}(), which does more than calculate", remedy="leave it out")


def _check_table(node: dict[str, Any], tables: Collection[str], views: Collection[str]) -> None:
    parts = [node.get("catalog_name"), node.get("schema_name"), node["table_name"]]
    name = ".".join(part for part in parts if part)
    if name.casefold() not in tables:
        raise InputError(
            f"there is no table {name}", remedy=did_you_mean(name, views, f"the tables are {', '.join(views)}")
        )
