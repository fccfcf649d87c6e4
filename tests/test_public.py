from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import influence_graph as ig

PACKAGE = Path(ig.__file__).parent
HEAVY = {"pandas", "numba", "scipy", "pyarrow", "duckdb", "neo4j", "altair", "networkx", "rich"}


def test_every_public_name_is_there_and_documented() -> None:
    for name in ig.__all__:
        assert getattr(ig, name).__doc__, name
    assert set(ig.__all__) <= set(dir(ig))
    assert not hasattr(ig, "nothing_of_this_name")


@pytest.mark.parametrize("start", ["import influence_graph", "from influence_graph.cli.main import main"])
def test_starting_up_imports_nothing_heavy(start: str) -> None:
    code = f"{start}\nimport sys, json; print(json.dumps(sorted({{m.partition('.')[0] for m in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert HEAVY.isdisjoint(json.loads(done.stdout))


def test_the_package_uses_no_pickle_eval_or_shell() -> None:
    banned = {"eval", "exec", "pickle", "marshal", "shelve", "system", "popen"}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = {
                *([node.id] if isinstance(node, ast.Name) else []),
                *([a.name for a in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []),
            }
            assert not names & banned, f"{path.name}: {names & banned}"
            shell = isinstance(node, ast.keyword) and node.arg == "shell"
            assert not shell, f"{path.name} starts a shell"


def public(body: list[ast.stmt], where: str) -> Iterator[tuple[str, ast.AST]]:
    """Yield the public functions, classes and methods of *body*; what is inside functions is private."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield f"{where}:{node.name}", node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body, f"{where}:{node.name}")


def test_every_public_function_and_class_has_a_docstring() -> None:
    for path in PACKAGE.rglob("*.py"):
        for name, node in public(ast.parse(path.read_text("utf-8")).body, path.name):
            assert isinstance(node, ast.FunctionDef | ast.ClassDef)
            assert ast.get_docstring(node), name
