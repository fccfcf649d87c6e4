"""A network that fails between us and the server: a small proxy on the loopback interface."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from influence_graph.errors import StoreUnreachable
from influence_graph.stores.neo4j.driver import connection_to
from influence_graph.stores.neo4j.store import Neo4jStore

pytestmark = pytest.mark.neo4j


class Proxy:
    """Passes bytes on until ``stalled`` is set; then it drops what the server sends."""

    def __init__(self, target: tuple[str, int]) -> None:
        self.stalled = threading.Event()
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open = [self._listener]
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        for end in self._open:
            end.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(self._target)
            self._open += [client, server]
            threading.Thread(target=self._pump, args=(client, server, False), daemon=True).start()
            threading.Thread(target=self._pump, args=(server, client, True), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, is_answer: bool) -> None:
        try:
            while data := source.recv(65536):
                if not (is_answer and self.stalled.is_set()):
                    sink.sendall(data)
        except OSError:
            return


@pytest.fixture
def proxy(neo4j_url: str) -> Iterator[Proxy]:
    parts = urlsplit(neo4j_url)
    proxy = Proxy((parts.hostname or "", parts.port or 7687))
    yield proxy
    proxy.close()


def test_a_server_that_falls_silent_in_mid_result_is_given_up_soon_after_the_timeout(
    neo4j_url: str, proxy: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = connection_to(neo4j_url)
    monkeypatch.setenv("NEO4J_USERNAME", connection.username)
    monkeypatch.setenv("NEO4J_PASSWORD", connection.password)
    store = Neo4jStore(f"bolt://127.0.0.1:{proxy.port}", cache=tmp_path)
    assert store.query("RETURN 1").rows == [(1,)]
    proxy.stalled.set()
    started = time.monotonic()
    with pytest.raises(StoreUnreachable) as error:
        store.query("UNWIND range(1, 1000000) AS x RETURN x", timeout=1.0, max_rows=10_000_000)
    assert time.monotonic() - started < 6
    assert error.value.remedy
    proxy.close()
    store.close()
