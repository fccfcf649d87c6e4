"""kill -9 of the server that the tests started, which its supervisor then starts again."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from influence_graph.stores.neo4j.home import home_at
from influence_graph.stores.neo4j.server import launcher, running


def home_of(url: str) -> Path:
    """Return the home of the server at *url*; a given server, which nobody would start again, is not for killing."""
    home = home_at(urlsplit(url).port or 0)
    if home is None:
        pytest.skip("the server is not one that the tests have started")
    return home.root


def kill(home: Path) -> None:
    """Kill the server of *home*."""
    info = launcher.status(home)
    assert info is not None
    os.kill(info.pid, signal.SIGKILL)
    running.reap(info.pid)
    _killed[home] = info.pid


def come_back(home: Path, seconds: float) -> None:
    """Wait until the server of *home*, which was killed, answers again."""
    until = time.monotonic() + seconds
    while (info := launcher.status(home)) is None or info.pid == _killed[home]:
        assert time.monotonic() < until, "it was not started again"
        time.sleep(0.05)
    launcher.up(home)


_killed: dict[Path, int] = {}
