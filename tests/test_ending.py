"""Ending early: what is held is cut once and again, and whoever would try again asks first."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from influence_graph import ending


@pytest.fixture(autouse=True)
def go_on() -> Iterator[None]:
    yield
    ending.go_on()


def test_the_end_cuts_all_that_is_held_and_nothing_that_was_released() -> None:
    cut: list[str] = []
    one, two = ending.register(lambda: cut.append("one")), ending.register(lambda: cut.append("two"))
    two.release()
    two.release()
    ending.end()
    assert cut == ["one"]
    assert ending.is_ending()
    one.release()


def test_what_nobody_keeps_is_not_held() -> None:
    cut: list[str] = []
    ending.register(lambda: cut.append("one"))
    ending.end()
    assert cut == []


def test_what_is_unfinished_is_removed_where_the_process_is_ended_by_force() -> None:
    removed: list[str] = []
    with ending.unfinished(lambda: removed.append("one")):
        ending.abandon()
    now = ending.left_over(lambda: removed.append("two"))
    now()
    ending.abandon()
    assert removed == ["one", "two"]


def test_one_that_cannot_be_cut_keeps_no_other_from_it() -> None:
    cut: list[str] = []

    def fails() -> None:
        raise OSError

    held = [ending.register(fails), ending.register(lambda: cut.append("two"))]
    ending.end()
    assert cut == ["two"]
    for one in held:
        one.release()


def test_a_signal_that_was_lost_is_raised_again() -> None:
    ending.check()
    ending.mark()
    with pytest.raises(KeyboardInterrupt):
        ending.check()
    ending.go_on()
    ending.check()


def test_a_wait_ends_with_the_process() -> None:
    timer = threading.Timer(0.1, ending.mark)
    timer.start()
    started = time.monotonic()
    ending.wait(250.0)  # under the suite's limit for one test
    timer.join()
    assert ending.is_ending()
    assert time.monotonic() - started < 200
