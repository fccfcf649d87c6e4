"""The words of a query are those that the server reads."""

from __future__ import annotations

import pytest

from influence_graph.stores.neo4j.words import functions, procedures, without_escapes, words


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (r"'\\u0027'", r"'\\u0027'"),  # as the server answers: a backslash behind another begins no escape
        (r"'\\\u0041'", r"'\\A'"),
        (r"\u005cu0027", r"\u0027"),
        (r"\u0063ount", "count"),
        (r"'\uu0041'", r"'\uu0041'"),  # which it refuses
    ],
)
def test_escapes_are_read_as_the_server_reads_them(text: str, read: str) -> None:
    assert without_escapes(text) == read


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("RETURN a.b /* ( */ . c (1)", ["a.b.c"]),
        ("RETURN `a.b`(1), `a```(1)", ["a.b", "a`"]),
        ("RETURN x[1..size(y)]", ["size"]),
        ("RETURN x.y.z(1) + (2) - [(a)--(b)]", ["x.y.z"]),
        ("RETURN (n).x(1), 2.x(1)", [".x", ".x"]),
        ("RETURN a\u200b(1), b$(1), c\u00a0(1)", ["a\u200b", "b$", "c"]),
        ("RETURN d\u0301(1), e\x85(1), f\x00(1)", ["d\u0301", "e\x85", "f\x00"]),
        ("RETURN 'f(1)', \"g(1)\", /* h(1) */ `i(1)` // j(1)\n, k(1)", ["k"]),
        ("CALL db.x(f(1)) YIELD y WHERE (y) IN (z)", ["f"]),
        ("MATCH (n) USING INDEX n:Label(id) RETURN {index: f(1), x:g(2)}", ["f", "g"]),
    ],
)  # fmt: skip
def test_whatever_stands_before_a_parenthesis_and_is_no_keyword_is_a_function(text: str, called: list[str]) -> None:
    assert list(functions(words(text))) == called


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("CALL db.labels", ["db.labels"]),
        ("call db . /* x */ `labels`()", ["db.labels"]),
        ("CALL `db.labels`", ["db.labels"]),
        ("CALL eve()", ["eve"]),
        ("CALL (n) { RETURN 1 } WITH n.call AS call WHERE call IN (1) RETURN call ORDER BY x", []),
        ("RETURN [x IN y | COLLECT { OPTIONAL CALL a.b.c() YIELD z }]", ["a.b.c"]),
        ("RETURN 'CALL a.b()' // CALL a.b()", []),
    ],
)
def test_whatever_follows_call_and_is_no_subquery_is_a_procedure(text: str, called: list[str]) -> None:
    assert list(procedures(words(text))) == called
