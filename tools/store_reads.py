"""Count how commands read a store: connections and statements of DuckDB, queries of Neo4j.

All run on the story, in this process, after a first command that fills the mirror. ``ledger reads`` and ``record
counts`` are how often the queries ``read-ledger`` and ``count-records`` run: a synchronization of the mirror starts
with the former and checks with the latter. NEO4J_URI names the Neo4j server, else one is started; its database is
emptied.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, chdir, contextmanager, nullcontext, redirect_stderr, redirect_stdout
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from unittest import mock

import measuring

FILES = {"ledger reads": "read-ledger.cypher", "record counts": "count-records.cypher"}
COLUMNS = ("connections", "statements", "queries", *FILES)
COMMANDS = (
    "score",
    "explain singer sweater --plot plot.svg",
    "seeds -k 2 --seed 1 --target brand:sweater",
    "report -o page.html",
    "brand sweater --compare restaurant",
)


@contextmanager
def counting() -> Iterator[Counter[str]]:
    """Yield a counter of the calls in the ``with`` block; enter it before the package is imported."""
    import duckdb
    import neo4j

    counted: Counter[str] = Counter()
    known = {text: column for column, file in FILES.items() for text in _texts(file)}

    def connect(*_: Any, **__: Any) -> None:
        counted["connections"] += 1

    def execute(*_: Any, **__: Any) -> None:
        counted["statements"] += 1

    def run(_: object, query: object, *__: Any, **___: Any) -> None:
        counted["queries"] += 1
        counted[known.get(_plain(str(query)), "")] += 1

    with ExitStack() as patches:
        patches.enter_context(_after(connect, duckdb, "connect"))
        for name in ("execute", "executemany", "query", "sql"):
            patches.enter_context(_after(execute, duckdb.DuckDBPyConnection, name))
        for kind in (neo4j.Session, neo4j.Transaction, neo4j.ManagedTransaction):
            patches.enter_context(_after(run, kind, "run"))
        yield counted


def _after(count: Callable[..., None], owner: Any, name: str) -> Any:
    """Return the patch by which the function *name* of *owner* runs after *count*."""
    original = getattr(owner, name)

    def counted(*arguments: Any, **named: Any) -> Any:
        count(*arguments, **named)
        return original(*arguments, **named)

    return mock.patch.object(owner, name, counted)


def _texts(file: str) -> list[str]:
    """Return the texts of the package's Cypher files of that name."""
    spec = find_spec("influence_graph")
    package = Path(spec.origin).parent if spec and spec.origin else Path()
    folders = (package / "_data" / "cypher", package.parent / "cypher")
    return [_plain(path.read_text(encoding="utf-8")) for folder in folders for path in folder.rglob(file)]


def _plain(statement: str) -> str:
    lines = (line for line in statement.splitlines() if not line.startswith("//"))
    return " ".join(" ".join(lines).split())


def reads(counted: Counter[str], address: str, folder: Path) -> Iterator[tuple[str, dict[str, int]]]:
    """Yield each command and its counts on the store *address*, run in the empty *folder*."""
    environment = measuring.isolated(folder / "cache")
    filling = [*measuring.CLI, "import", "story", "--store", address]
    subprocess.run(filling, check=True, capture_output=True, cwd=folder, env=environment)
    from influence_graph.cli.main import main as command_line

    with mock.patch.dict(os.environ, environment, clear=True), chdir(folder):
        for number, command in enumerate((COMMANDS[0], *COMMANDS)):
            counted.clear()
            with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
                command_line([*command.split(), "--store", address], standalone_mode=False)
            if number:
                yield command, {column: counted[column] for column in COLUMNS}


def measured(store: str, counted: Counter[str], folder: Path) -> Iterator[tuple[str, dict[str, int]]]:
    """Yield the kind of store with each command, and its counts."""
    folder.mkdir()
    with measuring.server(folder) if store == "neo4j" else nullcontext("store") as address:
        if store == "neo4j":
            measuring.empty(address)
        for command, counts in reads(counted, address, folder):
            yield f"{store} {command}", counts


def command_line() -> Namespace:
    """Return the options of the command line."""
    parser = measuring.parser(__doc__)
    parser.add_argument("--store", choices=measuring.STORES, default="embedded")
    return parser.parse_args()


def main() -> int:
    """Print the counts."""
    options = command_line()
    rows: dict[str, dict[str, int]] = {}
    with tempfile.TemporaryDirectory(prefix="store-reads-") as folder, counting() as counted:
        for store in measuring.STORES[options.store]:
            rows.update(measured(store, counted, Path(folder) / store))
    measuring.report({"command": rows}, options, partial=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
