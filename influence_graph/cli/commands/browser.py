"""``browser``: the Neo4j Browser, signed in, with guide, style and favorites."""

from __future__ import annotations

import os
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click
from click.core import ParameterSource

from influence_graph.app.browser import lacking, sign_in
from influence_graph.cli.commands.neo4j import home_option
from influence_graph.cli.options import StoreType, timeout_option
from influence_graph.cli.output import note
from influence_graph.cli.stopping import NOTHING_WRITTEN, if_stopped
from influence_graph.errors import InputError
from influence_graph.explore.browser.serving import PORT, Helper

if TYPE_CHECKING:
    from influence_graph.stores.base import Store
    from influence_graph.stores.neo4j.store import Neo4jStore


@click.command(epilog="Example: influence-graph browser --no-open")
@click.option(
    "--store",
    type=StoreType(),
    envvar="INFLUENCE_GRAPH_STORE",
    help="neo4j://… or bolt://… address, or `neo4j` for NEO4J_URI.  [env: INFLUENCE_GRAPH_STORE]  [default: the server"
    " of `neo4j up`, else NEO4J_URI]",
)
@timeout_option
@home_option
@click.option("--browser", metavar="URL", help="Address of the server's Browser.  [default: at port 7474, TLS 7473]")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help=f"Where the files are, 0: any.  [default: the first free one from {PORT} on]",
)
@click.option("--no-open", is_flag=True, help="Print the address in place of opening it.")
@click.pass_context
def browser(
    ctx: click.Context, store: Store | None, home: Path, browser: str | None, port: int | None, no_open: bool
) -> None:
    """Open the Neo4j Browser signed in, with a guide, a style and favorites; Ctrl-C ends it.

    The address that it opens holds no password: it signs in once, and is void then.
    """
    allowed = bool(ctx.find_root().params.get("allow_remote_plaintext"))
    server = _server(store, home, ctx)
    target = sign_in(server, browser, allow_remote_plaintext=allowed)
    for each in lacking(server):
        note(f"{each.title} is not written yet; its queries answer after: {each.command}")
    server.close()
    if_stopped(NOTHING_WRITTEN)
    with Helper(target, _free_port() if port is None else port) as helper:
        try:
            click.echo(helper.link)
            note(f"guide, style and favorites.zip: {helper.address}; Ctrl-C ends it")
            os.environ.pop("NEO4J_PASSWORD", None)  # the web browser must not inherit it
            if not no_open and not webbrowser.open(helper.link):
                note("no web browser could be started: open the address above; it works once")
            helper.serve_forever()
        except KeyboardInterrupt:
            note("ended")
            raise SystemExit(0) from None  # as it is meant to end


def _free_port() -> int:
    from influence_graph.stores.neo4j.server.process import first_free

    return first_free(PORT) or PORT


def _server(store: Store | None, home: Path, ctx: click.Context) -> Neo4jStore:
    """Return the store on a Neo4j server: that of --store, else of `neo4j up`, else of NEO4J_URI."""
    from influence_graph.stores.neo4j.server.launcher import status
    from influence_graph.stores.neo4j.store import Neo4jStore

    if isinstance(store, Neo4jStore):
        return store
    if store is not None and ctx.get_parameter_source("store") is ParameterSource.COMMANDLINE:
        raise InputError(
            f"{store.url} is a folder, and the Browser shows a Neo4j",
            remedy=f"copy it into one with `influence-graph neo4j up --load --store {store.url}`",
        )
    info = status(home)
    if info is None and not os.environ.get("NEO4J_URI"):
        raise InputError(
            f"no server of {home} is running and NEO4J_URI is not set",
            remedy="start one with `influence-graph neo4j up --load`, or give --store bolt://HOST:PORT",
        )
    return cast("Neo4jStore", StoreType().convert("neo4j" if info is None else info.uri, None, ctx))
