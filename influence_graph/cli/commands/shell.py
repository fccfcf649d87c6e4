"""``shell``: one question after the other."""

from __future__ import annotations

import sys

import click

from influence_graph.app.open import open_store
from influence_graph.cli.options import asking_options, format_option, timeout_of, timezone_option
from influence_graph.cli.shell.piped import run_piped
from influence_graph.cli.shell.session import Session
from influence_graph.stores.base import Store


@click.command(
    epilog="""\b
Examples: influence-graph shell;
  influence-graph shell --store neo4j;
  echo 'audience person=singer limit=3' | influence-graph shell --format csv;
  influence-graph shell --store neo4j < questions.cypher"""
)
@timezone_option
@asking_options
@format_option
@click.pass_context
def shell(ctx: click.Context, store: Store, format_: str | None) -> None:
    """Ask one question after the other, with history and completion.

    What is typed is a question of the catalogue with its parameters (`brand-bonds brand=sweater`), a statement that
    only reads, ended by ; or an empty line (Cypher on Neo4j, SQL on a folder), or a command that begins with a colon:
    :help lists them. Ctrl-C stops what runs or was typed, Ctrl-D leaves. The embedded store is open only while it
    answers.

    What was typed is kept in the file shell-history of your state folder, which only you can read, values of :param
    among it; what begins with a blank is not. From a pipe or a file the statements are run one after the other, up to
    the first that fails: exit 1.
    """
    allowed = bool(ctx.find_root().params.get("allow_remote_plaintext"))

    def reopen(url: str) -> Store:
        fresh = open_store(url, allow_remote_plaintext=allowed, timeout=timeout_of(ctx))
        ctx.call_on_close(fresh.close)
        return fresh

    session = Session(store, reopen, format_, timeout_of(ctx))
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        ctx.exit(run_piped(session, sys.stdin))
    from influence_graph.cli.completion.words import words
    from influence_graph.cli.shell.terminal import converse

    converse(session, words())
