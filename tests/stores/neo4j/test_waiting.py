"""Counting how long a server keeps us waiting, and ending a wait that nobody else ends."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from influence_graph import ending
from influence_graph.errors import NotFound
from influence_graph.stores.base import ACKNOWLEDGED_ROWS
from influence_graph.stores.neo4j.waiting import KeptWaiting, Patience, within

URL = "bolt://x"


class Wire:
    """A connection on which nothing comes until it is cut."""

    def __init__(self) -> None:
        self.is_cut = threading.Event()
        self.cuts = 0

    def cut(self) -> None:
        self.cuts += 1
        self.is_cut.set()

    def read(self) -> None:
        assert self.is_cut.wait(60.0)
        raise OSError("No data")


def wait_on(patience: Patience) -> Wire:
    wire = Wire()
    with pytest.raises(KeptWaiting), patience.waiting(wire.cut):
        wire.read()
    return wire


def test_a_wait_is_cut_at_the_deadline_and_told_with_its_limit_and_remedy() -> None:
    wire = Wire()
    with pytest.raises(KeptWaiting) as error, Patience(URL, 0.05).waiting(wire.cut):
        wire.read()
    assert error.value.exit_code == 3
    assert error.value.message == "bolt://x: no answer within 0.05 s of waiting (--timeout)"
    assert "--timeout" in error.value.remedy
    assert str(error.value.__cause__) == "No data"


def test_who_begins_to_wait_after_the_deadline_is_told_at_once() -> None:
    patience = Patience(URL, 0.05, in_all=True)
    wait_on(patience)
    patience.begin()
    with pytest.raises(KeptWaiting):
        patience.check()
    with pytest.raises(KeptWaiting), patience.waiting(lambda: None):
        pytest.fail("nothing is begun")


def test_what_closes_is_cut_at_once_after_the_deadline_and_raises_only_what_it_raises_itself() -> None:
    patience = Patience(URL, 0.05, in_all=True)
    wait_on(patience)
    wire = Wire()
    with patience.waiting(wire.cut, is_closing=True):
        assert wire.is_cut.wait(60.0)


def test_a_call_of_a_library_begins_anew_and_real_work_does_and_a_small_answer_does_not() -> None:
    each, together = Patience(URL, 0.05), Patience(URL, 0.05, in_all=True)
    for patience in (each, together):
        wait_on(patience)
    each.begin()
    assert each.left == 0.05
    together.acknowledge(ACKNOWLEDGED_ROWS - 1)
    assert together.left <= 0
    together.acknowledge(1)
    assert together.left == 0.05


def test_work_acknowledged_in_a_wait_moves_its_deadline() -> None:
    patience = Patience(URL, 600.0)
    with patience.waiting(lambda: None):
        before = patience.left
        patience.acknowledge(ACKNOWLEDGED_ROWS)
        assert patience.left > before
        with patience.waiting(lambda: None):
            assert 0 < patience.left <= 600.0


def test_other_errors_pass_as_they_are() -> None:
    patience = Patience(URL, 0.05)
    wire = Wire()

    def refused() -> None:
        assert wire.is_cut.wait(60.0)
        raise NotFound("mine")

    with pytest.raises(NotFound), patience.waiting(wire.cut):
        refused()
    patience.begin()
    with pytest.raises(ConnectionResetError), patience.waiting(lambda: None):
        raise ConnectionResetError


def test_a_wait_that_a_signal_cut_is_the_interrupt() -> None:
    patience = Patience(URL, 600.0)
    ending.mark()
    try:
        with pytest.raises(KeyboardInterrupt), patience.waiting(lambda: None):
            raise OSError("No data")
    finally:
        ending.go_on()


def test_each_thread_has_its_own_count() -> None:
    patience = Patience(URL, 0.05, in_all=True)
    wait_on(patience)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(lambda: patience.left).result() == 0.05


def test_a_cut_comes_again_while_the_wait_goes_on_and_its_errors_are_dropped() -> None:
    twice = threading.Event()
    calls: list[int] = []

    def cut() -> None:
        calls.append(1)
        if len(calls) > 1:
            twice.set()
        raise RuntimeError("half made")

    with Patience(URL, 0.05).waiting(cut):
        assert twice.wait(60.0)


def test_work_in_time_is_returned_its_error_raised_and_what_never_ends_is_left() -> None:
    assert within(60.0, lambda: 7) == 7

    def lost() -> int:
        raise ConnectionResetError("gone")

    with pytest.raises(ConnectionResetError, match="gone"):
        within(60.0, lost)
    never = threading.Event()
    with pytest.raises(TimeoutError, match=r"longer than 0\.05 s"):
        within(0.05, never.wait)
    never.set()
