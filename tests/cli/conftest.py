from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.warm import program

COMMAND = [sys.executable, "-m", "influence_graph"]


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Outcome]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run the command as a user would, in a process of its own in an empty folder."""

    def call(*arguments: str | Path, stdin: str = "", **environment: str) -> Outcome:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("INFLUENCE_GRAPH_", "NEO4J_"))}
        done = subprocess.run(
            [*program(), *map(str, arguments)],
            cwd=tmp_path,
            env={**kept, **environment},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    return call
