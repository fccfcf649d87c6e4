"""A small server on the loopback interface: files for the Browser, one sign-in, and the Browser of other servers."""

from __future__ import annotations

import hmac
import json
import secrets
import threading
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

from influence_graph.errors import StoreError
from influence_graph.explore.browser.pages import GUIDE, LOGIN, content_type, pages, style

if TYPE_CHECKING:
    from influence_graph.stores.neo4j.driver import Connection

LOOPBACK = "127.0.0.1"
PORT = 7480
"""The port where the files are served unless another is given."""
_UPSTREAM_SECONDS = 10.0
_PASSED_ON = ("Content-Type", "Content-Security-Policy", "Cache-Control", "Last-Modified")
_PATH = "/browser/"


@dataclass(frozen=True)
class SignIn:
    """What the Browser needs to be signed in.

    Attributes:
        connection: Address and credentials.
        browser: Address of the Browser that the server offers, ending with ``/browser/``.
        folder: Address of our files beside it, where that server has them; "" where it lacks them.
    """

    connection: Connection = field(repr=False)
    browser: str
    folder: str = ""


class Helper(ThreadingHTTPServer):
    """Serves until it is closed; :attr:`link` signs in once.

    Args:
        sign_in: To what.
        port: Where to listen on the loopback interface, 0: any free port.

    Raises:
        StoreError: the port is taken.
    """

    daemon_threads = True

    def __init__(self, sign_in: SignIn, port: int = PORT) -> None:
        try:
            super().__init__((LOOPBACK, port), _Handler)
        except OSError as error:
            raise StoreError(
                f"port {port} cannot be listened on: {error.strerror}", remedy="give another --port, or 0 for any"
            ) from error
        self.sign_in = sign_in
        self._token: str | None = secrets.token_urlsafe(24)
        self._lock = threading.Lock()

    @property
    def address(self) -> str:
        """Where the files are, ending with ``/``."""
        return f"http://localhost:{self.server_address[1]}/"

    @property
    def link(self) -> str:
        """The address that signs in and opens the guide, once: it holds no password, and a token that is then void."""
        return f"{self.sign_in.folder or self.address}{LOGIN}#{self.server_address[1]}.{self._token}"

    @property
    def origin(self) -> str:
        """The origin of the page that signs in."""
        parts = urlsplit(self.sign_in.folder or self.address)
        return f"{parts.scheme}://{parts.netloc}"

    def session(self, token: str) -> dict[str, Any] | None:
        """Return what the page that signs in leaves for the Browser, for the right *token* and once; else None."""
        with self._lock:
            if self._token is None or not hmac.compare_digest(token.encode(), self._token.encode()):
                return None
            self._token = None
        shown = urlencode({"cmd": "guide", "arg": f"{self.sign_in.folder or self.address}{GUIDE}"})
        browser = self.sign_in.browser if self.sign_in.folder else f"{self.address}browser/"
        return {
            "connections": _connections(self.sign_in.connection),
            "style": style(),
            "browser": f"{browser}?{shown}",
        }


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD of the files, the preflight of another origin, and one POST that signs in."""

    server: Helper
    server_version, sys_version = "influence-graph", ""
    timeout = 30

    def do_OPTIONS(self) -> None:
        """Let pages of other origins, and of public ones, read the files."""
        asked = self.headers.get("Access-Control-Request-Headers", "")
        headers = {"Access-Control-Allow-Methods": "GET, HEAD", "Access-Control-Allow-Private-Network": "true"}
        self._answer(HTTPStatus.NO_CONTENT, b"", {**headers, "Access-Control-Allow-Headers": asked or "*"})

    def do_GET(self) -> None:
        """Answer with one of the files, with a page that lists them, or with the Browser of the server."""
        path = urlsplit(self.path).path
        name = path.removeprefix("/")
        if self._is_of_another_host():
            self._answer(HTTPStatus.FORBIDDEN, b"", {})
        elif name in pages():
            self._answer(HTTPStatus.OK, pages()[name], {"Content-Type": content_type(name)})
        elif path.startswith(_PATH) or (path == "/" and "json" in self.headers.get("Accept", "")):
            self._pass_on(path)
        elif path == "/":
            self._answer(HTTPStatus.OK, _index(), {"Content-Type": content_type("html")})
        else:
            self._answer(HTTPStatus.NOT_FOUND, b"", {})

    do_HEAD = do_GET  # noqa: N815 - the name that http.server calls

    def do_POST(self) -> None:
        """Sign in: the body is the token."""
        length = self.headers.get("Content-Length", "")
        fits = length.isdecimal() and int(length) < 200 and self.path == "/session"
        session = None
        if fits and not self._is_of_another_host():
            session = self.server.session(self.rfile.read(int(length)).decode("latin-1"))
        if session is None:
            self._answer(HTTPStatus.FORBIDDEN, b"", {}, self.server.origin)
        else:
            headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
            self._answer(HTTPStatus.OK, json.dumps(session).encode(), headers, self.server.origin)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as in http.server
        """Keep no log."""

    def _is_of_another_host(self) -> bool:
        """Return whether the request names a host that is not this machine, as a rebound name does."""
        port = self.server.server_address[1]
        return self.headers.get("Host") not in (f"localhost:{port}", f"{LOOPBACK}:{port}")

    def _pass_on(self, path: str) -> None:
        """Answer as the server's own Browser does."""
        base = self.server.sign_in.browser.removesuffix(_PATH)
        accept = self.headers.get("Accept", "*/*")
        try:
            with urlopen(Request(base + path, headers={"Accept": accept}), timeout=_UPSTREAM_SECONDS) as found:  # noqa: S310 - checked: http or https
                headers = {name: found.headers[name] for name in _PASSED_ON if found.headers[name]}
                self._answer(HTTPStatus.OK, found.read(), headers)
        except HTTPError as error:
            self._answer(error.code, b"", {})
        except (URLError, HTTPException, OSError) as error:
            text = f"{base} does not answer: {error}".encode()
            self._answer(HTTPStatus.BAD_GATEWAY, text, {"Content-Type": "text/plain; charset=utf-8"})

    def _answer(self, status: int, content: bytes, headers: dict[str, str], origin: str = "*") -> None:
        self.send_response(status)
        sent = {"Access-Control-Allow-Origin": origin, "X-Content-Type-Options": "nosniff", **headers}
        for name, value in {**sent, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


def _index() -> bytes:
    names = [name for name in pages() if not name.startswith("login")]
    links = "".join(f'<li><a href="{name}">{name}</a></li>' for name in names)
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>For the Neo4j Browser</title>'
    text = "<p>To open the Neo4j Browser signed in, run <code>influence-graph browser</code>.</p>"
    return f"{head}<h1>For the Neo4j Browser</h1>{text}<ul>{links}</ul></html>".encode()


def _connections(to: Connection) -> dict[str, Any]:
    """Return the connection as the Browser keeps it between visits (``neo4j.connections`` of its local storage)."""
    id_ = "$$discovery"
    row = {
        "id": id_,
        "name": id_,
        "type": "bolt",
        "db": to.database,
        "host": to.url,
        "username": to.username,
        "password": to.password,
        "authenticationMethod": "NATIVE" if to.password else "NO_AUTH",
        "authEnabled": bool(to.password),
    }
    state = {"activeConnection": id_, "connectionState": 0, "lastUpdate": 0, "useDb": to.database, "lastUseDb": None}
    return {"allConnectionIds": [id_], "connectionsById": {id_: row}, **state}
