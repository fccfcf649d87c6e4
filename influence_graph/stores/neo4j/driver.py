"""Connecting to a server: where the credentials come from, deadlines, and errors in our own words."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

import neo4j
from neo4j import exceptions as raised

from influence_graph.errors import AuthenticationFailed, InputError, StoreError, StoreUnreachable
from influence_graph.stores.neo4j import SCHEMES
from influence_graph.stores.neo4j.home import USERNAME, home_at

# The driver's warnings about retries would else be printed raw; who configures logging still gets them.
logging.getLogger("neo4j").addHandler(logging.NullHandler())

DEFAULT_PORT = 7687
_REMEDIES = {
    "Statement.ParameterMissing": "give each with --param NAME=VALUE",
    "Statement.SyntaxError": "correct the query",
    "Statement.TypeError": "correct the query or its parameters",
    "Procedure.ProcedureNotFound": "`SHOW PROCEDURES` in the Browser lists those of this server",
    "Transaction.TransactionTimedOut": "ask for less, or allow more seconds with --timeout",
    "Transaction.TransactionTimedOutClientConfiguration": "ask for less, or allow more seconds with --timeout",
}
_CONNECT_SECONDS, _ACQUIRE_SECONDS, _RETRY_SECONDS, _LIVENESS_SECONDS = 4.0, 7.0, 10.0, 10.0


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
        environment: Where ``NEO4J_USERNAME``, ``NEO4J_PASSWORD`` and ``NEO4J_DATABASE`` are looked up.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or DEFAULT_PORT
    address = f"{parts.scheme}://{parts.netloc}"
    username = environment.get("NEO4J_USERNAME") or USERNAME
    password = environment.get("NEO4J_PASSWORD") or _launched_password(host, port)
    return Connection(address, username, password, environment.get("NEO4J_DATABASE") or None)


@contextmanager
def opened(connection: Connection) -> Iterator[neo4j.Driver]:
    """Open a driver for the ``with`` block, after one attempt to connect and sign in."""
    driver = open_driver(connection)
    try:
        yield driver
    finally:
        driver.close()


def open_driver(connection: Connection) -> neo4j.Driver:
    """Return a driver that has connected and signed in, in one attempt of at most 10 seconds.

    Raises:
        StoreUnreachable: nothing answers, or not in Neo4j's protocol.
        AuthenticationFailed: user name or password are wrong.
    """
    with translated(connection.url):
        driver = neo4j.GraphDatabase.driver(
            connection.url,
            auth=(connection.username, connection.password) if connection.password else None,
            connection_timeout=_CONNECT_SECONDS,
            connection_acquisition_timeout=_ACQUIRE_SECONDS,
            liveness_check_timeout=_LIVENESS_SECONDS,
            max_transaction_retry_time=_RETRY_SECONDS,
            notifications_min_severity="OFF",
            telemetry_disabled=True,
            user_agent="influence-graph",
        )
        try:
            with driver.session(database=connection.database) as session:
                # Not verify_connectivity: this also tries the database and the rights.
                session.run("RETURN 1").consume()
        except BaseException:
            driver.close()
            raise
    return driver


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Turn the driver's errors inside the ``with`` block into ours, each with a remedy."""
    try:
        yield
    except (raised.AuthError, raised.TokenExpired) as error:
        raise AuthenticationFailed(f"{url} refused: {error.message}", remedy=_password_remedy(error)) from error
    except raised.DatabaseUnavailable as error:
        raise StoreUnreachable(f"{url} is not ready: {error.message}", remedy="wait until it has started") from error
    except raised.Neo4jError as error:
        raise _refused(url, error) from error
    except (raised.DriverError, ValueError, OSError) as error:
        raise _unreachable(url, error) from error


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
    if parts.username is not None or parts.password is not None:
        raise InputError(
            f"the store URL of {parts.hostname} holds credentials, which every user of this machine can read",
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


def _launched_password(host: str, port: int) -> str:
    home = home_at(port) if _is_loopback(host) else None
    return home.ensure_password() if home is not None and home.password_file.exists() else ""


def _password_remedy(error: raised.Neo4jError) -> str:
    if "Unsupported authentication token" in (error.message or ""):
        return "no password is known for it: set NEO4J_USERNAME and NEO4J_PASSWORD"
    if "RateLimit" in (error.code or ""):
        return "too many wrong passwords: wait 5 seconds, then check NEO4J_USERNAME and NEO4J_PASSWORD"
    return "check NEO4J_USERNAME and NEO4J_PASSWORD; it was not tried again"


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
    if code.endswith("Database.DatabaseNotFound"):
        return StoreError(f"{url}: {message}", remedy="set NEO4J_DATABASE to a database of this server")
    if code.startswith("Neo.TransientError"):
        return StoreUnreachable(f"{url} is busy: {message}", remedy="run it again; what was acknowledged is kept")
    if "TransactionTimedOut" in code:
        message = "the query took longer than its timeout"
    remedies = (remedy for end, remedy in _REMEDIES.items() if code.endswith(end))
    return StoreError(f"{url} refused: {message}", remedy=next(remedies, "read the server's log if that is unexpected"))


def _unreachable(url: str, error: Exception) -> StoreUnreachable:
    parts = urlsplit(url)
    cause: BaseException = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    text = f"{error} {cause}"
    if "HTTP" in text:
        remedy = f"that is the port of the Browser; the Bolt port is usually {DEFAULT_PORT}"
    elif isinstance(cause, socket.gaierror) or "resolve address" in text:
        remedy = f"check the name {parts.hostname}"
    elif "+" in parts.scheme and not isinstance(cause, (ConnectionRefusedError, TimeoutError)):
        remedy = f"check that the server has TLS; without it the scheme is {parts.scheme.partition('+')[0]}://"
    else:
        remedy = "check the address or start a server with `influence-graph neo4j up`; importing again repeats nothing"
    shown = cause if isinstance(cause, OSError) and str(cause) else error
    return StoreUnreachable(f"no Neo4j answers at {url}: {shown}", remedy=remedy)
