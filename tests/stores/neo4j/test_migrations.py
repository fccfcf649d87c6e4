"""The files of the schema: numbered without gaps, each statement by itself, repeatable."""

from __future__ import annotations

from pathlib import Path

import pytest

from influence_graph.stores.neo4j.migrations import known, statements
from influence_graph.stores.neo4j.queries import parse


def test_migrations_are_numbered_from_1_without_a_gap() -> None:
    assert list(known()) == list(range(1, len(known()) + 1))
    assert [path.stem[:5] for path in known().values()] == [f"V{number:04}" for number in known()]


@pytest.mark.parametrize("path", known().values(), ids=lambda path: path.stem)
def test_every_statement_of_a_migration_can_be_repeated(path: Path) -> None:
    found = statements(path)
    assert found
    for text in found:
        assert ";" not in text
        assert not text.startswith("//")
        if text.startswith("CREATE"):
            assert "IF NOT EXISTS" in text
        if text.startswith("DROP"):
            assert "IF EXISTS" in text


def test_statements_end_with_semicolons_and_comments_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "V0009__x.cypher").write_text("// about; it\nRETURN 1;\n\n// more\nRETURN\n  2;\n;\n")
    assert statements(tmp_path / "V0009__x.cypher") == ["RETURN 1", "RETURN\n  2"]


def test_a_query_is_its_header_and_its_statement(tmp_path: Path) -> None:
    (tmp_path / "x.cypher").write_text(
        "// Who is it?\n// name: x\n// parameters: a, b\n// columns: -\n// WRITE\nRETURN $a\n"
    )
    found = parse(tmp_path / "x.cypher")
    assert (found.name, found.about, found.parameters, found.columns) == ("x", "Who is it?", ("a", "b"), ())
    assert (found.writes, found.text) == (True, "RETURN $a")
