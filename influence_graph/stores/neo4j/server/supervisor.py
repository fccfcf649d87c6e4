"""A process of its own that restarts a launched server which ends unasked, or no longer answers.

One query can take all memory of a server: Neo4j counts what a query sorts and collects, not the texts and lists that
an expression makes. A server without memory may end, or go on without taking connections. ``neo4j up`` starts the
supervisor (``python -m … HOME``), ``neo4j down`` ends it first. Both take the lock that a restart needs.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from influence_graph.errors import AuthenticationFailed, LockHeld, StoreError
from influence_graph.stores.neo4j.driver import Connection, opened
from influence_graph.stores.neo4j.home import USERNAME, Home, Restart, ServerState, Supervision
from influence_graph.stores.neo4j.server import process, running

MODULE = "influence_graph.stores.neo4j.server.supervisor"
MOST_IN_VAIN = 5
"""A server that has answered after none of so many restarts is left alone."""
_KEPT_RESTARTS = 10
_SILENT_SECONDS, _START_SECONDS, _POLL_SECONDS, _ASK_SECONDS, _STOP_SECONDS = 20.0, 180.0, 1.0, 5.0, 5.0


def ensure(place: Home) -> None:
    """Start the supervisor of *place* unless it runs; call it under the lock."""
    former = place.read_supervision()
    if former is not None and _marker(place) in process.command_line(former.pid):
        return
    command, state = [sys.executable, "-m", MODULE, str(place.root)], place.read_state()
    ports = (state.bolt_port, state.http_port) if state else ()
    with process.reserved(*ports) as held:  # for as long as the supervisor runs, also while the server is down
        pid = running.start(command, Path(__file__).parents[4], place.supervisor_log, held)
    place.write_supervision(Supervision(pid))


def end(place: Home) -> bool:
    """End the supervisor of *place* and return whether there was one; call it under the lock."""
    former = place.read_supervision()
    if former is None or _marker(place) not in process.command_line(former.pid):
        return False
    process.stop(former.pid, _marker(place), _STOP_SECONDS)
    running.reap(former.pid)
    return True


def is_running(place: Home) -> bool:
    """Return whether the server of *place* would be restarted."""
    found = place.read_supervision()
    return found is not None and running.is_alive(found.pid, _marker(place))


class Supervisor:
    """Watches the server of one home.

    Args:
        place: The home.
        silent: Seconds without an answer after which a server that has answered is restarted.
        clock: Seconds that only grow.
    """

    def __init__(
        self, place: Home, silent: float = _SILENT_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._place, self._silent, self._clock = place, silent, clock
        self._answered, self._patience = clock(), _START_SECONDS
        self._asked, self._signs_in = clock(), True
        self._in_vain = 0

    def watch(self) -> None:
        """Restart the server until it is stopped by ``neo4j down``, or restarts come to nothing."""
        while True:
            time.sleep(_POLL_SECONDS)
            state, supervision = self._place.read_state(), self._place.read_supervision()
            if state is None or state.pid <= 0 or supervision is None or supervision.pid != os.getpid():
                return
            why = self._trouble(state)
            if why and not self._restart(state, why):
                return

    def _trouble(self, state: ServerState) -> str:
        """Return what is wrong with the server, "" where nothing is."""
        if not running.is_alive(state.pid, running.marker(self._place)):
            return "it had ended"
        if self._clock() - self._asked >= _ASK_SECONDS:
            self._asked = self._clock()
            if self._answers(state.bolt_port):
                self._answered, self._patience, self._in_vain = self._clock(), self._silent, 0
        silence = self._clock() - self._answered
        return f"it had not answered for {silence:.0f} s" if silence > self._patience else ""

    def _answers(self, port: int) -> bool:
        """Return whether the server answers a query; a server short of memory may still shake hands.

        With a password that is not the one in the file, hands are shaken only: each wrong one counts against the user.
        """
        if self._signs_in:
            connection = Connection(f"bolt://{process.LOOPBACK}:{port}", USERNAME, self._place.ensure_password())
            try:
                with opened(connection):
                    return True
            except AuthenticationFailed:
                self._signs_in = False
            except StoreError:
                return False
        return process.speaks_bolt(port)

    def _restart(self, state: ServerState, why: str) -> bool:
        """Start the server anew and return whether to go on watching."""
        try:
            with running.locked(self._place):
                if self._place.read_state() != state:  # somebody else has stopped or started it
                    return True
                if self._in_vain >= MOST_IN_VAIN:
                    self._say(f"{why}; after {MOST_IN_VAIN} restarts without an answer it is left alone")
                    return False
                self._in_vain += 1
                process.stop(state.pid, running.marker(self._place), 0.0)
                running.reap(state.pid)
                pid = running.start(self._place.read_command(), self._place.root, self._place.log_file)
                self._place.write_state(replace(state, pid=pid))
        except LockHeld:
            return True
        self._answered, self._patience = self._clock(), _START_SECONDS
        self._say(f"{why}: restarted as process {pid}")
        found = self._place.read_supervision() or Supervision(os.getpid())
        entry = Restart(datetime.now(UTC).isoformat(timespec="seconds"), why)
        self._place.write_supervision(replace(found, restarts=(*found.restarts, entry)[-_KEPT_RESTARTS:]))
        return True

    def _say(self, what: str) -> None:
        with self._place.supervisor_log.open("a", encoding="utf-8") as log:
            log.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} {what}\n")


def _marker(place: Home) -> str:
    return f"{MODULE} {place.root} "


if __name__ == "__main__":
    Supervisor(Home(Path(sys.argv[1]))).watch()
