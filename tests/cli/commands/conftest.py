"""The commands in this process, on the story: what starts a process of its own is slow."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from influence_graph.cli.main import main
from influence_graph.errors import InfluenceGraphError
from tests.cli.conftest import Outcome

Call = Callable[..., Outcome]


def outcome(*arguments: str | Path, stdin: str = "") -> Outcome:
    """Return what the command prints, with the exit code that the program would end with."""
    done = CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin)
    if isinstance(done.exception, InfluenceGraphError):
        return Outcome(done.exception.exit_code, done.stdout, f"{done.stderr}error: {done.exception}\n")
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Outcome(done.exit_code, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the store of the story, to copy."""
    folder = tmp_path_factory.mktemp("story")
    assert outcome("import", "story", "--store", folder / "influence-graph-data").code == 0
    return folder


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Run commands in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("INFLUENCE_GRAPH_", "NEO4J_"))]:
        monkeypatch.delenv(name)
    return outcome


@pytest.fixture
def call(empty: Call, imported: Path, tmp_path: Path) -> Call:
    """Run commands beside a store with the story."""
    shutil.copytree(imported, tmp_path, dirs_exist_ok=True)
    return empty
