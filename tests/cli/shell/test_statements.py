from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.cli.shell.statements import Asked, Statements, given_in
from influence_graph.errors import InputError

CYPHER = Statements("Cypher", {"brand-bonds", "path"})
SQL = Statements("SQL", {"brand-bonds", "path"})


def pieces(text: str, language: str) -> list[str]:
    """Return *text* cut at each ; that ends a statement, found a character at a time."""
    cut, current, place = [""], "", 0
    comments = {"//": "\n", "/*": "*/"} if language == "Cypher" else {"--": "\n", "/*": "*/"}
    quotes = "'\"`" if language == "Cypher" else "'\""
    while place < len(text):
        two, one = text[place : place + 2], text[place]
        if current:
            if current in "'\"" and language == "Cypher" and one == "\\":
                cut[-1] += two
                place += 2
                continue
            closing = comments.get(current, current)
            if text.startswith(closing, place):
                cut[-1] += closing
                place += len(closing)
                current = ""
                continue
        elif two in comments:
            current = two
            cut[-1] += two
            place += 2
            continue
        elif one in quotes:
            current = one
        elif one == ";":
            cut.append("")
            place += 1
            continue
        cut[-1] += one
        place += 1
    return cut


def bare(text: str, language: str) -> str:
    """Return *text* without the blanks and comments that it begins with."""
    comments = {"//": "\n", "/*": "*/"} if language == "Cypher" else {"--": "\n", "/*": "*/"}
    while True:
        text = text.lstrip()
        closing = comments.get(text[:2])
        if closing is None:
            return text
        _, found, rest = text[2:].partition(closing)
        text = rest if found else ""


@given(st.lists(st.sampled_from(["'", '"', "`", ";", "//", "--", "/*", "*/", "\n", "\\", "a", " "]), max_size=14))
@pytest.mark.parametrize("statements", [CYPHER, SQL], ids=["Cypher", "SQL"])
def test_statements_end_at_the_semicolons_that_a_reader_by_character_finds(
    statements: Statements, parts: list[str]
) -> None:
    text = "".join(parts)
    done, rest = statements.split(text)
    *ended, left = [bare(piece, statements.language) for piece in pieces(text, statements.language)]
    assert done == [piece.strip() for piece in ended if piece.strip()]
    assert rest.strip() == left.strip()


def test_a_relationship_is_no_comment_of_cypher_and_a_division_is_none_of_sql() -> None:
    assert CYPHER.split("MATCH (a)--(b) RETURN a;x") == (["MATCH (a)--(b) RETURN a"], "x")
    assert SQL.split("SELECT 7 // 2; y") == (["SELECT 7 // 2"], "y")
    assert SQL.split("SELECT 'it''s; here'; y") == (["SELECT 'it''s; here'"], "y")


def test_lines_of_the_shell_and_questions_end_with_their_line() -> None:
    text = ":param a => 1\nbrand-bonds brand=sweater;\n// of mine\n:params\nMATCH (n)\nRETURN n;\n:qu"
    assert CYPHER.split(text) == (
        [":param a => 1", "brand-bonds brand=sweater", ":params", "MATCH (n)\nRETURN n"],
        ":qu",
    )


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("brand-bonds", Asked("brand-bonds")),
        ("brand-bonds brand=sweater limit=3;", Asked("brand-bonds", {"brand": "sweater", "limit": "3"})),
        ("path start='Ann Lee' end=\"o'hara\"", Asked("path", {"start": "Ann Lee", "end": "o'hara"})),
        ("path start=o'hara", Asked("path", {"start": "o'hara"})),
        ("path = shortestPath((a)--(b))", None),
        ("path start", None),
        ("unknown brand=sweater", None),
        ("MATCH path=(a) RETURN path", None),
    ],
)
def test_a_question_is_a_known_name_and_nothing_but_assignments(line: str, asked: Asked | None) -> None:
    assert CYPHER.asked(line) == asked


def test_what_is_no_assignment_is_named() -> None:
    with pytest.raises(InputError, match=r"'sweater' is not NAME=VALUE; such as brand=sweater"):
        given_in(["limit=3", "sweater"])
