"""How long a server may keep whoever asks it waiting.

The driver waits without end for a server that sends a byte now and then, and for minutes for one that fell silent. So
a thread watches each wait, and at the deadline it cuts the connection under the one who waits.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from neo4j.exceptions import DriverError

from influence_graph.ending import check
from influence_graph.errors import StoreUnreachable
from influence_graph.stores.base import ACKNOWLEDGED_ROWS

_AGAIN_SECONDS = 0.1
_OF_A_CUT = (DriverError, StoreUnreachable, OSError)

T = TypeVar("T")


class KeptWaiting(StoreUnreachable):
    """The server kept us waiting longer than it may."""

    def __init__(self, url: str, seconds: float) -> None:
        super().__init__(
            f"{url}: no answer within {seconds:g} s of waiting (--timeout)",
            remedy="check the network and the server, or allow more seconds with --timeout; what was acknowledged is"
            " kept, and running it again repeats nothing",
        )


class Watch:
    """One wait, from another thread; made by :func:`watched`."""

    def __init__(self, until: float, cut: Callable[[], None]) -> None:
        self.until = until
        """When it is over, in seconds of ``time.monotonic``; may be moved."""
        self.is_over = False
        self._cut = cut
        self._ended = threading.Event()

    def run(self) -> None:
        """Cut once the time is over, and again until the wait has ended: a new connection may have been made."""
        while not self._ended.wait(max(self.until - time.monotonic(), _AGAIN_SECONDS if self.is_over else 0.0)):
            if time.monotonic() >= self.until:
                self.is_over = True
                with suppress(Exception):  # it is closed meanwhile, or half made
                    self._cut()

    def end(self) -> None:
        """Stop watching."""
        self._ended.set()


@contextmanager
def watched(seconds: float, cut: Callable[[], None]) -> Iterator[Watch]:
    """Call *cut* if the ``with`` block takes longer than *seconds*, which it then ends with an error."""
    watch = Watch(time.monotonic() + seconds, cut)
    try:
        threading.Thread(target=watch.run, daemon=True).start()
        yield watch
    finally:
        watch.end()


def within(seconds: float, work: Callable[[], T]) -> T:
    """Return what *work* returns, in a thread of its own: for waits that nobody can cut, such as for a name server.

    Raises:
        TimeoutError: it takes longer than *seconds*; it goes on, and nobody hears of it.
    """
    answers: list[T] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            answers.append(work())
        except Exception as error:  # noqa: BLE001 - raised again in the caller's thread
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not answers:
        raise TimeoutError(f"it took longer than {seconds:g} s")
    return answers[0]


class Patience(threading.local):
    """How long a server may keep one thread waiting in all, before the count starts anew.

    It starts anew with each call of a store, and with each 1,000 records that the server acknowledged: stored, or
    read. Time in which nobody waits for the server does not count.

    Args:
        url: Address of the server, for messages.
        seconds: How long it may keep us waiting, > 0.
        in_all: Count the waits of all calls together, as a command does.
    """

    def __init__(self, url: str, seconds: float, *, in_all: bool = False) -> None:
        self.url, self.seconds = url, seconds
        self._in_all = in_all
        self._left = seconds
        self._rows = 0
        self._watches: list[Watch] = []

    @property
    def left(self) -> float:
        """Seconds that the server may still take; 0 or less: it is over."""
        return self._watches[0].until - time.monotonic() if self._watches else self._left

    def check(self) -> None:
        """Raise where the time is over.

        Raises:
            KeptWaiting: it is.
        """
        if self.left <= 0:
            raise KeptWaiting(self.url, self.seconds)

    def begin(self) -> None:
        """Start the count anew for a call of a store, unless the waits of all calls count together."""
        if not self._in_all:
            self._restart()

    def acknowledge(self, rows: int) -> None:
        """Note that the server has stored or sent *rows* records."""
        self._rows += rows
        if self._rows >= ACKNOWLEDGED_ROWS:
            self._rows = 0
            self._restart()

    @contextmanager
    def waiting(self, cut: Callable[[], None], *, is_closing: bool = False) -> Iterator[None]:
        """Count the time of the ``with`` block, and call *cut* where it gets too long.

        Args:
            cut: Ends the wait with an error in the thread that waits.
            is_closing: Cut at once where the time is over, in place of raising: what is closed must be closed.

        Raises:
            KeptWaiting: the time is over, before or in the block.
        """
        if not is_closing:
            self.check()
        with watched(max(self.left, 0.0), cut) as watch:
            self._watches.append(watch)
            try:
                yield
            except _OF_A_CUT as error:
                check()
                if not watch.is_over:
                    raise
                raise KeptWaiting(self.url, self.seconds) from error
            finally:
                self._left = watch.until - time.monotonic()
                self._watches.pop()

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Count the time of the ``with`` block, which ends by itself.

        Raises:
            KeptWaiting: the time is over before it.
        """
        self.check()
        since = time.monotonic()
        try:
            yield
        finally:
            self._left -= time.monotonic() - since

    def _restart(self) -> None:
        self._left = self.seconds
        for watch in self._watches:
            watch.until = time.monotonic() + self.seconds
