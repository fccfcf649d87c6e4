from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from influence_graph.app.prefetch import prefetch


def test_items_come_in_order() -> None:
    assert list(prefetch(range(100))) == list(range(100))


def test_an_error_is_raised_at_its_place() -> None:
    def failing() -> Iterator[int]:
        yield 1
        raise ValueError("second")

    items = prefetch(failing())
    assert next(items) == 1
    with pytest.raises(ValueError, match="second"):
        next(items)


def test_no_more_than_two_items_are_held_ahead() -> None:
    made: list[int] = []

    def counting() -> Iterator[int]:
        for number in range(20):
            made.append(number)
            yield number

    items = prefetch(counting(), depth=1)
    next(items)
    time.sleep(0.2)
    assert len(made) <= 4  # one taken, one queued, one waiting for a place, one being made
    items.close()


def test_stopping_early_ends_the_thread() -> None:
    before = threading.active_count()
    items = prefetch(iter(range(1000)))
    next(items)
    items.close()
    assert threading.active_count() == before


def test_a_reader_that_waits_for_its_source_is_not_waited_for() -> None:
    waits = threading.Event()

    def waiting() -> Iterator[int]:
        yield 1
        waits.wait(250)
        yield 2

    items = prefetch(waiting())
    next(items)
    started = time.monotonic()
    items.close()
    assert time.monotonic() - started < 100
    waits.set()
