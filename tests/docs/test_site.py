"""The site builds, its generated pages are fresh, and it leaves no command out."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_commands import commands
from tests.docs.blocks import fences, prose, read, steps
from tests.docs.pages import BY_OTHER_TESTS, GENERATED, ROOT, pages

HOW_TO = ROOT / "docs" / "how-to"


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")],
        cwd=ROOT, capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    assert (tmp_path / "site" / "tutorials" / "town" / "index.html").exists()
    for page in (tmp_path / "site").rglob("*.html"):  # it is read without a network
        text = page.read_text(encoding="utf-8")
        assert not any(f'{attribute}="http' in text for attribute in ("src", 'rel="stylesheet" href')), page


def test_every_page_is_in_the_menu() -> None:
    menu = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for page in (ROOT / "docs").rglob("*.md"):
        assert f": {page.relative_to(ROOT / 'docs').as_posix()}\n" in menu, page


def test_generated_pages_are_fresh() -> None:
    done = subprocess.run(
        [sys.executable, "tools/reference.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", [" ".join(path) for path in commands() if path])
def test_every_command_is_run_in_a_page_of_how_to(name: str) -> None:
    said = [step.text for page in HOW_TO.glob("*.md") for step in steps(read(page))]
    assert any(f"influence-graph {name}" in text for text in said), f"no page of docs/how-to runs `{name}`"


def test_generated_pages_with_commands_or_snippets_are_run_where_they_are_written() -> None:
    def has_some(page: Path) -> bool:
        texts = [line for fence in fences(read(page)) for line in fence.lines]
        return any(line.startswith((">>> ", "$ ")) or "Example: influence-graph" in line for line in texts)

    found = {page.relative_to(ROOT).as_posix() for page in GENERATED.glob("*.md") if has_some(page)}
    assert found == set(BY_OTHER_TESTS)


def test_names_of_options_in_sentences_exist() -> None:
    help_ = read(GENERATED / "commands.md")
    for page in pages():
        for number, line in prose(read(page)):
            for option in re.findall(r"(?<![\w-])--[a-z][\w-]*", line):
                assert option in help_, f"{page.name}:{number}: {option}"
