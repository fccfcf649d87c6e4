"""Which plans and texts are read-only, without a server: the list holds for any nesting."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.errors import InputError
from influence_graph.stores.neo4j.guard import (
    Ask,
    Asked,
    asked,
    check_administration,
    check_plan,
    check_text,
    commits_by_itself,
)
from influence_graph.stores.neo4j.words import functions, words

READING = ["AllNodesScan", "Filter", "Expand", "ProduceResults", "NodeIndexSeek", "Limit"]
WRITING = ["Create", "Merge", "DetachDelete", "SetProperty", "LoadCSV", "Foreach", "TransactionForeach", "Unknown"]


def step(operator: str, *children: dict[str, Any], **arguments: str) -> dict[str, Any]:
    return {"operatorType": f"{operator}@neo4j", "args": arguments, "children": list(children)}


plans = st.recursive(
    st.sampled_from(READING).map(step),
    lambda inner: st.builds(
        lambda name, below: step(name, *below), st.sampled_from(READING), st.lists(inner, max_size=3)
    ),
    max_leaves=8,
)


def steps(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(below for child in plan["children"] for below in steps(child))]


@given(plans)
def test_a_plan_of_reading_steps_is_read_only(plan: dict[str, Any]) -> None:
    check_plan(plan, "r")


@given(plans, st.sampled_from(WRITING), st.data())
def test_one_other_step_anywhere_makes_it_refused_by_name(plan: dict[str, Any], name: str, data: st.DataObject) -> None:
    data.draw(st.sampled_from(steps(plan)))["operatorType"] = f"{name}(All)@neo4j"
    with pytest.raises(InputError, match=f"step {name}"):
        check_plan(plan, "r")


@pytest.mark.parametrize("operator", ["Expand(All)@neo4j", "Expand(Into)@neo4j", "VarLengthExpand(Pruning)", "Filter"])
def test_the_variant_and_the_database_of_a_step_do_not_matter(operator: str) -> None:
    check_plan({"operatorType": operator, "args": {}}, "r")


@pytest.mark.parametrize(
    ("details", "allowed"),
    [
        ("db.labels() :: (label :: STRING)", True),
        (" db.index.fulltext.queryNodes($autostring_0, $autostring_1)", True),
        ("dbms.listConfig()", False),
        ("apoc.load.json($url)", False),
        ("db.labelsx()", False),
        ("", False),
    ],
)
def test_a_procedure_is_allowed_by_its_whole_name(details: str, allowed: bool) -> None:
    plan = step("ProduceResults", step("ProcedureCall", Details=details))
    if allowed:
        check_plan(plan, "r")
    else:
        with pytest.raises(InputError, match="among the procedures that only read"):
            check_plan(plan, "r")


def test_a_query_without_a_plan_is_refused() -> None:
    with pytest.raises(InputError, match="administration command"):
        check_administration(None)
    with pytest.raises(InputError, match="administration command"):
        check_administration(step("AdministrationCommand"))


def test_what_would_write_says_which_step_and_how_it_may() -> None:
    plan = step("ProduceResults", step("EmptyResult", step("SetProperty", step("AllNodesScan"), Details="n.x = 1")))
    with pytest.raises(InputError, match=r"would write: step SetProperty n\.x = 1;.*--access-mode write"):
        check_plan(plan, "rw")


@pytest.mark.parametrize("kind", ["w", "rw"])
def test_a_writing_query_is_refused_by_the_judgment_of_the_server_too(kind: str) -> None:
    with pytest.raises(InputError, match="would write"):
        check_plan(step("ProduceResults"), kind)


def test_a_query_with_transactions_of_its_own_is_known_by_its_plan() -> None:
    assert commits_by_itself(step("ProduceResults", step("TransactionForeach", step("Create"))))
    assert not commits_by_itself(step("ProduceResults", step("Create")))


BLANKS = st.lists(st.sampled_from([" ", "\n", "\t", "// note\n", "/* a\nb */"]), max_size=4).map("".join)


@given(st.sampled_from(["EXPLAIN", "profile", "eXpLaIn"]), BLANKS)
def test_the_plan_is_asked_for_behind_blanks_and_comments(word: str, before: str) -> None:
    assert asked(f"{before}{word} MATCH (n) RETURN n") == Asked(" MATCH (n) RETURN n", Ask(word.lower()))


@given(st.sampled_from(["CYPHER", "EXPLAIN CYPHER 5", "profile explain", "EXPLAIN /* x */ Profile"]), BLANKS)
def test_other_words_of_the_planner_are_refused(words_: str, before: str) -> None:
    with pytest.raises(InputError, match="may not bring"):
        asked(f"{before}{words_} MATCH (n) RETURN n")


@pytest.mark.parametrize(
    "text",
    ["MATCH (n) RETURN n", "MATCH (explain) RETURN explain", "explained", "// EXPLAIN\nRETURN 1", "RETURN 'PROFILE'"],
)
def test_such_a_word_elsewhere_is_a_word(text: str) -> None:
    assert asked(text) == Asked(text)


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("RETURN apoc.util.md5(['x'])", ["apoc.util.md5"]),
        ("RETURN apoc . /* ( */ `ut``il`\n.md5 ([1])", ["apoc.ut`il.md5"]),
        ("RETURN '// ' + a.b('x') // c.d(1)", ["a.b"]),
        ('RETURN "it\'s \\" + a.b(1)" + a.c(1)', ["a.c"]),
        ("CALL a.b(1) YIELD c RETURN d.e(c)", ["d.e"]),
        (
            "MATCH (a:B)-[r:C*1..3]->(d) WHERE a.x IN [1] AND (d.y > 1.5) RETURN count(a.x), [x IN a.l WHERE (x) | x]",
            ["count"],
        ),
        ("RETURN a\u180e.b(1)", ["a\u180e.b"]),
    ],
)
def test_functions_are_found_as_the_server_reads_them(text: str, called: list[str]) -> None:
    assert list(functions(words(text))) == called


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("RETURN apoc.x(1)", "the function apoc.x"),
        ("RETURN \\u0061poc.x(1)", "the function apoc.x"),
        ("RETURN '\\u0027 + apoc.x(1) + \\u0027'", "the function apoc.x"),
        ("USE system MATCH (n) RETURN n", "chooses a database"),
        ("CALL { use `x` MATCH (n) RETURN n } RETURN n", "chooses a database"),
        ("RETURN 1 AS n UNION ALL USE x RETURN 1 AS n", "chooses a database"),
    ],
)
def test_what_no_plan_shows_is_refused_by_the_text(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        check_text(Asked(text))


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (use) RETURN use",
        "MATCH (n) RETURN n {use: 1}, n.use",
        "RETURN Date.Truncate('day', date())",
        "RETURN 'USE x'",
    ],
)
def test_the_same_words_as_names_are_allowed(text: str) -> None:
    check_text(Asked(text))


@pytest.mark.parametrize("text", ["", "  ", "\n\t"])
def test_an_empty_query_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="empty"):
        asked(text)
