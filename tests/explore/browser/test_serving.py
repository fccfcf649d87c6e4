"""The helper on the loopback interface: its files and headers, one sign-in, and the Browser of another server."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from influence_graph.errors import StoreError
from influence_graph.explore.browser.pages import pages, style
from influence_graph.explore.browser.serving import Helper, SignIn
from influence_graph.stores.neo4j.driver import Connection

SECRET = "the-password"
TO = Connection("bolt://localhost:7687", "neo4j", SECRET, "neo4j")


class _Upstream(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        known = self.path in ("/", "/browser/", "/browser/app.js")
        self.send_response(200 if known else 404)
        self.send_header("Content-Type", "text/javascript")
        self.send_header("Set-Cookie", "a=b")
        self.end_headers()
        self.wfile.write(self.path.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextmanager
def serving(server: HTTPServer) -> Iterator[Any]:
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def helper() -> Iterator[Helper]:
    with (
        serving(HTTPServer(("127.0.0.1", 0), _Upstream)) as upstream,
        serving(Helper(SignIn(TO, f"http://127.0.0.1:{upstream.server_address[1]}/browser/"), 0)) as running,
    ):
        yield running


def ask(helper: Helper, method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, dict, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", helper.server_address[1], timeout=10)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    found = answer.status, dict(answer.getheaders()), answer.read()
    connection.close()
    return found


def token(helper: Helper) -> str:
    return helper.link.partition("#")[2].partition(".")[2]


@pytest.mark.parametrize("name", pages())
def test_each_file_has_its_type_and_may_be_read_by_the_browser(helper: Helper, name: str) -> None:
    status, headers, content = ask(helper, "GET", f"/{name}")
    assert (status, content) == (200, pages()[name])
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Content-Type"].split(";")[0] in ("text/html", "text/plain", "text/javascript", "application/zip")
    assert ask(helper, "HEAD", f"/{name}")[2] == b""


def test_the_preflight_of_another_origin_is_answered(helper: Helper) -> None:
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "cache-control"}
    status, headers, _ = ask(helper, "OPTIONS", "/guide.html", Origin="http://localhost:7474", **asked)
    assert status == 204
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Access-Control-Allow-Headers"] == "cache-control"
    assert headers["Access-Control-Allow-Private-Network"] == "true"


@pytest.mark.parametrize("path", ["/etc/passwd", "/../pages.py", "/guide.html/x", "/session", "/login", "/%2e%2e/x"])
def test_nothing_but_the_files_is_served(helper: Helper, path: str) -> None:
    assert ask(helper, "GET", path)[0] == 404


def test_the_start_page_lists_the_files(helper: Helper) -> None:
    status, _, content = ask(helper, "GET", "/")
    assert status == 200
    assert b"favorites.zip" in content
    assert SECRET.encode() not in content


def test_the_password_is_given_once_for_the_token_and_stands_in_no_address(helper: Helper) -> None:
    assert SECRET not in helper.link
    right = token(helper)
    for wrong in ("", "None", right[:-1], right + "x", "é" * 10):
        assert ask(helper, "POST", "/session", wrong)[0] == 403
    assert ask(helper, "POST", "/guide.html", right)[0] == 403
    status, headers, content = ask(helper, "POST", "/session", right)
    assert status == 200
    assert headers["Access-Control-Allow-Origin"] == helper.origin
    assert headers["Cache-Control"] == "no-store"
    session = json.loads(content)
    (kept,) = session["connections"]["connectionsById"].values()
    assert (kept["host"], kept["username"], kept["password"], kept["db"]) == (TO.url, "neo4j", SECRET, "neo4j")
    assert session["style"] == style()
    assert SECRET not in session["browser"]
    assert ask(helper, "POST", "/session", right)[0] == 403


def test_a_name_that_was_bound_to_this_machine_is_refused(helper: Helper) -> None:
    assert ask(helper, "GET", "/guide.html", Host="evil.example")[0] == 403
    right = token(helper)
    assert ask(helper, "POST", "/session", right, Host=f"evil.example:{helper.server_address[1]}")[0] == 403
    assert ask(helper, "POST", "/session", right)[0] == 200


def test_the_browser_of_the_server_is_passed_on_without_its_cookies(helper: Helper) -> None:
    status, headers, content = ask(helper, "GET", "/browser/app.js")
    assert (status, content) == (200, b"/browser/app.js")
    assert headers["Content-Type"] == "text/javascript"
    assert "Set-Cookie" not in headers
    assert ask(helper, "GET", "/browser/missing.js")[0] == 404
    assert ask(helper, "GET", "/", Accept="application/json")[2] == b"/"


def test_a_browser_that_went_away_is_named() -> None:
    with serving(Helper(SignIn(TO, "http://127.0.0.1:9/browser/"), 0)) as running:
        status, _, content = ask(running, "GET", "/browser/")
    assert status == 502
    assert b"http://127.0.0.1:9 does not answer" in content


def test_a_server_that_has_the_files_signs_in_at_its_own_address() -> None:
    with serving(Helper(SignIn(TO, "http://localhost:7474/browser/", "http://localhost:7474/browser/own/"), 0)) as own:
        assert own.link.startswith("http://localhost:7474/browser/own/login.html#")
        assert own.origin == "http://localhost:7474"
        session = own.session(token(own))
    assert session is not None
    assert session["browser"].startswith("http://localhost:7474/browser/?cmd=guide&arg=http%3A%2F%2Flocalhost%3A7474")


def test_a_taken_port_is_named(helper: Helper) -> None:
    port = helper.server_address[1]
    with pytest.raises(StoreError, match=f"port {port} .*--port"):
        Helper(SignIn(TO, "http://localhost:7474/browser/"), port)


def test_the_password_is_in_no_repr(helper: Helper) -> None:
    assert SECRET not in repr(helper.sign_in)
