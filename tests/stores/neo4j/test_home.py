"""The home folder of a server: what it remembers, and that its secrets are the user's alone."""

from __future__ import annotations

import hashlib
import json
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.stores.neo4j.driver import connection_to
from influence_graph.stores.neo4j.home import USERNAME, Home, ServerState, home_at


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    place = Home(tmp_path / "home")
    place.create()
    return place


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_folders_are_private_and_made_once(home: Home) -> None:
    (home.root / "data" / "kept").write_text("x")
    home.create()
    assert {path.name for path in home.root.iterdir()} == {"conf", "data", "import", "logs", "plugins", "run"}
    assert {mode(path) for path in home.root.iterdir()} == {0o700}
    assert (home.root / "data" / "kept").exists()


def test_the_state_comes_back_and_is_found_by_its_port(home: Home) -> None:
    assert home.read_state() is None
    state = ServerState(12, 17687, 17474)
    home.write_state(state)
    assert home.read_state() == state
    assert home_at(17687) == home
    assert home_at(17688) is None


def test_a_port_that_another_home_took_over_is_that_of_the_later_one(home: Home, tmp_path: Path) -> None:
    other = Home(tmp_path / "other")
    other.create()
    home.write_state(ServerState(1, 17687, 17474))
    other.write_state(ServerState(2, 17687, 17475))
    assert home_at(17687) == other
    other.write_state(ServerState(2, 17999, 17475))
    assert home_at(17687) is None
    assert home_at(17999) == other


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "{}", '{"pid": 1}', '{"pid": "x", "bolt_port": 1, "http_port": 2}', "\xff"]
)
def test_an_incomplete_or_foreign_state_is_none(home: Home, text: str) -> None:
    home.state_file.write_bytes(text.encode("latin-1"))
    assert home.read_state() is None


@given(st.binary(max_size=60))
def test_no_bytes_of_a_state_file_are_an_error(content: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        home.create()
        home.state_file.write_bytes(content)
        assert home.read_state() is None or isinstance(home.read_state(), ServerState)


def test_a_password_is_made_once_and_is_the_users_alone(home: Home) -> None:
    password = home.ensure_password()
    assert home.ensure_password() == password
    assert len(password) >= 24
    assert mode(home.password_file) == 0o600
    auth = home.root / "data" / "dbms" / "auth.ini"
    assert mode(auth) == 0o600
    assert password not in auth.read_text()


def test_the_server_is_left_the_iterated_hash_of_the_password(home: Home) -> None:
    password = home.ensure_password()
    user, stored, _ = (home.root / "data" / "dbms" / "auth.ini").read_text().split(":")
    algorithm, digest, salt, iterations = stored.split(",")
    assert (user, algorithm) == (USERNAME, "SHA-256")
    found = bytes.fromhex(salt) + password.encode()
    for _ in range(int(iterations)):
        found = hashlib.sha256(found).digest()
    assert found.hex() == digest


def test_two_homes_have_two_passwords(home: Home, tmp_path: Path) -> None:
    other = Home(tmp_path / "other")
    other.create()
    assert home.ensure_password() != other.ensure_password()


def test_a_configuration_is_one_setting_per_line_and_replaces_the_former(home: Home) -> None:
    home.write_conf({"a.b": "1", "c": "x=y"})
    home.write_conf({"a.b": "2"})
    assert (home.root / "conf" / "neo4j.conf").read_text() == "a.b=2\n"
    assert [path.name for path in (home.root / "conf").iterdir()] == ["neo4j.conf"]


def test_the_password_of_a_launched_server_is_sent_to_this_machine_alone(home: Home) -> None:
    password = home.ensure_password()
    home.write_state(ServerState(1, 17687, 17474))
    for host in ("localhost", "127.0.0.1", "[::1]"):
        assert connection_to(f"bolt://{host}:17687", {}).password == password
    for url in ("bolt+s://db.example.com:17687", "bolt://localhost:17688", "bolt://localhost"):
        assert connection_to(url, {}).password == ""


def test_the_environment_goes_before_the_file_of_the_launcher(home: Home) -> None:
    home.ensure_password()
    home.write_state(ServerState(1, 17687, 17474))
    given_ = {"NEO4J_USERNAME": "ann", "NEO4J_PASSWORD": "s3cret", "NEO4J_DATABASE": "town"}
    found = connection_to("bolt://localhost:17687/", given_)
    assert (found.url, found.username, found.password, found.database) == (
        "bolt://localhost:17687", "ann", "s3cret", "town",
    )  # fmt: skip
    assert "s3cret" not in repr(found)
    assert connection_to("bolt://localhost:17687", {"NEO4J_DATABASE": ""}).database is None


def test_a_registered_home_that_is_gone_is_none(home: Home, tmp_path: Path) -> None:
    registered = tmp_path / "state" / "influence-graph" / "neo4j-servers" / "17687.json"
    registered.parent.mkdir(parents=True)
    for text in ("", "{}", json.dumps({"home": str(tmp_path / "gone")}), json.dumps({"home": 3})):
        registered.write_text(text)
        assert home_at(17687) is None
