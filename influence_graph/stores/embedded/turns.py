"""Turns at the embedded store's file: whoever wants in queues up, so that nobody is starved.

DuckDB locks its file and refuses whoever comes second; it knows no queue, so readers that follow each other closely
would keep every writer out. Therefore the turn is held from wanting in until the file is open: a lock on the store's
folder (flock(2)), which the kernel gives in the order of asking and takes back when a process dies. It needs no file
of its own and no right to write. A waiting writer holds the turn while those inside leave; all others come after it.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def turn(folder: Path, seconds: float) -> Iterator[bool]:
    """Wait up to *seconds* for the turn at *folder* and hold it for the ``with`` block; give whether it came.

    Where the folder cannot be opened or its file system has no such locks there is no queue: every turn comes at once.
    """
    try:
        place = _Place(os.open(folder, os.O_RDONLY | os.O_DIRECTORY))
    except OSError:
        yield True
        return
    try:
        yield place.reached(seconds)
    finally:
        place.leave()


def is_wanted(folder: Path) -> bool:
    """Return whether somebody has the turn at *folder*, and so waits for those inside to leave."""
    with turn(folder, 0) as is_free:
        return not is_free


class _Place:
    """A place in the queue for the lock on the open folder *descriptor*, which is closed at the end."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._came = threading.Event()
        self._ending = threading.Lock()
        self._is_left_to_thread = False

    def reached(self, seconds: float) -> bool:
        """Wait up to *seconds* for the turn; return whether it came."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if seconds <= 0:
                return False
        except OSError:  # no such locks here
            return True
        else:
            return True
        # Asking again and again would come last; waiting in the kernel has no deadline, so a thread does it.
        self._is_left_to_thread = True
        threading.Thread(target=self._wait, daemon=True).start()
        return self._came.wait(seconds)

    def leave(self) -> None:
        """Give the turn up, or the place."""
        with self._ending:
            if self._is_left_to_thread and not self._came.is_set():
                self._came.set()  # the thread closes the descriptor when its wait is over
            else:
                os.close(self._descriptor)

    def _wait(self) -> None:
        with suppress(OSError):
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        with self._ending:
            if self._came.is_set():
                os.close(self._descriptor)
            else:
                self._came.set()
