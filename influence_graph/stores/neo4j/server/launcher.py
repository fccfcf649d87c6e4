"""A real Neo4j server on this machine without containers: start it, stop it, ask for it.

The Community server and its Browser come from Maven Central, Java from PyPI (extra ``[server]``).
It listens on the loopback interface only and outlives the command that started it.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from influence_graph.errors import InputError, LockHeld, StoreError, StoreUnreachable
from influence_graph.stores.neo4j.driver import Connection, opened
from influence_graph.stores.neo4j.home import USERNAME, Home, ServerState
from influence_graph.stores.neo4j.server import process
from influence_graph.stores.neo4j.server.artifacts import (
    Report,
    browser_jar,
    class_path,
    has_plugin,
    install_plugin,
    java,
)
from influence_graph.stores.neo4j.server.webapp import commands_after_login, with_pages

MAIN_CLASS = "org.neo4j.server.CommunityEntryPoint"
PREFERRED_BOLT, PREFERRED_HTTP = 7687, 7474
_POLL_SECONDS = 0.3
_CHILDREN: list[subprocess.Popen[bytes]] = []  # kept, so that Python does not take a server that outlives it for a leak


@dataclass(frozen=True)
class ServerOptions:
    """How a server is started.

    Left at their defaults, the ports are those of last time, else the first free ones from there on;
    any other port is taken as it is. ``heap`` and ``page_cache`` are sizes as Java writes them
    ("512m", "1g"); times are in seconds. ``plugins`` are names in :data:`artifacts.PLUGINS`; once installed in
    a home they stay there. ``pages`` are files, by name, to serve beside the Browser (see :mod:`webapp`); a style and a
    guide among them are opened after each login.
    """

    bolt_port: int = PREFERRED_BOLT
    http_port: int = PREFERRED_HTTP
    heap: str = "1g"
    page_cache: str = "512m"
    start_timeout: float = 120.0
    stop_timeout: float = 30.0
    plugins: tuple[str, ...] = ()
    pages: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class ServerInfo:
    """Where a running server answers and where its password lies."""

    uri: str
    http_url: str
    username: str
    password_file: Path
    pid: int


def _silent(_: str) -> None:
    """Report nothing."""


def up(home: Path, options: ServerOptions = ServerOptions(), progress: Report = _silent) -> ServerInfo:
    """Start the server of *home* and wait until it answers; if it runs already, return the same.

    Args:
        home: The server's data folder, made if missing.
        options: Ports, memory and deadlines.
        progress: Called with one line for the user about what happens now.

    Raises:
        MissingExtra: the extra ``[server]`` is not installed.
        StoreError: a port is taken, the server ended (the message quotes its last line), or it runs already
            without a requested plugin.
        StoreUnreachable: it did not answer in time.
        LockHeld: another process is starting or stopping it.
    """
    place = _place(home)
    with _locked(place):
        running = _running(place)
        if running is not None:
            _refuse_without_plugins(place, options)
            _wait_until_answering(place, running, options.start_timeout)
            return _info(place, running)
        started = _start(place, options, progress)
        try:
            _wait_until_answering(place, started, options.start_timeout)
        except StoreError:
            process.stop(started.pid, _marker(place), options.stop_timeout)
            raise
    return _info(place, started)


def down(home: Path, options: ServerOptions = ServerOptions()) -> bool:
    """Stop the server of *home*; return whether one was running.

    Raises:
        LockHeld: another process is starting or stopping it.
    """
    place = _place(home)
    with _locked(place):
        running = _running(place)
        if running is None:
            return False
        process.stop(running.pid, _marker(place), options.stop_timeout)
        _reap(running.pid)
        place.write_state(ServerState(0, running.bolt_port, running.http_port))
    return True


def status(home: Path) -> ServerInfo | None:
    """Return where the server of *home* answers, or None if it is not running."""
    place = Home(home.expanduser().resolve())
    running = _running(place)
    return None if running is None else _info(place, running)


def _refuse_without_plugins(place: Home, options: ServerOptions) -> None:
    """Refuse a running server that lacks a requested plugin."""
    for name in options.plugins:
        if not has_plugin(name, place.plugins):
            message = f"the server in {place.root} runs without the plugin {name}"
            raise StoreError(message, remedy="stop it with `influence-graph neo4j down`, then start it with the plugin")


def _is_alive(place: Home, pid: int) -> bool:
    """Return whether the server runs; a child process is polled, since its command line is empty at first."""
    child = next((child for child in _CHILDREN if child.pid == pid), None)
    return _marker(place) in process.command_line(pid) if child is None else child.poll() is None


def _reap(pid: int) -> None:
    """Collect the ended process *pid* if this process has started it."""
    for child in [child for child in _CHILDREN if child.pid == pid]:
        child.wait()
        _CHILDREN.remove(child)


def _place(home: Path) -> Home:
    place = Home(home.expanduser().resolve())
    try:
        place.create()
    except OSError as error:
        raise InputError(
            f"the server folder {place.root} cannot be made: {error.strerror}", remedy="give another --home"
        ) from error
    return place


@contextmanager
def _locked(place: Home) -> Iterator[None]:
    with place.lock_file.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockHeld(
                f"another process is starting or stopping the server in {place.root}", remedy="wait until it is done"
            ) from None
        yield


def _marker(place: Home) -> str:
    """Return the argument by which the process of *place* is recognized; process ids are used again."""
    return f"--home-dir={place.root} "


def _running(place: Home) -> ServerState | None:
    state = place.read_state()
    if state is None or state.pid <= 0 or _marker(place) not in process.command_line(state.pid):
        return None
    return state


def _info(place: Home, state: ServerState) -> ServerInfo:
    return ServerInfo(
        f"bolt://{process.LOOPBACK}:{state.bolt_port}",
        _browser_at(state.http_port),
        USERNAME,
        place.password_file,
        state.pid,
    )


def _browser_at(http_port: int) -> str:
    return f"http://localhost:{http_port}/browser/"


def _start(place: Home, options: ServerOptions, report: Report) -> ServerState:
    program, jars = java(), class_path(report)
    if options.pages:
        with_pages(browser_jar(jars), options.pages, place.browser)
        jars = f"{place.browser}{os.pathsep}{jars}"
    for plugin in options.plugins:
        install_plugin(plugin, place.plugins, report)
    former = place.read_state()
    bolt = _port("Bolt", options.bolt_port, former.bolt_port if former else 0, PREFERRED_BOLT)
    http = _port("HTTP", options.http_port, former.http_port if former else 0, PREFERRED_HTTP)
    place.ensure_password()
    place.write_conf(_settings(bolt, http, options))
    report(f"starting Neo4j in {place.root}")
    with place.log_file.open("wb") as log:
        child = subprocess.Popen(  # noqa: S603 - our own arguments, no shell
            _arguments(program, jars, place, options),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=place.root,
            start_new_session=True,
        )
    _CHILDREN.append(child)
    state = ServerState(child.pid, bolt, http)
    place.write_state(state)
    return state


def _port(name: str, wanted: int, former: int, preferred: int) -> int:
    if wanted != preferred:
        if not process.is_free(wanted):
            raise StoreError(
                f"the {name} port {wanted} is taken by another process", remedy="stop that process or give another port"
            )
        return wanted
    if former and process.is_free(former):
        return former
    free = process.first_free(preferred)
    if free is None:
        raise StoreError(f"no {name} port from {preferred} on is free", remedy="give a port")
    return free


def _settings(bolt: int, http: int, options: ServerOptions) -> dict[str, str]:
    """Return the configuration: loopback only, no host files, no telemetry, small transaction logs."""
    commands = commands_after_login(_browser_at(http), options.pages)
    return {
        "server.default_listen_address": process.LOOPBACK,
        "server.bolt.listen_address": f"{process.LOOPBACK}:{bolt}",
        "server.bolt.advertised_address": f"localhost:{bolt}",
        "server.http.listen_address": f"{process.LOOPBACK}:{http}",
        "server.http.advertised_address": f"localhost:{http}",
        "server.https.enabled": "false",
        # A stalled connection is noticed within seconds: the driver learns its read timeout from these.
        "server.bolt.connection_keep_alive": "3s",
        "server.bolt.connection_keep_alive_for_requests": "ALL",
        "server.bolt.connection_keep_alive_probes": "3",
        "server.directories.import": "import",
        "server.memory.pagecache.size": options.page_cache,
        "db.checkpoint.interval.time": "1m",  # after a crash there is one minute's work to recover, not fifteen
        "db.tx_log.rotation.size": "64M",
        "db.tx_log.rotation.retention_policy": "256M size",
        "db.tx_log.preallocate": "false",
        "dbms.security.auth_enabled": "true",
        "dbms.security.allow_csv_import_from_file_urls": "false",
        "dbms.usage_report.enabled": "false",
        "dbms.security.procedures.unrestricted": "gds.*",  # they need the kernel; without the plugin it names nothing
        "client.allow_telemetry": "false",
        **({"browser.post_connect_cmd": commands} if commands else {}),
    }


def _arguments(program: Path, jars: str, place: Home, options: ServerOptions) -> list[str]:
    opened_packages = ("java.base/java.nio", "java.base/java.io", "java.base/sun.nio.ch", "java.base/java.lang")
    return [
        str(program),
        f"-Xms{options.heap}",
        f"-Xmx{options.heap}",
        "-XX:+UseParallelGC",
        "-Djava.awt.headless=true",
        "-Dfile.encoding=UTF-8",
        "--enable-native-access=ALL-UNNAMED",
        *(f"--add-opens={package}=ALL-UNNAMED" for package in opened_packages),
        "-cp",
        f"{jars}{os.pathsep}{place.plugins}/*",  # as Neo4j's own start script does
        MAIN_CLASS,
        f"--home-dir={place.root}",
        f"--config-dir={place.root / 'conf'}",
    ]


def _wait_until_answering(place: Home, state: ServerState, timeout: float) -> None:
    connection = Connection(_info(place, state).uri, USERNAME, place.ensure_password())
    deadline = time.monotonic() + timeout
    while _is_alive(place, state.pid):
        if not process.is_free(state.bolt_port):
            try:
                with opened(connection):
                    return
            except StoreUnreachable:
                pass  # the port is bound before the database is ready
        if time.monotonic() > deadline:
            raise StoreUnreachable(
                f"Neo4j in {place.root} did not answer within {timeout:g} s: {_last_line(place)}",
                remedy=f"read {place.log_file}, or give it more time",
            )
        time.sleep(_POLL_SECONDS)
    raise StoreError(f"Neo4j in {place.root} ended at once: {_last_line(place)}", remedy=f"read {place.log_file}")


def _last_line(place: Home) -> str:
    """Return the server's last error, else the first line, which is Java's own complaint."""
    lines = place.log_file.read_text(encoding="utf-8", errors="replace").splitlines()
    errors = [line for line in lines if " ERROR " in line]
    return errors[-1] if errors else next((line for line in lines if line.strip()), "it printed nothing")
