"""Connecting to a server: where the credentials come from, deadlines, and errors in our own words."""

from __future__ import annotations

import logging
import os
import re
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import neo4j
from neo4j import exceptions as raised

from influence_graph.ending import Held, check, register
from influence_graph.errors import AuthenticationFailed, InputError, StoreError, StoreUnreachable
from influence_graph.secret_files import read_secret
from influence_graph.stores.neo4j import SCHEMES
from influence_graph.stores.neo4j.cutting import cut
from influence_graph.stores.neo4j.home import USERNAME, home_at
from influence_graph.stores.neo4j.waiting import watched, within

# The driver's warnings about retries would else be printed raw; who configures logging still gets them.
logging.getLogger("neo4j").addHandler(logging.NullHandler())

DEFAULT_PORT = 7687
_END_OF_FILE = "No data"  # of the driver, for an answer that ends too early
_BRACKETS = re.compile(r"\[[^]@]*\]")  # of an IPv6 address, which names its zone behind a %
_SAID = (
    ("DatabaseNotFound", "{url}: {message}", "set NEO4J_DATABASE to a database of this server"),
    ("OutOfMemory", "{url} has too little memory for that: {message}", "ask for less at once, or give it more heap"),
    ("MemoryLimit", "{url} has too little memory for that: {message}", "ask for less at once, or give it more heap"),
    ("StackOverFlow", "{url} refused: the query is nested too deeply", "nest it less, or pass lists as values"),
)
"""Parts of codes of the server, with what is said of them and the remedy."""
_REMEDIES = {
    "Statement.ParameterMissing": "give each with --param NAME=VALUE",
    "Statement.SyntaxError": "correct the query",
    "Statement.TypeError": "correct the query or its parameters",
    "Procedure.ProcedureNotFound": "`SHOW PROCEDURES` in the Browser lists those of this server",
    "Transaction.TransactionTimedOut": "ask for less, or allow more seconds with --timeout",
    "Transaction.TransactionTimedOutClientConfiguration": "ask for less, or allow more seconds with --timeout",
}
CONNECT_SECONDS = 10.0
"""Longest time to connect and sign in."""
_TCP_SECONDS, ACQUIRE_SECONDS, _LIVENESS_SECONDS = 4.0, 7.0, 10.0
_TRIED_ONCE = 0.0  # database.py tries again, within its deadline


@dataclass(frozen=True)
class Connection:
    """An address and the right to use it; the password is in no ``repr``, "" means that none is known."""

    url: str
    username: str
    password: str = field(repr=False)
    database: str | None = None


def check_url(url: str, *, allow_remote_plaintext: bool = False) -> None:
    """Check that *url* is an address to which a password may be sent.

    Args:
        url: ``bolt://host:port`` or ``neo4j://…``, with ``+s`` or ``+ssc`` for TLS.
        allow_remote_plaintext: Permit an unencrypted connection to another host.

    Raises:
        InputError: the URL holds credentials, is not one of Neo4j's, or would send data in the clear.
    """
    parts = _checked(url)
    if "+" not in parts.scheme and not allow_remote_plaintext and not _is_loopback(parts.hostname or ""):
        raise InputError(
            f"{parts.scheme}://{parts.hostname} would send the password and the data unencrypted",
            remedy=f"use {parts.scheme}+s://, or permit it with `influence-graph --allow-remote-plaintext …`",
        )


def connection_to(url: str, environment: Mapping[str, str] = os.environ) -> Connection:
    """Return how to connect to the checked *url*, with credentials from the environment or a launched server's file.

    Args:
        url: An address that :func:`check_url` accepts.
        environment: Where ``NEO4J_USERNAME``, ``NEO4J_PASSWORD`` or ``NEO4J_PASSWORD_FILE``, and ``NEO4J_DATABASE``
            are looked up.

    Raises:
        InputError: the password file cannot be used, or there is a password beside it.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or DEFAULT_PORT
    address = f"{parts.scheme}://{parts.netloc}"
    username = environment.get("NEO4J_USERNAME") or USERNAME
    password = _stated_password(environment) or _launched_password(host, port)
    return Connection(address, username, password, environment.get("NEO4J_DATABASE") or None)


@contextmanager
def opened(connection: Connection) -> Iterator[neo4j.Driver]:
    """Open a driver for the ``with`` block, after one attempt to connect and sign in."""
    driver, held = open_driver(connection)
    try:
        yield driver
    finally:
        driver.close()
        held.release()


def open_driver(connection: Connection, seconds: float = CONNECT_SECONDS) -> tuple[neo4j.Driver, Held]:
    """Return a driver that has connected and signed in, in one attempt of at most *seconds*, and how it is cut.

    Raises:
        StoreUnreachable: nothing answers in time, or not in Neo4j's protocol.
        AuthenticationFailed: user name or password are wrong.
    """
    until = time.monotonic() + seconds
    with translated(connection.url):
        resolve(connection.url, seconds)
        driver = neo4j.GraphDatabase.driver(
            connection.url,
            auth=(connection.username, connection.password) if connection.password else None,
            connection_timeout=min(_TCP_SECONDS, seconds),
            connection_acquisition_timeout=min(ACQUIRE_SECONDS, seconds),
            liveness_check_timeout=_LIVENESS_SECONDS,
            max_transaction_retry_time=_TRIED_ONCE,
            notifications_min_severity="OFF",
            telemetry_disabled=True,
            user_agent="influence-graph",
        )
        held = register(partial(cut, driver))
        try:
            with watched(max(until - time.monotonic(), 0.0), partial(cut, driver)) as watch:
                _sign_in(driver, connection.database)
        except BaseException as error:
            cut(driver)  # closing asks the server first
            driver.close()
            held.release()
            if watch.is_over and isinstance(error, raised.DriverError):
                raise _too_slow(connection.url, seconds) from error
            raise
    return driver, held


def resolve(url: str, seconds: float) -> None:
    """Look up the name in *url*, for which the driver would wait as long as the system does.

    Raises:
        StoreUnreachable: it is not found within *seconds*.
        OSError: there is no such name.
    """
    parts = urlsplit(url)
    try:
        within(seconds, partial(socket.getaddrinfo, parts.hostname, parts.port or DEFAULT_PORT))
    except TimeoutError as error:
        message = f"no Neo4j answers at {url}: the name {parts.hostname} was not found within {seconds:g} s"
        raise StoreUnreachable(message, remedy="check the name, and the name server of this machine") from error


def _sign_in(driver: neo4j.Driver, database: str | None) -> None:
    with driver.session(database=database) as session:
        # Not verify_connectivity: this also tries the database and the rights.
        session.run("RETURN 1").consume()


def _too_slow(url: str, seconds: float) -> StoreUnreachable:
    return StoreUnreachable(
        f"no Neo4j answers at {url}: connecting took longer than {seconds:g} s",
        remedy="check the address, the network and the server",
    )


@contextmanager
def translated(url: str, *, has_answered: bool = False) -> Iterator[None]:
    """Turn the driver's errors inside the ``with`` block into ours, each with a remedy.

    Args:
        url: Address of the server.
        has_answered: Whether it was reached before, so that the address is right.

    Raises:
        KeyboardInterrupt: a signal ends this process, and the error is what cutting the connection made of it.
    """
    try:
        yield
    except (raised.Neo4jError, raised.DriverError, ValueError, OSError) as error:
        check()
        raise _ours(url, error, has_answered) from error


def is_passing(error: BaseException) -> bool:
    """Return whether *error* may pass when the same idempotent work is done again.

    A lost connection during COMMIT leaves the outcome unknown (``IncompleteCommit``); the driver does
    not retry that by itself, an idempotent batch may.
    """
    if isinstance(error, raised.ClientError):  # a node that it waited for was made anew meanwhile (books.py)
        return error.code == "Neo.ClientError.Statement.EntityNotFound"
    return isinstance(error, (raised.ServiceUnavailable, raised.SessionExpired, raised.TransientError))


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise InputError("the store URL is not a URL", remedy=f"write {SCHEMES[0]}://HOST:PORT") from error
    if re.search("[@%]", _BRACKETS.sub("", url)):  # also in what a # or / in a password makes of the rest
        raise InputError(
            "the store URL holds credentials, which every user of this machine can read",
            remedy="leave them out of the URL and set NEO4J_USERNAME and NEO4J_PASSWORD",
        )
    if parts.scheme not in SCHEMES or not parts.hostname or port == 0:
        raise InputError(f"{url} is not an address of Neo4j", remedy=f"write {SCHEMES[0]}://HOST:PORT")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise InputError(f"{url} has a path or options", remedy="name the database in NEO4J_DATABASE")
    return parts


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _stated_password(environment: Mapping[str, str]) -> str:
    password, file = (environment.get(name) or "" for name in ("NEO4J_PASSWORD", "NEO4J_PASSWORD_FILE"))
    if password and file:
        message = "NEO4J_PASSWORD and NEO4J_PASSWORD_FILE are both set, and may differ"
        raise InputError(message, remedy="unset one of them")
    return read_secret(Path(file), "password") if file else password


def _launched_password(host: str, port: int) -> str:
    home = home_at(port) if _is_loopback(host) else None
    return home.ensure_password() if home is not None and home.password_file.exists() else ""


def _password_remedy(error: raised.Neo4jError) -> str:
    if "Unsupported authentication token" in (error.message or ""):
        return "no password is known for it: set NEO4J_USERNAME, and NEO4J_PASSWORD or NEO4J_PASSWORD_FILE"
    if "RateLimit" in (error.code or ""):
        return "too many wrong passwords: wait 5 seconds, then check NEO4J_USERNAME and NEO4J_PASSWORD"
    return "check NEO4J_USERNAME and NEO4J_PASSWORD; it was not tried again"


def _ours(url: str, error: Exception, has_answered: bool) -> StoreError:
    if isinstance(error, (raised.AuthError, raised.TokenExpired)):
        return AuthenticationFailed(f"{url} refused: {error.message}", remedy=_password_remedy(error))
    if isinstance(error, UnicodeEncodeError) and error.encoding == "utf-8":  # while it was packed
        return StoreError(f"a text cannot be sent to {url}: {error.reason}", remedy="use characters that UTF-8 has")
    if isinstance(error, raised.DatabaseUnavailable):
        return StoreUnreachable(f"{url} is not ready: {error.message}", remedy="wait until it has started")
    if isinstance(error, raised.Neo4jError):
        return _refused(url, error)
    return _broken(url, error) if has_answered else _unreachable(url, error)


def _refused(url: str, error: raised.Neo4jError) -> StoreError:
    code, (message, *_) = error.code or "", (error.message or "").splitlines() or [""]
    if code.endswith("Security.CredentialsExpired"):
        return AuthenticationFailed(
            f"{url} wants a new password before the first use",
            remedy="sign in once with the Browser and change it, then set NEO4J_PASSWORD",
        )
    if ".Security." in code:
        remedy = _password_remedy(error) if "RateLimit" in code else "use an account with the rights for it"
        return AuthenticationFailed(f"{url} refused: {message}", remedy=remedy)
    for part, said, remedy in _SAID:
        if part in code:
            return StoreError(said.format(url=url, message=message), remedy=remedy)
    if code.startswith("Neo.TransientError"):
        return StoreUnreachable(f"{url} is busy: {message}", remedy="run it again; what was acknowledged is kept")
    if "TransactionTimedOut" in code:
        message = "the query took longer than its timeout"
    remedies = (remedy for end, remedy in _REMEDIES.items() if code.endswith(end))
    return StoreError(f"{url} refused: {message}", remedy=next(remedies, "read the server's log if that is unexpected"))


def _unreachable(url: str, error: Exception) -> StoreUnreachable:
    parts, cause = urlsplit(url), _cause(error)
    text = f"{error} {cause}"
    if "HTTP" in text:
        remedy = f"that is the port of the Browser; the Bolt port is usually {DEFAULT_PORT}"
    elif isinstance(cause, socket.gaierror) or "resolve address" in text:
        remedy = f"check the name {parts.hostname}"
    elif "+" in parts.scheme and not isinstance(cause, (ConnectionRefusedError, TimeoutError)):
        remedy = f"check that the server has TLS; without it the scheme is {parts.scheme.partition('+')[0]}://"
    else:
        remedy = "check the address or start a server with `influence-graph neo4j up`; importing again repeats nothing"
    return StoreUnreachable(f"no Neo4j answers at {url}: {_shown(error)}", remedy=remedy)


def _broken(url: str, error: Exception) -> StoreUnreachable:
    return StoreUnreachable(
        f"{url} answered before, then the connection broke: {_shown(error)}",
        remedy="check the network and the server's log: one query can take all its memory, and what `neo4j up` started"
        " is then restarted; what was acknowledged is kept, and running it again repeats nothing",
    )


def _cause(error: BaseException) -> BaseException:
    while error.__cause__ is not None:
        error = error.__cause__
    return error


def _shown(error: Exception) -> str:
    cause = _cause(error)
    if isinstance(cause, OSError) and str(cause) == _END_OF_FILE:
        return "the other side closed it"
    if isinstance(cause, TimeoutError):
        return "the other side fell silent"
    return str(cause if isinstance(cause, OSError) and str(cause) else error)
