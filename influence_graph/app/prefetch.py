"""Reading ahead, so that a file is parsed while the previous batch is being written."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Generator, Iterable
from typing import Generic, TypeVar

T = TypeVar("T")
_CLOSE_SECONDS = 1.0


class _Failure(Generic[T]):
    def __init__(self, error: BaseException) -> None:
        self.error = error


_END = object()


def prefetch(items: Iterable[T], depth: int = 1) -> Generator[T, None, None]:
    """Yield *items*, computed in another thread, at most *depth* + 1 ahead.

    An error of *items* is raised in its place; when the consumer closes the generator early, the thread
    stops at its next item. It is waited for, but not longer than a second: it may itself wait, for a pipe.
    """
    ready: queue.Queue[object] = queue.Queue(depth)
    stop = threading.Event()
    thread = threading.Thread(target=_fill, args=(items, ready, stop), daemon=True)
    thread.start()
    try:
        while (item := ready.get()) is not _END:
            if isinstance(item, _Failure):
                raise item.error
            yield item  # type: ignore[misc]
    finally:
        stop.set()
        until = time.monotonic() + _CLOSE_SECONDS
        while thread.is_alive() and time.monotonic() < until:
            _drain(ready)
            thread.join(0.01)


def _fill(items: Iterable[T], ready: queue.Queue[object], stop: threading.Event) -> None:
    end: object = _END
    try:
        for item in items:
            if stop.is_set():
                return
            ready.put(item)
    except BaseException as error:  # noqa: BLE001 - passed to the consumer, which raises it
        end = _Failure(error)
    ready.put(end)


def _drain(ready: queue.Queue[object]) -> None:
    try:
        while True:
            ready.get_nowait()
    except queue.Empty:
        return
