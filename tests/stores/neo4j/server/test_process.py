"""Processes and ports: recognized by their command line, stopped politely first."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from influence_graph.stores.neo4j.server.process import (
    LOOPBACK,
    can_be_given,
    command_line,
    first_free,
    is_free,
    reserved,
    stop,
)

SLEEP = "import sys, time; print('up', flush=True); time.sleep(60)"


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", SLEEP, "--home-dir=/x/y "]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.kill()


def test_a_command_line_is_that_of_the_process_and_empty_without_one(sleeper: subprocess.Popen[str]) -> None:
    assert "--home-dir=/x/y " in command_line(sleeper.pid)
    sleeper.kill()
    sleeper.wait()
    assert command_line(sleeper.pid) == ""
    assert sys.executable.rsplit("/", 1)[-1][:6] in command_line(os.getpid())


def test_another_program_is_left_alone(sleeper: subprocess.Popen[str]) -> None:
    assert stop(sleeper.pid, "--home-dir=/another ", timeout=1.0)
    assert sleeper.poll() is None


def test_a_process_that_ends_when_asked_is_not_killed(sleeper: subprocess.Popen[str]) -> None:
    assert stop(sleeper.pid, "--home-dir=/x/y ", timeout=10.0)
    assert sleeper.wait(10) == -15


def test_a_port_that_somebody_listens_on_is_not_free() -> None:
    with socket.socket() as server:
        server.bind((LOOPBACK, 0))
        server.listen()
        port = server.getsockname()[1]
        assert not is_free(port)
        assert first_free(port, 1) is None
        assert first_free(port) not in (None, port)
    assert is_free(port)
    assert first_free(port) == port


def test_a_port_of_a_server_that_will_be_back_is_free_and_not_given() -> None:
    with socket.socket() as server:
        server.bind((LOOPBACK, 0))
        port = server.getsockname()[1]
    with reserved(port) as held:
        assert is_free(port)
        assert not can_be_given(port)
        assert first_free(port) not in (None, port)
        with reserved(port) as again:
            assert again == ()
        keeper = subprocess.Popen([sys.executable, "-c", SLEEP], pass_fds=held)
    try:
        assert not can_be_given(port)  # who was given the descriptors keeps it
    finally:
        keeper.kill()
        keeper.wait()
    assert can_be_given(port)
