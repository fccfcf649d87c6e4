from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from influence_graph.app.open import open_store
from influence_graph.cli.completion.words import words
from influence_graph.cli.main import main
from influence_graph.cli.shell.completer import ShellCompleter
from influence_graph.cli.shell.session import Session
from influence_graph.errors import StoreUnreachable
from influence_graph.stores.base import Rows


class Server:
    """Stands for a Neo4j: answers what the completer asks for, or is away."""

    url, language = "bolt://localhost:7687", "Cypher"

    def __init__(self) -> None:
        self.is_away = False
        self.asked: list[str] = []

    def query(self, text: str, parameters: Mapping[str, Any] | None = None, **_: object) -> Rows:
        if self.is_away:
            raise StoreUnreachable("no Neo4j answers")
        self.asked.append(text)
        names = {
            "db.labels": ["Brand", "Consumer"],
            "db.relationshipTypes": ["BOND", "FOLLOWS"],
            "db.propertyKeys": ["id", "name"],
        }
        return Rows(["x"], [(name,) for called, of in names.items() if called in text for name in of])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store")
    CliRunner().invoke(main, ["import", "story", "--store", str(folder)], catch_exceptions=False)
    return folder


def offered(session: Session, text: str) -> list[str]:
    completer = ShellCompleter(session, words())
    return [each.text for each in completer.get_completions(Document(text), CompleteEvent())]


@pytest.fixture
def sql(folder: Path) -> Session:
    return Session(open_store(folder), open_store)


@pytest.fixture
def cypher() -> Session:
    return Session(Server(), open_store)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (":pa", [":param", ":params"]),
        (":format js", ["json", "jsonl"]),
        (":questions bo", ["bonds"]),
        (":show brand-b", ["brand-bonds"]),
        (":ask brand-bonds br", ["brand="]),
        (":params ", ["clear"]),
        ("brand-b", ["brand-bonds"]),
        ("brand-bonds ", ["brand=", "limit="]),
        ("brand-bonds brand=sweater ", ["limit="]),
        ("brand-bonds brand=s", ["sneakers", "sweater"]),
        ("top-by measure=hits", ["hits-authority", "hits-hub"]),
        ("SELECT 1;\nSELECT * FROM peo", ["people"]),
        ("SELECT name FROM people WHERE fol", ["followers"]),
        ("SELECT people.nam", ["name"]),
        ("SELECT id FROM people JOIN b", ["brands", "bonds"]),
        ("SELECT max(as", ["ASC", "AS", "as_of"]),
        ("selec", ["SELECT"]),
        (":nothing of this ", []),
    ],
)
def test_a_tab_on_the_embedded_store(sql: Session, text: str, expected: list[str]) -> None:
    assert sorted(offered(sql, text)) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MATCH (c:", ["Brand", "Consumer"]),
        ("MATCH (c:Con", ["Consumer"]),
        ("MATCH (:Brand|", ["Brand", "Consumer"]),
        ("MATCH (c)-[:", ["BOND", "FOLLOWS"]),
        ("MATCH (c)-[b:BOND|fol", ["FOLLOWS"]),
        ("MATCH (c) WHERE c.n", ["name"]),
        ("MATCH (c {", ["id", "name"]),
        ("MATCH (c {id: 'ann', na", ["name"]),
        ("MATCH (c) RETURN labe", ["labels("]),
        ("MATCH (c) opti", ["OPTIONAL"]),
        ("RETURN $", ["$brand"]),
        ("RETURN 1; MATCH (c:Br", ["Brand"]),
    ],
)
def test_a_tab_on_a_server(cypher: Session, text: str, expected: list[str]) -> None:
    cypher.parameters["brand"] = "sweater"
    assert offered(cypher, text) == expected


def test_names_are_asked_for_once_and_again_where_the_server_was_away(cypher: Session) -> None:
    completer, server = ShellCompleter(cypher, words()), cypher.store
    assert isinstance(server, Server)
    server.is_away = True

    def tab(text: str) -> list[str]:
        return [each.text for each in completer.get_completions(Document(text), CompleteEvent())]

    assert tab("MATCH (c:") == []
    assert tab("MATCH (c) RET") == ["RETURN"]
    server.is_away = False
    assert tab("MATCH (c:") == ["Brand", "Consumer"]
    assert len(server.asked) == 3
    tab("MATCH (c:")
    assert len(server.asked) == 3


def test_ids_with_blanks_come_in_quotes(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text('id\n"Ann Lee"\nAnn"s\n')
    CliRunner().invoke(main, ["ingest", str(tmp_path / "people.csv"), "--store", str(tmp_path)])
    session = Session(open_store(tmp_path), open_store)
    assert '"Ann Lee"' in offered(session, "audience person=Ann")


def test_files_are_completed_for_an_export(sql: Session, tmp_path: Path) -> None:
    (tmp_path / "answers").mkdir()
    assert offered(sql, f":export {tmp_path}/ans") == ["wers"]
