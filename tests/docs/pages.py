"""The pages of README and site, what each needs, and the few commands that other tests execute."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from influence_graph.stores.neo4j.server import launcher
from influence_graph.stores.neo4j.store import Neo4jStore
from tests.conftest import WIPE
from tests.docs.blocks import Step, needs, read, steps
from tests.docs.session import Session

ROOT = Path(__file__).resolve().parents[2]
FILES = ROOT / "tests" / "ingest" / "presets" / "files"
"""Exports as products write them, which setups copy by ``$DOCS_FILES``."""
GENERATED = ROOT / "docs" / "reference"
ELSEWHERE = {
    "make test": ".ci/run",
}
"""Commands that a test cannot run within itself -> what executes them. ``test_pages`` holds it exact."""
BY_OTHER_TESTS = {
    "docs/reference/commands.md": "tests/cli/test_examples.py",
    "docs/reference/python.md": "pytest --doctest-modules influence_graph",
}
"""Generated pages with commands or snippets -> the tests that execute them where they are written."""


def pages() -> list[Path]:
    """Return README and the written pages of the site."""
    written = (path for path in sorted((ROOT / "docs").rglob("*.md")) if GENERATED not in path.parents)
    return [ROOT / "README.md", *written]


def name_of(page: Path) -> str:
    """Return the path of *page* in the project."""
    return page.relative_to(ROOT).as_posix()


@dataclass(frozen=True)
class Prepared:
    """What pages need that is not theirs.

    Attributes:
        server: The address of a server.
        data: A folder of public data sets.
        home: Where a page that starts a server has its folder and state, for the next page to find it running;
            None: in a folder of the page, and it is stopped at the end.
    """

    server: str | None = None
    data: Path | None = None
    home: Path | None = None


@contextmanager
def session(page: Path, prepared: Prepared) -> Iterator[Session]:
    """Yield a session in a new folder with what *page* needs; a server that it starts is stopped at the end."""
    required = needs(read(page))
    with tempfile.TemporaryDirectory(prefix="docs-") as top:
        folder = Path(top) / "work"
        if "checkout" in required:
            _checkout(folder)
        folder.mkdir(exist_ok=True)
        for need in required:
            if need.startswith("data "):
                _, name, _, place = need.split()
                assert prepared.data is not None
                (folder / place).parent.mkdir(parents=True, exist_ok=True)
                (folder / place).symlink_to(prepared.data / name)
        environment = {"XDG_DATA_HOME": f"{top}/data", "XDG_CONFIG_HOME": f"{top}/config", "SHELL": "/bin/bash"}
        if "neo4j" in required:
            assert prepared.server is not None
            environment |= {"NEO4J_URI": prepared.server}
        else:
            environment |= {"XDG_STATE_HOME": f"{top}/state", "XDG_CACHE_HOME": f"{top}/cache"}
        is_shared = "server" in required and prepared.home is not None
        if is_shared:
            environment |= _shared_server(prepared.home)
        environment["DOCS_FILES"] = str(FILES)
        with Session(folder, environment) as opened:
            try:
                yield opened
            finally:
                if "server" in required and not is_shared:
                    opened.shell("influence-graph neo4j down")
                own = folder / "influence-graph-neo4j"  # of a page that names no other folder
                if own.exists():
                    launcher.down(own)


def _shared_server(home: Path) -> dict[str, str]:
    """Return the environment in which ``neo4j up`` finds the server of *home*, which is emptied."""
    state = home.with_name(f"{home.name}-state")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(state))
        patch.delenv("NEO4J_PASSWORD", raising=False)
        if (running := launcher.status(home)) is None:
            shutil.rmtree(home, ignore_errors=True)
        else:
            with Neo4jStore(running.uri, cache=home.with_name(f"{home.name}-mirror")) as store:
                store.database.execute(WIPE)
    return {"INFLUENCE_GRAPH_NEO4J_HOME": str(home), "XDG_STATE_HOME": str(state)}


def _checkout(folder: Path) -> None:
    """Make *folder* a copy of the project, whose environment is the one of these tests."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    environment = folder / ".venv"
    environment.mkdir()
    for part in ("bin", "lib", "pyvenv.cfg"):
        (environment / part).symlink_to(Path(sys.prefix) / part)
    for name in ("base", "dev"):
        (environment / name).touch()


def to_run(page: Path) -> list[Step]:
    """Return the steps of *page* that are executed here."""
    return [step for step in steps(read(page)) if step.text not in ELSEWHERE]


def count(steps: list[Step]) -> tuple[int, int, int]:
    """Return how many commands, snippets and queries *steps* are; what prepares a page is none."""
    kinds = [step.kind for step in steps]
    return sum(kind in ("command", "span") for kind in kinds), kinds.count("python"), kinds.count("cypher")
