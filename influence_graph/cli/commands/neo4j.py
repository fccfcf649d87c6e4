"""``neo4j up|down|status``: a real Neo4j with its Browser, without containers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import pandas as pd

from influence_graph.app.open import open_store
from influence_graph.app.transfer import copy
from influence_graph.cli.options import format_option, store_option, timeout_of
from influence_graph.cli.output import emit, note, progress
from influence_graph.cli.stopping import if_stopped, if_stopped_appending
from influence_graph.cli.transfer import show_reports
from influence_graph.explore.browser.pages import pages
from influence_graph.stores.base import Store
from influence_graph.text import count_text

if TYPE_CHECKING:
    from influence_graph.stores.neo4j.server.launcher import ServerInfo

home_option = click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    default="influence-graph-neo4j",
    show_default=True,
    envvar="INFLUENCE_GRAPH_NEO4J_HOME",
    help="Folder of its data, logs and password.  [env: INFLUENCE_GRAPH_NEO4J_HOME]",
)


@click.group(epilog="Example: influence-graph neo4j up --load")
def neo4j() -> None:
    """Run a Neo4j Community server with its Browser on this machine (extra: influence-graph[server])."""


@neo4j.command(epilog="Example: influence-graph neo4j up --home my-graph")
@home_option
@click.option("--bolt-port", type=click.IntRange(1024, 65535), default=7687, show_default=True)
@click.option("--http-port", type=click.IntRange(1024, 65535), default=7474, show_default=True)
@click.option("--load", is_flag=True, help="Then copy the records of --store into it.")
@click.option("--with-gds", is_flag=True, help="Add Graph Data Science (GPL), for `rank --engine gds`; it stays there.")
@store_option
@format_option
@click.pass_context
def up(
    ctx: click.Context,
    home: Path,
    bolt_port: int,
    http_port: int,
    load: bool,
    with_gds: bool,
    store: Store,
    format_: str | None,
) -> None:
    """Start the server (the first time: download it, about 150 MB) and print its addresses.

    It is started again if it ends unasked, or answers nobody for 20 s; `neo4j down` stops it for good.
    """
    from influence_graph.stores.neo4j.server.launcher import ServerOptions
    from influence_graph.stores.neo4j.server.launcher import up as start

    if_stopped(f"a server that was starting ends now: `influence-graph neo4j status --home {home}` tells")
    options = ServerOptions(
        bolt_port=bolt_port,
        http_port=http_port,
        plugins=("gds",) if with_gds else (),
        pages=pages(),
        start_timeout=timeout_of(ctx) or ServerOptions.start_timeout,
    )
    info = start(home, options, progress=note)
    if_stopped(f"the server runs: `influence-graph neo4j down --home {home}` ends it")
    _show(info, format_)
    if load:
        with progress() as on_progress, open_store(info.uri, timeout=timeout_of(ctx), in_all=True) as target:
            if_stopped_appending(target, f"run `influence-graph push --store {store.url} {info.uri}`")
            reports = copy(store, target, on_progress)
        show_reports(reports, format_)
    note(f"try: influence-graph rank --write --store {info.uri}, then: influence-graph browser --store {info.uri}")


@neo4j.command(epilog="Example: influence-graph neo4j down")
@home_option
def down(home: Path) -> None:
    """Stop the server; its data stay."""
    from influence_graph.stores.neo4j.server.launcher import down as stop

    if_stopped(f"the server may still run: `influence-graph neo4j status --home {home}` tells")
    note("stopped" if stop(home) else f"no server of {home} was running")


@neo4j.command(epilog="Example: influence-graph neo4j status")
@home_option
@format_option
def status(home: Path, format_: str | None) -> None:
    """Show whether the server runs, where, and whether it was restarted; exit 1 if it does not run."""
    from influence_graph.stores.neo4j.server.launcher import status as look

    info = look(home)
    if info is None:
        note(f"no server of {home} is running; `influence-graph neo4j up --home {home}` starts it")
        raise SystemExit(1)
    _show(info, format_)
    if info.restarts:
        last = info.restarts[-1]
        note(f"its supervisor has restarted it {count_text(len(info.restarts), 'time')}, last at {last.at}: {last.why}")
    if not info.is_supervised:
        note(f"nothing would restart it; `influence-graph neo4j up --home {home}` changes that")


def _show(info: ServerInfo, format_: str | None) -> None:
    row = (info.uri, info.http_url, info.username, str(info.password_file), info.pid)
    emit(pd.DataFrame([row], columns=["uri", "browser", "username", "password_file", "pid"]), format_, top=0)
