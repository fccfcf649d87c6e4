"""Which plans and texts are read-only, without a server: the list holds for any nesting."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.errors import InputError, StoreError, StoreUnreachable
from influence_graph.stores.neo4j.guard import check_plan, check_prefix
from influence_graph.stores.neo4j.reading import _within

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
    check_plan(plan)


@given(plans, st.sampled_from(WRITING), st.data())
def test_one_other_step_anywhere_makes_it_refused_by_name(plan: dict[str, Any], name: str, data: st.DataObject) -> None:
    data.draw(st.sampled_from(steps(plan)))["operatorType"] = f"{name}(All)@neo4j"
    with pytest.raises(InputError, match=f"step {name}"):
        check_plan(plan)


@pytest.mark.parametrize("operator", ["Expand(All)@neo4j", "Expand(Into)@neo4j", "VarLengthExpand(Pruning)", "Filter"])
def test_the_variant_and_the_database_of_a_step_do_not_matter(operator: str) -> None:
    check_plan({"operatorType": operator, "args": {}})


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
        check_plan(plan)
    else:
        with pytest.raises(InputError, match="among the procedures that only read"):
            check_plan(plan)


def test_a_query_without_a_plan_is_refused() -> None:
    with pytest.raises(InputError, match="administration command"):
        check_plan(None)


@given(
    st.sampled_from(["EXPLAIN", "profile", "Cypher", "eXpLaIn"]),
    st.lists(st.sampled_from([" ", "\n", "\t", "// note\n", "/* a\nb */"]), max_size=4).map("".join),
)
def test_a_word_of_the_planner_is_found_behind_blanks_and_comments(word: str, before: str) -> None:
    with pytest.raises(InputError, match="EXPLAIN, PROFILE or CYPHER"):
        check_prefix(f"{before}{word} MATCH (n) RETURN n")


@pytest.mark.parametrize(
    "text",
    ["MATCH (n) RETURN n", "MATCH (explain) RETURN explain", "explained", "// EXPLAIN\nRETURN 1", "RETURN 'PROFILE'"],
)
def test_such_a_word_elsewhere_is_a_word(text: str) -> None:
    check_prefix(text)


@pytest.mark.parametrize("text", ["", "  ", "\n\t"])
def test_an_empty_query_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="empty"):
        check_prefix(text)


def test_an_answer_in_time_is_returned_and_an_error_raised_again() -> None:
    assert _within(60.0, "bolt://x", lambda: 7) == 7

    def refuse() -> int:
        raise InputError("mine")

    with pytest.raises(InputError, match="mine"):
        _within(60.0, "bolt://x", refuse)

    def lost() -> int:
        raise OSError("connection reset")

    with pytest.raises(StoreUnreachable):
        _within(60.0, "bolt://x", lost)


def test_an_answer_that_never_comes_is_given_up() -> None:
    never = threading.Event()
    with pytest.raises(StoreError, match=r"bolt://x sent nothing more for 0\.05 s"):
        _within(0.05, "bolt://x", never.wait)
    never.set()
