"""Every page of README and site does what it says, on the data that it names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from influence_graph.stores.neo4j.server import launcher
from tests.docs.blocks import faults, needs, read, steps
from tests.docs.pages import ELSEWHERE, ROOT, Prepared, name_of, pages, session, to_run
from tests.public_data import public_data


def _parameters() -> list[object]:
    plain, server = [pytest.mark.timeout(600)], [pytest.mark.neo4j, pytest.mark.timeout(900)]
    return [
        pytest.param(page, id=name_of(page), marks=server if {"neo4j", "server"} & set(needs(read(page))) else plain)
        for page in pages()
    ]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return where the pages that start a server start one, the first of them; those after it find it running."""
    home = tmp_path_factory.mktemp("server") / "neo4j"
    yield home
    launcher.down(home)


@pytest.mark.parametrize("page", _parameters())
def test_a_page_does_what_it_says(page: Path, home: Path, request: pytest.FixtureRequest) -> None:
    required = needs(read(page))
    sets = [public_data(need.split()[1]) for need in required if need.startswith("data ")]
    server = None
    if "neo4j" in required:
        server = request.getfixturevalue("neo4j_url")
        request.getfixturevalue("neo4j_store")
    with session(page, Prepared(server, sets[0].parent if sets else None, home)) as opened:
        for step in to_run(page):
            opened.run(step)


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_nothing_of_a_page_looks_like_a_command_and_is_not_run(page: Path) -> None:
    assert not faults(read(page))


def test_the_commands_that_run_elsewhere_are_in_the_pages_and_run_there() -> None:
    said = {step.text for page in pages() for step in steps(read(page))}
    assert set(ELSEWHERE) <= said
    for command, place in ELSEWHERE.items():
        assert command in (ROOT / place).read_text(encoding="utf-8")
