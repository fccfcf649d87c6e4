"""The queue for the embedded store's file: in the order of asking, without a file, free again when a process dies."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from influence_graph.stores.embedded.turns import is_wanted, turn

HOLD = """
import sys
from pathlib import Path
from influence_graph.stores.embedded.turns import turn
with turn(Path(sys.argv[1]), 10) as came:
    print(came, flush=True)
    sys.stdin.read()
"""


def test_a_turn_is_wanted_while_somebody_has_it_and_makes_no_file(tmp_path: Path) -> None:
    assert not is_wanted(tmp_path)
    with turn(tmp_path, 0) as came:
        assert came
        assert is_wanted(tmp_path)
    assert not is_wanted(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_turns_come_in_the_order_of_asking(tmp_path: Path) -> None:
    order: list[int] = []

    def take(number: int) -> None:
        with turn(tmp_path, 60) as came:
            assert came
            order.append(number)

    with turn(tmp_path, 0):
        asking = []
        for number in range(5):
            asking.append(threading.Thread(target=take, args=(number,)))
            asking[-1].start()
            time.sleep(0.1)
        assert order == []
    for thread in asking:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def test_who_gives_up_holds_up_nobody(tmp_path: Path) -> None:
    known, opened = set(threading.enumerate()), open_descriptors()
    with turn(tmp_path, 0):
        for seconds in (0.0, 0.05):
            with turn(tmp_path, seconds) as came:
                assert not came
        (waiting,) = set(threading.enumerate()) - known
    waiting.join(timeout=60)
    assert not is_wanted(tmp_path)
    assert open_descriptors() == opened


def open_descriptors() -> int:
    return sum(is_open(number) for number in range(256))


def is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def test_the_kernel_takes_the_turn_from_a_process_that_dies(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "True\n"
    with turn(tmp_path, 0.05) as came:
        assert not came
    process.kill()
    process.communicate(timeout=30)
    with turn(tmp_path, 60) as came:
        assert came


def test_where_no_folder_can_be_locked_there_is_no_queue(tmp_path: Path) -> None:
    for folder in (tmp_path / "none", Path("/dev/null")):
        with turn(folder, 0) as came, turn(folder, 0) as too:
            assert (came, too) == (True, True)
