"""A wrong address, a wrong password and another schema: one line of cause and remedy, and the exit code, at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import duckdb
import pytest

from influence_graph.stores.embedded.store import FILE_NAME, EmbeddedStore
from influence_graph.stores.neo4j.driver import connection_to
from influence_graph.stores.neo4j.home import home_at
from influence_graph.stores.neo4j.store import Neo4jStore
from tests.cli.conftest import Outcome, Run
from tests.stores.proxy import Proxy

VERBS = (("rank",), ("import", "story"))
"""A command that reads, and one that writes."""
SECRET = "not-the-password-9"


def refused(done: Outcome, code: int, *parts: str) -> None:
    """Require one line, of cause and remedy, and the exit code."""
    (line,) = done.err.splitlines()
    assert (done.code, line[:7], done.out) == (code, "error: ", ""), done.err
    for part in parts:
        assert part in line
    assert "; " in line
    assert SECRET not in line


@pytest.mark.parametrize("verb", VERBS, ids=["reads", "writes"])
@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("bolt://127.0.0.1:9", ("no Neo4j answers at bolt://127.0.0.1:9", "neo4j up")),
        ("bolt+s://no-such-host.invalid", ("check the name no-such-host.invalid",)),
    ],
    ids=["port", "name"],
)
def test_what_answers_nowhere_is_exit_3(run: Run, verb: tuple[str, ...], url: str, parts: tuple[str, ...]) -> None:
    refused(run(*verb, "--store", url, NEO4J_PASSWORD=SECRET), 3, *parts)


@pytest.mark.neo4j
@pytest.mark.parametrize("verb", VERBS, ids=["reads", "writes"])
def test_the_port_of_the_browser_is_exit_3(run: Run, neo4j_url: str, verb: tuple[str, ...]) -> None:
    home = home_at(urlsplit(neo4j_url).port or 0)
    state = None if home is None else home.read_state()
    if state is None:
        pytest.skip("the HTTP port of the server in NEO4J_URI is not known")
    url = f"bolt://127.0.0.1:{state.http_port}"
    refused(run(*verb, "--store", url, NEO4J_PASSWORD=SECRET), 3, url, "the port of the Browser")


@pytest.mark.neo4j
@pytest.mark.parametrize("scheme", ["bolt+s", "bolt+ssc", "neo4j+s"])
def test_tls_to_a_port_without_is_exit_3(run: Run, neo4j_url: str, scheme: str) -> None:
    url = neo4j_url.replace("bolt:", f"{scheme}:")
    refused(run("rank", "--store", url, NEO4J_PASSWORD=SECRET), 3, url, "check that the server has TLS")


@pytest.mark.neo4j
@pytest.mark.parametrize("verb", VERBS, ids=["reads", "writes"])
def test_a_wrong_password_is_sent_once(run: Run, neo4j_url: str, verb: tuple[str, ...]) -> None:
    """The proxy counts how often it was sent: a second try could lock the account for others."""
    with Proxy(neo4j_url) as proxy:
        done = run(*verb, "--store", proxy.url, NEO4J_USERNAME="neo4j", NEO4J_PASSWORD=SECRET)
        refused(done, 4, "check NEO4J_USERNAME and NEO4J_PASSWORD; it was not tried again")
        assert proxy.logons == 1
        right = connection_to(neo4j_url)
        again = run("rank", "--store", proxy.url, NEO4J_USERNAME=right.username, NEO4J_PASSWORD=right.password)
        assert proxy.logons > 1, again.err  # so a second try would have been counted


@contextmanager
def _first_login(store: Neo4jStore, name: str, password: str) -> Iterator[None]:
    """Let there be a user whose password must be changed first, as that of a fresh server."""
    with store.database.connect(store.database.patience).session(database="system") as session:
        session.run(
            f"CREATE OR REPLACE USER {name} SET PASSWORD $password CHANGE REQUIRED", password=password
        ).consume()
        try:
            yield
        finally:
            session.run(f"DROP USER {name}").consume()


@pytest.mark.neo4j
@pytest.mark.parametrize("verb", VERBS, ids=["reads", "writes"])
def test_a_password_that_must_be_changed_first_is_explained(
    run: Run, neo4j_store: Neo4jStore, verb: tuple[str, ...]
) -> None:
    with _first_login(neo4j_store, "newcomer", SECRET), Proxy(neo4j_store.url) as proxy:
        done = run(*verb, "--store", proxy.url, NEO4J_USERNAME="newcomer", NEO4J_PASSWORD=SECRET)
        refused(done, 4, "wants a new password before the first use", "change it, then set NEO4J_PASSWORD")
        assert proxy.logons == 1


def _later_file(folder: Path) -> None:
    EmbeddedStore(folder).migrate()
    with duckdb.connect(str(folder / FILE_NAME)) as connection:
        connection.execute("INSERT INTO meta VALUES ('migration', 'V9999__later')")


@pytest.mark.parametrize("verb", VERBS, ids=["reads", "writes"])
def test_a_newer_file_is_refused_unchanged(run: Run, tmp_path: Path, verb: tuple[str, ...]) -> None:
    _later_file(tmp_path / "store")
    before = (tmp_path / "store" / FILE_NAME).read_bytes()
    refused(run(*verb, "--store", "store"), 1, "newer version", "V9999__later", "update influence-graph")
    assert (tmp_path / "store" / FILE_NAME).read_bytes() == before


@pytest.mark.neo4j
@pytest.mark.parametrize("verb", VERBS, ids=["reads", "writes"])
def test_a_newer_server_is_refused_unchanged(run: Run, neo4j_store: Neo4jStore, verb: tuple[str, ...]) -> None:
    neo4j_store.migrate()
    right = connection_to(neo4j_store.url)
    database = neo4j_store.database
    database.execute("CREATE (:Migration {version: 9999, name: 'V9999__later'})")
    try:
        done = run(*verb, "--store", neo4j_store.url, NEO4J_USERNAME=right.username, NEO4J_PASSWORD=right.password)
        refused(done, 1, "newer version", "V9999__later", "update influence-graph")
    finally:
        database.execute("MATCH (m:Migration {version: 9999}) DELETE m")
    assert sum(neo4j_store.counts().values()) == 0


@pytest.mark.neo4j
def test_a_server_without_a_schema_gets_it_and_says_so(run: Run, neo4j_store: Neo4jStore) -> None:
    """Nobody has to migrate by hand: a write does, and `migrate` says what it did."""
    right = connection_to(neo4j_store.url)
    given = {"NEO4J_USERNAME": right.username, "NEO4J_PASSWORD": right.password}
    neo4j_store.database.execute("MATCH (m:Migration) DELETE m")
    done = run("migrate", "--store", neo4j_store.url, **given)
    assert (done.code, "V0001" in done.out + done.err) == (0, True)
    again = run("migrate", "--store", neo4j_store.url, **given)
    assert (again.code, "V0001" in again.out + again.err) == (0, False)


def test_a_store_that_is_not_there_says_how_to_make_one(run: Run) -> None:
    refused(run("rank", "--store", "nowhere"), 1, "there is no store in nowhere", "influence-graph import story")
