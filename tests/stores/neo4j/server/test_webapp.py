"""Pages of our own in a copy of the Browser's jar."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest

from influence_graph.errors import InputError
from influence_graph.stores.neo4j.server import launcher as server
from influence_graph.stores.neo4j.server.webapp import commands_after_login, with_pages


@pytest.fixture
def jar(tmp_path: Path) -> Path:
    path = tmp_path / "browser.jar"
    with ZipFile(path, "w") as file:
        file.writestr("browser/index.html", "the Browser")
    return path


def test_the_copy_has_the_browser_and_the_pages_and_the_jar_is_unchanged(jar: Path, tmp_path: Path) -> None:
    before, target = jar.read_bytes(), tmp_path / "with pages.jar"
    for pages in ({"a.html": b"1", "b.css": b"2"}, {"a.html": b"3"}):
        with_pages(jar, pages, target)
        with ZipFile(target) as copy:
            names = ["browser/index.html", *(f"browser/influence-graph/{name}" for name in pages)]
            assert copy.namelist() == names
            assert copy.read("browser/influence-graph/a.html") == pages["a.html"]
    assert jar.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["browser.jar", "with pages.jar"]


def test_a_copy_that_cannot_be_written_is_an_input_error(jar: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        with_pages(jar, {}, tmp_path / "missing" / "x.jar")


def test_style_and_guide_are_opened_after_a_login_where_they_are_there() -> None:
    pages = {"guide.html": b"", "style.grass": b"", "x": b""}
    at = "http://localhost:7474/browser/"
    expected = f"style {at}influence-graph/style.grass; guide {at}influence-graph/guide.html"
    assert commands_after_login(at, pages) == expected
    assert server._settings(7687, 7474, server.ServerOptions(pages=pages))["browser.post_connect_cmd"] == expected
    assert "browser.post_connect_cmd" not in server._settings(7687, 7474, server.ServerOptions())
