"""Cutting a driver's connections: the one place that reaches into the driver's internals."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import Any

import neo4j


def cut(driver: neo4j.Driver) -> None:
    """Shut down every socket in the pool of *driver*: whoever waits for the server gets an error at once.

    ``Driver.close()`` cannot do this: it asks the server first, and waits for connections in use. A connection joins
    the pool when it has signed in; connecting before that is bounded by the driver's own timeouts. May be called
    from any thread and from a signal handler. The driver closes what is cut by itself.

    The internals that are used, of neo4j 6 (``tests/stores/neo4j/test_cutting.py`` holds them):
    ``driver._pool.connections``: address → connections; ``connection.socket._socket``: the plain or TLS socket.
    """
    for connections in driver._pool.connections.copy().values():
        for connection in tuple(connections):
            _shut(connection)


def cut_session(session: neo4j.Session) -> None:
    """Shut down the socket that *session* uses now, if any, and no other of its driver; see :func:`cut`.

    ``session._connection`` is the connection, or None.
    """
    connection = session._connection
    if connection is not None:
        _shut(connection)


def _shut(connection: Any) -> None:  # noqa: ANN401 - of the driver's internals
    with suppress(OSError):  # it is closed already
        # Not the method of a TLS socket, which would first forget its session under the one who reads.
        socket.socket.shutdown(connection.socket._socket, socket.SHUT_RDWR)
