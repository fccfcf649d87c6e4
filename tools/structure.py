"""Measure the structure of a package: folders, rooms, imports inside functions, large functions, lines of code.

A room is a sub-folder of ``analyses`` or ``kernels``; their own files are the room "root". For the imports between
siblings each root file and each room counts as one; floors are the most siblings in a chain of imports.
"""

from __future__ import annotations

import ast
import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import measuring
from sizes import LONG_FUNCTION, PACKAGE, code_lines

ROOMED = ("analyses", "kernels")
MAX_COMPLEXITY, MAX_ARGUMENTS = 10, 6

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_BRANCHES = (ast.If, ast.For, ast.AsyncFor, ast.While)


@dataclass(frozen=True)
class Import:
    """One import statement, with the modules that it names."""

    line: int
    modules: tuple[str, ...]
    in_function: bool
    for_types: bool


@dataclass(frozen=True)
class Source:
    """One file: ``folders`` below the package, ``module`` with the package's own name in front."""

    path: Path
    folders: tuple[str, ...]
    module: str
    text: str
    tree: ast.Module

    @property
    def base(self) -> list[str]:
        """The dotted name that a relative import starts from."""
        return self.module.split(".") if self.path.name == "__init__.py" else self.module.split(".")[:-1]


def sources(package: Path) -> list[Source]:
    """Return the files of *package*."""
    files = []
    for path in sorted(package.rglob("*.py")):
        folders, text = path.parent.relative_to(package).parts, path.read_text(encoding="utf-8")
        names = (package.name, *folders, *([] if path.name == "__init__.py" else [path.stem]))
        files.append(Source(path, folders, ".".join(names), text, ast.parse(text)))
    return files


def imports(source: Source, modules: frozenset[str]) -> list[Import]:
    """Return the import statements of *source*; *modules* are those of the package."""
    return list(_imports(source.tree, source, modules, (False, False)))


def _imports(node: ast.AST, source: Source, modules: frozenset[str], where: tuple[bool, bool]) -> Iterator[Import]:
    in_function, for_types = where
    if isinstance(node, ast.Import):
        yield Import(node.lineno, tuple(alias.name for alias in node.names), in_function, for_types)
    elif isinstance(node, ast.ImportFrom):
        start = source.base[: len(source.base) - node.level + 1] if node.level else []
        base = ".".join([*start, *([node.module] if node.module else [])])
        named = [f"{base}.{alias.name}" for alias in node.names]
        yield Import(node.lineno, tuple(name if name in modules else base for name in named), in_function, for_types)
    elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        for statement in node.body:
            yield from _imports(statement, source, modules, (in_function, True))
        for statement in node.orelse:
            yield from _imports(statement, source, modules, where)
    else:
        below = (in_function or isinstance(node, _FUNCTIONS), for_types)
        for child in ast.iter_child_nodes(node):
            yield from _imports(child, source, modules, below)


def complexity(function: FunctionNode) -> int:
    """Return McCabe's number as the package mccabe counts it: functions inside belong to the outer one."""
    return 1 + _decisions(function.body)


def _decisions(statements: Iterable[ast.stmt]) -> int:
    total = 0
    for each in statements:
        if isinstance(each, (*_FUNCTIONS, *_BRANCHES)):
            total += 1
        elif isinstance(each, ast.Try):
            total += 1 + len(each.handlers) + sum(_decisions(handler.body) for handler in each.handlers)
        elif not isinstance(each, ast.With | ast.AsyncWith | ast.ClassDef):
            continue
        total += _decisions(each.body) + _decisions(getattr(each, "orelse", []))
    return total


def arguments(function: FunctionNode) -> int:
    """Return the number of parameters, without ``self`` and ``cls``."""
    declared = function.args
    named = [*declared.posonlyargs, *declared.args]
    bound = bool(named) and named[0].arg in ("self", "cls")
    stars = (declared.vararg is not None) + (declared.kwarg is not None)
    return len(named) + len(declared.kwonlyargs) + stars - bound


def compilers(files: Iterable[Source]) -> set[str]:
    """Return the names of decorators that compile: numba's, and functions of the kernels that call them."""
    names = {"numba"}
    defined: dict[str, set[str]] = {}
    for source in files:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "numba":
                names |= {alias.asname or alias.name for alias in node.names}
            elif isinstance(node, ast.Import):
                names |= {alias.asname for alias in node.names if alias.asname and alias.name.startswith("numba")}
            elif isinstance(node, ast.FunctionDef) and "kernels" in source.folders:
                defined[node.name] = {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
    return names | {name for name, used in defined.items() if used & names}


def is_compiled(function: FunctionNode, compiling: set[str]) -> bool:
    """Return whether one of *compiling* decorates *function*."""
    return any(_root(decorator) in compiling for decorator in function.decorator_list)


def _root(decorator: ast.expr) -> str:
    node = decorator.func if isinstance(decorator, ast.Call) else decorator
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def folder_table(files: list[Source]) -> dict[str, dict[str, Any]]:
    """Return per folder the number of its own files and the first line of its ``__init__.py``."""
    table: dict[str, dict[str, Any]] = {}
    for source in files:
        name = "/".join((source.module.split(".")[0], *source.folders)) + "/"
        row = table.setdefault(name, {"files": 0, "about": ""})
        row["files"] += 1
        if source.path.name == "__init__.py":
            row["about"] = (ast.get_docstring(source.tree) or "").partition("\n")[0]
    return dict(sorted(table.items()))


def crossings(files: list[Source], folder: str) -> dict[tuple[str, str], bool]:
    """Return each (module, imported module) from one room of *folder* to another, and whether only for types."""
    return _crossings(files, {source.module: _room(source) for source in _inside(files, folder)})


def sibling_imports(files: list[Source], folder: str) -> set[tuple[str, str]]:
    """Return each (sibling, imported sibling) at the top of *folder*, also where the import is only for types."""
    names = {source.module: _sibling(source) for source in _inside(files, folder)}
    return {(names[importer], names[imported]) for importer, imported in _crossings(files, names)}


def floors(pairs: Iterable[tuple[str, str]]) -> int:
    """Return the most siblings in a chain of imports, 1 where there are none; a circle of imports is an error."""
    graph: dict[str, set[str]] = {}
    for importer, imported in pairs:
        graph.setdefault(importer, set()).add(imported)
    height: dict[str, int] = {}
    for name in TopologicalSorter(graph).static_order():  # what is imported comes first
        height[name] = 1 + max((height[below] for below in graph.get(name, ())), default=0)
    return max(height.values(), default=1)


def _crossings(files: list[Source], parts: Mapping[str, str]) -> dict[tuple[str, str], bool]:
    """Return the imports between modules of different *parts* (part by module), and whether only for types."""
    modules = frozenset(source.module for source in files)
    crossing: dict[tuple[str, str], bool] = {}
    for source in files:
        for each in imports(source, modules) if source.module in parts else ():
            for module in each.modules:
                if module in parts and parts[module] != parts[source.module]:
                    pair = (source.module, module)
                    crossing[pair] = crossing.get(pair, True) and each.for_types
    return crossing


def _inside(files: list[Source], folder: str) -> list[Source]:
    return [source for source in files if source.folders[:1] == (folder,)]


def _room(source: Source) -> str:
    return source.folders[1] if len(source.folders) > 1 else "root"


def _sibling(source: Source) -> str:
    return source.folders[1] if len(source.folders) > 1 else source.path.stem


def room_table(files: list[Source]) -> dict[str, dict[str, Any]]:
    """Return the figures of the folders that have rooms."""
    table = {}
    for folder in ROOMED:
        inside = _inside(files, folder)
        root = [source for source in inside if _room(source) == "root" and source.path.name != "__init__.py"]
        crossing, siblings = crossings(files, folder), sibling_imports(files, folder)
        table[folder] = {
            "files": len(inside),
            "files at the root": len(root),
            "rooms": len({_room(source) for source in inside} - {"root"}),
            "imports between rooms": len(crossing),
            "of these for types only": sum(crossing.values()),
            "imports between siblings": len(siblings),
            "floors": floors(siblings),
        }
    return table


def function_table(files: list[Source]) -> dict[str, dict[str, Any]]:
    """Return the counts of functions: kernels that numba compiles, commands, and all others."""
    compiling = compilers(files)
    groups: dict[str, list[FunctionNode]] = {name: [] for name in ("compiled", "cli", "others")}
    for source in files:
        for node in ast.walk(source.tree):
            if isinstance(node, _FUNCTIONS):
                rest = "cli" if source.folders[:1] == ("cli",) else "others"
                groups["compiled" if is_compiled(node, compiling) else rest].append(node)
    groups["all"] = [node for nodes in list(groups.values()) for node in nodes]
    return {name: _function_row(nodes) for name, nodes in groups.items()}


def _function_row(nodes: list[FunctionNode]) -> dict[str, Any]:
    long = sum((node.end_lineno or 0) - node.lineno + 1 > LONG_FUNCTION for node in nodes)
    return {
        "functions": len(nodes),
        f"over {LONG_FUNCTION} lines": long,
        "share": f"{long / max(len(nodes), 1):.2%}",
        f"complexity > {MAX_COMPLEXITY}": sum(complexity(node) > MAX_COMPLEXITY for node in nodes),
        f"arguments > {MAX_ARGUMENTS}": sum(arguments(node) > MAX_ARGUMENTS for node in nodes),
    }


def figure_table(files: list[Source], tests: Path) -> dict[str, dict[str, Any]]:
    """Return the figures of the package as a whole."""
    modules = frozenset(source.module for source in files)
    inner = [each for source in files for each in imports(source, modules) if each.in_function]
    own = sum(any(module in modules for module in each.modules) for each in inner)
    lines = sum(code_lines(source.text) for source in files)
    of_tests = sum(code_lines(path.read_text(encoding="utf-8")) for path in tests.rglob("*.py"))
    figures = {
        "files": len(files),
        "imports inside functions": len(inner),
        "of these of the package's own": own,
        "lines of code": lines,
        "lines of code of the tests": of_tests,
        "tests per line of the package": round(of_tests / lines, 3),
    }
    return {name: {"figure": value} for name, value in figures.items()}


def print_lists(files: list[Source], package: Path) -> None:
    """List the imports inside functions, and those between rooms."""
    modules = frozenset(source.module for source in files)
    print("imports inside functions")
    for source in files:
        for each in imports(source, modules):
            if each.in_function:
                where = f"{source.path.relative_to(package.parent)}:{each.line}"
                print(f"{where}  {', '.join(dict.fromkeys(each.modules))}")
    for folder in ROOMED:
        print(f"\nimports between rooms of {folder}")
        for (importer, imported), for_types in sorted(crossings(files, folder).items()):
            print(f"{importer} -> {imported}{'  (types only)' if for_types else ''}")
    print()


def command_line() -> Namespace:
    """Return the options of the command line."""
    parser = measuring.parser(__doc__)
    parser.add_argument("--package", type=Path, default=PACKAGE, metavar="DIR", help="folder of the package")
    parser.add_argument("--list", action="store_true", help="first list the imports that are counted")
    return parser.parse_args()


def main() -> int:
    """Print the figures."""
    options = command_line()
    package = options.package.resolve()
    files = sources(package)
    if options.list:
        print_lists(files, package)
    sections = {
        "folder": folder_table(files),
        "rooms": room_table(files),
        "functions": function_table(files),
        "package": figure_table(files, package.parent / "tests"),
    }
    measuring.report(sections, options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
