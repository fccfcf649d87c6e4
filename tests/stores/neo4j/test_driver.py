"""The errors that a user sees when the server cannot be used."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import neo4j
import pytest

from influence_graph.errors import AuthenticationFailed, InputError, StoreUnreachable
from influence_graph.stores.neo4j.driver import Connection, check_url, connection_to, open_driver, opened
from influence_graph.stores.neo4j.home import home_at


def attempt(url: str, password: str = "wrong-password") -> None:
    with opened(Connection(url, "neo4j", password)):
        pass


@pytest.fixture
def listener():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server


def test_a_port_without_a_server_is_unreachable_with_address_and_remedy() -> None:
    with pytest.raises(StoreUnreachable, match=r"127\.0\.0\.1:9.*neo4j up") as error:
        attempt("bolt://127.0.0.1:9")
    assert error.value.exit_code == 3


def test_a_server_that_never_answers_is_given_up_within_ten_seconds(listener: socket.socket) -> None:
    started = time.monotonic()
    with pytest.raises(StoreUnreachable):
        attempt(f"bolt://127.0.0.1:{listener.getsockname()[1]}")
    assert time.monotonic() - started < 10


def test_a_server_that_speaks_another_protocol_is_named(listener: socket.socket) -> None:
    def answer() -> None:
        client, _ = listener.accept()
        client.sendall(b"SSH-2.0-x\r\n")
        client.close()

    threading.Thread(target=answer, daemon=True).start()
    with pytest.raises(StoreUnreachable):
        attempt(f"bolt://127.0.0.1:{listener.getsockname()[1]}")


@pytest.mark.neo4j
def test_the_http_port_is_recognized(neo4j_url: str) -> None:
    home = home_at(urlsplit(neo4j_url).port or 0)
    if home is None:
        pytest.skip("the HTTP port of the server in NEO4J_URI is not known")
    state = home.read_state()
    assert state is not None
    with pytest.raises(StoreUnreachable, match="port of the Browser"):
        attempt(f"bolt://127.0.0.1:{state.http_port}")


@pytest.mark.neo4j
def test_tls_to_a_plain_port_is_explained(neo4j_url: str) -> None:
    with pytest.raises(StoreUnreachable, match="TLS"):
        attempt(neo4j_url.replace("bolt:", "bolt+ssc:"))


def test_a_bad_host_name_is_explained() -> None:
    with pytest.raises(StoreUnreachable, match=r"check the name no-such-host\.invalid"):
        attempt("bolt+s://no-such-host.invalid")


@pytest.mark.neo4j
def test_a_wrong_password_is_tried_once(neo4j_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []
    original = neo4j.GraphDatabase.driver
    monkeypatch.setattr(neo4j.GraphDatabase, "driver", lambda *a, **k: tries.append(a) or original(*a, **k))
    with pytest.raises(AuthenticationFailed, match="NEO4J_PASSWORD") as error:
        attempt(neo4j_url)
    assert error.value.exit_code == 4
    assert len(tries) == 1
    assert "wrong-password" not in str(error.value)


@pytest.mark.neo4j
def test_the_launchers_password_file_is_used_and_the_environment_goes_first(neo4j_url: str) -> None:
    if home_at(urlsplit(neo4j_url).port or 0) is None:
        pytest.skip("the server in NEO4J_URI was not launched here")
    assert connection_to(neo4j_url, {}).password == home_at(urlsplit(neo4j_url).port).ensure_password()
    given = connection_to(neo4j_url, {"NEO4J_USERNAME": "ann", "NEO4J_PASSWORD": "x", "NEO4J_DATABASE": "d"})
    assert (given.username, given.password, given.database) == ("ann", "x", "d")
    assert "password" not in repr(given)


@pytest.mark.neo4j
def test_an_unknown_password_is_said_where_a_server_answers(neo4j_url: str) -> None:
    with pytest.raises(AuthenticationFailed, match=r"no password is known.*NEO4J_PASSWORD"):
        attempt(neo4j_url, password="")


def test_where_nothing_answers_that_is_said_first_with_or_without_a_password() -> None:
    with pytest.raises(StoreUnreachable):
        attempt("bolt://127.0.0.1:9", password=connection_to("bolt://127.0.0.1:9", {}).password)


@pytest.mark.parametrize(
    "url",
    [
        "bolt://neo4j:secret@localhost", "neo4j://neo4j@localhost", "http://localhost:7474", "bolt://", "bolt://h:99999",
        "bolt://localhost/neo4j", "bolt://localhost?x=1", "bolt://example.com", "neo4j://10.0.0.1:7687",
    ],
)  # fmt: skip
def test_addresses_that_leak_or_mislead_are_refused(url: str) -> None:
    with pytest.raises(InputError) as error:
        check_url(url)
    assert "secret" not in str(error.value)
    assert error.value.remedy


@pytest.mark.parametrize(
    "url", ["bolt://localhost", "bolt://127.0.0.1:1", "neo4j://[::1]:7687", "neo4j+s://example.com", "bolt+ssc://h:7"]
)
def test_addresses_on_this_machine_or_with_tls_are_accepted(url: str) -> None:
    check_url(url)


def test_a_plain_connection_to_another_host_can_be_permitted() -> None:
    check_url("bolt://example.com", allow_remote_plaintext=True)


def test_a_name_server_that_never_answers_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    never = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: never.wait())
    with pytest.raises(StoreUnreachable, match=r"the name example\.test was not found within 0\.1 s") as error:
        open_driver(Connection("bolt+s://example.test", "neo4j", "p"), 0.1)
    never.set()
    assert "name server" in error.value.remedy


def test_the_password_comes_from_a_file_of_mode_0600_and_from_one_place(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("pass/word with blanks\n")
    file.chmod(0o600)
    named = {"NEO4J_PASSWORD_FILE": str(file)}
    assert connection_to("bolt://127.0.0.1:9", named).password == "pass/word with blanks"
    with pytest.raises(InputError, match="NEO4J_PASSWORD and NEO4J_PASSWORD_FILE are both set"):
        connection_to("bolt://127.0.0.1:9", {**named, "NEO4J_PASSWORD": "other"})
    file.chmod(0o644)
    with pytest.raises(InputError, match=r"others can read the password file .*; run: chmod 600"):
        connection_to("bolt://127.0.0.1:9", named)
