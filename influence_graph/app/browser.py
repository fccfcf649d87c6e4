"""To which Neo4j Browser, and to which server, `influence-graph browser` signs in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from http.client import HTTPException
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from influence_graph.errors import InputError, StoreUnreachable
from influence_graph.explore.browser.guide import guide
from influence_graph.explore.browser.pages import pages
from influence_graph.explore.browser.serving import SignIn
from influence_graph.model.results import kind_of
from influence_graph.stores.neo4j.driver import DEFAULT_PORT, connection_to
from influence_graph.stores.neo4j.home import home_at
from influence_graph.stores.neo4j.waiting import within

if TYPE_CHECKING:
    from influence_graph.stores.neo4j.store import Neo4jStore

_SECONDS = 5.0
_HTTP, _HTTPS = 7474, 7473
_COMMANDS = {"seeds": "seeds -k 5"}


@dataclass(frozen=True)
class Lacking:
    """A kind of result that queries of the guide need and that has not been written, and the command that writes it."""

    title: str
    command: str


def sign_in(store: Neo4jStore, browser: str | None = None, *, allow_remote_plaintext: bool = False) -> SignIn:
    """Return what signs in to the server of *store*, after one attempt to do so with the driver.

    Args:
        store: The store on the server.
        browser: Address of the Browser that the server offers; None: at the ports where a server offers it.
        allow_remote_plaintext: Let the Browser come from another host without TLS.

    Raises:
        StoreUnreachable: the server, or its Browser, does not answer.
        AuthenticationFailed: user name or password are wrong.
        InputError: the address of the Browser is none, or it would come unencrypted from another host.
    """
    from influence_graph.stores.neo4j.server.webapp import FOLDER

    (database,) = store.query("CALL db.info() YIELD name RETURN name").rows[0]
    address = _checked(browser or _usual(store.url), allow_remote_plaintext)
    if _read(address) is None:
        remedy = "give its address with --browser, or http://localhost:7474/browser/ of a server that has one"
        raise StoreUnreachable(f"no Neo4j Browser answers at {address}", remedy=remedy)
    folder = f"{address}{FOLDER}/"
    ours = _read(f"{folder}login.js") == pages()["login.js"]
    return SignIn(replace(connection_to(store.url), database=database), address, folder if ours else "")


def lacking(store: Neo4jStore) -> list[Lacking]:
    """Return the kinds of results that queries of the guide need and that have not been written to *store*."""
    needed = dict.fromkeys(kind for query in guide().queries for kind in query.needs)
    written = {row[0] for row in store.query("MATCH (current:Current) RETURN current.kind").rows}
    return [
        Lacking(
            kind_of(kind).title,
            f"influence-graph {_COMMANDS.get(kind) or kind_of(kind).written_by or kind} --write --store {store.url}",
        )
        for kind in needed
        if kind not in written
    ]


def _usual(url: str) -> str:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or DEFAULT_PORT
    home = home_at(port) if _is_here(host) else None
    state = None if home is None else home.read_state()
    if state is not None:
        return f"http://localhost:{state.http_port}/browser/"
    shown = "localhost" if _is_here(host) else host
    return f"https://{shown}:{_HTTPS}/browser/" if "+" in parts.scheme else f"http://{shown}:{_HTTP}/browser/"


def _checked(browser: str, allow_remote_plaintext: bool) -> str:
    parts = urlsplit(browser)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise InputError(
            f"{browser} is no address of a Neo4j Browser", remedy="write http://localhost:7474/browser/ or its like"
        )
    if parts.scheme == "http" and not _is_here(parts.hostname) and not allow_remote_plaintext:
        raise InputError(
            f"{browser} would bring the Browser unencrypted, and who changes it on the way reads the password",
            remedy="use https://, or permit it with `influence-graph --allow-remote-plaintext …`",
        )
    return f"{parts.scheme}://{parts.netloc}/browser/"


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _read(address: str) -> bytes | None:
    """Return what *address* answers with, None where nothing or an error does, or not within 5 seconds."""
    try:
        return within(_SECONDS, partial(_content, address))
    except (URLError, HTTPException, OSError, ValueError):
        return None


def _content(address: str) -> bytes:
    with urlopen(address, timeout=_SECONDS) as found:  # noqa: S310 - checked: http or https
        content: bytes = found.read()
        return content
