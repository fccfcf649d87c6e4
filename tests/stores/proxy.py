"""A network that fails between us and a server: a small proxy on the loopback interface.

A fault strikes each connection anew once the server has sent some bytes on it, or once a COMMIT was sent or answered::

    with Proxy(neo4j_url, STALL, after=2_000) as proxy:
        Neo4jStore(proxy.url).counts()
"""

from __future__ import annotations

import socket
import struct
import threading
import time
from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit

PASS, BLACK_HOLE, STALL, DRIP, RESET, TRUNCATE = "pass", "black hole", "stall", "drip", "reset", "truncate"
FAULTS = (BLACK_HOLE, STALL, DRIP, RESET, TRUNCATE)
"""Accepts and never answers; falls silent; a byte a second; RST; closes in mid-answer."""
COMMIT_SENT, COMMIT_ANSWERED = "commit sent", "commit answered"
"""Where a fault strikes before the server hears of a COMMIT, and after it has committed and before that is heard."""
_LOGON = b"\xb1\x6a"  # one field, a message of Bolt
_COMMIT = b"\x00\x02\xb0\x12\x00\x00"
_HINT, _NO_HINT = b"connection.recv_timeout_seconds", b"connection.recv_timeout_secondZ"
_DRIP_SECONDS = 1.0


class Proxy:
    """Passes bytes on between us and the server at *url*, up to a fault.

    Args:
        url: Address of the server.
        fault: One of :data:`FAULTS`, or PASS.
        after: Bytes of the server's answers that a connection still passes on, or COMMIT_SENT or COMMIT_ANSWERED.
        times: How many connections are struck; None: all.
        keeps_hint: Let the server tell the driver how long to wait in silence. A Neo4j of default settings does not.
    """

    def __init__(
        self, url: str, fault: str = PASS, after: int | str = 0, *, times: int | None = None, keeps_hint: bool = False
    ) -> None:
        parts = urlsplit(url)
        self.fault, self.after, self.struck = fault, after, 0
        self.logons = 0
        """How often a password was sent."""
        self.stalled = threading.Event()
        """Drops all answers from now on."""
        self.deaf = threading.Event()
        """Takes nothing more of what we send."""
        self._target = (parts.hostname or "", parts.port or 7687)
        self._times, self._keeps_hint = times, keeps_hint
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._open: list[socket.socket] = []
        self.url = f"{parts.scheme}://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening and cut all connections."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for end in self._open:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
                self._open.append(client)
                if self.fault == BLACK_HOLE:
                    self.struck += 1
                    continue
                server = socket.create_connection(self._target)
            except OSError:
                return
            self._open.append(server)
            link = _Link(self, client, server)
            threading.Thread(target=link.asking, daemon=True).start()
            threading.Thread(target=link.answering, daemon=True).start()

    def strikes(self) -> bool:
        """Return whether a fault that is due happens, and count it."""
        if self._times is not None and self.struck >= self._times:
            return False
        self.struck += 1
        return True

    def told(self, answer: bytes) -> bytes:
        """Return what the driver hears of *answer*."""
        return answer if self._keeps_hint else answer.replace(_HINT, _NO_HINT)


class _Link:
    """One connection through *proxy*."""

    def __init__(self, proxy: Proxy, client: socket.socket, server: socket.socket) -> None:
        self._proxy, self._client, self._server = proxy, client, server
        self._left = proxy.after if isinstance(proxy.after, int) else 1 << 62
        self._failed = False

    def asking(self) -> None:
        """Pass on what we send."""
        with suppress(OSError):
            while data := self._client.recv(65536):
                if self._proxy.deaf.is_set():
                    return
                self._proxy.logons += data.count(_LOGON)
                if _COMMIT in data and self._proxy.after in (COMMIT_SENT, COMMIT_ANSWERED) and self._proxy.strikes():
                    if self._proxy.after == COMMIT_SENT:
                        self._fail(b"")
                        return
                    self._left = 0
                self._server.sendall(data)
        self._end(self._server)

    def answering(self) -> None:
        """Pass on what the server sends, up to the fault."""
        with suppress(OSError):
            while data := self._server.recv(65536):
                if self._failed or self._proxy.stalled.is_set():
                    continue
                data = self._proxy.told(data)
                if self._proxy.fault == PASS or len(data) <= self._left or not self._due():
                    self._left -= len(data)
                    self._client.sendall(data)
                    continue
                self._client.sendall(data[: self._left])
                self._fail(data[self._left :])
        self._end(self._client)

    def _due(self) -> bool:
        return self._proxy.after == COMMIT_ANSWERED or self._proxy.strikes()

    def _fail(self, rest: bytes) -> None:
        self._failed = True
        if self._proxy.fault == RESET:
            self._client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            with suppress(OSError):
                self._client.shutdown(socket.SHUT_RD)  # wakes the other thread, whose hold on it would delay the RST
            self._client.close()
            self._end(self._server)
        elif self._proxy.fault == TRUNCATE:
            self._end(self._client)
            self._end(self._server)
        elif self._proxy.fault == DRIP:
            self._drip(rest)

    def _drip(self, rest: bytes) -> None:
        while rest:
            for byte in rest:
                time.sleep(_DRIP_SECONDS)
                self._client.sendall(bytes([byte]))
            rest = self._server.recv(65536)

    @staticmethod
    def _end(end: socket.socket) -> None:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
