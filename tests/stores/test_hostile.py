"""Read-only means read-only: on both stores nothing changes, no file is read, nobody is called, every query ends."""

from __future__ import annotations

import os
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import neo4j
import pytest

from influence_graph.errors import InputError, StoreError
from influence_graph.model.records import BRANDS, CAMPAIGNS, INTERACTIONS, PEOPLE, SALES, TIES
from influence_graph.stores.base import Store
from influence_graph.stores.embedded.store import EmbeddedStore
from influence_graph.stores.neo4j.server import artifacts
from influence_graph.stores.neo4j.server import launcher as server
from influence_graph.stores.neo4j.store import Neo4jStore
from tests.conftest import WIPE
from tests.stores import hostile
from tests.stores.given import DAY, batch, event, tie

SECRET = "canary-7f3a"
GRACE = 5.0
REFUSED_WITHIN, READS_WITHIN, GIANTS_WITHIN, MOST_ROWS = 30.0, 60.0, 1.0, 1000
CAPPED = ("took longer", "has more than", "more memory", "would use more than", "heap space", "ended early")


APOC = (
    "org.neo4j.procedure:apoc-core:5.26.19",
    "org.neo4j.procedure:apoc-common:5.26.19",
    "com.fasterxml.woodstox:woodstox-core:6.6.2",
)  # the part of it that needs nothing else
WITH_PLUGINS = os.environ.get("INFLUENCE_GRAPH_TEST_PLUGINS", "").split(",")


def on(plugin: str) -> object:
    skipped = pytest.mark.skipif(
        plugin not in WITH_PLUGINS, reason="INFLUENCE_GRAPH_TEST_PLUGINS=gds,apoc downloads it"
    )
    return pytest.param(plugin, marks=[pytest.mark.neo4j, skipped])


@pytest.fixture(scope="module")
def neo4j_with(neo4j_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """Return a function that gives the address of a server with a plugin that may do everything.

    It starts after that of the other tests, and its state lies in the same place.
    """
    homes: dict[str, Path] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("NEO4J_PASSWORD", raising=False)
        settings = server._settings
        everything = {"dbms.security.procedures.unrestricted": "gds.*,apoc.*"}
        patch.setattr(server, "_settings", lambda *given: settings(*given) | everything)
        patch.setitem(artifacts.PLUGINS, "apoc", APOC)
        patch.setitem(artifacts.EXPECTED_JARS, (*artifacts.COORDINATES, *APOC), 228)

        def start(plugin: str) -> str:
            home = homes.setdefault(plugin, tmp_path_factory.mktemp(plugin))
            (home / "conf").mkdir(exist_ok=True)
            files = ("import.file.enabled=true", "export.file.enabled=true", "import.file.use_neo4j_config=false")
            (home / "conf" / "apoc.conf").write_text("".join(f"apoc.{line}\n" for line in files))
            return server.up(
                home, server.ServerOptions(heap="512m", page_cache="64m", plugins=(plugin,), start_timeout=300.0)
            ).uri

        yield start
        for home in homes.values():
            server.down(home)


@pytest.fixture(params=["embedded", pytest.param("neo4j", marks=pytest.mark.neo4j), on("gds"), on("apoc")])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Return a store with a few records of each kind."""
    if request.param == "embedded":
        yield filled(EmbeddedStore(tmp_path / "store"))
    elif request.param == "neo4j":
        yield filled(request.getfixturevalue("neo4j_store"))
    else:
        found = Neo4jStore(request.getfixturevalue("neo4j_with")(request.param), cache=tmp_path / "mirror")
        found._database.execute(WIPE)
        yield filled(found)
        found.close()


def filled(store: Store) -> Store:
    store.migrate()
    store.append(BRANDS, [batch(BRANDS, {"id": "acme", "name": "Acme"}, {"id": "bolt"})])
    people = ({"id": name, "name": name.title()} for name in ("ann", "bob", "cid", "dan", "eli", "fay", "gus", "hal"))
    store.append(PEOPLE, [batch(PEOPLE, *people)])
    pairs = [(a, b) for a in ("ann", "bob", "cid", "dan", "eli", "fay") for b in ("ann", "bob", "cid", "dan") if a != b]
    store.append(TIES, [batch(TIES, *(tie(a, b) for a, b in pairs))])
    events = (event(f"e{n}", "ann" if n % 2 else "bob", "acme" if n % 3 else "bolt", n % 20) for n in range(40))
    store.append(INTERACTIONS, [batch(INTERACTIONS, *events)])
    store.append(CAMPAIGNS, [batch(CAMPAIGNS, {"event_id": "c1", "at": DAY, "brand": "acme"})])
    store.append(SALES, [batch(SALES, {"brand": "acme", "date": DAY.date(), "value": 1.0, "segment": ""})])
    return store


@pytest.fixture
def calls() -> Iterator[socket.socket]:
    """Return a socket at which nobody may call."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening


def chosen(store: Store, kind: str) -> list[str]:
    of = {
        "hostile": (hostile.CYPHER, hostile.SQL),
        "giants": (hostile.CYPHER_GIANTS, hostile.SQL_GIANTS),
        "reads": (hostile.CYPHER_READS, hostile.SQL_READS),
    }
    return of[kind][store.language == "SQL"]


def contents(store: Store) -> tuple[object, ...]:
    """Return what no query may change."""
    if store.language == "SQL":
        return store.digest(), store.counts(), store.runs()
    asked = ("MATCH (n) RETURN count(n)", "MATCH ()-[r]->() RETURN count(r)", "SHOW INDEXES YIELD name",
             "SHOW CONSTRAINTS YIELD name", "CALL db.labels()", "CALL db.propertyKeys()")  # fmt: skip
    seen = store.digest(), store.counts(), store.runs(), *(sorted(store.query(text).rows) for text in asked)
    return *seen, catalog(store)


def raw(store: Store, text: str) -> list[list[object]]:
    """Return the rows of *text* in READ mode, asked of the server without any guard."""
    with store._database.session(neo4j.READ_ACCESS) as session:  # type: ignore[attr-defined]
        return session.run(text).values()


def catalog(store: Store) -> list[object]:
    """Return the graphs that Graph Data Science holds in memory; none without the plugin."""
    if not raw(store, "SHOW PROCEDURES YIELD name WHERE name = 'gds.graph.list' RETURN name"):
        return []
    return [name for (name,) in raw(store, "CALL gds.graph.list() YIELD graphName")]


@pytest.fixture
def bystander(store: Store) -> Iterator[None]:
    """Hold a transaction open on a connection of its own; it must still be there at the end."""
    if store.language == "SQL":
        yield
        return
    with (
        Neo4jStore(store.url) as another,
        another._database.session(neo4j.READ_ACCESS) as session,
        session.begin_transaction() as transaction,
    ):
        transaction.run("RETURN 1").consume()
        yield
        assert transaction.run("RETURN 1").single(strict=True)[0] == 1


def outcome(store: Store, text: str, seconds: float) -> tuple[str, float, str]:
    """Return whether the query was answered, refused or stopped, in what time, and what was said."""
    started = time.monotonic()
    given = {"url": "x", "name": "x"} if "$url" in text or "$name" in text else {}
    try:
        answer = store.query(text, given, timeout=seconds, max_rows=MOST_ROWS)
    except (InputError, StoreError) as error:
        said = str(error) if error.remedy else ""
        what = "stopped" if any(word in said for word in CAPPED) else "refused"
    else:
        said, what = repr(answer), "answered"
    return what, time.monotonic() - started, said


def answers(
    store: Store, kind: str, replaced: dict[str, str], seconds: float, at_once: int = 1
) -> dict[str, tuple[str, float, str]]:
    """Return the outcome of each query of *kind*, which must come within *seconds* and the grace."""

    def asked(line: str) -> tuple[str, float, str]:
        for mark, value in replaced.items():
            line = line.replace(mark, value)
        return outcome(store, line.replace("\\n", "\n"), seconds)

    lines = chosen(store, kind)
    with ThreadPoolExecutor(at_once) as pool:
        found = dict(zip(lines, pool.map(asked, lines), strict=True))
    assert not [(line, took) for line, (_, took, _) in found.items() if took > seconds + GRACE]
    return found


def test_nothing_but_reading_is_done(store: Store, bystander: None, calls: socket.socket, tmp_path: Path) -> None:
    canary, new = tmp_path / "canary.csv", tmp_path / "new.csv"
    canary.write_text(f"{SECRET},1\n{SECRET},2\n", encoding="utf-8")
    canary.chmod(0o644)
    replaced = {"@FILE@": str(canary), "@NEW@": str(new), "@PORT@": str(calls.getsockname()[1]),
                "@LONG@": "a" * 60 + "c", "@DEEP@": "+" * 20_000}  # fmt: skip
    before = contents(store)
    found = answers(store, "hostile", replaced, REFUSED_WITHIN, at_once=4)
    wrong = [(line, what, said) for line, (what, _, said) in found.items() if what != "refused"]
    assert not wrong
    assert all(said and "\n" not in said for _, _, said in found.values())
    found |= answers(store, "giants", replaced, GIANTS_WITHIN)
    assert not [line for line, (_, _, said) in found.items() if SECRET in said]
    assert contents(store) == before
    assert not new.exists()
    with pytest.raises(BlockingIOError):
        calls.accept()
    counted = Counter(what for what, _, _ in found.values())
    took, line = max((took, line) for line, (_, took, _) in found.items())
    print(  # noqa: T201 - the figures, for -s
        f"{store.language}: {counted.total()} queries, {dict(counted)}, slowest {took:.1f} s: {line[:100]}"
    )
    assert counted.total() >= 150
    assert counted["stopped"] >= 5


def test_who_only_reads_is_answered(store: Store) -> None:
    found = answers(store, "reads", {}, READS_WITHIN, at_once=4)
    assert {line: said for line, (what, _, said) in found.items() if what != "answered"} == {}
    assert len(found) >= 30


def test_without_the_guard_it_would_be(store: Store, calls: socket.socket) -> None:
    """What a plan does not show, READ mode alone permits: the list of hostile queries is one."""
    if store.language == "SQL":
        pytest.skip("the embedded store has no functions of others")
    address = f"http://127.0.0.1:{calls.getsockname()[1]}/x"
    asked = [f"RETURN [x IN [1] | COLLECT {{ LOAD CSV FROM '{address}' AS r RETURN r }}]"]
    if raw(store, "SHOW FUNCTIONS YIELD name WHERE name STARTS WITH 'apoc.cypher.' RETURN name"):
        asked.append(f"RETURN apoc.cypher.runFirstColumnSingle('LOAD CSV FROM \"{address}\" AS r RETURN r', {{}})")
    for text in asked:
        with ThreadPoolExecutor(1) as pool:
            done = pool.submit(raw, store, text)
            calls.settimeout(20)
            called, _ = calls.accept()
            with called:  # without an answer Java calls again, and waits for a minute
                called.recv(1 << 16)
                called.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            assert done.exception()
    if raw(store, "SHOW FUNCTIONS YIELD name WHERE name = 'gds.graph.project' RETURN name"):
        raw(store, "MATCH (n) RETURN gds.graph.project('eve', n, null)")
        assert catalog(store) == ["eve"]
        raw(store, "CALL gds.graph.drop('eve') YIELD graphName")
    listed = "CALL dbms.listConnections() YIELD connectionId RETURN connectionId"
    assert raw(store, f"RETURN [x IN [1] | COLLECT {{ {listed} }}]")[0][0][0]
