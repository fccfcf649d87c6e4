"""Every fault of CONTRIBUTING.md names tests, and they are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FAULTS = range(1, 17)


def rows() -> dict[int, list[str]]:
    """Return the tests named in the table of faults, by number."""
    _, _, section = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Faults and their tests")
    lines = section.partition("\n## ")[0].splitlines()
    found = (re.match(r"\| (\d+)\. ", line) for line in lines)
    pairs = zip(found, lines, strict=True)
    return {int(match[1]): re.findall(r"`([^`]+::[^`]+)`", line) for match, line in pairs if match}


def test_every_fault_has_a_row() -> None:
    assert list(rows()) == list(FAULTS)


@pytest.mark.parametrize("number", FAULTS)
def test_the_tests_of_a_fault_are_there(number: int) -> None:
    named = rows()[number]
    assert named
    for each in named:
        file, _, name = each.partition("::")
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, each
