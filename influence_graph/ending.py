"""Ending early: who may keep this process waiting says how that wait is cut, and retries ask whether to go on.

After a signal (Ctrl-C, SIGTERM) whoever waits in ``recv`` must get an error at once. So whoever holds a connection
registers how it is cut::

    held = register(lambda: cut(driver))    # any thread or a signal handler may call it
    end()                                   # a signal cuts all of them
    is_ending()                             # asked before each try again
    held.release()

Everything here may be called from any thread and from a signal handler: no lock is taken.
"""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_TICK_SECONDS = 0.05


class Held:
    """One registered connection; made by :func:`register`."""

    def __init__(self, cut: Callable[[], None]) -> None:
        self._cut = cut

    def cut(self) -> None:
        """Cut this connection; may be called again."""
        with suppress(Exception):  # it may be closed meanwhile, or half made: the next call cuts what is there then
            self._cut()

    def release(self) -> None:
        """Take this connection out of what :func:`end` cuts."""
        _process.held.pop(id(self), None)


class _Process:
    """What this process holds, and whether it ends."""

    def __init__(self) -> None:
        self.ends = False
        self.held: weakref.WeakValueDictionary[int, Held] = weakref.WeakValueDictionary()
        self.unfinished: dict[int, Callable[[], None]] = {}
        self.doubt: Callable[[], None] = lambda: None


_process = _Process()


def register(cut: Callable[[], None]) -> Held:
    """Return the registration of a connection that *cut* cuts; it lasts as long as somebody keeps it.

    Args:
        cut: Ends every wait on the connection at once, with an error in the thread that waits. It may be called
            in any thread, in a signal handler and more than once; what it raises is dropped.
    """
    held = Held(cut)
    _process.held[id(held)] = held
    return held


def mark() -> None:
    """Let :func:`is_ending` be true, and cut nothing: nothing new is begun or tried again."""
    _process.ends = True


def end() -> None:
    """Let :func:`is_ending` be true, and cut every registered connection; may be called again."""
    mark()
    for held in list(_process.held.values()):
        held.cut()


def left_over(remove: Callable[[], None]) -> Callable[[], None]:
    """Let *remove* be called where a signal ends this process; return what calls it before that."""
    _process.unfinished[id(remove)] = remove

    def now() -> None:
        _process.unfinished.pop(id(remove), None)
        remove()

    return now


@contextmanager
def unfinished(remove: Callable[[], None]) -> Iterator[None]:
    """Let *remove* be called where a signal ends this process inside the ``with`` block without unwinding it."""
    _process.unfinished[id(remove)] = remove
    try:
        yield
    finally:
        _process.unfinished.pop(id(remove), None)


def abandon() -> None:
    """Remove what is unfinished: this process is about to end at once."""
    for remove in _process.unfinished.copy().values():
        with suppress(Exception):
            remove()


def when_in_doubt(tell: Callable[[], None]) -> None:
    """Let *tell* be called by :func:`in_doubt`."""
    _process.doubt = tell


def in_doubt() -> None:
    """Say that a result is about to be written: whoever is stopped from now on cannot tell whether it was."""
    _process.doubt()


def is_ending() -> bool:
    """Return whether a signal ends this process."""
    return _process.ends


def check() -> None:
    """Raise KeyboardInterrupt where a signal ends this process.

    The interrupt that a signal raises is lost where an ``__exit__`` or ``finally`` on its way raises an error of
    its own, as the driver's roll-back on a stalled connection does. Whoever would try again asks here first.
    """
    if _process.ends:
        raise KeyboardInterrupt


def wait(seconds: float) -> None:
    """Sleep for *seconds*, or until this process ends."""
    until = time.monotonic() + seconds
    while not _process.ends and (left := until - time.monotonic()) > 0:
        time.sleep(min(left, _TICK_SECONDS))


def go_on() -> None:
    """Forget that the process was to end: the shell goes on after Ctrl-C, and tests after each."""
    _process.ends = False
